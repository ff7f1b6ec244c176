"""A finding: one rule version held against one municipality's figures, with the words that say why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tilsyn.figures.release import SetAside
from tilsyn.figures.series import MonthFigure
from tilsyn.rules.matter import Basis
from tilsyn.rules.model import Threshold, Verdict, Version
from tilsyn.rules.verdicts import GRAVITY
from tilsyn.vocabulary import MUNICIPALITIES, YearMonth
from tilsyn.vocabulary.wording import decimal

SetAsideOf = Callable[[str], SetAside]
"""By release: rows of the register behind it that were set aside when it was read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A judgement of one municipality, measure and group (or "total") by one rule version.

    Attributes:
        on: the day of the judgement.
        months: the months judged, oldest first.
        reason: for `not_judged`, `missed` and `at_risk`: which kind ("too_small", "stale",
            "goal_met" ...); it picks the sentence.
        basis: whole numbers, shares as printed (rounded), or a bare statement.
        distance: percentage points to the line, negative below it; of the mean or the latest month.
        mean: the mean share in per cent, where the rule takes one.
        slots: further values its sentence needs.
        sentence, explanation: by language; the explanation adds rule, source, basis and doubts.
        release: the releases the months' figures came from.
        set_aside: by release, rows of the register behind it that were set aside when it was read,
            by table and reason; releases without any are not named.
    """

    rule: str
    version: Version
    municipality: str
    measure: str
    grp: str
    on: dt.date
    months: tuple[MonthFigure, ...]
    verdict: Verdict
    reason: str
    basis: Basis
    distance: Fraction | None
    release: tuple[str, ...]
    set_aside: Mapping[str, SetAside] = field(default_factory=dict)
    mean: Fraction | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    sentence: Mapping[str, str] = field(default_factory=dict)
    explanation: Mapping[str, str] = field(default_factory=dict)

    @property
    def threshold(self) -> Decimal | None:
        """The line in per cent; None where the rule compares two shares."""
        return getattr(self.version.criterion, "threshold", None)

    def over(self, share: Fraction | Decimal | float | None) -> bool:
        """Whether a share is known and over the line; never where the rule compares two shares."""
        line = self.version.criterion
        return share is not None and isinstance(line, Threshold) and line.over(share)

    @property
    def smallest_population(self) -> int | None:
        """The smallest population the rule applies to."""
        return getattr(self.version.criterion, "smallest_population", None)

    @property
    def persistence(self) -> int:
        """How many months the rule looks at."""
        return getattr(self.version.criterion, "months", 1)

    @property
    def span(self) -> list[YearMonth]:
        """The months judged."""
        return [figure.month for figure in self.months]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is about: rule, municipality, measure, group."""
        return (self.rule, self.municipality, self.measure, self.grp)

    @property
    def gravity(self) -> int:
        """Its place among the verdicts, 0 the gravest."""
        return GRAVITY.index(self.verdict)

    def record(self) -> dict[str, Any]:
        """The finding as JSON-ready values; shares and distances in per cent and percentage points."""
        return {
            "rule": self.rule,
            "version": self.version.name,
            "source": "; ".join(source.title for source in self.version.source),
            "status": self.version.status,
            "on": str(self.on),
            "municipality": MUNICIPALITIES[self.municipality].name,
            "area": self.municipality,
            "measure": self.measure,
            "group": self.grp,
            "months": [figure.record() for figure in self.months],
            "verdict": self.verdict,
            "reason": self.reason,
            "basis": self.basis,
            "mean": _rounded(self.mean),
            "threshold": None if self.threshold is None else float(self.threshold),
            "distance": _rounded(self.distance),
            "explanation": dict(self.explanation),
            "release": ", ".join(self.release),
            "set_aside": dict(self.set_aside),
        }


def _rounded(value: Fraction | None) -> float | None:
    return None if value is None else float(decimal(value, 2))
