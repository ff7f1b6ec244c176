"""Synthetic spells: who is on which benefit, where and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gamma

import numpy as np
import numpy.typing as npt

from tilsyn.register.synthetic.model import Floats, Ints, Model

_MOST_MORE = 16
_LEAD_DAYS = 3 * 365
"""Episodes begin this long before the register does, so that it opens with people in it."""


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells of some persons as arrays, one element a spell.

    Attributes:
        person: number of the person.
        municipality: official code.
        grp, visitation: indices as `tilsyn.register.coding` has them.
        start, end: days since 1970-01-01, inclusive; the end may lie after the register's last day.
    """

    person: Ints
    municipality: Ints
    grp: Ints
    visitation: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.person)

    def take(self, which: npt.NDArray[np.generic]) -> Spells:
        """These spells, by index or mask."""
        return Spells(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def join(self, other: Spells) -> Spells:
        """These and those."""
        names = self.__dataclass_fields__
        return Spells(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in names))


def pick(cumulated: Floats, random: Floats) -> Ints:
    """One index a row, drawn from cumulated shares (rows x choices)."""
    chosen: Ints = (random[:, None] > cumulated[:, :-1]).sum(axis=1)
    return chosen


def draw(
    rng: np.random.Generator,
    persons: Ints,
    first: int,
    last: int,
    model: Model,
    municipality: int | None = None,
) -> Spells:
    """The spells of these persons that touch the days `first` .. `last`.

    Args:
        rng: the source of chance.
        persons: their numbers.
        first: first day of the register, since 1970-01-01.
        last: its last day.
        model: what is drawn from.
        municipality: everyone lives here and nobody moves; the whole country if None.
    """
    count = len(persons)
    home = _homes(rng, count, model, municipality)
    years = (last - first + _LEAD_DAYS) / 365.25
    left = 1 + np.minimum(rng.poisson(model.one["more_episodes"] * years / 13, count), _MOST_MORE)
    grp = rng.choice(len(model.inflow), count, p=model.inflow)
    start = rng.integers(first - _LEAD_DAYS, last + 1, count)
    scale = model.days / np.array([gamma(1 + 1 / shape) for shape in model.shape])
    parts: list[Spells] = []
    alive = np.arange(count)
    while len(alive):
        length = 1 + (scale[grp] * rng.weibull(model.shape[grp])).astype(int)
        end = start + np.minimum(length, 8 * 365)
        visitation = pick(model.visitation[grp], rng.random(len(alive)))
        parts.append(Spells(persons[alive], home[alive], grp, visitation, start, end))
        following = pick(model.follows[grp].cumsum(axis=1), rng.random(len(alive)))
        start = end + _gaps(rng, grp, following, model)
        if municipality is None:
            moving = alive[rng.random(len(alive)) < 2 * model.one["moves"]]
            home[moving] = _homes(rng, len(moving), model, None)
        left[alive] -= 1
        go_on = (left[alive] > 0) & (start <= last)
        alive, grp, start = alive[go_on], following[go_on], start[go_on]
    spells = parts[0]
    for part in parts[1:]:
        spells = spells.join(part)
    spells = _changed(rng, spells, model, moves=municipality is None)
    spells = _reformed(spells, model)
    return spells.take((spells.end >= first) & (spells.start <= last))


def _homes(rng: np.random.Generator, count: int, model: Model, municipality: int | None) -> Ints:
    if municipality is not None:
        return np.full(count, municipality)
    return rng.choice(model.municipalities, count, p=model.population)


def _gaps(rng: np.random.Generator, grp: Ints, following: Ints, model: Model) -> Ints:
    """Days from an episode's last day to the next one's first."""
    count = len(grp)
    long = 14 + (200 * rng.weibull(0.8, count)).astype(int)
    # Unemployment is broken by short jobs, and others return soon, too.
    short = 1 + rng.integers(3, 75, count)
    soon = rng.random(count) < np.where(model.adds_up[grp], 0.55, 0.25)
    gaps = np.where((grp == following) & soon, short, long)
    at_once = (grp != following) & (rng.random(count) < model.at_once[grp])
    gaps = np.where(at_once, rng.integers(1, 4, count), gaps)
    overlapping = rng.random(count) < model.one["overlapping"]
    return np.where(overlapping, -rng.integers(0, 20, count), gaps)


def _changed(rng: np.random.Generator, spells: Spells, model: Model, *, moves: bool) -> Spells:
    """Some long spells cut in two: the person moved, or was visited anew."""
    long = spells.end - spells.start > 90
    chance = rng.random(len(spells))
    moved = long & (chance < model.one["moves"]) & moves
    visited = long & (chance > 1 - model.one["visitation_changes"])
    cut = np.flatnonzero(moved | visited)
    second = spells.take(cut)
    day = (
        spells.start[cut]
        + 30
        + (rng.random(len(cut)) * (second.end - second.start - 60)).astype(int)
    )
    end = spells.end.copy()
    end[cut] = day - 1
    homes = _homes(rng, len(cut), model, None)
    second = replace(
        second,
        start=day,
        municipality=np.where(moved[cut], homes, second.municipality),
        visitation=np.where(
            visited[cut],
            pick(model.visitation[second.grp], rng.random(len(cut))),
            second.visitation,
        ),
    )
    return replace(spells, end=end).join(second)


def _reformed(spells: Spells, model: Model) -> Spells:
    """Groups end when they are closed; their members go on in the one the model names."""
    closes = model.closes[spells.grp]
    over = np.flatnonzero((spells.end >= closes) & (spells.start < closes))
    after = spells.take(over)
    end = spells.end.copy()
    end[over] = closes[over] - 1
    grp = np.where(spells.start >= closes, model.after_closing, spells.grp)
    after = replace(after, start=closes[over], grp=np.full(len(over), model.after_closing))
    return replace(spells, end=end, grp=grp).join(after)
