"""What documents only state: who misses which goal, and how many were said to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.reading.model import Cell, Reading, reading
from tilsyn.figures.reading.numbers import printed_value
from tilsyn.figures.reading.tidy import Defaults, area_of, asked_of, published_of, release_of
from tilsyn.figures.table import Figure
from tilsyn.tables.line import Line
from tilsyn.tables.records import Record, records
from tilsyn.vocabulary import MEASURES, ROWS, YearMonth
from tilsyn.vocabulary.wording import number

NEEDED = ("measure", "statistic", "group", "month", "value")

Missed = dict[tuple[str, str, YearMonth], set[str]]


def read_statements(lines: Sequence[Line], file: Path, defaults: Defaults) -> Reading:
    """Read a table of statements; only ``met`` rows become figures.

    A ``stated_count`` is compared with the names listed as missing the goal in the same document
    and month (``a+b``: the names in both lists). Other rows (words, assistance) are notes.

    Raises:
        InputError: a column is missing or a value unknown.
    """
    found = records(lines, NEEDED, file)
    cells = [_met(record, defaults) for record in found if record.get("statistic") == "met"]
    missed: Missed = {}
    for cell in cells:
        if cell.figure.value == 0:
            key = (cell.figure.release, cell.figure.measure, YearMonth.of(cell.figure.month))
            missed.setdefault(key, set()).add(cell.figure.area)
    compared = (
        _compared(record, defaults, missed)
        for record in found
        if record.get("statistic") == "stated_count"
    )
    return reading(file, cells, filter(None, compared))


def _met(record: Record, defaults: Defaults) -> Cell:
    value, status = asked_of(record, "value", lambda text: printed_value(text, "met"))
    figure = Figure(
        asked_of(record, "measure", MEASURES.read).code,
        "met",
        "municipality",
        area_of(record, defaults),
        asked_of(record, "group", ROWS.read).code,
        "",
        "",
        asked_of(record, "month", YearMonth.parse).first,
        value,
        status,
        "published",
        release_of(record, defaults),
        published_of(record, defaults),
    )
    return Cell(figure, record.get("value"), record.place)


def _compared(record: Record, defaults: Defaults, missed: Missed) -> Anomaly | None:
    measures = record.get("measure").split("+")
    if not all(measure in MEASURES for measure in measures):
        return None
    stated = asked_of(record, "value", lambda text: printed_value(text, "population"))[0]
    month = asked_of(record, "month", YearMonth.parse)
    release = release_of(record, defaults)
    named = len(set.intersection(*(missed.get((release, m, month), set()) for m in measures)))
    if stated is None or stated == named:
        return None
    da = " og ".join(f"»{MEASURES[m].da}«" for m in measures)
    en = " and ".join(f"'{MEASURES[m].en}'" for m in measures)
    both_da, both_en = ("både ", "both ") if len(measures) > 1 else ("", "")
    return Anomaly(
        "names_differ_from_number",
        f"Dokument {release} siger, at {number(stated)} kommuner ikke lever op til {both_da}{da} "
        f"({month.name()}), men nævner {number(named)} ved navn.",
        f"Document {release} says that {number(stated, 'en')} municipalities miss {both_en}{en} "
        f"({month.name('en')}), but names {number(named, 'en')}.",
        measure=record.get("measure"),
        statistic="stated_count",
        grp=record.get("group"),
        month=month.first,
        stated=int(stated),
    )
