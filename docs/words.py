"""Bring the catalogues of translations up to date with the code and the templates. Run by `make words`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tilsyn import words

ROOT = Path(words.__file__).parents[1]
KEYWORDS = {
    "gettext": None,
    "gettext_noop": None,
    "pgettext": ((1, "c"), 2),
    "pgettext_noop": ((1, "c"), 2),
    "ngettext": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "Message": None,
}
TRANSLATED = tuple(one for one in words.LANGUAGES if one != words.SOURCE)


def extracted() -> Catalog:
    """Every message of the code and the templates, with the files it stands in."""
    catalog = Catalog()
    for file, source in _sources():
        found = extract("python", io.BytesIO(source.encode()), KEYWORDS, ["Translators:"])
        for _, message, comments, context in found:
            where = [(str(file.relative_to(ROOT)), 0)]
            catalog.add(message, locations=where, auto_comments=comments, context=context)
    return catalog


def _sources() -> Iterator[tuple[Path, str]]:
    """The modules, and the templates turned into calls of gettext."""
    for file in sorted(ROOT.rglob("*.py")):
        yield file, file.read_text(encoding="utf-8")
    for file in sorted(ROOT.glob("site/templates/**/*.*")):
        calls = templatize(file.read_text(encoding="utf-8"), origin=str(file))
        # Indented text is no Python; a call has its line.
        yield file, "\n".join(line.strip() for line in calls.splitlines())


def catalogue(language: str) -> Path:
    """The file with a language's translations."""
    return ROOT / "words" / f"{language}.po"


def updated(language: str) -> bytes:
    """A language's catalogue: every message there is and no other, with the translation it has by now."""
    with catalogue(language).open("rb") as source:
        known = read_po(source, locale=language)
    known.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    written = io.BytesIO()
    write_po(written, known, width=100, include_lineno=False)
    return written.getvalue()


if __name__ == "__main__":
    for one in TRANSLATED:
        catalogue(one).write_bytes(updated(one))
