"""Verdicts in words and how grave they look. Colour never says it alone: the word stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

from tilsyn.site.language import language


@dataclass(frozen=True, slots=True)
class Look:
    """A verdict's name, a shorter one, and its tone: "bad", "warn", "good" or "none"."""

    da: str
    en: str
    tone: str

    def name(self, language: str) -> str:
        """The name in a language."""
        return self.da if language == "da" else self.en

    @property
    def words(self) -> str:
        """The name in the reader's language."""
        return self.name(language())


VERDICTS = {
    "flagged": Look("udløser henvendelse", "calls for a notice", "bad"),
    "at_risk": Look("i risiko for skærpet tilsyn", "at risk of intensified supervision", "bad"),
    "not_restored": Look("ikke genoprettet", "not restored", "bad"),
    "missed": Look("mål ikke nået", "goal missed", "warn"),
    "over_line": Look("over grænsen nu", "over the line now", "warn"),
    "near_line": Look("tæt på grænsen", "near the line", "warn"),
    "suspended": Look("suspenderet", "suspended", "none"),
    "restored": Look("genoprettet", "restored", "good"),
    "met": Look("opfyldt", "met", "good"),
    "not_judged": Look("ikke bedømt", "not judged", "none"),
}
"""The verdicts, gravest first."""
