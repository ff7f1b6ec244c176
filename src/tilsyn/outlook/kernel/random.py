"""Random bits without a state, and what is drawn from them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from tilsyn.outlook.kernel.compiled import compiled

MOST_A_MONTH = 12
"""Events a person has in a month, at most."""

STEPS = 128
"""Steps to one event that is to be expected."""

_STEP, _ONCE, _TWICE = map(np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
ONE, _LOW = np.uint64(1), np.uint64(0xFFFFFFFF)
_S11, _S27, _S30, _S31, _S32 = map(np.uint64, (11, 27, 30, 31, 32))


@compiled
def mixed(at: Any) -> Any:
    """The 64 random bits that stand at a place (SplitMix64).

    A place is all there is of state, so drawing costs a fraction of what numpy's generator does.
    """
    z = at * _STEP
    z = (z ^ (z >> _S30)) * _ONCE
    z = (z ^ (z >> _S27)) * _TWICE
    return z ^ (z >> _S31)


@compiled
def share(bits: Any) -> float:
    """A number from 0 to 1 of random bits, all but the lowest eleven."""
    return np.int64(bits >> _S11) * 2.0**-53


@compiled
def upper_share(bits: Any) -> float:
    """A number from 0 to 1 of the upper half of random bits."""
    return np.int64(bits >> _S32) * 2.0**-32


@compiled
def lower_share(bits: Any) -> float:
    """A number from 0 to 1 of the lower half of random bits."""
    return np.int64(bits & _LOW) * 2.0**-32


@compiled
def below(bits: Any, count: int) -> Any:
    """A whole number below `count` of random bits, the lower half."""
    return (np.int64(bits & _LOW) * count) >> 32


@compiled
def lifetime(drawn: float) -> float:
    """What a person can stand of chances to leave, added up, before they go (exponential).

    Args:
        drawn: a number from 0 to 1.
    """
    return -math.log(1.0 - drawn)


@compiled
def risk(chance: float) -> float:
    """What a month's chance of leaving takes of a lifetime."""
    return -math.log(1.0 - chance)


class CountTable(NamedTuple):
    """How many events a month has, by what is to be expected of it, in steps (`STEPS` to one).

    Attributes:
        some: the chance of any.
        one: of one alone, where there is any.
        mean: of the Poisson that the number is drawn from, where there is any.
    """

    some: Any
    one: Any
    mean: Any


@compiled
def draw_count(bits: Any, mean: float, counts: CountTable) -> int:
    """How many events a month has, of the upper half of random bits."""
    left = upper_share(bits)
    if left >= mean:  # there is never more often some event than events on average
        return 0
    step = mean * STEPS
    at = min(int(step), counts.some.size - 2)
    some = counts.some[at] + (counts.some[at + 1] - counts.some[at]) * min(1.0, step - at)
    if left >= some:
        return 0
    # Given that it is below the chance, the number is as good as a fresh one.
    left /= some
    near = min(int(step + 0.5), counts.some.size - 1)
    found, chance = 1, counts.one[near]
    while left >= chance and found < MOST_A_MONTH:
        left -= chance
        found += 1
        chance *= counts.mean[near] / found
    return found
