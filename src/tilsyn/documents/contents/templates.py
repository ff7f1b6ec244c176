"""Keyed texts with named slots, in Danish and English: what stands around letters, in charts, in sentences.

A template file is TOML: keys with a text each, slots in {braces}. The shipped Danish and English
files must have the same keys with the same slots, and so must an office's own version of one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tilsyn import own
from tilsyn.errors import InputError
from tilsyn.records import load_toml
from tilsyn.vocabulary.wording import LANGUAGES

TEXTS = Path(str(files(__package__).joinpath("texts")))
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Texts:
    """A kind's texts in one language.

    Attributes:
        file: where they stand, for messages.
        entries: text by key; keys of TOML tables are joined by dots ("closing.greeting").
    """

    file: str
    language: str
    entries: Mapping[str, str]

    def fill(self, key: str, **slots: str) -> str:
        """The text of a key with its slots filled; what is filled in is never read as a template.

        Raises:
            InputError: there is no such text, or its slots are not just those given.
        """
        if (text := self.entries.get(key)) is None:
            raise InputError("is missing; add the text", file=self.file, place=key)
        _same_slots(set(slots), text, self.file, key)
        return _SLOT.sub(lambda match: slots[match[1]], text)


def texts(kind: str, language: str, folder: Path | None = None) -> Texts:
    """The texts of a kind of document.

    Args:
        kind: "notice", "frame" …
        language: "da" or "en".
        folder: an office's own templates (left out: as `tilsyn.own` has it); a file "<kind>.<language>.toml" in it goes before the
            shipped one.

    Raises:
        InputError: there are no such texts, or the two languages, or the office's version and the
            shipped one, differ in keys or slots.
    """
    if language not in LANGUAGES:
        raise InputError(f"there are no texts in '{language}'; there are {', '.join(LANGUAGES)}")
    shipped = {lang: _shipped(kind, lang) for lang in LANGUAGES}
    agree(shipped["da"], shipped["en"])
    folder = folder or own.folder("templates")
    file = folder / f"{kind}.{language}.toml" if folder else None
    if file is None or not file.exists():
        return shipped[language]
    version = Texts(str(file), language, flat(load_toml(file), str(file)))
    agree(shipped[language], version)
    return version


def agree(model: Texts, other: Texts) -> None:
    """Check that two versions of the same texts have the same keys with the same slots.

    Raises:
        InputError: they do not; the message names the key or slot in `other`.
    """
    for key, text in model.entries.items():
        if key not in other.entries:
            raise InputError(f"is missing; {model.file} has it", file=other.file, place=key)
        _same_slots(set(_SLOT.findall(text)), other.entries[key], other.file, key)
    if unknown := [key for key in other.entries if key not in model.entries]:
        raise InputError(
            f"is unknown; {model.file} has no such text", file=other.file, place=unknown[0]
        )


def flat(data: Mapping[str, Any], file: str, prefix: str = "") -> dict[str, str]:
    """Nested TOML tables as one mapping with dotted keys.

    Raises:
        InputError: a value is no text, or braces in it are no slot.
    """
    entries: dict[str, str] = {}
    for key, value in data.items():
        place = f"{prefix}{key}"
        if isinstance(value, dict):
            entries |= flat(value, file, f"{place}.")
        elif not isinstance(value, str) or not value.strip():
            raise InputError("must be a text", file=file, place=place)
        elif re.search(r"[{}]", _SLOT.sub("", value)):
            raise InputError(
                "a slot is a word of a-z and _ in braces: {office}", file=file, place=place
            )
        else:
            entries[place] = re.sub(r"[ \t\n]+", " ", value).strip()
    return entries


def _same_slots(given: set[str], text: str, file: str, key: str) -> None:
    used = set(_SLOT.findall(text))
    if unknown := sorted(used - given):
        named = ", ".join(sorted(given)) or "none"
        raise InputError(
            f"the slot {{{unknown[0]}}} is unknown here; there are: {named}", file=file, place=key
        )
    if unused := sorted(given - used):
        raise InputError(
            f"the slot {{{unused[0]}}} is not used; put it in the text", file=file, place=key
        )


@cache
def _shipped(kind: str, language: str) -> Texts:
    name = f"{kind}.{language}.toml"
    text = (TEXTS / name).read_text(encoding="utf-8")
    return Texts(name, language, flat(tomllib.loads(text), name))
