"""One month of a measure and group across municipalities: funnel limits, quartiles, percentiles and rank intervals.

The limits say between which shares a municipality of a size lies if it differs from the others by no more
than they usually differ: by chance (the binomial distribution), and by the spread of true shares between
municipalities (overdispersion; the beta-binomial one). The spread is taken of the middle 80 per cent, so that
the few that a funnel is to find do not widen it.

Sources: Spiegelhalter 2005 (funnel limits, winsorised overdispersion); Goldstein and Spiegelhalter 1996
(rank intervals).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

import numpy as np

from tilsyn.figures.series import MonthFigure
from tilsyn.rules.chance import Prior, counted, prior_of
from tilsyn.vocabulary import MUNICIPALITIES, YearMonth
from tilsyn.vocabulary.wording import joined, number, percent
from tilsyn.words import gettext

LIMITS = (95.0, 99.8)
"""Per cent of municipalities that lie within each pair of limits if none stands out."""

LEAST = 5
"""With fewer municipalities than these no limits, quartiles or ranks are told."""

_WINSORISED = 0.1
_NORMAL = 0.678655
"""The variance of a standard normal variable whose outer tenths are drawn in to its deciles."""

_DRAWS, _SEED = 4000, 20051
"""For rank intervals; the same figures have the same ones."""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality in a comparison.

    Attributes:
        area: its code.
        population, unmet: whole persons.
        percentile: per cent of the others whose share is lower; half of those alike.
        ranks: the 95 per cent interval of its rank, 1 the lowest share.
        outside: the widest of `LIMITS` it lies outside of; None: within them.
        high: whether its share is over the mean.
    """

    area: str
    population: int
    unmet: int
    percentile: float
    ranks: tuple[int, int]
    outside: float | None
    high: bool

    @property
    def share(self) -> float:
        """Of the population, in per cent."""
        return 100 * self.unmet / self.population


@dataclass(frozen=True)
class Comparison:
    """Municipalities beside each other in one month of a measure and group.

    Attributes:
        places: those whose counts are known, by share from the lowest.
        without: codes of those whose counts are hidden or not known; nothing is told of them.
        mean: the share of all their persons together, in per cent.
        quartiles: the lower, the median and the upper of their shares, in per cent.
        correlation: between two persons of one municipality: how much true shares differ beyond chance; 0
            where they differ by no more.
    """

    measure: str
    grp: str
    month: YearMonth
    places: tuple[Place, ...]
    without: tuple[str, ...]
    mean: float
    quartiles: tuple[float, float, float]
    correlation: float

    @property
    def spread(self) -> float:
        """The standard deviation of true shares between municipalities, in percentage points."""
        share = self.mean / 100
        return 100 * sqrt(self.correlation * share * (1 - share))

    @cached_property
    def by_area(self) -> dict[str, Place]:
        """The places by code."""
        return {one.area: one for one in self.places}

    def limits(self, population: int, within: float) -> tuple[float, float]:
        """The funnel at a population: its lower and upper limit, in per cent.

        Args:
            population: persons.
            within: per cent that lie within the limits.
        """
        return limits(population, self.mean, self.correlation, within)

    def sentences(self, language: str) -> list[str]:
        """The quartiles, what limits and ranks are, and whose counts are not known."""
        low, middle, high = (percent(one, language) for one in self.quartiles)
        said = [
            gettext(
                "All municipalities: a quarter lie at or below {low}, half at or below {middle}, three quarters at or below {high}; all persons together {mean}.",
                language,
                low=low,
                middle=middle,
                high=high,
                mean=percent(self.mean, language),
            ),
            gettext(
                "If nobody stands out, 95 of 100 municipalities lie within the inner limits of the funnel and 998 of 1,000 within the outer ones.",
                language,
            ),
        ]
        if self.correlation:
            said.append(
                gettext(
                    "The municipalities differ by more than chance, and the limits reckon with it: true shares vary by about {spread} percentage points (a standard deviation).",
                    language,
                    spread=number(self.spread, language, 1),
                )
            )
        else:
            said.append(
                gettext(
                    "The municipalities differ by no more than chance, and the limits are those of chance alone.",
                    language,
                )
            )
        said.append(
            gettext(
                "The rank is told as the places a municipality may have (95 per cent); 1 is the lowest share.",
                language,
            )
        )
        if self.without:
            names = joined((MUNICIPALITIES[one].name for one in self.without), language)
            said.append(
                gettext("Hidden or not known, and not compared: {names}.", language, names=names)
            )
        return said

    def curve(self, populations: Sequence[int], within: float) -> list[tuple[float, float]]:
        """The funnel along populations."""
        return [self.limits(one, within) for one in populations]


