"""How much of a finding may be chance: the interval of its share, and how surely it is over the line.

Persons who reach a seniority in a month reach it in no other, so the months of such a measure are
independent. Measures of those who have a seniority count mostly the same persons from month to month;
how many is not in the figures, so they are reckoned with as if they were the same: more is left to chance
then than there is.

Sources: Wilson 1927 (the interval); the beta-binomial prior is fitted to the peers by moments (Kleinman
1973, weights the populations).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

import polars as pl

from tilsyn.figures.series import MonthFigure, Series, series
from tilsyn.rules.finding import Finding
from tilsyn.rules.model import Consecutive, Mean, Threshold
from tilsyn.vocabulary import MEASURES
from tilsyn.vocabulary.wording import percent
from tilsyn.words import gettext

Z = 1.959963984540054
"""The normal quantile of a 95 per cent interval."""

BREACHES = ("flagged", "missed", "at_risk", "over_line")
"""Verdicts that chance may have brought about."""

LEAST_PEERS = 5
"""Fewer peers than this make no prior."""

_WIDEST, _NARROWEST = 0.5, 1e-4
"""Bounds of the correlation between two persons of one municipality."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What the peers' shares are like: a beta distribution.

    Attributes:
        alpha, beta: its parameters.
        peers: how many municipalities it rests on; the one judged is not among them.
    """

    alpha: float
    beta: float
    peers: int

    @property
    def mean(self) -> float:
        """The peers' share in per cent."""
        return 100 * self.alpha / (self.alpha + self.beta)


@dataclass(frozen=True, slots=True)
class Chance:
    """What of a finding may be chance.

    Attributes:
        low, high: the 95 per cent interval of its share, in per cent.
        by_chance: how likely the months judged would all be over the line if the true share were at it;
            None where the finding is no breach.
        over: how likely the true share is over the line, given the figures and the peers; None where
            there are too few peers.
        prior: the peers'.
        independent: whether the months count other persons; if not, they are taken as the same.
    """

    low: float
    high: float
    by_chance: float | None
    over: float | None
    prior: Prior | None
    independent: bool

    def record(self) -> dict[str, Any]:
        """The chance as JSON-ready values."""
        return {
            "interval": [round(self.low, 2), round(self.high, 2)],
            "by_chance": None if self.by_chance is None else round(self.by_chance, 4),
            "over_line": None if self.over is None else round(self.over, 4),
            "months": "independent" if self.independent else "same persons",
            "prior": None
            if self.prior is None
            else {
                "alpha": round(self.prior.alpha, 3),
                "beta": round(self.prior.beta, 3),
                "peers": self.prior.peers,
            },
        }

    def sentence(self, language: str) -> str:
        """The chance in a careful sentence."""
        said = [
            gettext(
                "With this number of persons the true share may lie between {low} and {high}.",
                language,
                low=_share(self.low, language),
                high=_share(self.high, language),
            )
        ]
        if self.by_chance is not None:
            said.append(
                gettext(
                    "Were it exactly at the line, chance alone would give this finding in {times} cases.",
                    language,
                    times=_in_hundred(self.by_chance, language),
                )
            )
        if self.over is not None and self.prior is not None:
            said.append(
                gettext(
                    "Seen with the figures of {peers} other municipalities, the true share is over the line in {times} cases.",
                    language,
                    peers=self.prior.peers,
                    times=_in_hundred(self.over, language),
                )
            )
        return " ".join(said)


def _share(value: float, language: str) -> str:
    return percent(value, language, 1)


def _in_hundred(probability: float, language: str) -> str:
    times = round(100 * probability)
    if times == 0 and probability > 0:
        return gettext("fewer than 1 of 100", language)
    if times == 100:
        return gettext("more than 99 of 100", language)
    return gettext("{times} of 100", language, times=times)


def wilson(part: int, population: int, z: float = Z) -> tuple[float, float]:
    """The interval of a share, in per cent."""
    share, square = part / population, z * z
    middle = (share + square / (2 * population)) / (1 + square / population)
    half = z * sqrt(share * (1 - share) / population + square / (4 * population * population))
    half /= 1 + square / population
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def probability_over(population: int, line: Threshold, share: float) -> float:
    """How likely a month's share is over a line, where each person is unmet with a probability.

    Args:
        population: persons.
        line: the line.
        share: the probability, in per cent.
    """
    from scipy.special import bdtrc

    least = int(Fraction(population) * Fraction(line.threshold) / 100)
    while not line.over(Fraction(100 * least, population)):
        least += 1
    return 1.0 if least == 0 else float(bdtrc(least - 1, population, share / 100))


