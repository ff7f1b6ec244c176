"""Synthetic conversations, offers, hours and exemptions of given spells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tilsyn.register.coding import ALWAYS_KNOWN, OPEN_END
from tilsyn.register.synthetic.model import Floats, Ints, Model
from tilsyn.register.synthetic.spells import Spells, pick

Columns = Mapping[str, Any]
"""A coded table: `person` as numbers, the other columns as `tilsyn.register.coding` has them."""

_HALF_YEAR = 182
_EPOCH_MONTH = 12 * 1970 + 1


def month_of(days: Ints) -> Ints:
    """12·year + month of days since 1970-01-01."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + _EPOCH_MONTH


def _scattered(
    rng: np.random.Generator, spells: Spells, yearly: Floats, model: Model
) -> tuple[Ints, Ints]:
    """Days of events: the spell of each and its day; denser early on, thinned by season."""
    days = spells.end - spells.start + 1
    early, denser = np.minimum(days, _HALF_YEAR), model.one["early"]
    weight = early * denser + (days - early)
    counts = rng.poisson(yearly * weight / 365.25 * model.season.max())
    of = np.repeat(np.arange(len(spells)), counts)
    place = rng.random(len(of)) * weight[of]
    later = place - early[of] * denser
    day = spells.start[of] + np.where(later < 0, place / denser, early[of] + later).astype(np.int64)
    season = model.season[(month_of(day) - 1) % 12]
    kept = rng.random(len(of)) < season / model.season.max()
    return of[kept], day[kept]


def _registered(rng: np.random.Generator, happened: Ints, model: Model) -> Ints:
    count = len(happened)
    delay = rng.integers(0, 8, count)
    slow = rng.random(count) >= model.one["same_week"]
    delay = np.where(slow, rng.exponential(model.one["late_days"], count).astype(int), delay)
    unknown = rng.random(count) < model.one["unknown"]
    return np.where(unknown, ALWAYS_KNOWN, happened + delay)


def conversations(
    rng: np.random.Generator, spells: Spells, last: int, local: Floats, model: Model
) -> Columns:
    """Conversations held and registered by the day `last`.

    Args:
        rng: the source of chance.
        spells: of the persons, cut off at `last`.
        last: the register's last day.
        local: how much more or less a person's municipality holds, one factor a spell.
        model: what is drawn from.
    """
    eager = rng.gamma(16, 1 / 16, len(spells))
    of, held = _scattered(rng, spells, model.conversations[spells.grp] * local * eager, model)
    types = rng.choice(model.types, len(of), p=model.type_shares)
    registered = _registered(rng, held, model)
    known = registered <= last
    return {
        "person": spells.person[of][known],
        "held": held[known],
        "type": types[known],
        "registered": registered[known],
    }


def offers(
    rng: np.random.Generator, spells: Spells, last: int, local: Floats, model: Model
) -> Columns:
    """Offers begun and registered by the day `last`; those that go on have no end."""
    eager = rng.gamma(2, 1 / 2, len(spells))
    of, start = _scattered(rng, spells, model.offers[spells.grp] * local * eager, model)
    end = start + np.minimum(rng.lognormal(np.log(32), 0.9, len(of)), 700).astype(np.int64)
    registered = _registered(rng, start, model)
    known = registered <= last
    kinds = pick(model.offer_kinds[spells.grp[of]], rng.random(len(of)))
    return {
        "person": spells.person[of][known],
        "kind": kinds[known],
        "start": start[known],
        "end": np.where(end > last, OPEN_END, end)[known],
        "registered": registered[known],
    }


def hours(rng: np.random.Generator, spells: Spells, model: Model) -> Columns:
    """Ordinary hours by month; a few are corrected by a later, negative row."""
    first, final = month_of(spells.start), month_of(spells.end)
    counts = final - first + 1
    of = np.repeat(np.arange(len(spells)), counts)
    month = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    # Some work steadily, others never.
    steady = rng.beta(0.7, 0.7, len(spells))
    working = rng.random(len(of)) < np.clip(2 * model.hours[spells.grp] * steady, 0, 0.97)[of]
    of, month = of[working], month[working]
    worked = np.clip(np.rint(rng.lognormal(np.log(38), 0.9, len(of)) * 4) * 25, 25, 16_033)
    wrong = np.flatnonzero(rng.random(len(of)) < 0.004)
    return {
        "person": np.concatenate([spells.person[of], spells.person[of][wrong]]),
        "month": np.concatenate([month, month[wrong]]),
        "hours": np.concatenate([worked, -worked[wrong]]).astype(np.int64),
    }


def exemptions(rng: np.random.Generator, spells: Spells, last: int, model: Model) -> Columns:
    """Exemptions from offers or conversations inside some spells."""
    of = np.flatnonzero(rng.random(len(spells)) < model.exempt[spells.grp])
    days = spells.end[of] - spells.start[of] + 1
    start = spells.start[of] + (rng.random(len(of)) * days).astype(np.int64)
    end = start + rng.exponential(120, len(of)).astype(np.int64)
    return {
        "person": spells.person[of],
        "scope": (rng.random(len(of)) < 0.3).astype(np.int64),
        "start": start,
        "end": np.where(end > last, OPEN_END, end),
    }
