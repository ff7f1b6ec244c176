"""What is told of past months does not depend on what came after them."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tests.measures.reference import Register, Spell
from tests.measures.register_files import write_admitted
from tilsyn.measures import definitions
from tilsyn.outlook.hazards import band, hazards, movements
from tilsyn.outlook.history import History, history
from tilsyn.outlook.situation import read
from tilsyn.register.coding import GROUP_CODES
from tilsyn.register.store import load
from tilsyn.vocabulary import MonthRange

MONTHS = MonthRange.parse("2020-01..2022-12")
ILL = GROUP_CODES.index("sygedagpenge")


def told(spells: list[Spell], folder) -> tuple[History, list[str]]:
    register = Register(tuple(spells), (), (), (), ())
    store = load(write_admitted(register, folder / "rows"), folder / "store")
    situation = read(store, MONTHS.last.last, since=MONTHS.first)
    past = history(situation, definitions.load(), store.municipalities, MONTHS)
    return past, situation.persons.to_pylist()


def ill(name: str, start: dt.date, days: int) -> Spell:
    end = start + dt.timedelta(days=days)
    return Spell(name, "183", "sygedagpenge", "", start, end)


def test_who_leaves_has_the_weeks_that_who_stays_has(tmp_path):
    start = dt.date(2021, 3, 1)
    past, names = told([ill("leaves", start, 95), ill("stays", start, 300)], tmp_path)
    leaves, stays = names.index("leaves"), names.index("stays")
    last = np.flatnonzero(past.place[leaves] >= 0)[-1]
    assert abs(int(past.weeks[leaves, last]) - int(past.weeks[stays, last])) <= 1


def test_chances_to_leave_lived_through_leave_as_many_as_there_were(tmp_path):
    """A cohort followed with the chances read from it ends with as many as it did."""
    rng = np.random.default_rng(1)
    begins = rng.integers(0, 700, 2500)
    lasts = rng.exponential(130, 2500).astype(int) + 1
    spells = [
        ill(str(n), dt.date(2020, 1, 2) + dt.timedelta(days=int(begin)), int(days))
        for n, (begin, days) in enumerate(zip(begins, lasts, strict=True))
    ]
    past, _ = told(spells, tmp_path)
    leaving = hazards(movements(past)).leaving[0, ILL]
    there = past.place >= 0
    expected, came = 0.0, 0
    for origin in range(14, 24):
        chance = np.ones(there[:, origin].sum())
        weeks = past.weeks[there[:, origin], origin].astype(float)
        for month in range(9):
            chance *= 1 - leaving[band(weeks + 4.35 * month)]
        expected += chance.sum()
        came += int((there[:, origin] & there[:, origin + 9]).sum())
    # Classified by their last day, leavers would leave a sixth too many here.
    assert abs(expected / came - 1) < 0.08


def test_a_stay_that_began_before_the_first_month_is_as_old_as_the_seniority(tmp_path):
    past, names = told([ill("old", dt.date(2018, 6, 1), 1000)], tmp_path)
    person = names.index("old")
    assert past.stay[person, 0] > 15 and (np.diff(past.stay[person, :13]) == 1).all()
