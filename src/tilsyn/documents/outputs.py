"""Writing documents to files: everything is made before anything is written, each file whole or not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tilsyn.documents.model import Document
from tilsyn.documents.renderers import pages, render
from tilsyn.figures.files import put_whole


def save(document: Document, folder: Path, name: str, formats: Iterable[str]) -> list[Path]:
    """Write a document in these forms: "pdf", "docx", "html", "xlsx", "png" (one picture a page).

    Args:
        document: the document.
        folder: made if it is not there.
        name: the files' name without ending; pictures get "-1", "-2" after it.
        formats: the forms wanted.

    Returns:
        The files, in the order of `formats`.

    Raises:
        InputError: a form is unknown, or a file cannot be written; no file is left half-written.
    """
    made = {folder / file: data for file, data in rendered(document, name, formats).items()}
    for path, data in made.items():
        put_whole(path, data)
    return list(made)


def rendered(document: Document, name: str, formats: Iterable[str]) -> dict[str, bytes]:
    """A document's files by name; nothing is written.

    Raises:
        InputError: a form is unknown.
    """
    made: dict[str, bytes] = {}
    for form in formats:
        if form == "png":
            pictures = enumerate(pages(document), 1)
            made |= {f"{name}-{number}.png": data for number, data in pictures}
        else:
            made[f"{name}.{form}"] = render(document, form)
    return made
