"""Shrinkage: what few cases say is drawn towards what many say, by how much areas really differ."""

from __future__ import annotations

from typing import Any

import numpy as np

LEAST_SPREAD, MOST_SPREAD = 1e-3, 1.0
"""Bounds of the variance between areas: nothing is taken as wholly alike, or wholly unlike."""

SPREAD_UNKNOWN = 0.02
"""The variance taken where one area alone says nothing about it: factors of about ±14 %."""

OF_OTHERS = 20
"""Cases' worth by which a rate is drawn towards that of all."""


def spread(observed: Any, expected: Any) -> float:
    """The variance between areas of their true factor, without the part that is chance.

    Counts of a Poisson kind with mean factor x expected: the variance of observed/expected is that
    of the factors and 1/expected. Method of moments, weighted by the expected counts.

    Args:
        observed, expected: counts by area; those without any expected count say nothing.
    """
    known = expected > 0
    if known.sum() < 3:
        return SPREAD_UNKNOWN
    o, e = observed[known], expected[known]
    found = (e * ((o / e - 1) ** 2 - 1 / e)).sum() / e.sum()
    return float(np.clip(found, LEAST_SPREAD, MOST_SPREAD))


def factors(observed: Any, expected: Any) -> Any:
    """How much more or less each area has than expected, drawn towards 1 (gamma-Poisson).

    Returns:
        (observed + k) / (expected + k), with k the inverse of the spread between the areas.
    """
    k = 1 / spread(np.ravel(observed), np.ravel(expected))
    return (observed + k) / (expected + k)


def doubts(observed: Any, expected: Any) -> Any:
    """The variance of what `factors` finds, as a share of its square (gamma-Poisson)."""
    return 1 / (observed + 1 / spread(np.ravel(observed), np.ravel(expected)))


def rates(cases: Any, exposed: Any) -> Any:
    """Rates by cell, each drawn towards the rate over the last axis (`OF_OTHERS` cases' worth).

    Args:
        cases, exposed: counts; cells without any take the rate of the others.
    """
    whole = cases.sum(axis=-1, keepdims=True), exposed.sum(axis=-1, keepdims=True)
    all_in_all = float(cases.sum()) / max(float(exposed.sum()), 1.0)
    towards = (whole[0] + OF_OTHERS * all_in_all) / (whole[1] + OF_OTHERS)
    return (cases + OF_OTHERS * towards) / (exposed + OF_OTHERS)
