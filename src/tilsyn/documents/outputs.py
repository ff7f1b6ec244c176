"""Writing documents to files: everything is made before anything is written, and no one's own work is lost.

Each file holds a hash of itself, where its form lets it be: so a later run can tell a file it wrote
from one that somebody has edited, annotated or signed since, and leaves that one alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tilsyn.documents.model import Document
from tilsyn.documents.renderers import pages, render
from tilsyn.errors import InputError
from tilsyn.work.files import put_whole

_MARK = re.compile(rb"tilsyn-sha256:([0-9a-f]{64})")
_BLANK = b"tilsyn-sha256:" + b"0" * 64


def put(files: Mapping[str, bytes], folder: Path, *, force: bool = False) -> list[Path]:
    """Write files such that each is whole or not there; none where one would take another's work.

    Args:
        files: what is written, by name.
        folder: made if it is not there.
        force: write over what was changed.

    Raises:
        InputError: a file there was changed since it was written, or is none of this program's; or
            one cannot be written.
    """
    made = {folder / name: marked(data, Path(name).suffix) for name, data in files.items()}
    changed = [path for path in made if not force and path.exists() and not as_written(path)]
    if changed:
        others = "".join(f", {path.name}" for path in changed[1:])
        raise InputError(
            f"was changed since it was written{others and ' (so were' + others[1:] + ')'}, and would "
            "be lost; move it away, choose another --out, or write over it with --force",
            file=changed[0],
        )
    return [put_whole(path, data) for path, data in made.items()]


def marked(data: bytes, suffix: str) -> bytes:
    """A file's bytes with their own hash where readers of the form pass over it.

    The archive's comment of Word and Excel files, a comment before a PDF's last words (PDF/A allows
    nothing after them), and after the end of the others.
    """
    match suffix:
        case ".docx" | ".xlsx":
            blank = data[:-2] + len(_BLANK).to_bytes(2, "little") + _BLANK
        case ".pdf":
            before, words, after = data.rpartition(b"startxref")
            blank = before + b"%" + _BLANK + b"\n" + words + after
        case ".html":
            blank = data + b"<!-- " + _BLANK + b" -->\n"
        case _:
            blank = data + b"\n" + _BLANK + b"\n"
    place = blank.rindex(_BLANK) + len(_BLANK)
    return blank[: place - 64] + _digest(blank) + blank[place:]


def as_written(path: Path) -> bool:
    """Whether a file is still, to the byte, what was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    if not (found := list(_MARK.finditer(data))):
        return False
    start, end = found[-1].span(1)
    return _digest(data[:start] + b"0" * 64 + data[end:]) == found[-1][1]


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


def save(
    document: Document, folder: Path, name: str, formats: Iterable[str], *, force: bool = False
) -> list[Path]:
    """Write a document in these forms: "pdf", "docx", "html", "xlsx", "png" (one picture a page).

    Args:
        document: the document.
        folder, force: as `put`.
        name: the files' name without ending; pictures get "-1", "-2" after it.
        formats: the forms wanted.

    Returns:
        The files, in the order of `formats`.

    Raises:
        InputError: a form is unknown; or as `put`.
    """
    return put(rendered(document, name, formats), folder, force=force)


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
