"""Whether a printed share can be a share of the persons printed beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tilsyn.figures.anomalies.arithmetic import (
    HIDDEN_COUNTS,
    any_population,
    neighbours,
    possible,
    share_of,
    tenths,
)
from tilsyn.figures.anomalies.model import Anomaly
from tilsyn.figures.anomalies.sheets import Sheet
from tilsyn.figures.table import Figure
from tilsyn.vocabulary import ROWS
from tilsyn.vocabulary.wording import counted, joined, number, percent

_HIDDEN_POPULATIONS = (1, 2)


def share_anomalies(sheet: Sheet) -> Iterator[Anomaly]:
    """Shares that their population, or their count, rules out."""
    for (statistic, grp, _, month), share in sorted(
        sheet.cells.items(), key=lambda item: (item[0][3], ROWS.codes.index(item[0][1]))
    ):
        if statistic != "share" or share.value is None:
            continue
        population = sheet.get("population", grp, month)
        unmet = sheet.get("unmet", grp, month)
        found = _against_population(sheet, share, share.value, population) if population else None
        if found is None and unmet is not None:
            found = _against_count(sheet, share, share.value, unmet, population)
        if found is not None:
            yield found


def _against_population(
    sheet: Sheet, share: Figure, value: float, population: Figure
) -> Anomaly | None:
    printed = tenths(value)
    row = ROWS[share.grp]
    said_da, said_en = percent(value), percent(value, "en")
    if population.status == "suppressed":
        if any(possible(printed, n) for n in _HIDDEN_POPULATIONS):
            return None
        da = (
            f"{row.da} har en andel på {said_da}, men antallet af personer er skjult og kan kun "
            "være 1 eller 2; så er andelen 0, 50 eller 100\N{NO-BREAK SPACE}%."
        )
        en = (
            f"{row.en} has a share of {said_en}, but its number of persons is hidden and can only "
            "be 1 or 2; the share would be 0, 50 or 100%."
        )
    elif population.status == "zero":
        da = f"{row.da} har en andel på {said_da}, men ingen personer i målgruppen."
        en = f"{row.en} has a share of {said_en}, but no persons in its population."
    elif population.value is None or possible(printed, int(population.value)):
        return None
    else:
        size = int(population.value)
        near = [n / 10 for n in neighbours(printed, size)]
        da = (
            f"{row.da} har {counted(size, 'person', 'personer')}, og {said_da} af dem er ikke et helt "
            f"antal; de nærmeste mulige andele er {joined(map(percent, near))}."
        )
        nearest = joined((percent(n, "en") for n in near), "en")
        en = (
            f"{row.en} has {counted(size, 'person', 'persons', 'en')}, and {said_en} of them is no "
            f"whole number; the nearest possible shares are {nearest}."
        )
    return _anomaly(sheet, "impossible_share", share, da, en)


def _against_count(
    sheet: Sheet, share: Figure, value: float, unmet: Figure, population: Figure | None
) -> Anomaly | None:
    ours = unmet.status == "suppressed" and unmet.provenance == "register"
    if unmet.status == "not_available" or ours:
        return None
    printed = tenths(value)
    hidden = unmet.value is None
    counts = HIDDEN_COUNTS if unmet.value is None else (int(unmet.value),)
    row = ROWS[share.grp]
    said_da, said_en = percent(value), percent(value, "en")
    if hidden:
        count_da, count_en = "et skjult antal (højst 2)", "a hidden number (2 at most)"
    else:
        count_da, count_en = number(counts[0]), number(counts[0], "en")
    if population is not None and population.value:
        size = int(population.value)
        if any(share_of(count, size) == printed for count in counts if count <= size):
            return None
        would = share_of(counts[-1], size) / 10
        most_da, most_en = ("højst ", "at most ") if hidden else ("", "")
        da = (
            f"{row.da} har {count_da} af {counted(size, 'person', 'personer')} uden den krævede "
            f"indsats; det er {most_da}{percent(would)}, ikke {said_da}."
        )
        en = (
            f"{row.en} has {count_en} of {counted(size, 'person', 'persons', 'en')} without the "
            f"effort required; that is {most_en}{percent(would, 'en')}, not {said_en}."
        )
    elif any_population(counts, printed):
        return None
    else:
        da = (
            f"{row.da} har {count_da} uden den krævede indsats og en andel på {said_da}, men der er "
            "intet antal personer, som giver den andel."
        )
        en = (
            f"{row.en} has {count_en} without the effort required and a share of {said_en}, but no "
            "number of persons gives that share."
        )
    return _anomaly(sheet, "share_contradicts_count", share, da, en)


def _anomaly(sheet: Sheet, kind: str, share: Figure, da: str, en: str) -> Anomaly:
    month: dt.date = share.month
    return sheet.anomaly(kind, da, en, statistic="share", grp=share.grp, month=month)
