"""What the reform of July 2026 adds to a synthetic register: take-overs, duties, decisions, first conversations.

Teams differ: in how many they exempt by decision, in how soon they hold the first conversation. A
person's team is drawn anew for each spell.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tilsyn.register.coding import ALWAYS_KNOWN, ANSWERS, DUTIES, NO_WEEKS, OPEN_END, REASONS
from tilsyn.register.synthetic.model import Floats, Ints, Model
from tilsyn.register.synthetic.spells import Spells

Columns = dict[str, Any]


def of_spells(rng: np.random.Generator, spells: Spells, model: Model) -> Columns:
    """The optional columns of spells; what is not known is empty."""
    one, count = model.reform, len(spells)
    takeover = spells.start + rng.normal(
        one["takeover_days"], one["takeover_spread"], count
    ).astype(np.int64)
    known = (spells.grp == model.held_by_fund) & (takeover <= spells.end)
    known &= (takeover >= spells.start) & (rng.random(count) >= one["unknown"])
    sick = (spells.grp == model.sick) & (rng.random(count) >= one["unknown"])
    job = np.where(rng.random(count) < one["has_job"], ANSWERS.index("yes"), ANSWERS.index("no"))
    weeks = np.rint(rng.lognormal(np.log(one["weeks"]), 0.7, count)).astype(np.int64) * 100
    return {
        "takeover": np.where(known, takeover, ALWAYS_KNOWN),
        "has_job": np.where(sick, job, 0),
        "expected_weeks": np.where(sick, weeks, NO_WEEKS),
    }


def duties(rng: np.random.Generator, spells: Spells, last: int, model: Model) -> Columns:
    """Duties in some spells of the groups that have them, from the day they came."""
    one = model.reform
    of = np.flatnonzero(
        np.isin(spells.grp, model.under_duty)
        & (spells.end >= model.duties_from)
        & (rng.random(len(spells)) < one["duty"])
    )
    end = spells.end[of]
    return {
        "person": spells.person[of],
        "kind": np.full(len(of), DUTIES.index("arbejdspligt")),
        "start": np.maximum(spells.start[of], model.duties_from),
        "end": np.where(end >= last, OPEN_END, end),
    }


def decided(
    rng: np.random.Generator, spells: Spells, last: int, habits: Floats, team: Ints, model: Model
) -> Columns:
    """Exemptions by decision, in the months since the reform.

    Args:
        rng: the source of chance.
        spells: of the persons, cut off at `last`.
        last: the register's last day.
        habits: by spell: the share its team exempts.
        team: by spell: its number.
        model: what is drawn from.
    """
    one = model.reform
    flexible = np.isin(spells.grp, model.flexible) & (spells.start >= model.reform_from - 182)
    of = np.flatnonzero(flexible & (rng.random(len(spells)) < habits))
    day = np.maximum(spells.start[of], model.reform_from)
    day += rng.integers(0, int(one["decided_days"]), len(of))
    of, day = of[kept := day <= np.minimum(spells.end[of], last)], day[kept]
    end = spells.start[of] + 182
    return {
        "person": spells.person[of],
        "scope": rng.integers(0, 2, len(of)),
        "start": day,
        "end": np.where(end > last, OPEN_END, np.maximum(end, day)),
        "reason": np.full(len(of), REASONS.index("flex25")),
        "decided": np.where(rng.random(len(of)) < one["unknown"], ALWAYS_KNOWN, day),
        "decided_by": np.array([f"Team {number + 1}" for number in team[of]], dtype=object),
    }


def first_conversations(
    rng: np.random.Generator,
    spells: Spells,
    takeover: Ints,
    last: int,
    habits: Floats,
    model: Model,
) -> Columns:
    """First conversations since the reform, in time as often as the team's habit has it."""
    begins = np.where(spells.grp == model.held_by_fund, takeover, spells.start)
    first = np.isin(spells.grp, model.flexible) & (begins >= model.reform_from)
    of = np.flatnonzero(first)
    in_time = rng.random(len(of)) < habits[of]
    held = begins[of] + np.where(in_time, rng.integers(0, 8, len(of)), rng.integers(8, 40, len(of)))
    of, held = of[kept := held <= np.minimum(spells.end[of], last)], held[kept]
    registered = held + rng.integers(0, 8, len(of))
    of, held, registered = (column[registered <= last] for column in (of, held, registered))
    return {
        "person": spells.person[of],
        "held": held,
        "type": np.full(len(of), model.types[0]),
        "registered": registered,
    }
