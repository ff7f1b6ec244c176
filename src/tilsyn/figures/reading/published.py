"""Reading any file that holds published figures; what kind it is, its content says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.reading import (
    answers,
    exchange,
    jsonstat,
    statements,
    tidy,
)
from tilsyn.figures.reading.letter import no_table, read_layout
from tilsyn.figures.reading.lines import delimited_lines, text_lines
from tilsyn.figures.reading.model import Reading
from tilsyn.figures.reading.tables import tables
from tilsyn.figures.reading.tidy import Defaults
from tilsyn.figures.reading.titles import seniorities
from tilsyn.figures.table import within_reason
from tilsyn.tables import records
from tilsyn.tables.content import kind_of, read_bytes, text_of
from tilsyn.tables.line import Line
from tilsyn.tables.sheets import shown
from tilsyn.vocabulary import MUNICIPALITIES
from tilsyn.vocabulary.wording import joined


def read_published(
    file: Path,
    *,
    published: dt.date | None = None,
    release: str | None = None,
    municipality: str | None = None,
    seniority: int | None = None,
) -> Reading:
    """Read the published figures of a file: a letter, a note, a workbook, a tidy table, an answer.

    Args:
        file: text (with tabs, spaces or delimiters), CSV, JSON, XLSX or Parquet; its ending is
            ignored.
        published: the day it was published; goes before a date in a letter's text, and after the
            dates a tidy table gives its rows.
        release: the release the figures belong to, where the file names none; else its stem.
        municipality: for tables that name none ("Ishøj" or its code).
        seniority: 6 or 12 months, for tables that do not say.

    Raises:
        InputError: the file cannot be read, holds no table, or a cell, row or title of it cannot be
            understood; the line names file, place and mend.
    """
    if municipality is not None and MUNICIPALITIES.find(municipality) is None:
        raise InputError(f"--municipality: '{municipality}' is no municipality; write e.g. Ishøj")
    if seniority is not None and seniority not in seniorities():
        raise InputError(f"--seniority: {seniority} is neither 6 nor 12 months")
    defaults = Defaults(published, release, municipality, seniority)
    data = read_bytes(file)
    reading = _read(data, file, defaults)
    within_reason(reading.figures, file=file)
    return reading


def _read(data: bytes, file: Path, defaults: Defaults) -> Reading:
    kind = kind_of(data)
    if kind == "parquet":
        return exchange.read_parquet(data, file, defaults)
    if kind == "archive":
        return _read_workbook(data, file, defaults)
    text = text_of(data, file)
    if jsonstat.is_jsonstat(text):
        return jsonstat.read_jsonstat(data, file, defaults)
    if answers.is_answer(text):
        return answers.read_answer(data, file, defaults)
    if lines := records.lines_of(text, file, tidy.is_header):
        return _read_tidy(lines, file, defaults)
    return _read_text(text, file, defaults)


def _read_tidy(lines: Sequence[Line], file: Path, defaults: Defaults) -> Reading:
    names = records.columns(lines)
    if "grp" in names or "area" in names:
        return exchange.read_exchange(lines, file, defaults)
    if "raw_name" in names or "quote" in names:
        return statements.read_statements(lines, file, defaults)
    return tidy.read_tidy(lines, file, defaults)


def _read_workbook(data: bytes, file: Path, defaults: Defaults) -> Reading:
    """Read the tidy tables of a workbook where it has some, else its tables as letters print them.

    Raises:
        InputError: it has no table, or tidy tables of different columns.
    """
    sheets, told = shown(data, file)
    remarks = tuple(Anomaly("reading", da, en) for da, en in told)
    tidy_ones = [sheet for sheet in sheets if sheet.filled and tidy.is_header(sheet.filled[0])]
    if not tidy_ones:
        lines = [line for sheet in sheets for line in sheet.lines]
        found = read_layout(lines, file, defaults)
        return replace(found, anomalies=(*remarks, *found.anomalies))
    head, *rows = tidy_ones[0].filled
    for sheet in tidy_ones[1:]:
        other, *more = sheet.filled
        if records.columns([other]) != records.columns([head]):
            raise InputError(
                f"other columns than in {head.place}; save each sheet as a file of its own",
                file=file,
                place=other.place,
            )
        rows += more
    found = _read_tidy([head, *rows], file, defaults)
    left = [sheet.name for sheet in sheets if sheet.filled and sheet not in tidy_ones]
    if left:
        remarks += (
            Anomaly(
                "reading",
                f"Uden kolonner til tal og derfor ikke læst: ark {joined(left)}.",
                f"Without columns of figures and so not read: sheet {joined(left, 'en')}.",
            ),
        )
    return replace(found, anomalies=(*remarks, *found.anomalies))


def _read_text(text: str, file: Path, defaults: Defaults) -> Reading:
    """Read the layout that holds a table: as a letter, then delimited by ";", then by ","."""
    lines = text_lines(text)
    if tables(lines, file):
        return read_layout(lines, file, defaults)
    for delimiter in (";", ","):
        if delimiter in text:
            lines = delimited_lines(text, delimiter, file)
            if tables(lines, file):
                return read_layout(lines, file, defaults)
    raise no_table(file)
