"""Shrinkage: what few cases say is drawn towards what many say."""

from __future__ import annotations

from typing import Any

PRIOR_CASES = 20
"""Cases' worth by which a rate is drawn towards that of all."""

PRIOR_EVENTS = 5
"""Events' worth by which an area's factor is drawn towards one."""


def factors(observed: Any, expected: Any, prior: int = PRIOR_EVENTS) -> Any:
    """How much more or less there is than expected, drawn towards one (gamma-Poisson).

    Args:
        observed, expected: counts.
        prior: events' worth that there are as many as expected.
    """
    return (observed + prior) / (expected + prior)


def rates(cases: Any, exposed: Any) -> Any:
    """Rates by cell, each drawn towards the rate over the last axis.

    Args:
        cases, exposed: counts; cells without any take the rate of the others.
    """
    whole = cases.sum(axis=-1, keepdims=True), exposed.sum(axis=-1, keepdims=True)
    all_in_all = float(cases.sum()) / max(float(exposed.sum()), 1.0)
    towards = (whole[0] + PRIOR_CASES * all_in_all) / (whole[1] + PRIOR_CASES)
    return (cases + PRIOR_CASES * towards) / (exposed + PRIOR_CASES)
