"""Documents as PDF (archival and accessible in one file) and as pictures of pages, by Typst."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal

import typst

from tilsyn.documents.model import Document
from tilsyn.documents.record import record
from tilsyn.errors import TilsynError

TEMPLATE = files(__package__).joinpath("letter.typ").read_bytes()

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
"""PDF/A-2a for the archive and PDF/UA-1 for those who cannot see; Typst refuses what breaks them."""


class LayoutError(TilsynError):
    """Typst refused a document or warned about it: a defect of the template or of the tree."""


@cache
def _fonts() -> typst.Fonts:
    # Only the shipped fonts: a document must look the same on every machine.
    with as_file(files("tilsyn").joinpath("fonts")) as folder:
        return typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        )


def pdf(document: Document, *, template: bytes = TEMPLATE) -> bytes:
    """The document as PDF/A-2a and PDF/UA-1; equal trees give equal bytes.

    Raises:
        LayoutError: Typst warned (an unknown font, a missing glyph) or refused.
    """
    return _compiled(document, template, "pdf", pdf_standards=STANDARDS)[0]


def pages(document: Document, *, ppi: float = 144, template: bytes = TEMPLATE) -> list[bytes]:
    """A PNG picture of each page.

    Args:
        document: the document.
        ppi: pixels per inch; 144 gives pages of 1191 × 1684 pixels.
        template: the Typst template.

    Raises:
        LayoutError: as for `pdf`.
    """
    return _compiled(document, template, "png", ppi=ppi)


def picture_of(svg: str) -> bytes:
    """An SVG as PNG, for forms that take no other.

    Raises:
        LayoutError: Typst cannot draw it.
    """
    template = (
        b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        b'#image(bytes(sys.inputs.svg), format: "svg", height: 25mm)'
    )
    try:
        drawn, _ = typst.compile_with_warnings(
            template,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="png",
            ppi=300,
            sys_inputs={"svg": svg},
        )
    except typst.TypstError as error:
        raise LayoutError(f"the picture cannot be drawn: {error.message}") from error
    return drawn[0] if isinstance(drawn, list) else drawn


def _compiled(
    document: Document, template: bytes, form: Literal["pdf", "png"], **options: Any
) -> list[bytes]:
    data = json.dumps(record(document), ensure_ascii=False)
    try:
        output, warnings = typst.compile_with_warnings(
            template,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format=form,
            sys_inputs={"document": data},
            timestamp=document.timestamp,
            **options,
        )
    except typst.TypstError as error:
        raise LayoutError(f"'{document.title}' cannot be set: {error.message}") from error
    if warnings:
        raise LayoutError(
            f"'{document.title}' is not set as it should: "
            + "; ".join(warning.message for warning in warnings)
        )
    return list(output) if isinstance(output, list) else [output]
