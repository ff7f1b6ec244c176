"""An office's letterhead."""

from __future__ import annotations

from typing import Any

from django import forms

from tilsyn.documents.letterhead import Letterhead
from tilsyn.site.language import said


class LetterheadForm(forms.Form):
    """An office's letterhead in both languages."""

    bare = forms.BooleanField(required=False)

    def __init__(self, *args: Any, letterhead: Letterhead, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["bare"].label = said("Intet logo", "No logo")
        for which in ("da", "en"):
            names = letterhead.names(which)
            for name, da, en in (
                ("office", "Kontorets navn", "Name of the office"),
                ("agency", "Myndighed", "Agency"),
                ("role", "Underskriverens stilling", "Role of the one who signs"),
                (
                    "lines",
                    "Adresse, telefon og web, én linje ad gangen",
                    "Address, telephone and web, a line each",
                ),
                ("email", "E-mail", "E-mail"),
            ):
                value = getattr(names, name)
                many = name == "lines"
                self.fields[f"{which}_{name}"] = forms.CharField(
                    max_length=1000,
                    required=name in ("office", "agency", "role"),
                    label=said(da, en),
                    initial="\n".join(value) if many else value,
                    widget=forms.Textarea(attrs={"rows": 5, "lang": which})
                    if many
                    else forms.TextInput(attrs={"lang": which}),
                )

    def of(self, which: str) -> list[Any]:
        """The fields of a language."""
        return [self[name] for name in self.fields if name.startswith(f"{which}_")]

    @property
    def danish(self) -> list[Any]:
        """The Danish fields."""
        return self.of("da")

    @property
    def english(self) -> list[Any]:
        """The English fields."""
        return self.of("en")

    def letterhead(self) -> Letterhead:
        """The letterhead as given; no longer a sample."""

        def names(which: str) -> dict[str, Any]:
            given = {
                n: self.cleaned_data[f"{which}_{n}"] for n in ("office", "agency", "role", "email")
            }
            lines = self.cleaned_data[f"{which}_lines"].splitlines()
            return {**given, "lines": [line.strip() for line in lines if line.strip()]}

        return Letterhead.model_validate({"da": names("da"), "en": names("en")})
