"""From a store to a plan: what is read once, and plans made of it with one setting or another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from tilsyn.errors import InputError
from tilsyn.measures import definitions as defined
from tilsyn.measures.definitions import Definitions
from tilsyn.planning import people as persons
from tilsyn.planning import plan as plans
from tilsyn.planning import situation as situations
from tilsyn.planning.advice import Advice, advice
from tilsyn.planning.goals import Target, targets
from tilsyn.planning.master import Progress
from tilsyn.planning.optimum import LONG
from tilsyn.planning.plan import Plan
from tilsyn.planning.projection import Projection, project
from tilsyn.planning.situation import Situation
from tilsyn.planning.weeks import Weeks
from tilsyn.planning.whatif import Setting
from tilsyn.register.coding import GROUP_CODES
from tilsyn.register.store import Store
from tilsyn.rules import Catalogue
from tilsyn.vocabulary import MUNICIPALITIES, YearMonth


@dataclass(frozen=True)
class Basis:
    """What plans of one municipality are made of.

    Attributes:
        first, count: the plan's first day and its weeks.
        projection: the municipality's places in the months of the weeks.
    """

    municipality: str
    first: dt.date
    count: int
    store: Store
    definitions: Definitions
    catalogue: Catalogue
    situation: Situation
    projection: Projection

    def weeks(self, setting: Setting) -> Weeks:
        """The weeks, without the days a capacity file closes."""
        return Weeks.beginning(self.first, self.count, setting.capacity.closed)

    def targets(self, setting: Setting) -> tuple[Target, ...]:
        """The lines of a setting's goal."""
        weeks = self.weeks(setting)
        whole: Sequence[YearMonth] = [m for m in weeks.months if m.last <= weeks.last]
        groups = {GROUP_CODES[group] for group in np.unique(self.projection.group)}
        return targets(setting.goal, self.catalogue, self.first, whole or weeks.months, groups)


def read(
    store: Store,
    municipality: str,
    first: dt.date,
    count: int,
    catalogue: Catalogue,
    own: Path | None = None,
) -> Basis:
    """Read what is known of a municipality on the evening before a plan begins.

    Args:
        count: weeks.
        own: a folder of own measure definitions.

    Raises:
        InputError: nobody in the municipality is on a benefit then.
    """
    definitions = defined.load(own)
    code = int(municipality)
    situation = situations.read(store, first - dt.timedelta(days=1), municipality=code)
    if not len(situation.persons):
        name = MUNICIPALITIES[municipality].name
        raise InputError(
            f"nobody in {name} is on a benefit on {situation.on}; is it the right store and day?",
            file=store.folder.parent,
        )
    months = situations.coming(situation.on, len(Weeks.beginning(first, count).months))
    whole = project(situation, definitions, months)
    return Basis(
        municipality,
        first,
        count,
        store,
        definitions,
        catalogue,
        situation,
        whole.where(whole.municipality == code),
    )


def make(
    basis: Basis,
    setting: Setting,
    *,
    seconds: float = LONG,
    progress: Progress = lambda _weight, _bound: None,
) -> Plan:
    """A plan with a setting.

    Args:
        seconds: end about then.
        progress: told how good the plan is so far.
    """
    weeks = basis.weeks(setting)
    return plans.make(
        basis.projection,
        persons.read(basis.store, basis.situation, basis.definitions, weeks),
        weeks,
        setting.capacity,
        basis.targets(setting),
        duty=setting.goal.duty,
        factor=setting.factor,
        seconds=seconds,
        progress=progress,
    )


def help_for(basis: Basis, setting: Setting, plan: Plan, *, seconds: float = LONG) -> Advice:
    """What would make a plan reach its goal."""

    def again(factor: Fraction) -> Plan:
        other = Setting(setting.name, setting.goal, setting.capacity, setting.factor * factor)
        return make(basis, other, seconds=seconds)

    return advice(plan, again)
