"""The tables of a plan's folder: worklist, duty list, load, outlook and milestones, by file name."""

from __future__ import annotations

from collections.abc import Sequence

from tilsyn.planning import milestones, record, sheets, worklist
from tilsyn.planning.plan import Plan


def tables(plan: Plan, persons: Sequence[str], language: str) -> dict[str, bytes]:
    """The files.

    Args:
        persons: the situation's pseudonyms, by index.
        language: of the reasons and of what the workbook and the calendar say.
    """
    entries = worklist.entries(plan, persons, language)
    duties = worklist.duties(plan, persons)
    day = plan.weeks.first
    return {
        record.WORKLIST: sheets.as_csv(worklist.ENTRY, sheets.entry_rows(entries)),
        "worklist.xlsx": sheets.workbook(plan, entries, duties, day, language),
        "worklist.ics": sheets.calendar(entries, day, language),
        "duty.csv": sheets.as_csv(worklist.DUTY, sheets.duty_rows(duties)),
        "load.csv": sheets.as_csv(sheets.LOAD, sheets.load_rows(plan, language)),
        "outlook.csv": sheets.as_csv(sheets.FORECAST, sheets.forecast_rows(plan)),
        record.MILESTONES: milestones.to_toml(milestones.milestones(plan)).encode(),
    }
