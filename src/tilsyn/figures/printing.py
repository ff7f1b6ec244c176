"""How tables and sentences print a figure: a number, "." where it is hidden, "–" where there is none."""

from __future__ import annotations

from fractions import Fraction

from tilsyn.vocabulary.wording import Number, number, percent
from tilsyn.words import gettext

HIDDEN, ABSENT = ".", "–"
"""How a number is printed that is not shown, and one that is not there."""


def printed(
    value: Number | None,
    statistic: str = "population",
    language: str = "da",
    *,
    status: str = "",
    unit: bool = True,
    places: int | None = None,
) -> str:
    """A value as it is printed: "25,8 %", "1.142", "ja", "." or "–".

    Args:
        value: persons, per cent of a statistic that is a share, or 1 and 0 of ``met``.
        statistic: what it is of.
        language: "da" or "en".
        status: tells why there is no value: "suppressed", or anything else.
        unit: whether a share has its per cent sign, which a heading may say for all.
        places: decimals; by default one of a share, none of persons.
    """
    if value is None:
        return HIDDEN if status == "suppressed" else ABSENT
    if statistic == "met":
        return gettext("yes", language) if value else gettext("no", language)
    if not is_share(statistic):
        return number(value, language, places or 0)
    places = 1 if places is None else places
    return percent(value, language, places) if unit else number(value, language, places)


def printed_change(
    change: float | Fraction, statistic: str, language: str = "da", *, none: str = ""
) -> str:
    """A change or a distance with its sign: "+1,2" (percentage points of a share), "−3" (persons).

    Args:
        change: the change.
        statistic: what changed.
        language: "da" or "en".
        none: the sign of no change.
    """
    sign = "+" if change > 0 else "−" if change < 0 else none
    return sign + printed(-change if change < 0 else change, statistic, language, unit=False)


def is_share(statistic: str) -> bool:
    """Whether a statistic is per cent, not persons."""
    return statistic.endswith("share")
