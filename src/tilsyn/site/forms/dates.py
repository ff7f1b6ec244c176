"""Days and months as people write them."""

from __future__ import annotations

from typing import Any

from django import forms

from tilsyn.site.language import gettext
from tilsyn.vocabulary import MonthRange, YearMonth


class MonthField(forms.CharField):
    """A month, chosen in the browser's month field or written 2023-09."""

    widget = forms.DateInput(attrs={"type": "month", "placeholder": "2023-09"})

    def clean(self, value: Any) -> YearMonth | None:
        """The month."""
        text = super().clean(value)
        try:
            return YearMonth.parse(text) if text else None
        except ValueError:
            raise forms.ValidationError(gettext("Write the month as 2023-09.")) from None


def day(**more: Any) -> forms.DateField:
    """A day, chosen in the browser's day field or written 2023-09-30."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def span(first: YearMonth | None, last: YearMonth | None) -> MonthRange | None:
    """Both ends, or neither: no months."""
    return MonthRange(first, last) if first and last else None
