"""The verdicts in words, from ``verdicts.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from tilsyn.law import FOLDER
from tilsyn.vocabulary.names import CodeList, Term


@dataclass(frozen=True, slots=True)
class VerdictName(Term):
    """A verdict's names and its tone: "bad", "warn", "good" or "none"."""

    tone: str = "none"


_DATA = tomllib.loads((FOLDER / "vocabulary" / "verdicts.toml").read_text(encoding="utf-8"))

VERDICTS = CodeList("verdict", (VerdictName(**record) for record in _DATA["verdict"]))
"""The verdicts, gravest first."""

GRAVITY = VERDICTS.codes
"""Their codes, gravest first."""
