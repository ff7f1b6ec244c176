"""The figure table: the one shape of every figure, measured, published or fetched.

One row is one figure. It is the narrow waist between what makes figures and what judges them.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.printing import printed
from tilsyn.vocabulary import (
    AREA_KINDS,
    AREAS,
    MEASURES,
    MUNICIPALITIES,
    ROWS,
    STATISTICS,
    VISITATION,
    YearMonth,
    area_name,
    category_of,
    ranges,
)
from tilsyn.vocabulary.names import CodeList, Member

MOST = 10**10
"""The largest value."""

SCHEMA = pl.Schema(
    {
        "measure": pl.String,
        "statistic": pl.String,
        "area_kind": pl.String,
        "area": pl.String,
        "grp": pl.String,
        "visitation": pl.String,
        "category": pl.String,
        "month": pl.Date,
        "value": pl.Float64,
        "status": pl.String,
        "provenance": pl.String,
        "release": pl.String,
        "published": pl.Date,
    }
)
"""Columns and types of the figure table. ``month`` is the month's first day; ``visitation`` and
``category`` are empty where a figure is not split; ``value`` is empty unless a number is known.
``category`` may join a measure's last ones ("4+")."""

CELL = ("measure", "statistic", "area_kind", "area", "grp", "visitation", "category", "month")
"""The columns that say which cell a figure stands in; one release has one figure a cell."""


def is_range() -> pl.Expr:
    """Whether a figure's category joins others: "2+" conversations do, "2+" offers do not."""
    every = [f"{measure} {name}" for measure in MEASURES.codes for name in ranges(measure)]
    return pl.concat_str("measure", "category", separator=" ").is_in(every)


STATUSES = ("value", "zero", "suppressed", "not_available")
"""A number; nought; hidden by the publisher; not there (yet)."""

PROVENANCES = ("register", "published")

HIDDEN_AT_MOST = 2
"""The largest count a publisher hides behind ".". What we hide of a register may be larger: to protect others."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a row of the figure table.

    Attributes:
        value: persons, per cent (``share``, unrounded or as printed) or 1/0 (``met``); None
            unless `status` is "value" or "zero".
    """

    measure: str
    statistic: str
    area_kind: str
    area: str
    grp: str
    visitation: str
    category: str
    month: dt.date
    value: float | None
    status: str
    provenance: str
    release: str
    published: dt.date

    @property
    def cell(self) -> tuple[str | dt.date, ...]:
        """Which cell it stands in."""
        return _row(self)[: len(CELL)]

    @property
    def outside(self) -> tuple[Member, ...]:
        """What it is about that is not formed in its month: measure, group, visitation or area."""
        lists: tuple[tuple[CodeList[Any], str], ...] = (
            (MEASURES, self.measure),
            (ROWS, self.grp),
            (VISITATION, self.visitation),
            (AREAS.get(self.area_kind, MUNICIPALITIES), self.area),
        )
        month = YearMonth.of(self.month)
        return tuple(
            known[code]
            for known, code in lists
            if code in known and not known[code].exists_in(month)
        )

    @property
    def too_early(self) -> str:
        """Why it cannot have been known when it was published; empty where it can."""
        month = YearMonth.of(self.month)
        if month.last <= self.published:
            return ""
        return (
            f"{month} had not ended on {self.published}, the day of publication; mend the month, or "
            "the day (in the file, or --published)"
        )

    def describe(self, language: str = "da") -> str:
        """The cell in words, for messages: "Ishøj, conversations_12m share, Kontanthjælp, 2023-04"."""
        parts = [
            area_name(self.area_kind, self.area, language),
            f"{self.measure} {self.statistic}",
            ROWS[self.grp].name(language) if self.grp in ROWS else self.grp,
            *filter(None, (self.visitation, self.category)),
            str(YearMonth.of(self.month)),
        ]
        return ", ".join(parts)

    def shown(self, language: str = "da") -> str:
        """The value as tables print it: "25,8 %", "142", "." where it is hidden, "–" where absent."""
        return printed(self.value, self.statistic, language, status=self.status)


_row: Callable[[Figure], tuple[Any, ...]] = attrgetter(*(field.name for field in fields(Figure)))


def status_of(value: float | None, *, hidden: bool = False) -> str:
    """The status a bare value has: nought, a number, hidden, or not there."""
    if value is None:
        return "suppressed" if hidden else "not_available"
    return "zero" if value == 0 else "value"


def table(figures: Iterable[Figure]) -> pl.DataFrame:
    """A figure table of these figures, in their order."""
    return pl.DataFrame([_row(figure) for figure in figures], schema=SCHEMA, orient="row")


def rows(frame: pl.DataFrame) -> Iterator[Figure]:
    """The figures of a figure table."""
    return (Figure(*row) for row in frame.select(f.name for f in fields(Figure)).iter_rows())


def ordered(frame: pl.DataFrame) -> pl.DataFrame:
    """The same figures in the table's own order, so that equal content gives equal files."""
    rank = {code: i for i, code in enumerate(ROWS.codes)}
    return (
        frame.with_columns(pl.col("grp").replace_strict(rank, default=len(rank)).alias("_rank"))
        .sort(
            "measure", "statistic", "area_kind", "area", "_rank", *CELL[5:], "published", "release"
        )
        .drop("_rank")
    )


