"""Delivered CSV files as columns of text, read in pieces: their size does not matter."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import polars as pl

from tilsyn.cpr import masked
from tilsyn.errors import InputError
from tilsyn.parsing import delimited
from tilsyn.register.sources.maps import Maps, plain_text

LONGEST_LINE = 1 << 20
"""Bytes; a longer line is in no table."""

BUCKET_BYTES = 256 << 20
"""Persons are read in as many parts as keep each part's rows below this."""

BLOCK_BYTES = 32 << 20
"""A file is read in blocks of about this size."""

_QUOTES = "look for a quotation mark without its pair"

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
        InputError: it is missing, empty, packed, no UTF-8 text, or begins with a line beyond sense.
    """
    try:
        with file.open("rb") as stream:
            start = stream.read(LONGEST_LINE)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=file) from None
    _refuse_other(start, file)
    try:
        line = start.partition(b"\n")[0].decode("utf-8-sig").rstrip("\r")
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text; save it as UTF-8", file=file, place="line 1") from None
    delimiter = ";" if ";" in line else ","
    _, names = next(delimited(line, file=file, delimiter=delimiter), (1, []))
    return delimiter, tuple(names)


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


def parts(
    files: Sequence[Path], source: str, maps: Maps, optional: Collection[str] = ()
) -> Iterator[pl.LazyFrame]:
    """The rows of files of one source, block by block, every value as text without spaces around.

    Args:
        files: CSV in UTF-8, ";" or "," between cells; a line is a row.
        source: whose columns they have, as ``columns.csv`` names it.
        maps: column names.
        optional: columns that may be missing; they are empty then.

    Yields:
        the source's columns, ``file`` (name), ``row`` (the header is row 1) and ``more`` (what stands
        beyond the last column; null where nothing does).

    Raises:
        InputError: a file is no such delivery; the column that is missing is named.
    """
    heads = [(file, *header(file)) for file in files]
    places = {file: _places(file, names, source, maps, optional) for file, _, names in heads}
    for file, delimiter, names in heads:
        # Columns go by their number: headers may hold one name twice. What stands beyond the last of
        # them would be passed over in silence, so it has a column of its own.
        numbered = {f"c{i}": pl.String for i in range(len(names))} | {MORE: pl.String}
        chosen = []
        for column, at in places[file].items():
            text = pl.lit("") if at is None else pl.col(f"c{at}").fill_null("").str.strip_chars()
            chosen.append(text.alias(column))
        row = 2
        for block in _blocks(file):
            frame = _table(block, delimiter, numbered, file, row)
            yield frame.lazy().select(*chosen, pl.lit(file.name).alias("file"), "row", MORE)
            row += frame.height
        if row == 2:  # no rows: their columns are known all the same
            schema = dict.fromkeys((*places[file], "file", MORE), pl.String) | {"row": pl.UInt32}
            yield pl.LazyFrame(schema=schema)


def _blocks(file: Path) -> Iterator[bytes]:
    """The file's bytes after the header, cut at the ends of lines.

    Raises:
        InputError: the file cannot be read, or a line is longer than `LONGEST_LINE`.
    """
    try:
        with file.open("rb") as stream:
            stream.readline(LONGEST_LINE)
            while block := stream.read(BLOCK_BYTES):
                if not block.endswith(b"\n"):
                    block += stream.readline(LONGEST_LINE)
                _refuse_long_lines(block, file)
                yield block
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=file) from None


def _refuse_long_lines(block: bytes, file: Path) -> None:
    """Raise if a line is much longer than `LONGEST_LINE` (one half as long may pass)."""
    step = LONGEST_LINE // 2
    for start in range(0, len(block) - step, step):
        if block.find(b"\n", start, start + step) < 0:
            raise InputError("holds a line of more than 1 MB; this is no table", file=file)


def _table(
    block: bytes, delimiter: str, columns: dict[str, type[pl.String]], file: Path, row: int
) -> pl.DataFrame:
    """A block as columns of text, with the number of each row.

    Raises:
        InputError: it is no UTF-8 text, or its rows are not its lines.
    """
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    where = f"row {row} and on"
    try:
        block.decode("utf-8")
        frame = pl.scan_csv(
            io.BytesIO(block),
            separator=delimiter,
            has_header=False,
            schema=columns,
            missing_columns="insert",
            truncate_ragged_lines=True,
            row_index_name="row",
            row_index_offset=row,
        ).collect()
    except UnicodeDecodeError:
        raise InputError("not all UTF-8 text; save it as UTF-8", file=file, place=where) from None
    except pl.exceptions.PolarsError as error:
        reason = masked(str(error).splitlines()[0], near=True)[:200]
        raise InputError(
            f"cannot be split into cells ({reason}); {_QUOTES}", file=file, place=where
        ) from None
    if frame.height != lines:
        # A quotation mark without its pair swallows the lines after it.
        raise InputError(
            f"{lines} lines hold {frame.height} rows; {_QUOTES}", file=file, place=where
        )
    return frame


def _places(
    file: Path, names: tuple[str, ...], source: str, maps: Maps, optional: Collection[str]
) -> dict[str, int | None]:
    """Where each column of the source stands in the header; None for an optional one not there."""
    if source not in {of for of, _ in maps.columns}:
        raise InputError(f"columns.csv of your own names no columns of {source}", file=file)
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
                f"{', '.join(names)}; name it in sources/columns.csv of your own folder (--own DIR)",
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