def prior_of(counts: Sequence[tuple[int, int]]) -> Prior | None:
    """The beta distribution that peers' counts (unmet, population) are like, by moments."""
    counts = [(part, population) for part, population in counts if population > 0]
    persons, unmet = sum(n for _, n in counts), sum(x for x, _ in counts)
    if len(counts) < LEAST_PEERS or not 0 < unmet < persons:
        return None
    mean, squares = unmet / persons, sum(n * n for _, n in counts) / persons
    spread = sum(n * (x / n - mean) ** 2 for x, n in counts) / (mean * (1 - mean))
    free = len(counts) - 1
    room = persons - squares - free
    correlation = (spread - free) / room if room > 0 else _NARROWEST
    correlation = min(max(correlation, _NARROWEST), _WIDEST)
    size = 1 / correlation - 1
    return Prior(mean * size, (1 - mean) * size, len(counts))


def chance_of(finding: Finding, peers: Iterable[Series]) -> Chance | None:
    """What of a finding may be chance; None where its counts are not known or it has no line.

    Args:
        finding: by any rule.
        peers: the same measure and group of other municipalities.
    """
    from scipy.special import betaincc

    line = finding.version.criterion
    if not isinstance(line, Consecutive | Mean) or not finding.months:
        return None
    if getattr(line, "share_of", "unmet") != "unmet":
        return None
    independent = MEASURES[finding.measure].population == "reaching"
    found = [counted(month) for month in _judged(finding, line)]
    counts = [pair for pair in found if pair is not None]
    if not counts or len(counts) < len(found):
        return None
    if independent:
        looked_at = counts if isinstance(line, Mean) else counts[-1:]
        pooled = (sum(x for x, _ in counts), sum(n for _, n in counts))
        separate = [n for _, n in counts]
    else:
        # As if the months counted the same persons: so many as on average.
        persons = round(sum(n for _, n in counts) / len(counts))
        part = round(persons * sum(x / n for x, n in counts) / len(counts))
        looked_at = [(part, persons)] if isinstance(line, Mean) else counts[-1:]
        pooled, separate = looked_at[0], [looked_at[0][1]]
    part, persons = sum(x for x, _ in looked_at), sum(n for _, n in looked_at)
    low, high = wilson(part, persons)
    by_chance = None
    if finding.verdict in BREACHES:
        if isinstance(line, Mean) or finding.verdict == "over_line":
            separate = [persons]
        by_chance = 1.0
        for population in separate:
            by_chance *= probability_over(population, line, float(line.threshold))
    last = finding.months[-1].month
    others = [one.months.get(last) for one in peers if one.area != finding.municipality]
    prior = prior_of([pair for m in others if m and (pair := counted(m)) is not None])
    over = None
    if prior is not None:
        alpha, beta = prior.alpha + pooled[0], prior.beta + pooled[1] - pooled[0]
        over = float(betaincc(alpha, beta, float(line.threshold) / 100))
    return Chance(low, high, by_chance, over, prior, independent)


def counted(month: MonthFigure) -> tuple[int, int] | None:
    """The unmet and the population; where a table prints no population, the one nearest its share."""
    if month.unmet is None:
        return None
    if month.population:
        return month.unmet, month.population
    # A population that is hidden stays hidden.
    if month.population is None and month.share and "population" not in month.hidden:
        return month.unmet, max(month.unmet, round(100 * month.unmet / month.share))
    return None


def _judged(finding: Finding, line: Consecutive | Mean) -> tuple[MonthFigure, ...]:
    if isinstance(line, Consecutive) and line.summed:
        summed = finding.slots.get("judged")
        return (summed,) if isinstance(summed, MonthFigure) else ()
    if finding.verdict == "over_line" or finding.verdict not in BREACHES:
        return finding.months if isinstance(line, Mean) else finding.months[-1:]
    return finding.months


def chances(findings: Sequence[Finding], known: pl.DataFrame) -> list[Chance | None]:
    """What of each finding may be chance.

    Args:
        findings: as `judge` gives them.
        known: the figures they were judged on, those of other municipalities among them: the peers are
            all municipalities with the same measure and group in the month.
    """
    by_row: dict[tuple[str, str], list[Series]] = {}
    # Only the months that findings end with are held against the peers'.
    ends = sorted({finding.months[-1].month.first for finding in findings if finding.months})
    measures = sorted({finding.measure for finding in findings})
    wanted = pl.col("measure").is_in(measures) & pl.col("month").is_in(ends)
    for one in series(known.filter(wanted)):
        by_row.setdefault((one.measure, one.grp), []).append(one)
    return [chance_of(f, by_row.get((f.measure, f.grp), ())) for f in findings]
