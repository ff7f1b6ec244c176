"""What each layer of the outlook is worth: errors and intervals without it, on registers nothing was tuned on.

Writes its section of ``docs/benchmarks.md``. Run: ``python -m bench.ablation WORK``. The folder gets
the registers: six municipalities of 100 to 2,400 recipients in three regions, with habits the
shipped model does not have (`HABITS`). Each layer is taken away alone, the others are fitted anew,
and the same outlooks are held against what came.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from bench.page import put
from tilsyn.measures import definitions as defined
from tilsyn.outlook.basis import Basis, gather
from tilsyn.outlook.event_rates import event_rates
from tilsyn.outlook.figures import INTERVAL, Expected, Outlook, _past, _with_total
from tilsyn.outlook.hazards import hazards
from tilsyn.outlook.inputs import inputs
from tilsyn.outlook.shrinkage import rates
from tilsyn.outlook.simulation import simulate
from tilsyn.outlook.verdicts import chances
from tilsyn.register.door import admit
from tilsyn.register.store import Store, load, opened
from tilsyn.register.synthetic import events, make
from tilsyn.register.synthetic.model import Model
from tilsyn.register.synthetic.model import load as shipped
from tilsyn.register.synthetic.spells import Spells
from tilsyn.register.synthetic.spells import draw as drawn
from tilsyn.rules import at_hand
from tilsyn.vocabulary import MonthRange

making = import_module("tilsyn.register.synthetic.make")

MONTHS = MonthRange.parse("2019-01..2024-12")
PERSONS = 36_000
MUNICIPALITIES = {461: 0.40, 657: 0.20, 253: 0.15, 430: 0.12, 665: 0.08, 336: 0.05}
"""Codes and their share of the persons; two of each of three regions."""

DAYS = (dt.date(2022, 12, 31), dt.date(2023, 9, 14))
KNOWN = dt.date(2024, 12, 31)
"""When outlooks are made, and when what came of them is read."""

AHEAD, SIMULATIONS, SEEDS = 12, 300, (7001, 7002, 7003)
SHORT = 6
"""Months ahead in which persons of a six-month population are known already."""
LEAST = 10
"""Populations smaller than this say little about a share."""


# Registers


@dataclass(frozen=True)
class Habits:
    """How a register differs from the shipped model.

    Attributes:
        swing, lasting: spread of a municipality's pace from month to month, and how much lasts.
        drift: change of the pace a year, up in some municipalities and down in others.
        frailty: shape of a gamma by which persons differ besides (0: they do not).
        spacing: days after an event in which another seldom follows.
        waves: spread of entries and exits from month to month.
        groups: spread of each municipality's pace between groups.
    """

    swing: float = 0.0
    lasting: float = 0.0
    drift: float = 0.0
    frailty: float = 0.0
    spacing: int = 0
    waves: float = 0.0
    groups: float = 0.0


HABITS = {
    "steady": Habits(),
    "swinging": Habits(swing=0.2, lasting=0.6, waves=0.25, frailty=1.5, groups=0.2),
    "drifting": Habits(swing=0.08, drift=0.12, spacing=24, waves=0.1, groups=0.1),
}


def register(work: Path, name: str, seed: int) -> Store:
    """A register with such habits as a store, made once."""
    folder = work / f"{name}-{seed}"
    if not (folder / "store").exists():
        folder.mkdir(parents=True, exist_ok=True)
        chance = np.random.default_rng([seed, 99])
        habits = HABITS[name]
        with (
            patch.object(making, "load", lambda: _model(chance)),
            patch.object(making, "draw", _drawn(habits, chance)),
            patch.object(events, "_scattered", _scattered(habits, chance)),
        ):
            make(folder / "register", PERSONS, MONTHS, seed)
        admit(folder / "register", folder / "admitted")
        load(folder / "admitted", folder / "store")
    with opened(folder / "store") as store:
        return store


def _model(chance: np.random.Generator) -> Model:
    """The shipped model with other numbers, and six municipalities."""
    model = shipped()
    codes = np.array(sorted(MUNICIPALITIES))

    def other(values: Any, spread: float) -> Any:
        return values * chance.lognormal(0, spread, len(values))

    return replace(
        model,
        municipalities=codes,
        population=np.array([MUNICIPALITIES[code] for code in codes.tolist()]),
        days=other(model.days, 0.25),
        shape=np.clip(other(model.shape, 0.2), 0.5, 1.6),
        conversations=other(model.conversations, 0.3),
        offers=other(model.offers, 0.3),
        season=np.clip(other(model.season, 0.15), 0.3, 1.6),
        one=model.one | {
            "early": float(chance.uniform(1.0, 3.0)),
            "late_days": float(chance.uniform(15, 50)),
            "same_week": float(chance.uniform(0.6, 0.9)),
        },
    )  # fmt: skip


def _monthly(habits: Habits, spread: float, chance: np.random.Generator) -> Any:
    """Municipality x month since 1990: factors about one that swing."""
    months = 12 * 40
    state = chance.standard_normal((1000, months))
    for month in range(1, months):
        kept = habits.lasting * state[:, month - 1]
        state[:, month] = kept + np.sqrt(1 - habits.lasting**2) * state[:, month]
    return np.exp(spread * state - spread**2 / 2)


def _month(days: Any) -> Any:
    return events.month_of(days) - 12 * 1990


def _drawn(habits: Habits, chance: np.random.Generator) -> Callable[..., Spells]:
    come, go = (_monthly(habits, habits.waves, chance) for _ in range(2))

    def draw(rng: np.random.Generator, *args: Any) -> Spells:
        spells = drawn(rng, *args)
        if not habits.waves:
            return spells
        kept = rng.random(len(spells)) < come[spells.municipality, _month(spells.start)] / 2
        spells = spells.take(kept)
        # A month of many exits ends spells before their time.
        end = spells.end.copy()
        for month in range(_month(np.array([17_000]))[0], _month(np.array([20_200]))[0]):
            last = (np.datetime64("1990-01", "M") + month).astype("datetime64[D]").astype(int) - 1
            on = (spells.start < last - 30) & (end > last)
            more = np.maximum(go[spells.municipality, month] - 1, 0) * 0.1
            end = np.where(on & (rng.random(len(end)) < more), last - rng.integers(0, 28), end)
        return replace(spells, end=end)

    return draw


def _scattered(habits: Habits, chance: np.random.Generator) -> Callable[..., tuple[Any, Any]]:
    even = events._scattered
    drift = chance.normal(0, habits.drift, 1000)

    def scattered(
        rng: np.random.Generator, spells: Spells, yearly: Any, model: Model
    ) -> tuple[Any, Any]:
        swings = _monthly(habits, habits.swing, chance)
        by_group = chance.lognormal(0, habits.groups, (1000, len(model.days)))
        yearly = yearly * by_group[spells.municipality, spells.grp]
        if habits.frailty:
            yearly = yearly * rng.gamma(habits.frailty, 1 / habits.frailty, len(spells))
        most = 2.0
        of, day = even(rng, spells, most * yearly, model)
        years = (day - np.datetime64("2022-01-01").astype(int)) / 365.25
        factor = swings[spells.municipality[of], _month(day)]
        factor = factor * np.exp(drift[spells.municipality[of]] * np.clip(years, -3, 3))
        kept = rng.random(len(of)) < factor / most
        of, day = of[kept], day[kept]
        if habits.spacing:
            order = np.lexsort((day, of))
            of, day = of[order], day[order]
            near = np.zeros(len(of), bool)
            near[1:] = (of[1:] == of[:-1]) & (np.diff(day) < habits.spacing)
            kept = ~near | (rng.random(len(of)) < 0.15)
            of, day = of[kept], day[kept]
        return of, day

    return scattered


# Layers


@dataclass(frozen=True)
class Layer:
    """What is taken away.

    Attributes:
        fitted: what stands in the place of functions while rates are fitted, by name.
        basis, inputs: what is changed after that.
    """

    fitted: Mapping[str, Any] = field(default_factory=dict)
    basis: Callable[[Basis], Basis] = lambda basis: basis
    inputs: Callable[[Any], Any] = lambda inputs: inputs
    seed: int = 1


def _part(part: str, **changes: Callable[[Any], Any]) -> Callable[[Basis], Basis]:
    """The basis with some of its hazards or rates changed."""

    def changed(basis: Basis) -> Basis:
        old = getattr(basis, part)
        new = {name: change(getattr(old, name)) for name, change in changes.items()}
        return replace(basis, **{part: replace(old, **new)})

    return changed


def _frailty(**changes: Callable[[Any], Any]) -> Callable[[Basis], Basis]:
    def each(found: Any) -> Any:
        return tuple(
            one._replace(**{name: change(getattr(one, name)) for name, change in changes.items()})
            for one in found
        )

    return _part("rates", frailty=each)


def _nought(values: Any) -> Any:
    return np.zeros_like(values)


def _one(values: Any) -> Any:
    return np.ones_like(values) if np.ndim(values) else 1.0


def _one_hazard(basis: Basis) -> Basis:
    exposed, leaving = basis.counted.movements.exposed, basis.hazards.leaving
    mean = (leaving * exposed).sum(2) / np.maximum(exposed.sum(2), 1)
    whole = np.repeat(mean[..., None], leaving.shape[2], axis=2)
    return replace(basis, hazards=replace(basis.hazards, leaving=whole))


def _no_events_brought(basis: Basis) -> Basis:
    moved = basis.counted.movements
    moved = replace(moved, before=_nought(moved.before), since_start=_nought(moved.since_start))
    return replace(basis, counted=replace(basis.counted, movements=moved))


def _all_reported(basis: Basis) -> Basis:
    return _refitted(replace(basis, reported=np.ones_like(basis.reported)))


def _by_group(cases: Any, weight: Any) -> Any:
    rate = cases.sum(-1, keepdims=True) / np.maximum(weight.sum(-1, keepdims=True), 1)
    return np.repeat(rate, cases.shape[-1], axis=-1)


def _raw(observed: Any, expected: Any, _prior: int = 0) -> Any:
    return (observed + 0.5) / (expected + 0.5)


OUTLOOK = "tilsyn.outlook."
LAYERS = {
    "nothing (another seed)": Layer(seed=2),
    "frailty of persons": Layer({"frailty._likeliest": lambda f, _s, _t: f._replace(shape=1e3)}),
    "time since the last event": Layer({"frailty.factors": lambda _o, e, _p: np.ones_like(e)}),
    "factor by stay beside frailty": Layer(basis=_frailty(by_stay=_one)),
    "events spread out or together": Layer(basis=_frailty(spread_out=_one)),
    "rates by months in the place": Layer({"event_rates._base": _by_group}),
    "phases and common shape of them": Layer({"event_rates._base": rates}),
    "season": Layer({"event_rates._season": lambda e, _x, _c: np.ones((len(e), 12))}),
    "shrinkage": Layer({"event_rates.factors": _raw, "hazards.factors": _raw}),
    "exits by duration": Layer(basis=_one_hazard),
    "events brought by entrants": Layer(basis=_no_events_brought),
    "reporting delay": Layer(basis=_all_reported),
    "ordinary hours": Layer(
        inputs=lambda o: o._replace(enough=_nought(o.enough), by_hours=_nought(o.by_hours))
    ),
    "overdispersion of months": Layer(basis=_part("rates", overdispersion=_nought)),
    "autocorrelation of months": Layer(basis=_part("rates", autocorrelation=_nought)),
    "posterior variance of the rates": Layer(basis=_part("rates", variance=lambda v: v * 1e-6)),
    "all three of these": Layer(
        basis=_part(
            "rates",
            overdispersion=_nought,
            autocorrelation=_nought,
            variance=lambda v: v * 1e-6,
        )
    ),
}


def _refitted(basis: Basis) -> Basis:
    calendar = np.array([month.month - 1 for month in basis.past])
    reported = basis.reported[basis.tables, :-1]
    return replace(
        basis,
        hazards=hazards(basis.counted.movements),
        rates=event_rates(basis.counted.exposure, reported, calendar),
    )


def _without(layer: Layer, whole: Basis) -> Basis:
    with ExitStack() as stack:
        for name, other in layer.fitted.items():
            stack.enter_context(patch(OUTLOOK + name, other))
        found = _refitted(whole) if layer.fitted else whole
    return layer.basis(found)


# Scores


def _outlooks(basis: Basis, layer: Layer) -> Iterator[Outlook]:
    for index, code in enumerate(basis.municipalities):
        expected = []
        for k in range(len(basis.measures)):
            seed = 1000 * layer.seed + 10 * index + k
            mine, given = basis.persons.of(code, k), layer.inputs(inputs(basis, index, k))
            found = simulate(given, mine, SIMULATIONS, seed)
            expected.append(Expected(*map(_with_total, found)))
        yield Outlook(
            basis.on, code, tuple(basis.months), basis.measures, _past(basis, code), (),
            tuple(expected),
        )  # fmt: skip


def _truth(known: Basis, like: Outlook) -> Outlook:
    """What came, as an outlook of one simulation."""
    past = _past(known, like.municipality)
    begin = like.months[0].since(known.past.last - (past.shape[2] - 1))
    came = past[:, :, begin : begin + len(like.months)]
    expected = tuple(
        Expected(*(one[None, :, :, s] for s in (0, 1)), one[None, :, :, 1], one[None, :, :, 1])
        for one in came
    )
    return replace(like, expected=expected)


def scores(found: Outlook, came: Outlook, catalogue: Any) -> Iterator[tuple[str, float]]:
    """What an outlook was worth: (kind of score, value)."""
    for k, measure in enumerate(found.measures):
        drawn, real = found.expected[k].shares, came.expected[k].shares[0]
        for row in range(drawn.shape[1]):
            for h in range(drawn.shape[2]):
                sample = np.sort(drawn[:, row, h][~np.isnan(drawn[:, row, h])])
                if came.expected[k].population[0, row, h] < LEAST or not len(sample):
                    continue
                true, n = real[row, h], len(sample)
                spread = (sample * (2 * np.arange(1, n + 1) - n - 1)).sum() / n**2
                crps = float(np.abs(sample - true).mean() - spread)
                low, high = np.percentile(sample, INTERVAL)
                kind = "total" if row == 0 else "groups"
                near = "near" if h < SHORT else "far"
                yield f"{kind} {near} error", float(abs(sample.mean() - true))
                yield f"{kind} {near} crps", crps
                yield f"{kind} {near} held", float(low <= true <= high)
                if row:
                    yield f"{measure} crps", crps
    told = {_key(c): c.probability for c in chances(found, catalogue)}
    for chance in chances(came, catalogue):
        if _key(chance) in told:
            yield "brier", (told[_key(chance)] - chance.probability) ** 2


def _key(chance: Any) -> tuple[Any, ...]:
    return chance.rule, chance.measure, chance.group, chance.month, chance.verdict


def trial(store: Store, names: list[str]) -> dict[str, dict[str, float]]:
    """By layer that is taken away ("" for none): the mean of each score over a register's trials."""
    measured, catalogue = defined.load(), at_hand()
    known = gather(store, KNOWN, 1, measured)
    sums: dict[str, dict[str, list[float]]] = {name: {} for name in ("", *names)}
    for day in DAYS:
        whole = gather(store, day, AHEAD, measured)
        for name in ("", *names):
            layer = LAYERS[name] if name else Layer()
            for found in _outlooks(_without(layer, whole), layer):
                for kind, value in scores(found, _truth(known, found), catalogue):
                    sums[name].setdefault(kind, []).append(value)
    return {
        name: {kind: float(np.mean(values)) for kind, values in of.items()}
        for name, of in sums.items()
    }


