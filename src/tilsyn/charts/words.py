"""The words in charts and around them, from ``words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from tilsyn.rules.model import Threshold
from tilsyn.vocabulary.wording import number


def word(language: str, key: str, **slots: str) -> str:
    """A text by its key ("lines.what"), its slots filled; what is filled in is never read as a text."""
    found: Any = _words()[language]
    for part in key.split("."):
        found = found[part]
    return str(found).format(**slots)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def limit(threshold: Threshold, language: str) -> str:
    """A line's number: "20", "17,5"."""
    at = threshold.threshold
    return number(at, language, 0 if at == int(at) else 1)
