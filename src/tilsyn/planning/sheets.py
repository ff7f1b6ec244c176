"""A plan's tables: as CSV for programs, as a workbook for people, and as calendar entries."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from tilsyn.errors import InputError
from tilsyn.figures.formulas import meant, neutral
from tilsyn.parsing import csv_rows
from tilsyn.planning.capacity import KINDS, names
from tilsyn.planning.choice import EVERYTHING, Choice
from tilsyn.planning.plan import Plan
from tilsyn.planning.worklist import (
    CALLED_TO,
    DUTY,
    ENTRY,
    STATES,
    STATUS_NAMES,
    Due,
    Entry,
    measure_names,
)
from tilsyn.vocabulary import MEASURES, ROWS
from tilsyn.vocabulary.icalendar import escaped, folded
from tilsyn.words import gettext, gettext_noop, pgettext, pgettext_noop

Row = tuple[Any, ...]

LOAD = ("unit", "kind", "week", "room", "planned_anew", "booked")
FORECAST = ("measure", "group", "month", "population", "without", "planned", "best",
            "share_without", "share_planned")  # fmt: skip
A4 = 9
"""As workbooks number paper."""
WIDTHS = {"person": 34, "reason": 70, "measures": 34, "measure": 30, "group": 30, "weeks": 24}


def entry_rows(entries: Sequence[Entry]) -> list[Row]:
    """The worklist as rows of codes."""
    return [
        (*(getattr(e, name) for name in ENTRY[:-2]), ";".join(e.measures), e.reason)
        for e in entries
    ]


def duty_rows(duties: Sequence[Due]) -> list[Row]:
    """The duty list as rows of codes."""
    return [
        (d.person, d.measure, d.group, d.month, d.lacking, d.last_day, ";".join(d.weeks), d.state,
         int(d.on_goal_list))
        for d in duties
    ]  # fmt: skip


def load_rows(plan: Plan, language: str) -> list[Row]:
    """By unit, kind and week: the room and what takes it."""
    units = names(plan.capacity.unit, language)
    load, booked = plan.load, plan.load_booked
    return [
        (unit, KINDS[kind], plan.weeks.name(week), int(plan.room[lane, week]),
         int(load[lane, week] - booked[lane, week]), int(booked[lane, week]))
        for kind in range(len(KINDS))
        for u, unit in enumerate(units)
        for lane in [kind * len(units) + u]
        for week in range(len(plan.weeks))
    ]  # fmt: skip


def forecast_rows(plan: Plan) -> list[Row]:
    """Every figure of the whole months, without and with the plan; shares in per cent."""
    return [
        (c.measure, c.group, str(c.month), c.population, c.without, c.planned, c.best,
         100 * c.without / c.population if c.population else None,
         100 * c.planned / c.population if c.population else None)
        for c in plan.counts()
        if c.month in plan.whole_months
    ]  # fmt: skip


def as_csv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """A table as CSV (UTF-8, commas, ISO dates); text that looks like a formula is marked."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_plain(value) for value in row] for row in rows])
    return stream.getvalue().encode()


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str):
        return neutral(value)
    return "" if value is None else value


def read_worklist(file: Path) -> list[Entry]:
    """The entries of a worklist (CSV).

    Raises:
        InputError: it is no worklist.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", file=file) from None
    columns, rows = csv_rows(text, file=file)
    if set(ENTRY) - set(columns):
        raise InputError(f"is no worklist; its columns are {', '.join(ENTRY)}", file=file)
    return [_entry(row, number, file) for number, row in enumerate(rows, 2)]


def persons_of(file: Path) -> set[str]:
    """Everybody who stands in a list (CSV) with a column `person`."""
    with file.open(encoding="utf-8", newline="") as stream:
        return {meant(row["person"]) for row in csv.DictReader(stream)}


def _entry(row: Mapping[str | None, Any], number: int, file: Path) -> Entry:
    try:
        values: dict[str, Any] = {name: meant(row[name]) for name in ENTRY}
        days = {name: dt.date.fromisoformat(row[name]) for name in ("first_day", "last_day")}
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(f"a damaged row ({error})", file=file, place=f"row {number}") from None
    measures = tuple(filter(None, values["measures"].split(";")))
    return Entry(**(values | days | {"measures": measures}))


SHEETS = {
    "worklist": gettext_noop("Call-ins"),
    "duty": gettext_noop("What is due"),
    "load": gettext_noop("Load"),
    "forecast": gettext_noop("Outlook"),
}
"""What sheets are called."""

COLUMNS = {
    "person": pgettext_noop("column", "Person"),
    "kind": pgettext_noop("column", "What"),
    "week": pgettext_noop("column", "Week"),
    "first_day": pgettext_noop("column", "From"),
    "last_day": pgettext_noop("column", "By"),
    "status": pgettext_noop("column", "Status"),
    "team": pgettext_noop("column", "Team"),
    "caseworker": pgettext_noop("column", "Caseworker"),
    "measures": pgettext_noop("column", "Measures"),
    "reason": pgettext_noop("column", "Why"),
    "measure": pgettext_noop("column", "Measure"),
    "group": pgettext_noop("column", "Benefit group"),
    "lacking": pgettext_noop("column", "Lacking"),
    "weeks": pgettext_noop("column", "Planned in week"),
    "state": pgettext_noop("column", "State"),
    "on_goal_list": pgettext_noop("column", "On the goal list"),
    "unit": pgettext_noop("column", "Unit"),
    "room": pgettext_noop("column", "Room"),
    "month": pgettext_noop("column", "Month"),
    "population": pgettext_noop("column", "Persons now"),
    "without": pgettext_noop("column", "Lacking without the plan"),
    "share_without": pgettext_noop("column", "Share without (%)"),
    "share_planned": pgettext_noop("column", "Share with (%)"),
    "best": pgettext_noop("column", "Lacking at best"),
    "planned": pgettext_noop("column", "Lacking with the plan"),
    "planned_anew": pgettext_noop("column", "Planned"),
    "booked": pgettext_noop("column", "Booked"),
    "conversations": pgettext_noop("column", "conversations"),
    "offers": pgettext_noop("column", "offers"),
}
"""What columns are called."""

Sheet = tuple[str, Sequence[str], list[Row]]
"""A sheet's name (`SHEETS`), columns and rows."""