def limits(population: int, mean: float, correlation: float, within: float) -> tuple[float, float]:
    """The shares in per cent between which so many per cent of municipalities of a size lie.

    The counts' distribution is in steps; the limits are drawn between them (Spiegelhalter 2005), so that
    the funnel is smooth.

    Args:
        population: persons.
        mean: the share common to all, in per cent.
        correlation: as `Comparison`.
        within: per cent.
    """
    from scipy.stats import betabinom, binom

    share = mean / 100
    if not 0 < share < 1:
        return mean, mean
    counts = np.arange(population + 1)
    if correlation > 0:
        size = 1 / correlation - 1
        each = betabinom.pmf(counts, population, share * size, (1 - share) * size)
    else:
        each = binom.pmf(counts, population, share)
    below = np.cumsum(each)
    tail = (1 - within / 100) / 2

    def limit(probability: float) -> float:
        place = min(int(np.searchsorted(below, probability)), population)
        step = float((below[place] - probability) / each[place]) if each[place] > 0 else 0.0
        return 100 * min(max((place - step) / population, 0.0), 1.0)

    return limit(tail), limit(1 - tail)


def compare(
    months: Mapping[str, MonthFigure], measure: str, grp: str, month: YearMonth
) -> Comparison | None:
    """Municipalities beside each other; None where the counts of fewer than `LEAST` are known.

    Args:
        months: by municipality the month's figures, as their reader may see them.
        measure, grp, month: what they are of.
    """
    known = {area: pair for area, one in months.items() if (pair := counted(one)) is not None}
    if len(known) < LEAST:
        return None
    areas = sorted(known, key=lambda area: (known[area][0] / known[area][1], area))
    unmet = np.array([known[area][0] for area in areas])
    population = np.array([known[area][1] for area in areas])
    shares = 100 * unmet / population
    mean = float(100 * unmet.sum() / population.sum())
    correlation = _correlation(unmet, population)
    ranks = _ranks(unmet, population)
    lower, middle, upper = (float(q) for q in np.percentile(shares, (25, 50, 75)))
    places = []
    for n, area in enumerate(areas):
        share = float(shares[n])
        passed = [
            within
            for within in LIMITS
            if not _inside(share, limits(int(population[n]), mean, correlation, within))
        ]
        places.append(
            Place(
                area,
                int(population[n]),
                int(unmet[n]),
                _percentile(shares, n),
                (int(ranks[0][n]), int(ranks[1][n])),
                max(passed, default=None),
                share > mean,
            )
        )
    without = tuple(sorted(months.keys() - known.keys()))
    return Comparison(
        measure, grp, month, tuple(places), without, mean, (lower, middle, upper), correlation
    )


def _inside(share: float, between: tuple[float, float]) -> bool:
    # A whole number of persons may stand a rounding error from the limit that passes through it.
    return between[0] - 1e-9 <= share <= between[1] + 1e-9


def _percentile(shares: Any, place: int) -> float:
    below, same = (shares < shares[place]).sum(), (shares == shares[place]).sum() - 1
    return float(100 * (below + same / 2) / (len(shares) - 1))


def _correlation(unmet: Any, population: Any) -> float:
    """How much true shares differ beyond chance, of the middle of the municipalities, by moments."""
    share = unmet.sum() / population.sum()
    room = float((population - 1).sum())
    if not 0 < share < 1 or room <= 0:
        return 0.0
    far = (unmet / population - share) / np.sqrt(share * (1 - share) / population)
    drawn = np.clip(far, *np.quantile(far, (_WINSORISED, 1 - _WINSORISED)))
    beyond = float((drawn**2).sum()) / _NORMAL - len(far)
    return min(max(beyond / room, 0.0), 0.5)


def _ranks(unmet: Any, population: Any) -> Any:
    """The 95 per cent intervals of ranks: lower and upper, of shares drawn as the figures leave them open."""
    prior = prior_of(list(zip(unmet.tolist(), population.tolist(), strict=True))) or Prior(
        0.5, 0.5, 0
    )
    drawn = np.random.default_rng(_SEED).beta(
        prior.alpha + unmet, prior.beta + population - unmet, size=(_DRAWS, len(unmet))
    )
    ranks = drawn.argsort(axis=1).argsort(axis=1) + 1
    return np.quantile(ranks, (0.025, 0.975), axis=0, method="nearest")


def figures_of(series: Iterable[Any], month: YearMonth) -> dict[str, MonthFigure]:
    """By municipality one month of some series of one measure and group."""
    return {one.area: one.months[month] for one in series if month in one.months}
