"""What is refused, by a code, with the words for it in both languages (`refusals.toml`)."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from tilsyn.cpr import masked
from tilsyn.errors import TilsynError
from tilsyn.vocabulary import wording

Refusal = TypeVar("Refusal", bound=TilsynError)


@cache
def texts() -> dict[str, dict[str, str]]:
    """The words by code and language."""
    return tomllib.loads(files(__package__).joinpath("refusals.toml").read_text(encoding="utf-8"))


def refused(kind: type[Refusal], code: str, /, **slots: Any) -> Refusal:
    """An error of a kind, in English for programs and logs, and in every language for a page.

    Args:
        kind: what sort of error it is.
        code: which words.
        slots: what stands in them; a mapping gives one by language, a date is written in words on pages.
    """
    words = {
        language: masked(
            text.format(**{name: _shown(slot, language) for name, slot in slots.items()})
        )
        for language, text in texts()[code].items()
    }
    plain = {name: _plain(slot) for name, slot in slots.items()}
    error = kind(texts()[code]["en"].format(**plain))
    error.code, error.words = code, words
    return error


def _shown(slot: Any, language: str) -> str:
    if isinstance(slot, dt.date):
        return wording.date(slot, language)
    return str(slot[language] if isinstance(slot, Mapping) else slot)


def _plain(slot: Any) -> str:
    return str(slot["en"] if isinstance(slot, Mapping) else slot)
