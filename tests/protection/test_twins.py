"""Rows in which counts that move as one are one count have the same tables, no more and no fewer."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.protection.matrix import Matrix
from tilsyn.protection.relations import Relation
from tilsyn.protection.twins import merged

SIZE, MOST = 5, 3

terms = st.dictionaries(st.integers(0, SIZE - 1), st.sampled_from([1, -1]), min_size=2, max_size=4)
relation = st.tuples(terms, st.integers(-2, 5), st.sampled_from([0, 0, 0, 2])).map(
    lambda one: Relation(
        "sum", 0, tuple((a, i) for i, a in one[0].items()), one[1], one[1] + one[2]
    )
)


@given(st.lists(relation, min_size=1, max_size=5))
def test_twins_and_what_is_left_have_the_same_tables(relations):
    matrix = Matrix.of(relations)
    rows, twins = merged(matrix, SIZE)
    tables = np.array(list(product(range(MOST + 1), repeat=SIZE)))
    for table in tables:
        followed = twins.sign * table[twins.of] + twins.shift
        as_told = (table == followed).all() and rows.satisfied(table)
        assert matrix.satisfied(table) == as_told


@given(st.lists(relation, min_size=1, max_size=5))
def test_no_pair_is_left_and_none_follows_one_that_follows(relations):
    rows, twins = merged(Matrix.of(relations), SIZE)
    assert (twins.of[twins.of] == twins.of).all()
    used = set(rows.columns.tolist())
    assert used <= set(twins.of.tolist())
    sizes = np.diff(rows.starts)
    single = np.add.reduceat(np.abs(rows.coefficients), rows.starts[:-1]) if rows.height else sizes
    assert not ((sizes == 2) & (single == 2) & (rows.low == rows.high)).any()


@given(st.lists(relation, min_size=1, max_size=5))
def test_bounds_go_there_and_back(relations):
    _, twins = merged(Matrix.of(relations), SIZE)
    low, high = np.full(SIZE, -50), np.full(SIZE, 50)
    inner = twins.taken(low, high)
    outer = twins.given(*inner)
    assert (outer[0] >= low).all() and (outer[1] <= high).all()
    assert (outer[0] <= outer[1]).all()
