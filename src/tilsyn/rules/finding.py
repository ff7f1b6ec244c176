"""A matter before the judge, the outcome a criterion gives it, and the finding made of both, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from tilsyn.figures.release import SetAside
from tilsyn.figures.series import MonthFigure, Series
from tilsyn.rules.model import STATE, Threshold, Verdict, Version
from tilsyn.rules.verdicts import GRAVITY
from tilsyn.vocabulary import MUNICIPALITIES, MonthRange, YearMonth
from tilsyn.vocabulary.wording import decimal

Basis = Literal["counts", "printed_share", "statement"]


@dataclass(frozen=True, slots=True)
class Matter:
    """One series before one rule version.

    Attributes:
        span: the months the criterion looks at.
        gate: the series of the gate's figures (the result goal), if any is known.
        suspended: the version that suspends the goal now or in the newest month, if any.
        newest: the newest month known, where the span ends before it.
    """

    version: Version
    series: Series
    span: MonthRange
    on: dt.date
    gate: Series | None = None
    suspended: Version | None = None
    newest: YearMonth | None = None

    @property
    def months(self) -> tuple[MonthFigure, ...]:
        """The span's figures, oldest first."""
        return self.series.window(self.span)

    @property
    def stale(self) -> bool:
        """Whether the newest month is too old for a judgement on that day."""
        return (
            YearMonth.of(self.on).since(self.newest or self.span.last)
            > self.version.stale_after_months
        )

    @staticmethod
    def basis(months: tuple[MonthFigure, ...]) -> Basis:
        """Whole numbers where every month has them, else shares as printed."""
        return "counts" if months and all(month.counted for month in months) else "printed_share"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a criterion says of a matter; the finding is made of both.

    Attributes:
        reason: picks the sentence among those of one verdict.
        slots: values for the sentence: months by slot name, `over` as a number.
        months: the months judged, where they are not the matter's span.
        basis: where it is not simply counts or printed shares.
    """

    verdict: Verdict
    reason: str = ""
    distance: Fraction | None = None
    mean: Fraction | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    months: tuple[MonthFigure, ...] | None = None
    basis: Basis | None = None


def distance(share: Fraction | None, line: Any) -> Fraction | None:
    """Percentage points to the line: positive over it, negative below; None where not known."""
    return None if share is None else share - Fraction(line)


def standing(far: Fraction | None, near_line: Any) -> tuple[Verdict, str]:
    """Verdict and reason of a share that is not over the line: at it, near it, or met."""
    if far is None or far < -Fraction(near_line):
        return "met", ""
    return "near_line", "exactly" if far == 0 else ""


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
        owner: whose rule it is.
        alternative: of each question the rule's version leaves open, the answer it is judged by.
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
    owner: str = STATE
    alternative: Mapping[str, str] = field(default_factory=dict)

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
    def key(self) -> tuple[str, ...]:
        """What it is about: rule, municipality, measure, group, and how the rule is read."""
        return (self.rule, self.municipality, self.measure, self.grp, *self.alternative.values())

    @property
    def gravity(self) -> int:
        """Its place among the verdicts, 0 the gravest."""
        return GRAVITY.index(self.verdict)

    def record(self) -> dict[str, Any]:
        """The finding as JSON-ready values; shares and distances in per cent and percentage points."""
        return {
            "rule": self.rule,
            "owner": self.owner,
            "version": self.version.name,
            "alternative": dict(self.alternative),
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
