"""Delivered CSV files as columns of text, read in pieces: their size does not matter."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl

from tilsyn.errors import InputError
from tilsyn.register.sources.maps import Maps, plain_text

LONGEST_LINE = 1 << 20
"""Bytes; a line twice as long is certain to be found."""

BUCKET_BYTES = 256 << 20
"""Persons are read in as many parts as keep each part's rows below this."""

MORE = "more"
"""The column of what stands beyond the header's last."""

_PACKED = {
    b"\x1f\x8b": "a packed file (gzip)",
    b"PK\x03\x04": "a packed file or workbook (zip)",
    b"\x28\xb5\x2f\xfd": "a packed file (zstd)",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"%PDF": "a PDF",
}


def header(file: Path) -> tuple[str, tuple[str, ...]]:
    """The delimiter and the column names of a delivered file.

    Raises:
        InputError: it is missing, empty, packed, no UTF-8 text, or holds a line beyond all sense.
    """
    try:
        with file.open("rb") as stream:
            start = stream.read(LONGEST_LINE)
            _refuse_other(start, file)
            while piece := stream.read(LONGEST_LINE):
                if len(piece) == LONGEST_LINE and b"\n" not in piece:
                    raise InputError("holds a line of more than 1 MB; this is no table", file=file)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=file) from None
    try:
        line = start.partition(b"\n")[0].decode("utf-8-sig").rstrip("\r")
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text; save it as UTF-8", file=file, place="line 1") from None
    delimiter = ";" if ";" in line else ","
    return delimiter, tuple(next(csv.reader([line], delimiter=delimiter), []))


def _refuse_other(start: bytes, file: Path) -> None:
    if not start.strip():
        raise InputError("the file is empty", file=file)
    for mark, kind in _PACKED.items():
        if start.startswith(mark):
            raise InputError(f"{kind}, not CSV; deliver it as CSV in UTF-8", file=file)
    if b"\n" not in start and len(start) == LONGEST_LINE:
        raise InputError("begins with a line of more than 1 MB; this is no table", file=file)
    if b"\0" in start:
        raise InputError("not a text file; deliver it as CSV in UTF-8", file=file)


def scan(
    files: Sequence[Path], source: str, maps: Maps, optional: Collection[str] = ()
) -> pl.LazyFrame:
    """The rows of files of one source, every value as text without spaces around it.

    Args:
        files: CSV in UTF-8, ";" or "," between cells.
        source: whose columns they have, as ``columns.csv`` names it.
        maps: column names.
        optional: columns that may be missing; they are empty then.

    Returns:
        the source's columns, ``file`` (name), ``row`` (the header is row 1) and ``more`` (what stands
        beyond the last column; null where nothing does).

    Raises:
        InputError: a file is no such delivery; the column that is missing is named.
    """
    parts = []
    for file in files:
        delimiter, names = header(file)
        # Columns go by their number: headers may hold one name twice. What stands beyond the last of
        # them would be passed over in silence, so it has a column of its own.
        numbered = {f"c{i}": pl.String for i in range(len(names))} | {MORE: pl.String}
        frame = pl.scan_csv(
            file,
            separator=delimiter,
            has_header=False,
            skip_lines=1,
            schema=numbered,
            missing_columns="insert",
            truncate_ragged_lines=True,
            row_index_name="row",
            row_index_offset=2,
        )
        chosen = []
        for column, at in _places(file, names, source, maps, optional).items():
            text = pl.lit("") if at is None else pl.col(f"c{at}").fill_null("").str.strip_chars()
            chosen.append(text.alias(column))
        parts.append(frame.select(*chosen, pl.lit(file.name).alias("file"), "row", MORE))
    return pl.concat(parts)


def _places(
    file: Path, names: tuple[str, ...], source: str, maps: Maps, optional: Collection[str]
) -> dict[str, int | None]:
    """Where each column of the source stands in the header; None for an optional one not there."""
    plain = [plain_text(name) for name in names]
    places: dict[str, int | None] = {}
    for (of, column), known in maps.columns.items():
        if of != source:
            continue
        found = [i for i, name in enumerate(plain) if name in known]
        if len(found) > 1:
            raise InputError(
                f"two columns are {column}: {', '.join(names[i] for i in found)}; keep one",
                file=file,
                place="line 1",
            )
        if not found and column not in optional:
            raise InputError(
                f"no column for {column} (known names: {', '.join(known)}); the columns are: "
                f"{', '.join(names)}; name it in a columns.csv of your own (--codes)",
                file=file,
                place="line 1",
            )
        places[column] = found[0] if found else None
    return places


def fits(file: Path, source: str, maps: Maps, optional: Collection[str] = ()) -> bool:
    """Whether a file's header has the columns of a source."""
    try:
        _places(file, header(file)[1], source, maps, optional)
    except InputError:
        return False
    return True


def buckets(files: Sequence[Path]) -> int:
    """In how many parts persons are read, so that memory stays bounded."""
    return 1 + sum(file.stat().st_size for file in files) // BUCKET_BYTES


def of_bucket(frame: pl.LazyFrame, bucket: int, count: int) -> pl.LazyFrame:
    """The rows of one part of the persons."""
    return frame if count == 1 else frame.filter(pl.col("person").hash(0) % count == bucket)
