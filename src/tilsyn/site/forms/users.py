"""Users and their roles."""

from __future__ import annotations

from typing import Any

from django import forms

from tilsyn.cases.roles import ROLES
from tilsyn.site.language import language, said
from tilsyn.vocabulary import AREAS, MUNICIPALITIES

ROLE_NAMES = {
    "reader": ("læser", "reader"),
    "officer": ("sagsbehandler", "officer"),
    "approver": ("godkender", "approver"),
    "administrator": ("administrator", "administrator"),
}


def scopes() -> list[tuple[str, Any]]:
    """The areas a role may be held for, to choose from."""
    key = language()
    return [
        ("country:dk", said("Hele landet", "Denmark")),
        (
            said("Arbejdsmarkedskontorer", "Labour-market offices"),
            [(f"amk:{one.code}", one.name(key)) for one in AREAS["amk"]],
        ),
        (
            said("Kommuner", "Municipalities"),
            [(f"municipality:{one.code}", one.name) for one in MUNICIPALITIES],
        ),
    ]


class RoleForm(forms.Form):
    """A role for an area."""

    role = forms.ChoiceField()
    scope = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        role, scope = self.fields["role"], self.fields["scope"]
        role.label, scope.label = said("Rolle", "Role"), said("Område", "Area")
        role.choices = [(code, said(*ROLE_NAMES[code])) for code in ROLES]  # type: ignore[attr-defined]
        scope.choices = scopes()  # type: ignore[attr-defined]


class UserForm(RoleForm):
    """A new user with a first role."""

    email = forms.EmailField()
    name = forms.CharField(max_length=120)
    password = forms.CharField(
        required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    field_order = ("email", "name", "password", "role", "scope")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = said("E-mail", "E-mail")
        self.fields["name"].label = said("Funktion og kontor", "Function and office")
        self.fields["password"].label = said(
            "Adgangskode (tom: logger på gennem organisationen)",
            "Password (empty: signs in by the organisation)",
        )
