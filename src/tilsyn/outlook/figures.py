"""The outlook: what the coming months' figures will be, at best, if nothing more is done, and likely."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np

from tilsyn.measures.kernel.calendar import day_date
from tilsyn.outlook.basis import Basis
from tilsyn.outlook.inputs import inputs
from tilsyn.outlook.simulation import Simulation
from tilsyn.outlook.trajectories import Trajectories
from tilsyn.register.coding import GROUP_CODES
from tilsyn.vocabulary import TOTAL, YearMonth
from tilsyn.work.spreading import Done, Engine, Threads, nothing

ROWS = (TOTAL.code, *GROUP_CODES)
"""The group axis: the total first."""

SEED = 20_231
SIMULATIONS = 1000
INTERVAL = (10, 90)
"""Percentiles between which four simulations of five lie."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Known:
    """Who will be in a population as far as is known now, and if nobody leaves; by group and month.

    Attributes:
        persons: how many.
        met: of them, those whose requirement is met already.
        open: those who can still be met; `last_day` is the earliest of their last days to begin
            on (0: none is open).
        lost: those for whom it is too late.
    """

    persons: Any
    met: Any
    open: Any
    lost: Any
    last_day: Any

    @property
    def nothing_more(self) -> Any:
        """Unmet if nothing more is done."""
        return self.open + self.lost


@dataclass(frozen=True)
class Expected:
    """What was simulated: simulation x group x month.

    Attributes:
        population: persons, of those known now and those who come.
        unmet: of them, if things go on as lately.
        best: those of them for whom it is too late already.
        nothing_more: unmet if nothing more is done.
    """

    population: Any
    unmet: Any
    best: Any
    nothing_more: Any

    @cached_property
    def shares(self) -> Any:
        """Per cent unmet; not a number where nobody is in the population."""
        with np.errstate(invalid="ignore"):
            return np.where(self.population > 0, 100.0 * self.unmet / self.population, np.nan)


