"""A bucket's stored rows as the kernel takes them."""

from __future__ import annotations

from tilsyn.measures.kernel.arrays import (
    Bucket,
    Conversations,
    Duties,
    Exemptions,
    Hours,
    Offers,
    Spells,
)
from tilsyn.measures.kernel.calendar import BASE
from tilsyn.register.store.reading import Arrays


def bucket(arrays: Arrays) -> Bucket:
    """The bucket of these arrays; months of hours are counted from the kernel's month 0."""
    month = arrays["hours"]["month"] - BASE.index
    month.flags.writeable = False
    return Bucket(
        Spells(**arrays["spells"]),
        Conversations(**arrays["conversations"]),
        Offers(**arrays["offers"]),
        Hours(**{**arrays["hours"], "month": month}),
        Exemptions(**arrays["exemptions"]),
        Duties(**arrays["duties"]),
    )
