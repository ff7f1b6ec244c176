"""Whether the groups add up to the row over all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tilsyn.figures.anomalies.model import Anomaly
from tilsyn.figures.anomalies.sheets import Sheet, expected_groups
from tilsyn.figures.table import HIDDEN_AT_MOST
from tilsyn.vocabulary import GROUPS, MEASURES, TOTAL
from tilsyn.vocabulary.wording import counted, in_words, joined, number

_OF = {
    "population": ("i målgruppen", "in the population"),
    "unmet": ("uden den krævede indsats", "without the effort required"),
}


def total_anomalies(sheet: Sheet) -> Iterator[Anomaly]:
    """Totals smaller than their groups, or larger than the groups and hidden cells can explain."""
    for statistic in ("population", "unmet", "persons"):
        columns = sorted(
            {
                (month, category)
                for kind, grp, category, month in sheet.cells
                if kind == statistic and grp == TOTAL.code
            }
        )
        for month, category in columns:
            found = _of_column(sheet, statistic, month, category)
            if found is not None:
                yield found


def _of_column(sheet: Sheet, statistic: str, month: dt.date, category: str) -> Anomaly | None:
    total = sheet.get(statistic, TOTAL.code, month, category)
    cells = {
        code: cell
        for code in GROUPS.codes
        if (cell := sheet.get(statistic, code, month, category)) is not None
    }
    if (
        total is None
        or total.value is None
        or all(c.status == "not_available" for c in cells.values())
    ):
        return None
    whole, shown = int(total.value), int(sum(cell.value or 0 for cell in cells.values()))
    hidden = sum(cell.value is None for cell in cells.values())
    of_da, of_en = _described(sheet, statistic, category)
    if shown > whole:
        return sheet.anomaly(
            "groups_exceed_total",
            f"de viste grupper er tilsammen {counted(shown, 'person', 'personer')} {of_da}, men i "
            f"alt-rækken siger {number(whole)}.",
            f"the groups shown add up to {counted(shown, 'person', 'persons', 'en')} {of_en}, but "
            f"the total says {number(whole, 'en')}.",
            statistic=statistic,
            grp=TOTAL.code,
            month=month,
        )
    short = whole - shown - HIDDEN_AT_MOST * hidden
    # What we hide ourselves, to protect others, may be any number.
    ours = any(c.status == "suppressed" and c.provenance == "register" for c in cells.values())
    if short <= 0 or ours:
        return None
    absent = [code for code in expected_groups(sheet.measure, month) if code not in cells]
    da = (
        f"i alt-rækken siger {counted(whole, 'person', 'personer')} {of_da}, men de viste grupper er "
        f"tilsammen kun {number(shown)}{_hidden_da(hidden)}. "
    )
    en = (
        f"the total says {counted(whole, 'person', 'persons', 'en')} {of_en}, but the groups shown "
        f"add up to {number(shown, 'en')} only{_hidden_en(hidden)}. "
    )
    least_da = f"mindst {counted(short, 'person', 'personer')} er ikke forklaret."
    least_en = f"at least {counted(short, 'person', 'persons', 'en')} remain unexplained."
    if absent:
        row_da, row_en, verb = (
            ("Rækken", "The row", "is") if len(absent) == 1 else ("Rækkerne", "The rows", "are")
        )
        names = joined((GROUPS[code].en for code in absent), "en")
        da += f"{row_da} for {joined(GROUPS[code].da for code in absent)} mangler i tabellen; "
        en += f"{row_en} for {names} {verb} missing from the table; "
        da, en = da + least_da, en + least_en
    else:
        da, en = da + least_da.capitalize(), en + least_en.capitalize()
    return sheet.anomaly(
        "total_unexplained", da, en, statistic=statistic, grp=TOTAL.code, month=month
    )


def _described(sheet: Sheet, statistic: str, category: str) -> tuple[str, str]:
    if statistic != "persons":
        return _OF[statistic]
    measure = MEASURES[sheet.measure]
    return f"med {category} {measure.events('da')}", f"with {category} {measure.events('en')}"


def _hidden_da(hidden: int) -> str:
    if not hidden:
        return ""
    cells = "den ene celle" if hidden == 1 else f"de {in_words(hidden)} celler"
    return f", og {cells} uden tal kan højst rumme {HIDDEN_AT_MOST * hidden} til"


def _hidden_en(hidden: int) -> str:
    if not hidden:
        return ""
    cells = "the one cell" if hidden == 1 else f"the {in_words(hidden, 'en')} cells"
    return f", and {cells} without a number can hold {HIDDEN_AT_MOST * hidden} more at most"