@dataclass(frozen=True)
class Outlook:
    """One municipality's coming months, measure by measure.

    Attributes:
        municipality: its code.
        past: figures of months that are over, as known on the day: measure x group x month x
            (population, unmet); they end the month before the first coming one.
        known, expected: by measure.
    """

    on: dt.date
    municipality: int
    months: tuple[YearMonth, ...]
    measures: tuple[str, ...]
    past: Any
    known: tuple[Known, ...]
    expected: tuple[Expected, ...]

    def rows(self, measures: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        """The outlook as flat records, for programs; groups without anybody are left out.

        Args:
            measures: only these; all where none is named.
        """
        for k, measure in enumerate(self.measures):
            if measures and measure not in measures:
                continue
            known, expected = self.known[k], self.expected[k]
            for g, group in enumerate(ROWS):
                if not (known.persons[g].any() or expected.population[:, g].any()):
                    continue
                likely = _expected_records(expected, g)
                for h, month in enumerate(self.months):
                    yield {
                        "municipality": f"{self.municipality:03d}",
                        "measure": measure,
                        "group": group,
                        "month": str(month),
                        **_known_record(known, g, h),
                        **likely[h],
                    }


def _known_record(known: Known, g: int, h: int) -> dict[str, Any]:
    day = int(known.last_day[g, h])
    return {
        "known": int(known.persons[g, h]),
        "met": int(known.met[g, h]),
        "open": int(known.open[g, h]),
        "lost": int(known.lost[g, h]),
        "last_day": day_date(day).isoformat() if day else None,
    }


def _expected_records(expected: Expected, g: int) -> list[dict[str, Any]]:
    """What is expected of a group, month by month."""
    population, unmet, best, nothing_more = (
        counts[:, g]
        for counts in (expected.population, expected.unmet, expected.best, expected.nothing_more)
    )
    persons, persons_unmet = (np.percentile(c, INTERVAL, axis=0) for c in (population, unmet))
    low_high = _interval(expected.shares[:, g])
    records = []
    for h in range(population.shape[1]):
        everybody = population[:, h].sum()
        share = _share(unmet[:, h].sum(), everybody)
        records.append(
            {
                "expected_population": round(float(population[:, h].mean()), 2),
                "population_low": int(persons[0, h]),
                "population_high": int(persons[1, h]),
                "expected_unmet": round(float(unmet[:, h].mean()), 2),
                "unmet_low": int(persons_unmet[0, h]),
                "unmet_high": int(persons_unmet[1, h]),
                "best_share": _share(best[:, h].sum(), everybody),
                "expected_share": share,
                "nothing_more_share": _share(nothing_more[:, h].sum(), everybody),
                # Among a few persons nearly all simulations may agree, and the mean lie beside them.
                "share_low": None if share is None else min(share, round(float(low_high[0, h]), 2)),
                "share_high": None
                if share is None
                else max(share, round(float(low_high[1, h]), 2)),
            }
        )
    return records


def _interval(shares: Any) -> Any:
    """The interval of each month, of the simulations in which somebody is there; else no number."""
    nobody = np.isnan(shares)
    whole = ~nobody.any(axis=0)
    found = np.full((len(INTERVAL), shares.shape[1]), np.nan)
    found[:, whole] = np.percentile(shares[:, whole], INTERVAL, axis=0)
    for h in np.flatnonzero(~whole & ~nobody.all(axis=0)):
        found[:, h] = np.percentile(shares[~nobody[:, h], h], INTERVAL)
    return found


def _share(part: Any, whole: Any) -> float | None:
    return round(100 * float(part) / float(whole), 2) if whole else None


def outlook(
    basis: Basis,
    municipality: int,
    *,
    simulations: int = SIMULATIONS,
    seed: int = SEED,
    threads: int | None = None,
) -> Outlook:
    """The outlook of one municipality.

    Args:
        basis: what is known and expected (`basis.gather`).
        municipality: its code; one that the register does not know has nobody.
        simulations: how many times the coming months are lived through.
        seed: the same seed gives the same numbers, whatever the machine's number of cores.
        threads: that simulate at once; None: one a core.
    """
    engine = Threads(threads) if threads else Threads()
    measures = range(len(basis.measures))
    expected = []
    for measure in measures:
        found = _simulated(basis, municipality, measure, simulations, seed, engine)
        expected.append(Expected(*map(_with_total, found)))
    known = tuple(_known(basis.persons.of(municipality, measure)) for measure in measures)
    return Outlook(
        basis.on, municipality, tuple(basis.months), basis.measures, _past(basis, municipality),
        known, tuple(expected),
    )  # fmt: skip


def outlooks(
    basis: Basis,
    municipalities: Sequence[int],
    then: Callable[[Outlook], Result],
    *,
    simulations: int = SIMULATIONS,
    seed: int = SEED,
    engine: Engine | None = None,
    done: Done = nothing,
) -> Iterator[Result]:
    """What is wanted of the outlooks of several municipalities, in their order.

    Args:
        basis, simulations, seed: as `outlook`.
        municipalities: their codes.
        then: takes of an outlook what is wanted: what a country's simulations find need not fit in memory.
        engine: this machine's threads where none is given.
        done: called after each municipality.
    """
    one = partial(
        _outlook_of, basis=basis.without_persons(), then=then, simulations=simulations, seed=seed,
        threads=None if len(municipalities) == 1 else 1,
    )  # fmt: skip
    keys = ((code, basis.persons_of(code)) for code in municipalities)
    return (engine or Threads()).over(keys, one, done=done)


def _outlook_of(
    key: tuple[int, Trajectories],
    basis: Basis,
    then: Callable[[Outlook], Result],
    simulations: int,
    seed: int,
    threads: int | None,
) -> Result:
    code, persons = key
    basis = replace(basis, persons=persons)
    return then(outlook(basis, code, simulations=simulations, seed=seed, threads=threads))


def _simulated(
    basis: Basis, code: int, measure: int, simulations: int, seed: int, engine: Threads
) -> tuple[Any, ...]:
    if code not in basis.municipalities:
        none = np.zeros((simulations, len(GROUP_CODES), len(basis.months)), dtype=np.int32)
        return (none,) * 4
    simulation = Simulation(
        inputs(basis, basis.municipalities.index(code), measure),
        basis.persons.of(code, measure),
        simulations,
        _seed(seed, code, measure),
    )
    for _ in engine.over(simulation.blocks(), _run):
        pass
    return simulation.counts()


def _run(block: Callable[[], None]) -> None:
    block()


def _seed(seed: int, code: int, measure: int) -> int:
    return int(np.random.SeedSequence([seed, code, measure]).generate_state(1)[0])


def _past(basis: Basis, code: int) -> Any:
    if code not in basis.municipalities:
        shape = basis.counted.figures.shape
        return np.zeros((shape[0], len(ROWS), *shape[3:]), dtype=np.int64)
    by_group = basis.counted.figures[:, basis.municipalities.index(code)]
    return np.concatenate([by_group.sum(axis=1, keepdims=True), by_group], axis=1)


def _with_total(by_group: Any) -> Any:
    """Simulation x group x month, the total before the groups."""
    return np.concatenate([by_group.sum(axis=1, keepdims=True), by_group], axis=1)


def _known(persons: Trajectories) -> Known:
    """Count the persons of one municipality and measure."""
    groups = [persons.group == g for g in range(len(GROUP_CODES))]

    def counted(mask: Any) -> Any:
        sums = np.stack([np.count_nonzero(mask[mine], axis=0) for mine in groups])
        return np.concatenate([sums.sum(axis=0, keepdims=True), sums])

    still = persons.due & ~persons.met & ~persons.lost
    never = np.iinfo(np.int32).max
    days = np.where(still, persons.last_day, never)
    last = np.stack([days[mine].min(axis=0, initial=never) for mine in groups])
    last = np.concatenate([last.min(axis=0, keepdims=True), last])
    return Known(
        persons=counted(persons.due),
        met=counted(persons.due & persons.met),
        open=counted(still),
        lost=counted(persons.lost),
        last_day=np.where(last == never, 0, last),
    )
