"""The back-test: outlooks made on days of the register's past, held against what came."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.measures.definitions import Definitions
from tilsyn.measures.measurement import measure as measured
from tilsyn.measures.measurement import plan_of
from tilsyn.measures.plan import CELLS, Plan
from tilsyn.outlook.basis import gather
from tilsyn.outlook.figures import INTERVAL, outlooks
from tilsyn.register.store import Store
from tilsyn.vocabulary import MonthRange, YearMonth, add_months

ORIGINS = 6
"""Days of the past on which an outlook is made."""

COMPLETE_AFTER = 3
"""Months after which late registration no longer moves a figure much: newer months are no truth."""

LEAST = 10
"""Populations smaller than this say little about a share."""


@dataclass(frozen=True)
class Trial:
    """One month's outlook and what came; shares in per cent, all groups together.

    Attributes:
        ahead: coming month, 1 for the first that was not over.
        last_month, last_year: the naive forecasts: the last full month then, and the month a year
            before; None where the register does not go so far back.
    """

    on: dt.date
    municipality: int
    measure: str
    ahead: int
    expected: float
    low: float
    high: float
    came: float
    last_month: float | None
    last_year: float | None

    @property
    def covered(self) -> bool:
        """Whether what came lies in the interval."""
        return self.low <= self.came <= self.high


@dataclass(frozen=True)
class Backtest:
    """All trials."""

    trials: tuple[Trial, ...]

    def rows(self) -> Iterator[dict[str, Any]]:
        """By measure and month ahead: coverage, errors in percentage points, bias (+: too high)."""
        keys = dict.fromkeys((t.measure, t.ahead) for t in self.trials)
        order = list(dict.fromkeys(t.measure for t in self.trials))
        for measure, ahead in sorted(keys, key=lambda key: (order.index(key[0]), key[1])):
            mine = [t for t in self.trials if (t.measure, t.ahead) == (measure, ahead)]
            yield {
                "measure": measure,
                "ahead": ahead,
                "trials": len(mine),
                "coverage": round(sum(t.covered for t in mine) / len(mine), 3),
                "error": _error((t.expected, t.came) for t in mine),
                "bias": round(sum(t.expected - t.came for t in mine) / len(mine), 2),
                "error_last_month": _error((t.last_month, t.came) for t in mine),
                "error_last_year": _error((t.last_year, t.came) for t in mine),
            }


def _error(pairs: Any) -> float | None:
    off = [abs(forecast - came) for forecast, came in pairs if forecast is not None]
    return round(sum(off) / len(off), 2) if off else None


def origins(on: dt.date, months: int) -> list[dt.date]:
    """The days of the past, spread over the year that ends so many complete months before `on`.

    Each is the same day of its month as `on`; the last of a month stays the last.
    """
    last = on.day == calendar.monthrange(on.year, on.month)[1]
    found = []
    for back in range(ORIGINS):
        day = add_months(on, -months - COMPLETE_AFTER - back * 12 // ORIGINS)
        if last:
            day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        found.append(day)
    return found[::-1]


def backtest(
    store: Store,
    on: dt.date,
    months: int,
    definitions: Definitions,
    municipalities: Sequence[int],
    *,
    simulations: int,
    seed: int,
    done: Callable[[int], None] = lambda _of: None,
) -> Backtest:
    """Make outlooks on days of the past, and hold them against the figures as they are known now.

    Args:
        store: the register.
        on: the day of the present outlook; nothing later is seen.
        months: how many coming months.
        definitions: the measures.
        municipalities: codes.
        simulations, seed: as `outlooks` takes them.
        done: called after each day, with how many there are.
    """
    days, definitions = origins(on, months), definitions.by_seniority_alone()
    last = YearMonth.of(on + dt.timedelta(days=1)) - 1 - COMPLETE_AFTER
    span = MonthRange(max(YearMonth.of(days[0]) - 13, YearMonth(1990, 1)), last)
    plan = plan_of(store, definitions, span, on)
    came, span = _figures(store, plan), plan.months
    trials: list[Trial] = []
    for day in days:
        basis = gather(store, day, months, definitions)
        for one in outlooks(
            basis, municipalities, lambda one: one, simulations=simulations, seed=seed
        ):
            if one.municipality not in store.municipalities:
                continue
            index = store.municipalities.index(one.municipality)
            for k, code in enumerate(one.measures):
                shares = one.expected[k].shares[:, 0]
                for h, month in enumerate(one.months):
                    if not _known(came[k, index], month.since(span.first)):
                        continue
                    drawn = shares[:, h][~np.isnan(shares[:, h])]
                    if not drawn.size:
                        continue
                    low, high = np.percentile(drawn, INTERVAL)
                    trials.append(
                        Trial(
                            day, one.municipality, code, h + 1, float(drawn.mean()), float(low),
                            float(high), _share(came[k, index], month.since(span.first)) or 0.0,
                            _share(one.past[k, 0], one.past.shape[2] - 1),
                            _share(came[k, index], month.since(span.first) - 12),
                        )
                    )  # fmt: skip
        done(len(days))
    return Backtest(tuple(trials))


def _figures(store: Store, plan: Plan) -> Any:
    """Measure x municipality x month x (population, unmet), over all groups, by the kernel."""
    values = measured(store, plan).values
    shape = (len(store.municipalities), CELLS, len(plan.counters), len(plan.months))
    local = values.reshape(shape).sum(1)
    found = []
    for definition in plan.by_seniority:
        slot, categories = plan.slot(definition), len(definition.categories)
        persons = local[:, slot : slot + categories].sum(axis=1)
        found.append(np.stack([persons, local[:, slot + categories]], axis=-1))
    return np.stack(found)


def _known(figures: Any, month: int) -> bool:
    return 0 <= month < len(figures) and figures[month, 0] >= LEAST


def _share(figures: Any, month: int) -> float | None:
    if not (0 <= month < len(figures)) or figures[month, 0] == 0:
        return None
    return float(100 * figures[month, 1] / figures[month, 0])
