"""The chance to still be there: certain now, less with each month, less where many have left."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tests.measures.reference import Register, Spell
from tests.measures.register_files import write_admitted
from tilsyn.measures import definitions
from tilsyn.outlook.hazards import SURVIVAL_MONTHS, survival
from tilsyn.outlook.situation import coming, project, read
from tilsyn.register.coding import GROUP_CODES
from tilsyn.register.store import load

ON = dt.date(2023, 8, 31)


def spell(name, group, start, end=None):
    return Spell(name, "183", group, "", start, end)


def test_chances_fall_by_month_and_follow_what_has_been(tmp_path):
    spells = [spell(f"stays {n}", "ressourceforloeb", dt.date(2020, 1, 5)) for n in range(40)]
    for n in range(120):  # a short benefit that most leave after a few months
        start = dt.date(2021, 9, 1) + dt.timedelta(days=5 * n)
        spells.append(spell(f"leaves {n}", "sygedagpenge", start, start + dt.timedelta(days=170)))
    spells += [spell(f"new {n}", "sygedagpenge", dt.date(2023, 4, 10)) for n in range(5)]
    register = Register(spells=tuple(spells), conversations=(), offers=(), hours=(), exemptions=())
    store = load(write_admitted(register, tmp_path / "rows"), tmp_path / "store")
    months = coming(ON, 6)
    situation = read(store, ON, municipality=183, since=months.first - SURVIVAL_MONTHS)
    places = project(situation, definitions.load(), months)
    chance = survival(places, situation, definitions.load(), store.municipalities, 183)
    assert ((chance > 0) & (chance <= 1)).all()
    assert (chance[places.month == 0] == 1).all()
    resource = places.group == GROUP_CODES.index("ressourceforloeb")
    means = [chance[resource & (places.month == k)].mean() for k in range(6)]
    assert means == sorted(means, reverse=True)
    ill = places.group == GROUP_CODES.index("sygedagpenge")
    later = ill & (places.month >= 1)
    assert later.any()
    for k in np.unique(places.month[later]):
        assert chance[ill & (places.month == k)].max() < means[k]
