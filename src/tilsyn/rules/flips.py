"""Judgements that flip: the same matter, another verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tilsyn.rules.finding import Finding
from tilsyn.vocabulary import MUNICIPALITIES


@dataclass(frozen=True, slots=True)
class Flip:
    """One matter judged twice with different verdicts."""

    before: Finding
    after: Finding

    def record(self) -> dict[str, Any]:
        """The flip as JSON-ready values."""
        return {
            "rule": self.after.rule,
            "municipality": MUNICIPALITIES[self.after.municipality].name,
            "measure": self.after.measure,
            "group": self.after.grp,
            "before": self.before.verdict,
            "after": self.after.verdict,
            "explanation": dict(self.after.explanation),
        }


def flips(before: Iterable[Finding], after: Iterable[Finding]) -> list[Flip]:
    """The matters judged both times, with another verdict the second time; in `after`'s order."""
    earlier = {finding.key: finding for finding in before}
    return [
        Flip(earlier[finding.key], finding)
        for finding in after
        if finding.key in earlier and earlier[finding.key].verdict != finding.verdict
    ]
