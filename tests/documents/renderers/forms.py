"""A document as the text its forms carry, and a document that tries to break them."""

from __future__ import annotations

import datetime as dt
import re
import struct
import zlib
from io import BytesIO

import docx
from docx.oxml.ns import qn
from pypdf import PdfReader

from tilsyn.documents.model import (
    Bullets,
    Cell,
    Column,
    Document,
    Figure,
    HeaderCell,
    Heading,
    Note,
    PageNumber,
    Paragraph,
    Particular,
    Row,
    Sender,
    Signature,
    Table,
)

NASTY = 'Søren\'s & <Ærø> #1 $x$ @ref \\emph "Å" *b* _i_ `c` [d] {e} //f /*g*/ &amp; %h ~'


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + b"\x14\x39\x5b" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'


def everything(name: str = NASTY, rows: int = 3, columns: int = 4) -> Document:
    """A document with every kind of block, with `name` wherever a name may stand."""
    return Document(
        title=f"Titel {name}",
        language="da",
        sender=Sender(f"Kontor {name}", f"Styrelse {name}", (f"Linje {name}",)),
        addressee=(f"Modtager {name}",),
        date=dt.date(2023, 2, 20),
        particulars=(Particular("J.nr.", name),),
        blocks=(
            Heading(f"Overskrift {name}"),
            Paragraph(f"Afsnit {name}"),
            Bullets((f"Punkt {name}", "Andet punkt")),
            Table(
                f"Tabel {name}",
                (Column(4, "left"), *(Column(1, begins_block=i == 0) for i in range(columns))),
                (
                    (HeaderCell("Gruppe", rows=2), HeaderCell(f"Blok {name}", columns=columns)),
                    tuple(HeaderCell(f"K{i}") for i in range(columns)),
                ),
                tuple(
                    Row(
                        Cell(f"{name} {r}", "breach" if r == 1 else "none"),
                        tuple(Cell(f"{r},{i}") for i in range(columns)),
                        total=r == 0,
                    )
                    for r in range(rows)
                ),
                (f"Fodnote {name}",),
            ),
            Figure(png(), f"Alt {name}", f"Figur {name}", SVG, 0.3, (f"Under figur {name}",)),
            Figure(png(), f"Alt punktbillede {name}", "Figur uden SVG", width=0.2),
            Note(f"Lille skrift {name}"),
            Signature("Hilsen", (f"Rolle {name}", "Kontor")),
        ),
        footer=f"Stempel {name}",
        page_number=PageNumber("Side ", " af "),
    )


def squeezed(text: str) -> str:
    """Text without what layout varies: spaces and bullets' signs."""
    return re.sub(r"[\s•]", "", text)


def pdf_text(data: bytes, document: Document) -> str:
    """The text of a PDF without footers, headings over several rows put where they are read."""
    number = document.page_number
    foot = rf"{re.escape(squeezed(document.footer))}{number.before.strip()}\d+{number.between.strip()}\d+"
    pages = [squeezed(page.extract_text()) for page in PdfReader(BytesIO(data)).pages]
    text = "".join(re.sub(foot, "", page) for page in pages)
    for block in document.blocks:
        if isinstance(block, Table):
            placed = list(block.placed())
            drawn = sorted(placed, key=lambda p: (p.row + p.cell.rows - 1, p.column))
            was, read = (squeezed("".join(p.cell.text for p in order)) for order in (drawn, placed))
            assert was in text
            text = text.replace(was, read)
    return text


def word_text(data: bytes) -> str:
    body = docx.Document(BytesIO(data)).element.body
    parts = (
        "-" if part.tag == qn("w:noBreakHyphen") else part.text or ""
        for part in body.iter(qn("w:t"), qn("w:noBreakHyphen"))
    )
    return squeezed("".join(parts))
