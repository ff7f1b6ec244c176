"""Rows that have slipped: figures that stand beside the neighbouring group's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from tilsyn.figures.anomalies.arithmetic import populations, tenths
from tilsyn.figures.anomalies.model import Anomaly
from tilsyn.figures.anomalies.sheets import Sheet
from tilsyn.vocabulary import GROUPS, YearMonth
from tilsyn.vocabulary.wording import joined, months, number, percent

Spot = tuple[str, dt.date]
"""A row (group) and a month."""

_SHORTEST_RUN = 2
_LEAST_PROOFS = 2
_MOST_GROWTH = 2
_DIRECTIONS = {1: ("ned", "down", "under", "below"), -1: ("op", "up", "over", "above")}


@dataclass(frozen=True)
class Slip:
    """Shares that stand one row off.

    Attributes:
        step: 1 where they slipped down, -1 where up.
        spots: the counts whose share stands in the neighbouring row.
        proofs: those of them that the share in their own row contradicts.
    """

    step: int
    spots: tuple[Spot, ...]
    proofs: tuple[Spot, ...]


def slips(sheet: Sheet) -> list[Slip]:
    """Runs of rows whose counts fit the next row's shares and not their own.

    One pair that does not fit is a wrong number; it takes neighbouring rows that all fit one row
    off, and more than one contradiction, to be a slip.
    """
    found = []
    for step in _DIRECTIONS:
        spots: list[Spot] = []
        proofs: list[Spot] = []
        for month in sheet.months("share"):
            for run in _runs(sheet, month, step):
                contradicted = [spot for spot in run if not _fits(sheet, spot, 0)]
                if len(run) >= _SHORTEST_RUN and len(contradicted) * 2 >= len(run):
                    spots += run
                    proofs += contradicted
        if len(proofs) >= _LEAST_PROOFS:
            found.append(Slip(step, tuple(spots), tuple(proofs)))
    return found


def slip_anomalies(sheet: Sheet) -> Iterator[Anomaly]:
    """Shares that have slipped against the counts of the same document."""
    for slip in slips(sheet):
        grp, month = slip.proofs[0]
        beside = _beside(sheet, grp, slip.step)
        count = sheet.value("unmet", grp, month) or 0
        own, fitting = sheet.value("share", grp, month), sheet.value("share", beside, month)
        if own is None or fitting is None:
            continue
        to_da, to_en, at_da, at_en = _DIRECTIONS[slip.step]
        span = _months(slip.spots)
        rows = _rows(slip.spots)
        month_da, month_en = (YearMonth.of(month).name(language) for language in ("da", "en"))
        yield sheet.anomaly(
            "shifted_rows",
            f"andelene for {joined(GROUPS[r].da for r in rows)} er i {months(span)} rykket en række "
            f"{to_da} i forhold til antallene. I {month_da} passer {GROUPS[grp].da} med "
            f"{number(count)} personer ikke til {percent(own)} i samme række, men til "
            f"{percent(fitting)} i rækken {at_da} ({GROUPS[beside].da}).",
            f"in {months(span, 'en')} the shares of {joined((GROUPS[r].en for r in rows), 'en')} "
            f"have slipped one row {to_en} against the counts. In {month_en}, {GROUPS[grp].en} with "
            f"{number(count, 'en')} persons does not fit {percent(own, 'en')} in its own row, but "
            f"does fit {percent(fitting, 'en')} in the row {at_en} ({GROUPS[beside].en}).",
            statistic="share",
        )


def _runs(sheet: Sheet, month: dt.date, step: int) -> Iterator[list[Spot]]:
    """Neighbouring rows of a month whose counts each fit the share one row off."""
    run: list[Spot] = []
    for grp in sheet.groups("share"):
        if _fits(sheet, (grp, month), step) and _contestable(sheet, (grp, month)):
            run.append((grp, month))
        else:
            if run:
                yield run
            run = []
    if run:
        yield run


def _contestable(sheet: Sheet, spot: Spot) -> bool:
    """Whether a spot has a count and a share of its own, and no population that settles it."""
    grp, month = spot
    return (
        sheet.value("share", grp, month) is not None
        and bool(sheet.value("unmet", grp, month))
        and sheet.value("population", grp, month) is None
    )


def _fits(sheet: Sheet, spot: Spot, step: int) -> bool:
    """Whether a spot's count fits the share `step` rows below it, with a credible population."""
    grp, month = spot
    beside = _beside(sheet, grp, step)
    count = sheet.count("unmet", grp, month)
    share = sheet.value("share", beside, month) if beside else None
    if not count or share is None:
        return False
    sizes = populations(count, tenths(share))
    usual = _usual_size(sheet, grp) if step else None
    if usual is None or not sizes:
        return bool(sizes)
    return sizes[0] <= usual * _MOST_GROWTH and sizes[-1] * _MOST_GROWTH >= usual


def _usual_size(sheet: Sheet, grp: str) -> float | None:
    """The population a row's own counts and shares mostly imply, None where they imply none."""
    sizes = []
    for month in sheet.months("share"):
        count, share = sheet.count("unmet", grp, month), sheet.value("share", grp, month)
        if count and share is not None and (implied := populations(count, tenths(share))):
            sizes.append((implied[0] + implied[-1]) / 2)
    return median(sizes) if sizes else None


def _beside(sheet: Sheet, grp: str, step: int) -> str:
    """The row `step` rows below a row, "" where there is none."""
    rows = sheet.groups("share")
    at = rows.index(grp) + step if grp in rows else -1
    return rows[at] if 0 <= at < len(rows) else ""


def _months(spots: tuple[Spot, ...]) -> list[YearMonth]:
    return sorted({YearMonth.of(month) for _, month in spots})


def _rows(spots: tuple[Spot, ...]) -> list[str]:
    present = {grp for grp, _ in spots}
    return [code for code in GROUPS.codes if code in present]
