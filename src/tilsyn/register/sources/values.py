"""What a delivered value means, as columns: dates in their forms, amounts, municipalities."""

from __future__ import annotations

import polars as pl

from tilsyn.register.sources.maps import plain_expr, plain_text
from tilsyn.vocabulary import MUNICIPALITIES

_ZONED = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$"
_LOCAL = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"
_DANISH = r"^\d{2}[-./]\d{2}[-./]\d{4}$"
_AMOUNT = r"^[+-]?(\d{1,9}|\d{1,3}(\.\d{3}){1,3})(,\d{1,2}0*)?$"


def day(column: str) -> pl.Expr:
    """The day a text names, as the calendar on a Danish wall showed it; null where it names none.

    "2024-05-01", "01-05-2024", "2024-05-01T10:00:00", and with a zone ("2024-04-30T22:30:00Z" is
    1 May in Denmark).
    """
    text = pl.col(column)
    # Each form is looked for only in texts of its length: most of a column is of one form.
    longer = pl.when(text.str.len_bytes() > 10).then(text)
    short = pl.when(text.str.len_bytes() == 10).then(text)
    zoned = (
        pl.when(longer.str.contains(_ZONED))
        .then(longer)
        .str.replace(r"Z$", "+00:00")
        .str.replace(" ", "T", literal=True)
        .str.replace(r"(\+|-)(\d{2}):?(\d{2})$", "${1}${2}:${3}")
        .str.replace(r"^(.{16})([+-])", "${1}:00${2}")
        .str.replace(r"\.\d+", "")
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%:z", strict=False, time_unit="us")
        .dt.convert_time_zone("Europe/Copenhagen")
        .dt.date()
    )
    local = pl.when(longer.str.contains(_LOCAL)).then(longer).str.slice(0, 10)
    iso = pl.coalesce(short, local).str.to_date("%Y-%m-%d", strict=False, exact=True)
    other = pl.when(short.str.contains(_DANISH)).then(short).str.replace_all(r"[./]", "-")
    found = pl.coalesce(iso, zoned, other.str.to_date("%d-%m-%Y", strict=False))
    in_range = found.dt.year().is_between(1990, 2100)
    return pl.when(in_range).then(found)


def hundredths(column: str) -> pl.Expr:
    """A number with decimal comma as whole hundredths; null where the text is none."""
    text = pl.col(column)
    number = (
        text.str.replace_all(".", "", literal=True)
        .str.replace(",", ".", literal=True)
        .cast(pl.Float64, strict=False)
    )
    return pl.when(text.str.contains(_AMOUNT)).then((number * 100).round().cast(pl.Int64))


def municipality(column: str) -> pl.Expr:
    """The code of a municipality named in a text; null where it is none."""
    known = {
        plain_text(spelling): one.code
        for one in MUNICIPALITIES
        for spelling in (one.code, one.name, *one.spellings)
    }
    return plain_expr(column).replace_strict(known, default=None, return_dtype=pl.String)
