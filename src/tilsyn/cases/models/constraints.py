"""Constraints that several models share."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q


def whole_pair(model: str, who: str, when: str) -> CheckConstraint:
    """Who did it and when stand together or not at all."""
    return CheckConstraint(
        name=f"{model}_{who}_and_{when}",
        condition=Q(**{f"{who}__isnull": True, f"{when}__isnull": True})
        | Q(**{f"{who}__isnull": False, f"{when}__isnull": False}),
    )


def one_of(model: str, field: str, values: tuple[str, ...]) -> CheckConstraint:
    """A field holds one of these."""
    return CheckConstraint(
        name=f"{model}_{field}_known", condition=Q(**{f"{field}__in": list(values)})
    )
