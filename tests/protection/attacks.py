"""An attacker who knows the method: every table that fits, protected under every key, is compared with what is shown.

What is shown of a table is how deep each row is hidden and the counts that are not; a table that fits and
comes out the same under some key could be the true one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numba
import numpy as np

from tests.protection.small import GROUPS, LATER, MONTH
from tilsyn.protection.counts import Counts, Frame, chances
from tilsyn.protection.suppression import blind, proved, together
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES

KEYS = [bytes([k]) * 32 for k in range(256)]
MOST = 2000
"""So many fitting tables are looked at."""
STEPS = 60_000
"""So many are tried on a walk."""
BACK = 1 / 4
"""How often a walk begins again: tables near the true one come out alike most."""
LARGEST = 15
"""What an attacker takes for the most a hidden count can be; twelve is the most there is."""
VESTJYLLAND = [one.code for one in MUNICIPALITIES if one.rar == "vestjylland"]


def frame(measures, places, groups, month):
    """A table with every count of some groups and the row over them."""
    rows = tuple(sorted((grp, "") for grp in (*groups, "total")))
    sides = (len(measures), len(places), len(rows))
    return Frame(
        tuple(measures),
        tuple(places),
        rows,
        month,
        tuple(MEASURES[code].categories for code in measures),
        np.ones(sides, dtype=np.bool_),
    )


EARLY = frame(["offers_6m"], [("municipality", "183")], GROUPS, MONTH)
SISTERS = frame(
    ["conversations_12m", "offers_12m"],
    [("municipality", "183")],
    ["a_dagpenge", "sygedagpenge", "kontanthjaelp"],
    MONTH,
)
AREA = frame(
    ["offers_6m"],
    [*(("municipality", code) for code in VESTJYLLAND[:4]), ("rar", "vestjylland")],
    GROUPS[:2],
    LATER,
)
FRAMES = {"early": EARLY, "sisters": SISTERS, "area": AREA}


def leaves(of):
    """The rows that no other is a part of, of the places that no other is a part of."""
    carrier = of.shape[1]
    return [
        (a, i)
        for a in range(len(of.places))
        for i in range(len(of.rows))
        if carrier[a] and of.leaf[:, a, i].all()
    ]


def filled(of, rows):
    """A table from its leaves: measure × (persons by category, unmet) of each."""
    shape = of.exists.shape
    persons = np.full((*shape, of.size), -1, dtype=np.int64)
    for k, names in enumerate(of.categories):
        persons[k, :, :, : len(names)] = 0
    unmet = np.zeros(shape, dtype=np.int64)
    anc, _, up, _ = of.shape
    for (a, i), row in rows.items():
        for k, (x, u) in enumerate(row):
            for place in anc[a][anc[a] >= 0]:
                for over in up[i][up[i] >= 0]:
                    persons[k, place, over, : len(x)] += x
                    unmet[k, place, over] += u
    return Counts(of, persons, unmet, np.maximum(persons, 0).sum(axis=3))


def drawn(of, random):
    """A random table; every number of a leaf is twelve at the most."""
    rows = {}
    for leaf in leaves(of):
        most = int(random.choice([3, 6, 12]))
        first = random.integers(0, most + 1, len(of.categories[0]))
        first[random.random(len(first)) < 0.25] = 0
        row = []
        for k, names in enumerate(of.categories):
            x = first
            if k:
                # The same persons in every measure.
                x = random.multinomial(int(first.sum()), random.dirichlet(np.ones(len(names))))
            row.append((tuple(int(n) for n in x), _unmet(of, k, leaf[1], x, random)))
        rows[leaf] = tuple(row)
    return filled(of, rows)


def _unmet(of, k, i, x, random):
    rule = MEASURES[of.measures[k]].unmet_numbers(of.rows[i][0], of.month)
    below = sum(
        n
        for n, name in zip(x, of.categories[k], strict=False)
        if name in (rule.equals or rule.at_most)
    )
    return int(below) if rule.equals else int(random.integers(max(0, below - 3), below + 1))


@dataclass
class Shown:
    """What others see: depths, and the numbers that are not hidden (-1: hidden)."""

    depth: Any
    persons: Any
    unmet: Any
    population: Any


def shown(counts, depth):
    """What is seen of a table."""
    rules = counts.frame.rules[0][:, np.newaxis, :, : counts.frame.size]
    return Shown(
        depth,
        np.where(depth[..., np.newaxis] >= rules, -1, counts.persons),
        np.where(depth >= 2, -1, counts.unmet),
        np.where(depth >= 3, -1, counts.population),
    )


def _options(of, seen, a, i, largest):
    """Every row of a leaf that fits what is shown of it, all measures together."""
    by_population = []
    for k, names in enumerate(of.categories):
        sides = [
            range(largest + 1) if n < 0 else (int(n),) for n in seen.persons[k, a, i, : len(names)]
        ]
        rule = MEASURES[of.measures[k]].unmet_numbers(of.rows[i][0], of.month)
        below = [c for c, name in enumerate(names) if name in (rule.equals or rule.at_most)]
        found = defaultdict(list)
        whole = int(seen.population[k, a, i])
        if np.prod([len(side) for side in sides]) > 100 * MOST and whole < 0:
            raise _ManyError
        for x in _rows(sides, whole):
            low = sum(x[c] for c in below)
            for u in (low,) if rule.equals else range(low + 1):
                if seen.unmet[k, a, i] in (-1, u):
                    found[sum(x)].append((x, u))
        by_population.append(found)
    if (
        sum(np.prod([len(found[n]) for found in by_population]) for n in by_population[0])
        > 20 * MOST
    ):
        raise _ManyError
    common = set.intersection(*(set(found) for found in by_population))
    return [row for n in sorted(common) for row in product(*(found[n] for found in by_population))]


def _rows(sides, whole):
    if whole < 0:
        yield from product(*sides)
        return
    if len(sides) == 1:
        if whole in sides[0]:
            yield (whole,)
        return
    for first in sides[0]:
        if first <= whole:
            for rest in _rows(sides[1:], whole - first):
                yield (first, *rest)


class _ManyError(Exception):
    """More tables than are listed."""


def fitting(counts, seen, random, known=(), largest=LARGEST, most=MOST):
    """Tables that fit what is shown of one: all there are, or a walk among them.

    Args:
        known: places somebody knows as they are.
    """
    of = counts.frame
    held = {leaf: row for leaf, row in _rows_of(counts).items() if leaf[0] in known}
    try:
        listed = _enumerated(of, seen, random, held, largest, most)
    except _ManyError:
        listed = None
    if listed is not None:
        return [filled(of, one) for one in listed]
    return _walked(counts, seen, random, known, most)


def _rows_of(counts):
    of = counts.frame
    return {
        (a, i): tuple(
            (
                tuple(int(n) for n in counts.persons[k, a, i, : len(names)]),
                int(counts.unmet[k, a, i]),
            )
            for k, names in enumerate(of.categories)
        )
        for a, i in leaves(of)
    }


def _walked(counts, seen, random, known, most):
    """Fitting tables met on walks from the true one: persons of up to four rows move, so that what is shown stays.

    An attacker who lists all there are meets these too.
    """
    of, places = counts.frame, leaves(counts.frame)
    types, allowed = counts._types(of.rules[1])
    state = np.stack([types[:, a, i].reshape(len(of.measures), -1) for a, i in places], axis=1)
    may = np.stack([allowed[:, i].reshape(len(of.measures), -1) for _, i in places], axis=1)
    anc, _, up, _ = of.shape
    visible = []
    for k, names in enumerate(of.categories):
        for place in range(len(of.places)):
            for over in range(len(of.rows)):
                inside = [j for j, (a, i) in enumerate(places) if place in anc[a] and over in up[i]]
                for c, number in enumerate(
                    [
                        *seen.persons[k, place, over, : len(names)],
                        seen.unmet[k, place, over],
                        seen.population[k, place, over],
                    ]
                ):
                    if number < 0:
                        continue
                    row = np.zeros(state.shape)
                    chosen = np.zeros((of.size + 1, 2))
                    if c < len(names):
                        chosen[c] = 1
                    elif c == len(names):
                        chosen[:, 1] = 1
                    else:
                        chosen[:] = 1
                    row[k, inside] = chosen.reshape(-1)
                    visible.append(row.reshape(-1))
    matrix = np.array(visible).reshape(len(visible), state.size)
    munis = sorted({a for a, _ in places})
    at = {place: j for j, place in enumerate(places)}
    start = state
    found = {state.tobytes(): state.copy()}
    for _ in range(STEPS):
        if len(found) >= most:
            break
        delta = np.zeros_like(state)
        one, other = random.choice(munis), random.choice(munis)
        first, second = (random.choice([i for a, i in places if a == one]) for _ in range(2))
        corners = [(one, first, 1)]
        if random.random() < 0.8:
            corners.append((one, second, -1))
        if other != one:
            corners += [(other, i, -way) for _, i, way in corners]
        whole = random.random() < 0.4
        for k in range(len(of.measures)) if whole else [random.integers(len(of.measures))]:
            p, q = random.integers(state.shape[2], size=2)
            for a, i, way in corners:
                delta[k, at[a, i], p] += way
                if not whole:
                    delta[k, at[a, i], q] -= way
        new = state + delta
        stays = all(not delta[:, j].any() for j, (a, _) in enumerate(places) if a in known)
        if not stays or (new < 0).any() or (new[~may] > 0).any():
            continue
        # Two measures of the same persons.
        if (delta.sum(axis=2) != delta[0].sum(axis=1)).any() or (matrix @ delta.reshape(-1)).any():
            continue
        state = new
        found[state.tobytes()] = state.copy()
        if random.random() < BACK:
            state = start
    tables = []
    for one in found.values():
        rows = {}
        for j, place in enumerate(places):
            rows[place] = tuple(
                (
                    one[k, j].reshape(-1, 2).sum(axis=1)[: len(names)],
                    int(one[k, j].reshape(-1, 2)[:, 1].sum()),
                )
                for k, names in enumerate(of.categories)
            )
        tables.append(filled(of, rows))
    return tables


def _enumerated(of, seen, random, known, largest, most):
    """All tables that fit what is shown, as their leaves; None where there are too many to list."""
    anc, _, up, _ = of.shape
    places = leaves(of)
    options = []
    for a, i in places:
        if known and (a, i) in known:
            options.append([known[a, i]])
            continue
        found = _options(of, seen, a, i, largest)
        if len(found) > 20 * most:
            return None
        options.append(found)
    order = sorted(range(len(places)), key=lambda j: len(options[j]))
    sums = {}
    for j, (a, i) in enumerate(places):
        for place in anc[a][anc[a] >= 0]:
            for over in up[i][up[i] >= 0]:
                if (place, over) != (a, i):
                    sums.setdefault((int(place), int(over)), []).append(j)
    left = {
        whole: np.concatenate(
            [
                np.concatenate(
                    [
                        seen.persons[k][whole][: len(names)],
                        [seen.unmet[k][whole], seen.population[k][whole]],
                    ]
                )
                for k, names in enumerate(of.categories)
            ]
        )
        for whole in sums
    }
    vectors = [
        [np.concatenate([[*x, u, sum(x)] for x, u in row]) for row in found] for found in options
    ]
    waiting = {whole: len(parts) for whole, parts in sums.items()}
    through = [[whole for whole, parts in sums.items() if j in parts] for j in range(len(places))]
    picked: dict[int, Any] = {}
    tried = 0

    def walk(at):
        nonlocal tried
        if at == len(order):
            yield {places[j]: row for j, row in picked.items()}
            return
        j = order[at]
        for row, vector in zip(options[j], vectors[j], strict=True):
            tried += 1
            if tried > 50 * most:
                raise _ManyError
            before, good = {}, True
            for whole in through[j]:
                rest = np.where(left[whole] >= 0, left[whole] - vector, -1)
                open_ = left[whole] >= 0
                last = waiting[whole] == 1
                if (rest[open_] < 0).any() or (last and rest[open_].any()):
                    good = False
                    break
                before[whole] = left[whole]
                left[whole] = rest
                waiting[whole] -= 1
            if good:
                picked[j] = row
                yield from walk(at + 1)
                del picked[j]
            for whole, old in before.items():
                left[whole] = old
                waiting[whole] += 1

    found = []
    for one in walk(0):
        found.append(one)
        if len(found) > most:
            return None
    return found


@numba.njit(nogil=True)
def _blinds(start, decoys, orders, costs, places, rows, fixed, shape, tables):
    made = np.empty((len(decoys), *start.shape), np.int64)
    for key in range(len(decoys)):
        asks = (*tables[:14], *together(tables[8], places[key], rows[key]))
        made[key] = blind(start, decoys[key], orders[key], costs[key], fixed, shape, asks)
    return made


@numba.njit(nogil=True)
def _alike(depth, blinds, orders, costs, places, rows, fixed, shape, tables):
    many = 0
    for key in range(len(blinds)):
        # Looking at counts only adds.
        if (blinds[key] <= depth).all():
            made = blinds[key].copy()
            asks = (*tables[:14], *together(tables[8], places[key], rows[key]))
            proved(made, orders[key], costs[key], fixed, shape, asks)
            many += int((made == depth).all())
    return many


@dataclass
class Found:
    """What replay found of a table's secrets.

    Attributes:
        secrets: how many there are.
        alone: of how many only one value could have come out so.
        likely: of how many the true value is likelier than nine to one.
        given_up: small counts that the program says it could not keep.
        by: where: statistic and category of those alone.
    """

    secrets: int = 0
    alone: int = 0
    likely: int = 0
    given_up: int = 0
    by: list[Any] = field(default_factory=list)

    def add(self, other):
        for name in ("secrets", "alone", "likely", "given_up"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.by += other.by


class Replay:
    """The attack on tables of one frame, with the keys at hand."""

    def __init__(self, of, keys=KEYS, most=MOST):
        self.of, self.most = of, most
        told = [chances(of, key, of.measures[0]) for key in keys]
        self.costs = np.stack([cost for cost, *_ in told])
        self.decoys = np.stack([decoy for _, decoy, *_ in told])
        self.orders = np.stack([order for _, _, order, _ in told])
        self.blocks = [blocks for *_, blocks in told]
        self.together = [np.stack(one) for one in zip(*self.blocks, strict=True)]
        self.start = np.zeros(of.exists.shape, dtype=np.int64)
        shape = of.exists.shape
        self.fixed = np.zeros((shape[0], 3, *shape[1:]), dtype=np.bool_)
        self.blinds = {}

    def protected(self, counts, key):
        tables = counts.tables(3, False, self.blocks[key])
        one = self.orders[key], self.costs[key], self.fixed
        depth = blind(self.start, self.decoys[key], *one, self.of.shape, tables)
        return depth, proved(depth, *one, self.of.shape, tables)

    def matches(self, counts, depth):
        """Under how many keys a table comes out so."""
        tables = counts.tables(3, False)
        told = self.orders, self.costs, *self.together, self.fixed, self.of.shape, tables
        need = tables[8].tobytes()
        if need not in self.blinds:
            self.blinds[need] = _blinds(self.start, self.decoys, *told)
        return _alike(depth, self.blinds[need], *told)

    def _matches(self, counts, depth, key):
        return int((self.protected(counts, key)[0] == depth).all())

    def attack(self, counts, key, random, under_all=True):
        """What the attacker learns of a table that was protected under one of the keys.

        Under that key alone more is learnt than under all: what is open there is open.
        """
        depth, lost = self.protected(counts, key)
        seen = shown(counts, depth)
        weights = defaultdict(lambda: defaultdict(int))
        mine = list(secrets_of(counts))
        # In a second measure of the same persons a number may be larger.
        largest = max(LARGEST, *(counts.persons[:, a, i].max() for a, i in leaves(self.of)))
        tables = fitting(counts, seen, random, largest=int(largest), most=self.most)
        for one in tables:
            many = self.matches(one, depth) if under_all else self._matches(one, depth, key)
            if many:
                for secret in mine:
                    weights[secret][value_of(one, secret)] += many
        found = Found(len(mine), given_up=int(lost.sum()))
        for secret in mine:
            values = weights[secret]
            total, true = sum(values.values()), values[value_of(counts, secret)]
            found.alone += len(values) < 2
            found.likely += true > 0.9 * total
            if len(values) < 2:
                found.by.append((secret, len(tables), total))
        return found


def secrets_of(counts):
    """The counts of one and two: statistic, measure, place, row, category."""
    of = counts.frame
    for k, a, i in product(*map(range, of.exists.shape)):
        for c in range(len(of.categories[k])):
            if counts.persons[k, a, i, c] in (1, 2):
                yield "persons", k, a, i, c
        for name in ("unmet", "population"):
            if getattr(counts, name)[k, a, i] in (1, 2):
                yield name, k, a, i, 0
        lasting = of.rules[0][k, i, of.size]
        if lasting and counts.persons[k, a, i, lasting - 1] - counts.unmet[k, a, i] in (1, 2):
            yield "saved", k, a, i, lasting - 1


def value_of(counts, secret):
    """What one of them is in a table."""
    name, k, a, i, c = secret
    if name == "persons":
        return int(counts.persons[k, a, i, c])
    if name == "saved":
        return int(counts.persons[k, a, i, c] - counts.unmet[k, a, i])
    return int(getattr(counts, name)[k, a, i])


def replayed(name, tables, seed=0, most=MOST, under_all=True):
    """The attack on random tables of a frame, by who does not know the key, or by who does."""
    replay, random = Replay(FRAMES[name], most=most), np.random.default_rng(seed)
    found = Found()
    for _ in range(tables):
        counts = drawn(replay.of, random)
        found.add(replay.attack(counts, int(random.integers(256)), random, under_all))
    return found


def arithmetic(name, tables, seed=0, insiders=False):
    """Of random tables, how many secrets have one value in every table that fits, for anybody or for a municipality."""
    replay, random = Replay(FRAMES[name], KEYS[:8]), np.random.default_rng(seed)
    of, found = replay.of, Found()
    for _ in range(tables):
        counts = drawn(of, random)
        depth, _ = replay.protected(counts, int(random.integers(8)))
        seen = shown(counts, depth)
        who = range(-1, len(of.places)) if insiders else (-1,)
        for knowing in who:
            if knowing >= 0 and of.places[knowing][0] != "municipality":
                continue
            fits = fitting(counts, seen, random, (knowing,))
            for secret in secrets_of(counts):
                if secret[2] == knowing:
                    continue
                values = {value_of(one, secret) for one in fits} | {value_of(counts, secret)}
                found.secrets += 1
                found.alone += len(values) < 2
    return found
