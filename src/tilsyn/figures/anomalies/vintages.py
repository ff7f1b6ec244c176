"""Rows that stand one off from where another release of the same figures has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tilsyn.figures.anomalies.model import Anomaly
from tilsyn.figures.anomalies.sheets import Sheet
from tilsyn.figures.anomalies.shifts import Spot, slips
from tilsyn.vocabulary import GROUPS, YearMonth
from tilsyn.vocabulary.wording import date, joined, months, percent

_MUCH_CLOSER = 4
"""How many times closer to the neighbour's share than to its own a share must be."""

_LARGEST_REVISION = 3.0
"""Per cent points that late registrations move a share by; only larger differences count."""

_NEAR = 2.0
"""Per cent points within which a share may be the neighbour's where its own is not published."""

_LEAST_PROOFS = 2
_DIRECTIONS = {1: ("højere", "higher"), -1: ("lavere", "lower")}


@dataclass(frozen=True)
class _Spotted:
    spots: tuple[Spot, ...]
    clearest: Spot


def vintage_anomalies(sheet: Sheet, other: Sheet) -> Iterator[Anomaly]:
    """Shares of `sheet` that are the neighbouring row's in `other`, another release of the same.

    Where `other` has itself slipped against its own counts, it is no witness.
    """
    unsure = _unsure(other)
    for step, (da, en) in _DIRECTIONS.items():
        found = _spotted(sheet, other, step, unsure)
        if found is None:
            continue
        grp, month = found.clearest
        beside = _beside(other, grp, step)
        here = sheet.value("share", grp, month)
        own, theirs = other.value("share", grp, month), other.value("share", beside, month)
        if here is None or own is None or theirs is None:
            continue
        rows = [code for code in GROUPS.codes if code in {g for g, _ in found.spots}]
        span = sorted({YearMonth.of(m) for _, m in found.spots})
        at = YearMonth.of(month)
        yield sheet.anomaly(
            "shifted_rows",
            f"andelene for {joined(GROUPS[r].da for r in rows)} ligner i {months(span)} dem, der "
            f"står en række {da} i udgaven {other.release} ({date(other.published)}). I {at.name()} "
            f"er {GROUPS[grp].da} {percent(here)} her og {percent(own)} dér, hvor "
            f"{GROUPS[beside].da} er {percent(theirs)}.",
            f"in {months(span, 'en')} the shares of {joined((GROUPS[r].en for r in rows), 'en')} "
            f"resemble those one row {en} in release {other.release} "
            f"({date(other.published, 'en')}). In {at.name('en')}, {GROUPS[grp].en} is "
            f"{percent(here, 'en')} here and {percent(own, 'en')} there, where {GROUPS[beside].en} "
            f"is {percent(theirs, 'en')}.",
            statistic="share",
        )


def _spotted(sheet: Sheet, other: Sheet, step: int, unsure: set[Spot]) -> _Spotted | None:
    proofs: dict[Spot, float] = {}
    spots: set[Spot] = set()
    for grp in GROUPS.codes if step > 0 else GROUPS.codes[::-1]:
        beside = _beside(other, grp, step)
        for month in sheet.months("share"):
            here, theirs = sheet.value("share", grp, month), other.value("share", beside, month)
            if here is None or theirs is None or {(grp, month), (beside, month)} & unsure:
                continue
            own = other.value("share", grp, month)
            if own is None:
                # What only resembles the neighbour joins a slip that the row before it proves.
                if (beside, month) in spots and abs(here - theirs) <= _NEAR:
                    spots.add((grp, month))
            elif abs(here - own) > _LARGEST_REVISION and abs(here - theirs) * _MUCH_CLOSER <= abs(
                here - own
            ):
                spots.add((grp, month))
                proofs[(grp, month)] = abs(here - own)
    if len(proofs) < _LEAST_PROOFS:
        return None
    return _Spotted(tuple(sorted(spots)), max(sorted(proofs), key=lambda spot: proofs[spot]))


def _unsure(sheet: Sheet) -> set[Spot]:
    """The cells of a sheet that have slipped, the row each slipped into included."""
    found: set[Spot] = set()
    for slip in slips(sheet):
        for grp, month in slip.spots:
            found |= {(grp, month), (_beside(sheet, grp, -slip.step), month)}
    return found


def _beside(sheet: Sheet, grp: str, step: int) -> str:
    """The row that stands `step` rows above a row, "" where there is none."""
    rows = sheet.groups("share")
    at = rows.index(grp) - step if grp in rows else -1
    return rows[at] if 0 <= at < len(rows) else ""


def comparable(sheet: Sheet, other: Sheet) -> bool:
    """Whether two sheets are releases of the same figures."""
    same = (sheet.measure, sheet.area_kind, sheet.area)
    identity: tuple[str, dt.date] = (sheet.release, sheet.published)
    return same == (other.measure, other.area_kind, other.area) and identity != (
        other.release,
        other.published,
    )
