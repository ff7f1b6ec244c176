"""The answers to the offer of assistance in words, as the report to the committee has them."""

from __future__ import annotations

from collections.abc import Iterable

from tilsyn.documents.assistance import KINDS, STATUSES
from tilsyn.documents.contents.templates import texts
from tilsyn.site.language import language
from tilsyn.vocabulary import wording

TONES = {
    "in_progress": "good",
    "accepted_not_begun": "good",
    "declined": "bad",
    "undecided": "warn",
}
"""How each answer looks."""


def status_in_words() -> dict[str, str]:
    """The answers by code."""
    words = texts("assistance", language())
    return {status: words.fill(f"status.{status}") for status in STATUSES}


def kinds_in_words() -> dict[str, str]:
    """The kinds of assistance by code."""
    words = texts("assistance", language())
    return {kind: words.fill(f"kind.{kind}") for kind in KINDS}


def listed(kinds: Iterable[str]) -> str:
    """Kinds of assistance as a list in words; those of an older list are shown by their code."""
    known = kinds_in_words()
    return wording.joined((known.get(kind, kind) for kind in kinds), language())
