"""The projection: every time a person of a situation will be counted, if nothing more is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.measures import counting
from tilsyn.measures.definitions import Definitions
from tilsyn.measures.plan import CELLS, Plan
from tilsyn.outlook.situation import Situation
from tilsyn.register.coding import VISITATION_CODES
from tilsyn.vocabulary import MonthRange


@dataclass(frozen=True)
class Projection:
    """Places: person x measure x month in a population, as the kernel counts them.

    Ongoing spells go on to the last month; nothing is added to what is known. Arrays by place:

    Attributes:
        plan: what was measured; `measures` and `months` name what the indices mean.
        person: index in the situation.
        measure: index in `measures`.
        month: index in `months`.
        municipality: code.
        group, visitation: indices as `tilsyn.register.coding` has them.
        counted: events in the window so far.
        required: events required.
        met: whether enough is done, also through hours.
        opens, closes: day numbers: the first and the last day on which one more counting event
            counts for this place. `opens` may lie in the past.
    """

    plan: Plan
    person: Any
    measure: Any
    month: Any
    municipality: Any
    group: Any
    visitation: Any
    counted: Any
    required: Any
    met: Any
    opens: Any
    closes: Any

    def __len__(self) -> int:
        return len(self.person)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures, by index."""
        return tuple(d.measure for d in self.plan.by_seniority)

    @property
    def months(self) -> tuple[Any, ...]:
        """The months (`YearMonth`), by index."""
        return tuple(self.plan.months)

    def where(self, mask: Any) -> Projection:
        """Some of the places, by mask or index."""
        columns = {n: getattr(self, n)[mask] for n in self.__dataclass_fields__ if n != "plan"}
        return Projection(self.plan, **columns)


def project(situation: Situation, definitions: Definitions, months: MonthRange) -> Projection:
    """Measure a situation over some months with the measuring kernel.

    Args:
        situation: the persons; months before its `since` lack persons who have left.
        definitions: what is measured; who is merely placed (durations) is left out.
        months: coming ones, as a rule (`situation.coming`).
    """
    counted = [d.measure for d in definitions.measures if d.by_seniority_alone]
    plan = Plan(definitions.only(*counted), situation.municipalities, months)
    nobody = np.zeros(len(situation.persons), dtype=np.bool_)
    places = counting.places(plan, situation.rows, nobody)
    codes = np.array(plan.municipalities, dtype=np.int16)
    visitations = len(VISITATION_CODES)
    return Projection(
        plan,
        person=places.person,
        measure=places.measure,
        month=places.month,
        municipality=codes[places.cell // CELLS],
        group=places.cell // visitations % (CELLS // visitations),
        visitation=places.cell % visitations,
        counted=places.counted,
        required=places.required,
        met=places.met.astype(np.bool_),
        opens=places.opens,
        closes=places.closes,
    )
