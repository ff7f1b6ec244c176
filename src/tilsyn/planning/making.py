"""From a store to a plan: what is read once, and plans made of it with one setting or another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from tilsyn.errors import InputError
from tilsyn.measures import definitions as defined
from tilsyn.measures.definitions import Definitions
from tilsyn.outlook import situation as situations
from tilsyn.outlook.chances import PAST, stays
from tilsyn.outlook.projection import Projection, project
from tilsyn.outlook.situation import Situation
from tilsyn.planning import people as persons
from tilsyn.planning import plan as plans
from tilsyn.planning.advice import Advice, advice
from tilsyn.planning.goals import Target, targets
from tilsyn.planning.optimum.choice import LONG
from tilsyn.planning.optimum.master import Progress
from tilsyn.planning.plan import Plan
from tilsyn.planning.weeks import Weeks, day_number
from tilsyn.planning.whatif import Setting
from tilsyn.register.coding import GROUP_CODES
from tilsyn.register.store import Store
from tilsyn.rules import Catalogue
from tilsyn.vocabulary import MUNICIPALITIES, YearMonth


@dataclass(frozen=True)
class Ground:
    """What plans of one municipality are made of.

    Attributes:
        first, count: the plan's first day and its weeks.
        situation: everybody on a benefit there since two years before.
        projection: the municipality's places in the months of the weeks.
        stays: by place, the chance that the person is still there then.
    """

    municipality: str
    first: dt.date
    count: int
    store: Store
    definitions: Definitions
    catalogue: Catalogue
    situation: Situation
    projection: Projection
    stays: Any

    @property
    def persons(self) -> int:
        """How many persons are on a benefit there as the plan begins."""
        spells = self.situation.rows.spells
        here = (spells.end >= day_number(self.first)) & (
            spells.municipality == int(self.municipality)
        )
        return len(np.unique(spells.person[here]))

    def weeks(self, setting: Setting) -> Weeks:
        """The weeks, without the days a capacity file closes."""
        return Weeks.beginning(self.first, self.count, setting.capacity.closed)

    def targets(self, setting: Setting) -> tuple[Target, ...]:
        """The lines of a setting's goal."""
        groups = {GROUP_CODES[group] for group in np.unique(self.projection.group)}
        months = self.weeks(setting).lined
        return targets(setting.goal, self.catalogue, self.first, months, groups)


def read(
    store: Store,
    municipality: str,
    first: dt.date,
    count: int,
    catalogue: Catalogue,
    definitions: Definitions | None = None,
) -> Ground:
    """Read what is known of a municipality on the evening before a plan begins.

    Args:
        count: weeks.
        definitions: the measures; by default the shipped ones.

    Raises:
        InputError: nobody in the municipality is on a benefit then.
    """
    definitions = definitions or defined.load()
    code = int(municipality)
    on = first - dt.timedelta(days=1)
    since = max(situations.first_coming(on) - PAST, YearMonth(1990, 2))
    situation = situations.read(store, on, municipality=code, since=since)
    months = situations.coming(situation.on, len(Weeks.beginning(first, count).months))
    whole = project(situation, definitions, months)
    projection = whole.where(whole.municipality == code)
    ground = Ground(
        municipality,
        first,
        count,
        store,
        definitions,
        catalogue,
        situation,
        projection,
        stays(projection, situation, definitions, store.municipalities, code)
        if len(situation.persons)
        else np.zeros(0),
    )
    if not ground.persons:
        raise InputError(
            f"nobody in {MUNICIPALITIES[municipality].name} is on a benefit on {on}; is it the "
            "right store and day?",
            file=store.folder.parent,
        )
    return ground


def make(
    ground: Ground,
    setting: Setting,
    *,
    seconds: float = LONG,
    thorough: bool = True,
    progress: Progress = lambda _weight, _bound: None,
) -> Plan:
    """A plan with a setting.

    Args:
        seconds: end about then.
        thorough: see `optimum`.
        progress: told how good the plan is so far.
    """
    weeks = ground.weeks(setting)
    return plans.make(
        ground.projection,
        persons.read(ground.store, ground.situation, ground.definitions, weeks),
        weeks,
        setting.capacity,
        ground.targets(setting),
        duty=setting.goal.duty,
        factor=setting.factor,
        stays=ground.stays,
        seconds=seconds,
        thorough=thorough,
        progress=progress,
    )


def help_for(ground: Ground, setting: Setting, plan: Plan, *, seconds: float = LONG) -> Advice:
    """What would make a plan reach its goal; tried by plans for the lines alone."""
    bare = setting.goal.model_copy(update={"duty": False})

    def again(factor: Fraction) -> Plan:
        other = Setting(setting.name, bare, setting.capacity, setting.factor * factor)
        return make(ground, other, seconds=seconds, thorough=False)

    return advice(plan, again)
