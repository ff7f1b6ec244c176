"""A plan's tables: as CSV for programs, as a workbook for people, and as calendar entries."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from tilsyn.planning.plans.capacity import KINDS, names
from tilsyn.planning.plans.plan import Plan
from tilsyn.planning.plans.words import words
from tilsyn.planning.plans.worklist import DUTY, ENTRY, Due, Entry, measure_names
from tilsyn.vocabulary import MEASURES, ROWS
from tilsyn.vocabulary.icalendar import escaped, folded

Row = tuple[Any, ...]

LOAD = ("unit", "kind", "week", "room", "planned_anew", "booked")
FORECAST = ("measure", "group", "month", "population", "without", "planned", "best",
            "share_without", "share_planned")  # fmt: skip
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
    units = names(plan.capacity.unit, words(language)["everybody"])
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
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value


def workbook(
    plan: Plan, entries: Sequence[Entry], duties: Sequence[Due], day: dt.date, language: str
) -> bytes:
    """Worklist, duty list, load and outlook as a workbook; equal plans give equal bytes."""
    told = words(language)
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
    }
    kind = {code: told[code] for code in KINDS}
    yes = {True: told["column"]["yes"], False: told["column"]["no"]}
    tables: list[tuple[str, Sequence[str], list[Row]]] = [
        ("worklist", ENTRY, [
            (e.person, kind[e.kind], e.week, e.first_day, e.last_day, told[e.status], e.team,
             e.caseworker, measure_names(e.measures, language), e.reason)
            for e in entries
        ]),
        ("duty", DUTY, [
            (d.person, MEASURES[d.measure].name(language), ROWS[d.group].name(language), d.month,
             d.lacking, d.last_day, ", ".join(d.weeks), told["state"][d.state], yes[d.on_goal_list])
            for d in duties
        ]),
        ("load", LOAD, [(u, kind[k], *rest) for u, k, *rest in load_rows(plan, language)]),
        ("forecast", FORECAST, [
            (MEASURES[m].name(language), ROWS[g].name(language), *rest)
            for m, g, *rest in forecast_rows(plan)
        ]),
    ]  # fmt: skip
    for name, columns, rows in tables:
        sheet = book.add_worksheet(told["sheet"][name])
        for place, column in enumerate(columns):
            sheet.set_column(place, place, WIDTHS.get(column, 13))
            sheet.write_string(0, place, told["column"][column], looks["head"])
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, looks)
        sheet.freeze_panes(1, 1)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
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


def calendar(entries: Sequence[Entry], made: dt.date, language: str) -> bytes:
    """The worklist as calendar entries (iCalendar, RFC 5545), from the first to the last day.

    Args:
        made: stamped on the entries.
    """
    told = words(language)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//tilsyn//planning//DA",
        "CALSCALE:GREGORIAN",
    ]
    for entry in entries:
        mark = hashlib.sha256(f"{entry.person} {entry.kind} {entry.week}".encode()).hexdigest()[:24]
        what = f"{told[entry.kind]} ({told[entry.status]}): {entry.person}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:call-{mark}@tilsyn",
            f"DTSTAMP:{made:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{entry.first_day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.last_day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escaped(what)}",
            f"DESCRIPTION:{escaped(entry.reason)}",
            f"CATEGORIES:{escaped(entry.team or told['everybody'])}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()