def parquet_table(
    file: Path,
    data: bytes | None = None,
    *,
    most: int | None = None,
    wanted: Sequence[pl.Expr] = (),
    columns: list[str] | None = None,
) -> pl.DataFrame:
    """A Parquet file's table.

    Args:
        file: what it is called.
        data: its bytes, where they are at hand.
        most: rows that may be in it; a small file can hold billions.
        wanted: conditions on the figure table's columns; rows that do not meet all of them are not
            read, where it has these columns.
        columns: those to read; all where None.

    Raises:
        InputError: it is missing, damaged or too long.
    """
    source: Any = file if data is None else io.BytesIO(data)
    try:
        if most is not None:
            rows = pl.scan_parquet(source).select(pl.len()).collect().item()
            if rows > most:
                raise InputError(f"{rows} rows are no published table", file=file)
        if wanted:
            scanned = pl.scan_parquet(source)
            if set(SCHEMA.names()) <= set(scanned.collect_schema().names()):
                return scanned.filter(*wanted).collect()
        return pl.read_parquet(source, columns=columns)
    except FileNotFoundError:
        raise InputError("is missing", file=file) from None
    except BaseException as error:
        # Damaged bytes can make the reader panic, which Python sees as no ordinary exception.
        damaged = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)
        if isinstance(error, damaged):
            raise InputError("a damaged Parquet file", file=file) from error
        raise


def checked(frame: pl.DataFrame, *, file: object = None) -> pl.DataFrame:
    """The frame, if it is a sound figure table; columns in order.

    Raises:
        InputError: a column is missing or of another type, a code is unknown, a month had not ended
            on the day of publication, a value and its status disagree, or one cell of
            one publication has two values.
    """
    where = str(file) if file else None
    if missing := [name for name in SCHEMA if name not in frame.columns]:
        raise InputError(f"not a figure table: the column {missing[0]} is missing", file=where)
    try:
        frame = frame.select(SCHEMA.names()).cast(SCHEMA)
    except pl.exceptions.PolarsError as error:
        raise InputError(f"not a figure table: {str(error).splitlines()[0]}", file=where) from None
    for column in ("month", "published"):
        # Days far outside any calendar cannot even be shown.
        if not frame[column].is_between(dt.date(1900, 1, 1), dt.date(2200, 12, 31)).all():
            raise InputError(f"the column {column} holds a day outside 1900 to 2200", file=where)
    for column in SCHEMA.names():
        if column != "value" and frame[column].has_nulls():
            raise InputError(f"the column {column} has an empty cell", file=where)
    # Few combinations are held by many rows: what only codes can be wrong about is asked of them once.
    _check_codes(frame.select(*_CODED).unique(), where)
    early = frame.filter(pl.col("month").dt.month_end() > pl.col("published")).head(1)
    for figure in rows(early):
        raise InputError(f"{figure.describe()}: {figure.too_early}", file=where)
    has_value = pl.col("value").is_not_null() & pl.col("value").is_finite()
    wrong = frame.filter(
        (pl.col("status").is_in(["value", "zero"]) != has_value)
        | ((pl.col("status") == "zero") != (pl.col("value") == 0).fill_null(False))
    )
    if wrong.height:
        figure = next(rows(wrong))
        raise InputError(
            f"{figure.describe()}: status {figure.status} with value {figure.value}", file=where
        )
    within_reason(frame, file=where)
    return agreeing(frame, file=where)


def within_reason(frame: pl.DataFrame, *, file: object = None) -> None:
    """Refuse what no figure can be: there are not so many persons on earth.

    Raises:
        InputError: a value is beyond `MOST`.
    """
    for figure in rows(frame.filter(pl.col("value").abs() > MOST).head(1)):
        raise InputError(
            f"{figure.describe()}: no figure is {figure.value:g}", file=str(file or "")
        )


def _check_codes(codes: pl.DataFrame, where: str | None) -> None:
    """Refuse codes, areas and visitation categories that there are not, and categories a measure has not."""
    for column, known in _KNOWN.items():
        for code in codes[column].unique().sort():
            if code not in known():
                raise InputError(f"unknown {column} '{code}'", file=where)
    for kind, area in codes.select("area_kind", "area").unique().sort(pl.all()).iter_rows():
        if area not in AREAS.get(kind, MUNICIPALITIES):
            raise InputError(f"unknown {kind} '{area}'", file=where)
    kinds = codes.select("measure", "statistic", "category").unique().sort(pl.all())
    for measure, statistic, category in kinds.filter(pl.col("category") != "").iter_rows():
        try:
            category_of(category, measure, whole=statistic != "persons")
        except ValueError as error:
            raise InputError(str(error), file=where) from None


_KNOWN: dict[str, Callable[[], Container[str]]] = {
    "measure": lambda: MEASURES.codes,
    "statistic": lambda: STATISTICS,
    "area_kind": lambda: AREA_KINDS,
    "grp": lambda: ROWS.codes,
    "visitation": lambda: ("", *VISITATION.codes),
    "status": lambda: STATUSES,
    "provenance": lambda: PROVENANCES,
}
_CODED = (*_KNOWN, "area", "category")


def agreeing(frame: pl.DataFrame, *, file: object = None) -> pl.DataFrame:
    """The frame without exact repeats.

    Raises:
        InputError: one publication gives one cell two different values.
    """
    same_cell = [*CELL, "published", "provenance"]
    # Rows of different hashes are different, so that mostly nothing more need be looked at.
    if frame.select(same_cell).hash_rows().is_unique().all():
        return frame
    frame = frame.unique(maintain_order=True)
    clash = (
        frame.unique([*same_cell, "value", "status"], maintain_order=True)
        .filter(pl.len().over(same_cell) > 1)
        .head(1)
    )
    if clash.height:
        cell = clash.select(same_cell)
        both = list(rows(frame.join(cell, on=same_cell, nulls_equal=True, maintain_order="left")))
        raise InputError(
            f"two values for the same cell ({both[0].describe()}, published {both[0].published}): "
            + " and ".join(f"{figure.shown()} in {figure.release}" for figure in both)
            + "; remove one of them, or give them different publication dates",
            file=str(file) if file else None,
        )
    return frame
