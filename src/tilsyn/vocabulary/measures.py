"""The measures' names and what their rows and categories are called, from ``measures.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from tilsyn.vocabulary.names import CodeList, Term, Validity


@dataclass(frozen=True, slots=True)
class Measure(Validity):
    """A measure in words.

    Attributes:
        da_unmet, en_unmet: what those counted as unmet got, as a sentence says it.
        event: "conversations", "offers" or empty.
        seniority_months: seniority of its population in months (6 or 12; 0 where none).
        categories: its "persons by number" categories or duration bands, in order.
    """

    code: str
    da: str
    en: str
    da_unmet: str
    en_unmet: str
    da_event: str
    en_event: str
    event: str
    seniority_months: int
    categories: tuple[str, ...]
    spellings: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The name in tables."""
        return self.da if language == "da" else self.en

    def unmet(self, language: str) -> str:
        """What those counted as unmet got."""
        return self.da_unmet if language == "da" else self.en_unmet


_DATA = tomllib.loads(files(__package__).joinpath("measures.toml").read_text(encoding="utf-8"))

MEASURES = CodeList(
    "measure", (Measure(**{**r, "categories": tuple(r["categories"])}) for r in _DATA["measure"])
)
"""The supervisory measures, durations and the result goal."""

STATISTIC_NAMES = CodeList(
    "statistic", (Term(r["code"], r["da"], r["en"]) for r in _DATA["statistic"])
)
"""What a figure may be of its measure; ``share`` is in per cent, ``met`` is 1 or 0."""

STATISTICS = STATISTIC_NAMES.codes
"""Their codes."""