def main() -> None:
    """Make the registers, try every layer, write the section."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("work", type=Path, help="folder for registers, stores and results (1 GB)")
    asked.add_argument("--seeds", type=int, default=len(SEEDS))
    asked.add_argument("--layer", action="append", help="only this layer; writes no section")
    options = asked.parse_args()
    names = options.layer or list(LAYERS)
    results = []
    for name in HABITS:
        for seed in SEEDS[: options.seeds]:
            kept = options.work / f"{name}-{seed}" / "scores.json"
            found = json.loads(kept.read_text()) if kept.exists() else {}
            if missing := [one for one in names if one not in found]:
                found |= trial(register(options.work, name, seed), missing)
                kept.write_text(json.dumps(found))
            results.append(found)
    lines = list(table(results, names))
    sys.stdout.write("\n".join(lines) + "\n")
    if not options.layer:
        put("What the layers of the outlook are worth", lines)


COLUMNS = {
    "total near crps": "total, to six months",
    "total far crps": "total, later",
    "groups near crps": "groups, to six months",
    "groups far crps": "groups, later",
    "brier": "Brier",
}


def table(results: list[dict[str, dict[str, float]]], names: list[str]) -> Iterator[str]:
    """The section's lines: changes in per cent, with the standard error over registers."""
    yield (
        f"`python -m bench.ablation`: {len(results)} made-up registers of six municipalities "
        f"(habits {', '.join(HABITS)}), {len(DAYS)} outlooks each of {AHEAD} months, "
        f"{SIMULATIONS} simulations. First what the outlook comes to, then, without one layer, the "
        "change in per cent (+: worse) with its standard error over the registers; CRPS of the "
        "share of those without what is required, Brier of the rules' verdicts."
    )
    yield ""
    yield f"| without | {' | '.join(COLUMNS.values())} | 80 % held, total | held, groups | most changed |"
    yield "|---" * (len(COLUMNS) + 4) + "|"
    whole = [found[""] for found in results]
    mean = {kind: float(np.mean([one[kind] for one in whole])) for kind in whole[0]}
    yield (
        "| none | " + " | ".join(f"{mean[c]:.3f}" for c in COLUMNS) + f" | {_held(whole, 'total')} "
        f"| {_held(whole, 'groups')} | |"
    )
    for name in names:
        cells = [_change(results, name, kind) for kind in COLUMNS]
        by_measure = {k: _change(results, name, k) for k in mean if k.split()[0] in _MEASURES}
        most = max(by_measure, key=lambda k: abs(by_measure[k][0]))
        without = [found[name] for found in results]
        yield (
            f"| {name} | " + " | ".join(f"{at:+.1f} ± {error:.1f}" for at, error in cells)
            + f" | {_held(without, 'total')} | {_held(without, 'groups')} "
            f"| {most.split()[0]} {by_measure[most][0]:+.1f} ± {by_measure[most][1]:.1f} |"
        )  # fmt: skip


_MEASURES = {d.measure for d in defined.load().measures}


def _change(
    results: list[dict[str, dict[str, float]]], name: str, kind: str
) -> tuple[float, float]:
    changes = np.array([100 * (found[name][kind] / found[""][kind] - 1) for found in results])
    error = changes.std(ddof=1) / np.sqrt(len(changes)) if len(changes) > 1 else np.nan
    return float(changes.mean()), float(error)


def _held(found: list[dict[str, float]], kind: str) -> str:
    near, far = (np.mean([one[f"{kind} {at} held"] for one in found]) for at in ("near", "far"))
    return f"{100 * near:.0f}, {100 * far:.0f} %"


if __name__ == "__main__":
    main()
