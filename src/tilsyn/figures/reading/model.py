"""What a reader returns: the figures, each cell as it was printed, and what was odd.

Every reader's cells become figures in `reading`; what holds for all of them is seen to there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.reading.numbers import SHARES, decimals
from tilsyn.figures.release import Source
from tilsyn.figures.table import CELL, HIDDEN_AT_MOST, SCHEMA, Figure, checked, table
from tilsyn.vocabulary.wording import counted, joined, percent

PRINTED = pl.Schema(
    {name: SCHEMA[name] for name in (*CELL, "published", "release")}
    | {"raw": pl.String(), "file": pl.String(), "place": pl.String()}
)
"""Columns of the printed table: which cell, how it stood, in which file and where in it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell.

    Attributes:
        figure: the figure it gives.
        raw: the cell as printed ("25,8", ".", "").
        place: where it stands: "line 12, column 4 (Jul 2022)".
        per_cent: whether the file itself says that its shares are in per cent.
    """

    figure: Figure
    raw: str
    place: str
    per_cent: bool = False


@dataclass(frozen=True)
class Reading:
    """What one file gave.

    Attributes:
        figures: a figure table; provenance "published" unless the file itself says otherwise.
        printed: the cell columns with ``published``, ``release``, ``raw``, ``file`` (its name) and
            ``place``; one row a figure.
        anomalies: what the reader took from context, and lists that do not add up.
        source: the file's name and hash.
    """

    figures: pl.DataFrame
    printed: pl.DataFrame
    anomalies: tuple[Anomaly, ...]
    source: Source


def reading(file: Path, cells: Iterable[Cell], anomalies: Iterable[Anomaly] = ()) -> Reading:
    """The reading these cells make; a cell printed twice alike is kept once.

    Raises:
        InputError: a month had not ended on the day of publication, shares may be fractions, or one
            publication prints two values for one cell.
    """
    sound, converted = in_per_cent([_standing(cell, file) for cell in cells], file)
    kept: dict[tuple[object, ...], Cell] = {}
    for cell in sound:
        key = (*cell.figure.cell, cell.figure.published, cell.figure.provenance)
        first = kept.setdefault(key, cell)
        if (first.figure.value, first.figure.status) != (cell.figure.value, cell.figure.status):
            raise InputError(
                f"two values for the same cell ({cell.figure.describe()}): "
                f"{cell.figure.shown()} here and {first.figure.shown()} at {first.place}; "
                "remove one of them, or give them different publication dates",
                file=file,
                place=cell.place,
            )
    printed = [
        (
            *cell.figure.cell,
            cell.figure.published,
            cell.figure.release,
            cell.raw,
            file.name,
            cell.place,
        )
        for cell in kept.values()
    ]
    return Reading(
        checked(table(cell.figure for cell in kept.values()), file=file),
        pl.DataFrame(printed, schema=PRINTED, orient="row"),
        (*anomalies, *converted),
        Source.of(file),
    )


def _standing(cell: Cell, file: Path) -> Cell:
    """The cell, if it can have been known; what is hidden where nothing is formed is not there.

    Raises:
        InputError: its month had not ended.
    """
    figure = cell.figure
    if early := figure.too_early:
        raise InputError(early, file=file, place=cell.place)
    if figure.status == "suppressed" and figure.outside:
        return replace(cell, figure=replace(figure, status="not_available"))
    return cell


_Counts = Mapping[tuple[object, ...], Figure]


def in_per_cent(cells: Sequence[Cell], file: Path) -> tuple[list[Cell], list[Anomaly]]:
    """The cells of a file with every share in per cent, and what was read as a fraction.

    0,28 is 0,28 % in one table and 28 % in another. A share is per cent where it is printed with the
    sign, where its file says so, where it is more than 1, or where it is printed like the per cent beside
    it. Others the numbers of persons decide. What neither decides is refused: read as per cent, no
    fraction would ever be over a line.

    Raises:
        InputError: shares may be either; the cells are named.
    """
    counts = {_beside(c.figure, c.figure.statistic): c.figure for c in cells}
    companies = defaultdict(list)
    for at, cell in enumerate(cells):
        f = cell.figure
        known = cell.per_cent or cell.raw.rstrip().endswith("%")
        if f.statistic in SHARES and f.value and not known:
            companies[f.release, f.published, f.provenance, f.measure, f.statistic].append(at)
    result, remarks = list(cells), []
    for company in companies.values():
        fractions = _fractions([(at, cells[at]) for at in company], counts, file)
        for at in fractions:
            figure = cells[at].figure
            value = round((figure.value or 0) * 100, 10)
            result[at] = replace(cells[at], figure=replace(figure, value=value))
        if fractions:
            remarks.append(_remark(cells[fractions[0]], result[fractions[0]], len(fractions)))
    return result, remarks


def _beside(figure: Figure, statistic: str) -> tuple[object, ...]:
    """The cell of another statistic of the same persons."""
    return (statistic, *figure.cell[:1], *figure.cell[2:], figure.published, figure.provenance)


def _fractions(company: Sequence[tuple[int, Cell]], counts: _Counts, file: Path) -> tuple[int, ...]:
    """Which cells of one statistic are fractions."""
    rows = defaultdict(list)
    for _, cell in company:
        rows[cell.figure.cell[2:6]].append(cell.figure.value or 0)
    over = any(value > 1 for row in rows.values() for value in row)
    found: dict[int, bool | None] = {}
    for at, cell in company:
        row = rows[cell.figure.cell[2:6]]
        if (cell.figure.value or 0) > 1:
            continue
        alike = over and decimals(cell.raw) <= 1 and (len(row) == 1 or max(row) > 1)
        found[at] = False if alike else _proved(cell, counts)
    if not over and True in found.values() and False not in found.values():
        return tuple(found)
    unsure = [
        cell
        for at, cell in company
        if at in found
        and found[at] is None
        and not (over and cell.figure.provenance == "register")  # unrounded, by this program
    ]
    if unsure:
        raise InputError(
            "shares look like fractions: "
            + joined((f"{cell.raw} ({cell.place})" for cell in unsure), "en", most=6)
            + "; write them in per cent with the sign (25,8 %), or give the numbers of persons too",
            file=file,
            place=unsure[0].place,
        )
    return tuple(at for at, fraction in found.items() if fraction)


def _proved(cell: Cell, counts: _Counts) -> bool | None:
    """Whether the numbers of persons say that a share is a fraction; None where they do not say."""
    figure = cell.figure
    population = counts.get(_beside(figure, "population"))
    if figure.statistic != "share" or population is None or not population.value:
        return None
    unmet = counts.get(_beside(figure, "unmet"))
    size = population.value
    least, most = 0.0, size
    if unmet is not None and unmet.value is not None:
        least = most = unmet.value
    elif unmet is not None and unmet.status == "suppressed" and unmet.provenance == "published":
        most = min(most, HIDDEN_AT_MOST)
    half = 0.5 * 10.0 ** -max(decimals(cell.raw), 1) + 1e-9

    def possible(whole: int) -> bool:
        persons = [((figure.value or 0) + way) * size / whole for way in (-half, half)]
        return math.ceil(max(persons[0], least)) <= min(persons[1], most)

    per_cent, fraction = possible(100), possible(1)
    return None if per_cent == fraction else fraction


def _remark(printed: Cell, read: Cell, number: int) -> Anomaly:
    figure = read.figure
    value = figure.value or 0
    many_da, many_en = (
        counted(number, "andel", "andele"),
        counted(number, "share", "shares", "en"),
    )
    return Anomaly(
        "reading",
        f"{many_da.capitalize()} er skrevet som brøk og læst som procent, fordi antallene af "
        f"personer viser det (»{printed.raw}« er {percent(value)}).",
        f"{many_en.capitalize()} written as fractions are read as per cent, as the numbers of "
        f"persons show ('{printed.raw}' is {percent(value, 'en')}).",
        measure=figure.measure,
        statistic=figure.statistic,
    )
