"""What kind of file it is, by its first bytes; and text in whatever encoding it came."""

from __future__ import annotations

import re
from pathlib import Path

from tilsyn import parsing
from tilsyn.errors import InputError

MOST_BYTES = 64 * 1024 * 1024
"""The largest file read at once: workbooks and published tables, which are kilobytes."""

ENCODINGS = ("utf-8", "utf-16", "cp1252")
"""The encodings of delimited text; a byte-order mark is never part of the text."""

# First bytes of files that people send instead of a table, and what to do with them.
_OTHER_KINDS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"II*\0": "a picture (TIFF)",
    b"MM\0*": "a picture (TIFF)",
    b"BM": "a picture (BMP)",
    b"%PDF": "a PDF",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Office file (.xls or .doc)",
    b"\x1f\x8b": "a packed file (gzip)",
}
_RARE = 100
"""Of so many bytes of text at most one is a NUL, and that by a fault."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# What Danish text in Windows-1252 holds beyond ASCII.
_DANISH = re.compile(r"[æøåÆØÅéÉèÈüÜöÖäÄáÁóÓßôêçñ§°½«»´·×\xa0\xad£€–—‘’“”„•…™®©]")


def read_bytes(file: Path) -> bytes:
    """A file's bytes.

    Raises:
        InputError: as `tilsyn.parsing.read_bytes`, or it is empty.
    """
    data = parsing.read_bytes(file, MOST_BYTES)
    if not data.strip():
        raise InputError("the file is empty", file=file)
    return data


def kind_of(data: bytes) -> str:
    """Whether a file's first bytes are "parquet", an "archive" (XLSX is one), "sqlite" or "text"."""
    kinds = {b"PAR1": "parquet", b"PK\x03\x04": "archive", b"SQLite format 3\0": "sqlite"}
    return next((kind for start, kind in kinds.items() if data.startswith(start)), "text")


def refuse_other(start: bytes, file: Path) -> None:
    """Refuse what people send in place of a table, by its first bytes.

    Raises:
        InputError: it is a picture, a PDF, an old Office file, packed.
    """
    for mark, kind in _OTHER_KINDS.items():
        if start.startswith(mark) and (mark != b"BM" or b"\0" in start):
            raise InputError(
                f"{kind}, not a table; save or copy the table as text, CSV or XLSX", file=file
            )


def encoding_of(start: bytes) -> str | None:
    """The encoding of whole lines of text; None where it is none that is known.

    Text without a mark is UTF-8 if most of its lines with letters beyond ASCII are; else Windows-1252, if
    every such letter is one that Danish text holds.
    """
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if start.count(b"\0") * _RARE > len(start):
        return None
    odd = [line for line in start.split(b"\n") if not line.isascii()]
    if 2 * sum(map(_is_utf8, odd)) >= len(odd):
        return "utf-8"
    text = start.decode("cp1252", "replace")
    foreign = [letter for letter in text if not letter.isascii() and not _DANISH.match(letter)]
    return None if _CONTROL.search(text) or foreign else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def text_of(data: bytes, file: Path) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or (where it makes sense) Windows-1252.

    Raises:
        InputError: it is no text, or in a coding that cannot be told.
    """
    refuse_other(data, file)
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if encoding_of(data) != "cp1252":
            raise InputError(
                "neither UTF-8 nor readable Windows-1252 text; save the file as UTF-8", file=file
            ) from None
        return data.decode("cp1252")
    if "\0" in text or len(_CONTROL.findall(text)) * 20 > len(text):
        raise InputError("not a text file; save the table as UTF-8 text, CSV or XLSX", file=file)
    return text
