"""Writing documents to files: everything is made before anything is written, each file whole or not."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tilsyn.documents.model import Document
from tilsyn.documents.renderers import pages, render
from tilsyn.errors import InputError


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
        write(path, data)
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


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: into a temporary file beside it, then renamed.

    Raises:
        InputError: the folder cannot be made or written to, or the disk is full.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name}-", suffix=".tmp"
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes the file private; a letter is read by others, as far as the umask allows.
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise InputError(
            f"cannot be written: {error.strerror}; free some space or choose another folder",
            file=path,
        ) from None
