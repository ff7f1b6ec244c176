"""Conversations held and activities, in the shape of the common data model (DFDG).

The day a conversation was held decides its month; the day it was registered is kept beside it, so
that figures can be counted as they were known on a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from tilsyn.errors import InputError
from tilsyn.register.sources import tables
from tilsyn.register.sources.delivery import buckets, fits, of_bucket, parts
from tilsyn.register.sources.maps import NOT_MEASURED, Maps, plain_expr
from tilsyn.register.sources.tables import Report
from tilsyn.register.sources.values import day

_MAY_BE_MISSING = {"conversations": ("registered",), "activities": ("end", "registered")}


def read(files: Sequence[Path], folder: Path, maps: Maps) -> Report:
    """Write ``conversations.csv`` and ``offers.csv``; which file holds which, its header says.

    Args:
        files: CSV, conversations and activities in any order.
        folder: where the tables are written; the caller makes it.
        maps: column names, conversation types and kinds of offer.

    Raises:
        InputError: a file holds neither.
    """
    report = Report()
    kinds = {file: _kind(file, maps) for file in files}
    for kind, write in (("conversations", _conversations), ("activities", _offers)):
        of_kind = [file for file in files if kinds[file] == kind]
        if of_kind:
            write(of_kind, folder, maps, report)
    return report


def _kind(file: Path, maps: Maps) -> str:
    found = [k for k, optional in _MAY_BE_MISSING.items() if fits(file, k, maps, optional)]
    if len(found) == 1:
        return found[0]
    # This names what is missing.
    list(parts([file], "conversations", maps, _MAY_BE_MISSING["conversations"]))
    raise InputError("has the columns of conversations and of activities; keep one kind", file=file)


def _conversations(files: Sequence[Path], folder: Path, maps: Maps, report: Report) -> None:
    meanings = (
        day("held").alias("held_day"),
        day("registered").alias("registered_day"),
        _mapped("type", maps.interviews).alias("mapped"),
    )
    fault = (
        pl.when(pl.col("person") == "")
        .then(pl.lit("missing person"))
        .when(pl.col("held_day").is_null())
        .then(pl.lit("unparsable day of the conversation (write 2024-05-01)"))
        .when((pl.col("registered") != "") & pl.col("registered_day").is_null())
        .then(pl.lit("unparsable day of registration (write 2024-05-01)"))
        .when(pl.col("mapped").is_null())
        .then(pl.lit("unknown conversation type"))
    )
    table = {
        "person": "person",
        "held": "held_day",
        "type": "mapped",
        "registered": "registered_day",
    }
    found = parts(files, "conversations", maps, _MAY_BE_MISSING["conversations"])
    rows = (part.with_columns(meanings).with_columns(_judged(fault, "type")) for part in found)
    _write(rows, table, "conversations", files, folder, report)


def _offers(files: Sequence[Path], folder: Path, maps: Maps, report: Report) -> None:
    meanings = (
        day("start").alias("first"),
        day("end").alias("last"),
        day("registered").alias("registered_day"),
        _mapped("kind", maps.activities).alias("mapped"),
    )
    fault = (
        pl.when(pl.col("person") == "")
        .then(pl.lit("missing person"))
        .when(pl.col("first").is_null())
        .then(pl.lit("unparsable first day (write 2024-05-01)"))
        .when((pl.col("end") != "") & pl.col("last").is_null())
        .then(pl.lit("unparsable last day (write 2024-05-01, or nothing while it goes on)"))
        .when((pl.col("last") < pl.col("first")).fill_null(False))
        .then(pl.lit("end before start"))
        .when((pl.col("registered") != "") & pl.col("registered_day").is_null())
        .then(pl.lit("unparsable day of registration (write 2024-05-01)"))
        .when(pl.col("mapped").is_null())
        .then(pl.lit("unknown kind of activity"))
        .when(pl.col("mapped") == NOT_MEASURED)
        .then(pl.lit("outside: activity that is no offer"))
    )
    table = {
        "person": "person",
        "kind": "mapped",
        "start": "first",
        "end": "last",
        "registered": "registered_day",
    }
    found = parts(files, "activities", maps, _MAY_BE_MISSING["activities"])
    rows = (part.with_columns(meanings).with_columns(_judged(fault, "kind")) for part in found)
    _write(rows, table, "offers", files, folder, report)


def _mapped(column: str, known: Mapping[str, str]) -> pl.Expr:
    return plain_expr(column).replace_strict(dict(known), default=None, return_dtype=pl.String)


def _judged(fault: pl.Expr, coded: str) -> list[pl.Expr]:
    """The fault of a row, and the code it is about where it is about one."""
    about_code = fault.str.contains("unknown|outside")
    code = pl.when(about_code).then(pl.col(coded)).otherwise(pl.lit(""))
    return [fault.alias("fault"), code.alias("code")]


def _write(
    rows: Iterable[pl.LazyFrame],
    table: dict[str, str],
    name: str,
    files: Sequence[Path],
    folder: Path,
    report: Report,
) -> None:
    """Sort out the rows and write the others as a table, one part of the persons at a time."""
    good = tables.sort_out(rows, list(table.values()), name, folder, report)
    count = buckets(files)
    for bucket in range(count):
        part = (
            of_bucket(good, bucket, count)
            .select(pl.col(of).alias(column) for column, of in table.items())
            .collect(engine="streaming")
        )
        tables.append(part.sort(*list(table)), name, folder, report)
