"""Whom a municipality is compared with: those most like it, by a likeness that is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.series import MonthFigure, in_series
from tilsyn.vocabulary import MUNICIPALITIES, TOTAL, YearMonth, area_name
from tilsyn.vocabulary.wording import joined, percent
from tilsyn.words import gettext, gettext_noop

LIKENESSES = ("country", "result_goal", "size", "region")
"""By what peers are found; besides, they may be named."""

NAMES = {
    "country": gettext_noop("all municipalities"),
    "result_goal": gettext_noop("nearest expected share (the result goal)"),
    "size": gettext_noop("nearest in persons"),
    "region": gettext_noop("the same region"),
}
"""What the likenesses are called where one chooses."""

NEAREST = 10
"""So many are the peers where they are the nearest."""


@dataclass(frozen=True, slots=True)
class Peers:
    """Who is compared with whom.

    Attributes:
        of: the municipality; empty where the whole country is compared.
        by: one of `LIKENESSES`, or "hand".
        areas: the peers, without it, the nearest first.
    """

    of: str
    by: str
    areas: tuple[str, ...]

    @property
    def everybody(self) -> tuple[str, ...]:
        """The peers and the municipality itself."""
        return (self.of, *self.areas) if self.of else self.areas

    def sentence(self, language: str) -> str:
        """Who they are and why."""
        names = joined(sorted(MUNICIPALITIES[one].name for one in self.areas), language)
        slots = {"count": len(self.areas), "names": names}
        match self.by:
            case "country":
                return gettext(
                    "Compared with all municipalities with figures ({count}).", language, **slots
                )
            case "result_goal":
                return gettext(
                    "Compared with the {count} municipalities whose expected share of the result goal is nearest: {names}.",
                    language,
                    **slots,
                )
            case "size":
                return gettext(
                    "Compared with the {count} municipalities nearest in number of persons: {names}.",
                    language,
                    **slots,
                )
            case "region":
                region = area_name("region", MUNICIPALITIES[self.of].region, language)
                return gettext(
                    "Compared with the municipalities of {region}: {names}.",
                    language,
                    region=region,
                    **slots,
                )
            case _:
                return gettext("Compared with those chosen: {names}.", language, **slots)


def peers_of(
    of: str,
    by: str,
    months: Mapping[str, MonthFigure],
    expected: Mapping[str, float],
    *,
    named: Iterable[str] = (),
) -> Peers:
    """The peers of a municipality.

    Args:
        of: its code; empty for the country, which alone needs none.
        by: one of `LIKENESSES`, or "hand".
        months: by municipality the figures compared, as their reader may see them.
        expected: by municipality the expected share of the result goal, in per cent (`expected_shares`).
        named: codes, where they are chosen by hand.

    Raises:
        InputError: there is no such likeness, or what it needs is not among the figures.
    """
    if by == "hand":
        return Peers(of, by, tuple(dict.fromkeys(one for one in named if one != of)))
    if by not in LIKENESSES:
        raise InputError(f"no likeness '{by}'; there are: {', '.join(LIKENESSES)}")
    if by != "country" and not of:
        raise InputError(f"peers by {by} are of a municipality; name it")
    others = sorted(area for area in months if area != of)
    if by == "country":
        return Peers(of, by, tuple(others))
    if by == "region":
        region = MUNICIPALITIES[of].region
        return Peers(of, by, tuple(a for a in others if MUNICIPALITIES[a].region == region))
    like = dict(expected)
    if by == "size":
        like = {a: log(one.population) for a, one in months.items() if one.population}
    if of not in like:
        what = "expected share" if by == "result_goal" else "number of persons"
        raise InputError(f"{MUNICIPALITIES[of].name}: no {what} is known here; choose other peers")
    near = sorted(
        (a for a in others if a in like), key=lambda area: (abs(like[area] - like[of]), area)
    )
    return Peers(of, by, tuple(near[:NEAREST]))


def expected_shares(known: pl.DataFrame, month: YearMonth) -> dict[str, float]:
    """By municipality the latest expected share of the result goal until a month, in per cent.

    Args:
        known: a figure table with one vintage a cell.
        month: the last that counts.
    """
    told = known.filter(
        in_series()
        & (pl.col("measure") == "result_goal")
        & (pl.col("statistic") == "expected_share")
        & (pl.col("grp") == TOTAL.code)
        & (pl.col("month") <= month.first)
        & pl.col("value").is_not_null()
    ).sort("month")
    return dict(
        told.group_by("area", maintain_order=True).last().select("area", "value").iter_rows()
    )


def likeness(of: str, peers: Peers, expected: Mapping[str, float], language: str) -> str:
    """How the expected shares of the peers lie about the municipality's; empty where they are by something else."""
    told = [expected[one] for one in peers.areas if one in expected]
    if peers.by != "result_goal" or not told:
        return ""
    return gettext(
        "Expected share: {own}; theirs {low} to {high}.",
        language,
        own=percent(expected[of], language, 1),
        low=percent(min(told), language, 1),
        high=percent(max(told), language, 1),
    )
