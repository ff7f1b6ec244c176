"""Small planning problems, made up; and every plan of one, looked at."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from tilsyn.planning.optimum.problem import Problem, columns, weight_of


def problem(types, *, weeks, room, spacing=2, cells=(), wanted=()) -> Problem:
    """A problem of types (count, lane, closed weeks, places (need, last week, cell, weight)).

    Args:
        cells: by cell, the lines it belongs to.
        wanted: by line.
    """
    places = [(t, *place) for t, (_, _, _, own) in enumerate(types) for place in sorted(own)]
    lines = np.zeros((max(len(cells), 1), len(wanted)), np.int64)
    for cell, of in enumerate(cells):
        lines[cell, list(of)] = 1
    allowed = np.ones((len(types), weeks), np.bool_)
    for type_, (_, _, closed, _) in enumerate(types):
        allowed[type_, list(closed)] = False

    def column(k, kind=np.int64):
        return np.array([place[k] for place in places], kind)

    return Problem(
        count=np.array([count for count, *_ in types], np.int64),
        lane=np.array([lane for _, lane, *_ in types], np.int64),
        allowed=allowed,
        cost=np.ones(len(types)),
        waiting=np.full(len(types), 0.002),
        place_type=column(0),
        place_need=column(1),
        place_last=column(2),
        place_cell=column(3),
        place_weight=column(4, np.float64),
        room=np.array(room, np.int64),
        earlier=np.maximum(np.arange(weeks) - spacing, -1),
        cell_lines=lines,
        wanted=np.array(wanted, np.int64),
    )


@st.composite
def problems(draw) -> Problem:
    """Two lanes, up to five weeks, a handful of persons."""
    weeks = draw(st.integers(1, 5))
    small = st.integers(0, 2)
    place = st.tuples(
        st.integers(1, 3), st.integers(0, weeks - 1), small, st.sampled_from([0.0, 0.5, 1.0])
    )
    type_ = st.tuples(
        st.integers(1, 3),
        st.integers(0, 1),
        st.sets(st.integers(0, weeks - 1), max_size=2),
        st.lists(place, max_size=3),
    )
    types = draw(st.lists(type_, min_size=1, max_size=3))
    room = draw(
        st.lists(
            st.lists(st.integers(0, 3), min_size=weeks, max_size=weeks), min_size=2, max_size=2
        )
    )
    wanted = draw(st.lists(st.integers(0, 3), min_size=2, max_size=2))
    spacing = draw(st.integers(1, 2))
    return problem(
        types,
        weeks=weeks,
        room=room,
        spacing=spacing,
        cells=((0,), (0, 1), ()),
        wanted=wanted,
    )


def one_each(given: Problem) -> Problem:
    """The same problem, each person a type of their own."""
    owner = np.repeat(np.arange(given.types), given.count)
    place = [np.flatnonzero(given.place_type == type_) for type_ in owner]
    rows = np.concatenate([*place, np.zeros(0, np.int64)]).astype(np.int64)
    by_place = ("place_need", "place_last", "place_cell", "place_weight")
    return replace(
        given,
        **{n: getattr(given, n)[owner] for n in ("lane", "allowed", "cost", "waiting")},
        **{n: getattr(given, n)[rows] for n in by_place},
        count=np.ones(len(owner), np.int64),
        place_type=np.repeat(np.arange(len(owner)), [len(of) for of in place]),
    )


def patterns(given: Problem, type_: int) -> list[tuple[int, ...]]:
    """Every set of weeks a person of a type may have, by trying all."""
    found = []
    for number in range(given.weeks + 1):
        for weeks in itertools.combinations(range(given.weeks), number):
            apart = all(a <= given.earlier[b] for a, b in itertools.pairwise(weeks))
            if apart and given.allowed[type_, list(weeks)].all():
                found.append(weeks)
    return found


def lightest(given: Problem) -> float:
    """The weight of the best plan, by looking at every one (for very few persons)."""
    each = one_each(given)
    best = np.inf
    for choice in itertools.product(*(patterns(each, t) for t in range(each.types))):
        used = np.zeros(each.room.shape, np.int64)
        weeks = np.zeros((each.types, each.weeks), np.bool_)
        for type_, chosen in enumerate(choice):
            used[each.lane[type_], list(chosen)] += 1
            weeks[type_, list(chosen)] = True
        if (used <= each.room).all():
            cols = columns(each, np.arange(each.types), weeks)
            best = min(best, weight_of(each, cols, each.count))
    return best
