"""How a table is written: encoding, separator, dates and numbers; told by a mapping."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tilsyn.records import Record


class Format(Record):
    """How a table's cells are found and its values written.

    The defaults are those of this program's own tables.

    Attributes:
        encoding: of delimited text.
        separator: between its cells; empty: whichever of "," and ";" is commoner in the header.
        multiline: whether a cell in quotation marks may run over the ends of lines; otherwise a mark
            without its pair costs its own line and no other.
        header: the number of the row of headings; those before it are passed over.
        decimals: the decimal mark.
        thousands: what stands between thousands; empty: nothing.
        dates: how dates and months are written, as "dd-mm-yyyy"; 2023-12-31 is always understood.
    """

    encoding: Literal["utf-8", "utf-16", "cp1252"] = "utf-8"
    separator: Literal["", ",", ";", "\t", "|"] = ""
    multiline: bool = False
    header: int = Field(default=1, ge=1, le=100)
    decimals: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'"] = ""
    dates: tuple[str, ...] = ()
