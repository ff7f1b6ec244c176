"""A plan's tables on their way out: as CSV for programs, as a workbook for people, as a calendar."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections.abc import Sequence
from typing import Any

import polars as pl
import xlsxwriter

from tilsyn.figures.formulas import STARTS
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.record import EVERYTHING, PlanRecord, Selection
from tilsyn.planning.words import words
from tilsyn.planning.worklist import DUTIES, REASONS, CallIn, call_ins
from tilsyn.vocabulary import MEASURES, ROWS
from tilsyn.vocabulary.icalendar import escaped, folded

CALL_IN = ("person", "kind", "week", "first_day", "last_day", "status", "team", "caseworker",
           "measures", "reason")  # fmt: skip
LOAD = ("unit", "kind", "week", "room", "planned_anew", "booked")
FORECAST = ("measure", "group", "month", "population", "without", "planned", "best",
            "share_without", "share_planned")  # fmt: skip
"""The columns of the tables."""
A4 = 9
"""As workbooks number paper."""
WIDTHS = {"person": 34, "reason": 70, "measures": 34, "measure": 30, "group": 30, "weeks": 24}
FORMULA = f"^([{re.escape(''.join(STARTS))}])"


def as_csv(rows: pl.DataFrame) -> bytes:
    """A table as CSV (UTF-8, commas, ISO dates).

    Text that looks like a formula is marked; a list's parts stand between semicolons.
    """
    lists = [name for name, kind in rows.schema.items() if isinstance(kind, pl.List)]
    plain = rows.with_columns(pl.col(lists).list.join(";"), pl.col(pl.Boolean).cast(pl.Int8))
    plain = plain.with_columns(
        pl.col(pl.String).str.replace(FORMULA, "'$1").replace("", None),
        pl.col(pl.Float64).round_sig_figs(6),
    )
    return plain.write_csv().encode()


def files(
    made: PlanRecord, worklist: pl.DataFrame, duties: pl.DataFrame, language: str
) -> dict[str, bytes]:
    """A plan's tables, by file name."""
    whole = call_ins(worklist, language)
    return {
        "worklist.csv": call_in_csv(worklist, language),
        "worklist.xlsx": workbook(made, whole, duties, language),
        "worklist.ics": calendar(whole, made.first, language),
        "duty.csv": as_csv(duties),
        "load.csv": as_csv(pl.DataFrame(_load(made, language), LOAD, orient="row")),
        "outlook.csv": as_csv(pl.DataFrame(_forecast(made), FORECAST, orient="row")),
    }


def call_in_csv(worklist: pl.DataFrame, language: str) -> bytes:
    """Some call-ins as CSV."""
    return as_csv(worklist.rename({REASONS[language]: "reason"}).select(CALL_IN))


def _load(made: PlanRecord, language: str) -> list[tuple[Any, ...]]:
    """By unit, kind and week: the room and what takes it."""
    everybody = words(language)["everybody"]
    return [
        (row.unit or everybody, row.kind, row.week, row.room, row.planned, row.booked)
        for row in made.load
    ]


def _forecast(made: PlanRecord) -> list[tuple[Any, ...]]:
    """Every figure of the whole months, without and with the plan; shares in per cent."""
    return [
        (c.measure, c.group, c.month, c.population, c.without, c.planned, c.best,
         c.share(c.without), c.share(c.planned))
        for c in made.forecast
    ]  # fmt: skip


def call_in_workbook(
    entries: Sequence[CallIn], selection: Selection, day: dt.date, language: str
) -> bytes:
    """Some call-ins as a workbook; a line above them says which.

    Args:
        day: it is said to be of.
    """
    heading = f"{words(language)['sheet']['worklist']}: {selection.in_words(language)}"
    book = _Book(day, language)
    book.call_ins(entries, heading)
    return book.closed()


def workbook(
    made: PlanRecord, entries: Sequence[CallIn], duties: pl.DataFrame, language: str
) -> bytes:
    """Worklist, duty list, load and outlook as a workbook; equal plans give equal bytes."""
    told, column = words(language), words(language)["column"]
    book = _Book(made.first, language)
    book.call_ins(entries)
    book.add("duty", tuple(DUTIES), [
        (person, MEASURES[measure].name(language), ROWS[group].name(language), month, lacking,
         day, ", ".join(weeks), told["state"][state], column["yes" if on_list else "no"])
        for person, measure, group, month, lacking, day, weeks, state, on_list in duties.iter_rows()
    ])  # fmt: skip
    kind = {code: told[code] for code in KINDS}
    book.add("load", LOAD, [(unit, kind[k], *rest) for unit, k, *rest in _load(made, language)])
    book.add("forecast", FORECAST, [
        (MEASURES[m].name(language), ROWS[g].name(language), *rest)
        for m, g, *rest in _forecast(made)
    ])  # fmt: skip
    return book.closed()


class _Book:
    """A workbook in the making, its tables to be filtered, and printed across."""

    def __init__(self, day: dt.date, language: str) -> None:
        self.language, self.words = language, words(language)
        self._stream = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._stream, options)
        self._book.set_properties({"created": dt.datetime(day.year, day.month, day.day)})
        dates = "dd-mm-yyyy" if language == "da" else "yyyy-mm-dd"
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self._looks = {
            "head": self._book.add_format(head),
            "date": self._book.add_format({"num_format": dates}),
            "share": self._book.add_format({"num_format": "0.0"}),
            "text": self._book.add_format({"quote_prefix": True}),
            "heading": self._book.add_format({"bold": True, "font_size": 13}),
        }

    def closed(self) -> bytes:
        """Its bytes."""
        self._book.close()
        return self._stream.getvalue()

    def call_ins(self, entries: Sequence[CallIn], heading: str = "") -> None:
        """Add a worklist, with a heading above it."""
        rows = [
            (e.person, self.words[e.kind], e.week, e.first_day, e.last_day, self.words[e.status],
             e.team, e.caseworker, "; ".join(MEASURES[m].name(self.language) for m in e.measures),
             e.reason)
            for e in entries
        ]  # fmt: skip
        self.add("worklist", CALL_IN, rows, heading)

    def add(
        self, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], heading: str = ""
    ) -> None:
        """Add a table."""
        sheet = self._book.add_worksheet(self.words["sheet"][name])
        top = 0
        if heading:
            sheet.write_string(0, 0, heading, self._looks["heading"])
            top = 2
        for place, column in enumerate(columns):
            sheet.set_column(place, place, WIDTHS.get(column, 13))
            sheet.write_string(top, place, self.words["column"][column], self._looks["head"])
        for number, row in enumerate(rows, top + 1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, self._looks)
        sheet.freeze_panes(top + 1, 1)
        if rows:
            sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)


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
    entries: Sequence[CallIn], made: dt.date, language: str, selection: Selection = EVERYTHING
) -> bytes:
    """The worklist as calendar entries (iCalendar, RFC 5545), from the first to the last day.

    Args:
        made: stamped on the entries.
        selection: which the entries are; the calendar is named by it.
    """
    told = words(language)
    name = f"{told['sheet']['worklist']}: {selection.in_words(language)}"
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