def call_in_workbook(
    entries: Sequence[Entry], choice: Choice, day: dt.date, language: str
) -> bytes:
    """Some call-ins as a workbook; a line above them says which.

    Args:
        day: it is said to be of.
    """
    heading = gettext(SHEETS["worklist"], language) + f": {choice.told(language)}"
    return _book([_call_ins(entries, language)], day, language, heading)


def _call_ins(entries: Sequence[Entry], language: str) -> Sheet:
    rows = [
        (e.person, gettext(CALLED_TO[e.kind], language), e.week, e.first_day, e.last_day, gettext(STATUS_NAMES[e.status], language), e.team,
         e.caseworker, measure_names(e.measures, language), e.reason)
        for e in entries
    ]  # fmt: skip
    return "worklist", ENTRY, rows


def workbook(
    plan: Plan, entries: Sequence[Entry], duties: Sequence[Due], day: dt.date, language: str
) -> bytes:
    """Worklist, duty list, load and outlook as a workbook; equal plans give equal bytes."""
    kind = {code: gettext(CALLED_TO[code], language) for code in KINDS}
    yes = {True: gettext("yes", language), False: gettext("no", language)}
    return _book([
        _call_ins(entries, language),
        ("duty", DUTY, [
            (d.person, MEASURES[d.measure].name(language), ROWS[d.group].name(language), d.month,
             d.lacking, d.last_day, ", ".join(d.weeks), gettext(STATES[d.state], language), yes[d.on_goal_list])
            for d in duties
        ]),
        ("load", LOAD, [(u, kind[k], *rest) for u, k, *rest in load_rows(plan, language)]),
        ("forecast", FORECAST, [
            (MEASURES[m].name(language), ROWS[g].name(language), *rest)
            for m, g, *rest in forecast_rows(plan)
        ]),
    ], day, language)  # fmt: skip


def _book(tables: Sequence[Sheet], day: dt.date, language: str, heading: str = "") -> bytes:
    """Tables as a workbook, each to be filtered, and printed across.

    Args:
        heading: above the first one.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": dt.datetime(day.year, day.month, day.day)})
    looks = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "dd-mm-yyyy" if language == "da" else "yyyy-mm-dd"}),
        "share": book.add_format({"num_format": "0.0"}),
        "text": book.add_format({"quote_prefix": True}),
        "heading": book.add_format({"bold": True, "font_size": 13}),
    }
    for name, columns, rows in tables:
        sheet = book.add_worksheet(gettext(SHEETS[name], language))
        top = 0
        if heading and name == tables[0][0]:
            sheet.write_string(0, 0, heading, looks["heading"])
            top = 2
        for place, column in enumerate(columns):
            sheet.set_column(place, place, WIDTHS.get(column, 13))
            sheet.write_string(
                top, place, pgettext("column", COLUMNS[column], language), looks["head"]
            )
        for number, row in enumerate(rows, top + 1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, looks)
        sheet.freeze_panes(top + 1, 1)
        if rows:
            sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
    book.close()
    return stream.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, looks: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, dt.date):
        moment = dt.datetime(value.year, value.month, value.day)
        sheet.write_datetime(row, column, moment, looks["date"])
    elif isinstance(value, float):
        sheet.write_number(row, column, value, looks["share"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        formula = value.startswith(("=", "+", "-", "@"))
        sheet.write_string(row, column, value, looks["text"] if formula else None)


def calendar(
    entries: Sequence[Entry], made: dt.date, language: str, choice: Choice = EVERYTHING
) -> bytes:
    """The worklist as calendar entries (iCalendar, RFC 5545), from the first to the last day.

    Args:
        made: stamped on the entries.
        choice: which the entries are; the calendar is named by it.
    """
    name = gettext(SHEETS["worklist"], language) + f": {choice.told(language)}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//tilsyn//planning//DA",
        "CALSCALE:GREGORIAN",
        # The name as RFC 7986 has it, and as calendars had it before.
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for entry in entries:
        mark = hashlib.sha256(f"{entry.person} {entry.kind} {entry.week}".encode()).hexdigest()[:24]
        others = gettext("Everybody else", language)
        kind, status = CALLED_TO[entry.kind], STATUS_NAMES[entry.status]
        what = f"{gettext(kind, language)} ({gettext(status, language)}): {entry.person}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:call-{mark}@tilsyn",
            f"DTSTAMP:{made:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{entry.first_day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.last_day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escaped(what)}",
            f"DESCRIPTION:{escaped(entry.reason)}",
            f"CATEGORIES:{escaped(entry.team or others)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()
