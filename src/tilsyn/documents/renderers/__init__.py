"""A document's forms: PDF, Word, HTML, its numbers in Excel, and pictures of its pages."""

from __future__ import annotations

from collections.abc import Callable

from tilsyn.documents.model import Document
from tilsyn.documents.renderers import excel, html, typst, word
from tilsyn.errors import InputError

FORMATS: dict[str, Callable[[Document], bytes]] = {
    "pdf": typst.pdf,
    "docx": word.docx,
    "html": html.page,
    "xlsx": excel.xlsx,
}
"""The forms that are one file, by the file's ending."""


def render(document: Document, form: str) -> bytes:
    """The document in a form: "pdf", "docx", "html", or "xlsx" for its numbers.

    Raises:
        InputError: there is no such form.
    """
    if form not in FORMATS:
        raise InputError(f"there is no format '{form}'; there are {', '.join([*FORMATS, 'png'])}")
    return FORMATS[form](document)


def pages(document: Document, *, ppi: float = 144) -> list[bytes]:
    """A PNG picture of each page, as the PDF has it; `ppi` is pixels per inch."""
    return typst.pages(document, ppi=ppi)
