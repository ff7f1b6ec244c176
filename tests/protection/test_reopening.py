"""What was hidden needlessly is shown again, and nobody can compute more for it."""

import numpy as np
import polars as pl
import pytest
from bench.country import country
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.protection.small import counts, everything
from tests.protection.test_insiders import printed, small_area
from tilsyn.figures.table import CELL, table
from tilsyn.protection import (
    Parameters,
    audit,
    hiding,
    known_by_neighbours,
    protected,
    reopening,
)
from tilsyn.protection.matrix import Matrix
from tilsyn.protection.pattern import Pattern, State
from tilsyn.protection.protection import _weight
from tilsyn.protection.reopening import reopen

PUBLIC, ONE, OTHER = range(3)


def state(kept, spare, patterns, *, weights=None):
    """A state of four counts of which the public and two municipalities know none."""
    hidden = np.isin(np.arange(4), [*kept, *spare])
    closed = np.ones((4, 3), dtype=bool)
    zeros = np.zeros(4, dtype=np.int64)
    made = State(
        zeros,
        zeros,
        zeros + 9,
        hidden.copy(),
        ~hidden,
        np.ones(4) if weights is None else np.array(weights, dtype=float),
        zeros + 1,
        zeros,
        closed.copy(),
    )
    for columns, fooled in patterns:
        columns = np.array(columns)
        made.patterns.append(Pattern(columns, columns, np.isin(range(3), fooled)))
        made.closed[np.ix_(columns, fooled)] = False
    return made, np.isin(np.arange(4), kept), closed


def left(made, kept, closed):
    """The counts hidden once as many are shown again as the patterns found allow."""
    reopen(Matrix.of([]), made, np.ones(4, dtype=bool), kept, closed)
    return np.flatnonzero(made.hidden).tolist()


EVERYBODY = (PUBLIC, ONE, OTHER)


def test_the_costlier_of_two_cells_that_do_the_same_is_shown_again():
    two = [((0, 1), EVERYBODY), ((0, 2), EVERYBODY)]
    assert left(*state([0], [1, 2], two, weights=[1, 9, 2, 1])) == [0, 2]
    assert left(*state([0], [1, 2], two, weights=[1, 2, 9, 1])) == [0, 1]


def test_what_alone_keeps_a_municipality_in_the_dark_stays_hidden():
    two = [((0, 1), EVERYBODY), ((0, 2), (PUBLIC, ONE))]
    assert left(*state([0], [1, 2], two, weights=[1, 9, 2, 1])) == [0, 1]


def test_cells_that_only_keep_each_other_safe_are_shown_together():
    chain = [((0, 1), EVERYBODY), ((2, 3), EVERYBODY)]
    assert left(*state([0], [1, 2, 3], chain)) == [0, 1]


def test_a_cell_hidden_for_its_own_sake_stays_hidden():
    assert left(*state([0, 1], [], [((0, 1), EVERYBODY)])) == [0, 1]


def test_what_nobody_could_be_kept_from_holds_nothing_back():
    made, kept, closed = state([0], [1], [((0, 1), (PUBLIC,))])
    assert left(made, kept, closed) == [0, 1]
    made, kept, closed = state([0], [1], [])
    assert left(made, kept, closed) == [0]


def hidden_of(made):
    """Cells to what hiding them costs."""
    gone = made.figures.filter(
        (pl.col("status") == "suppressed") & (pl.col("statistic") != "share")
    )
    return {cell: _weight(cell) for cell in gone.select(CELL).iter_rows()}


@pytest.fixture
def both(monkeypatch):
    """Protects without looking back, and as it is done."""

    def protect(exact, **told):
        with monkeypatch.context() as patched:
            patched.setattr(hiding, "reopen", lambda *_: None)
            before = protected(exact, **told)
        return before, protected(exact, **told)

    return protect


def holds(exact, before, after, *, smallest=3):
    """What must be true of figures of which some were shown again."""
    old, new = hidden_of(before), hidden_of(after)
    assert new.keys() <= old.keys()
    assert sum(new.values()) <= sum(old.values())
    small = exact.filter(
        (pl.col("statistic") != "share") & pl.col("value").is_between(1, smallest - 1)
    )
    assert set(small.select(CELL).iter_rows()) <= new.keys()
    assert after.hidden["primary"] == before.hidden["primary"]
    assert not [one for one in audit(after.figures) if one.exact]
    assert not known_by_neighbours(after.figures, exact)


quickly = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quickly
@given(small_area)
def test_neighbours_and_their_area_stay_as_safe(both, numbers):
    exact = printed(numbers)
    holds(exact, *both(exact))


@quickly
@given(counts, st.integers(1, 3), st.sampled_from([3, 5]))
def test_one_municipality_stays_as_safe(both, persons, width, smallest):
    exact = table(everything(persons))
    before, after = both(exact, parameters=Parameters(smallest=smallest, width=width))
    holds(exact, before, after, smallest=smallest)
    for one in audit(after.figures):
        assert one.high is None or one.high - one.low >= width


@quickly
@given(small_area, small_area)
def test_what_was_shown_or_hidden_earlier_is_reckoned_with(both, numbers, others):
    early = protected(printed(others).with_columns(pl.lit("early").alias("release"))).figures
    exact = printed(numbers)
    before, after = both(exact, against=[early])
    old, new = hidden_of(before), hidden_of(after)
    assert new.keys() <= old.keys()
    gone = early.filter(pl.col("status") == "suppressed").select(CELL)
    here = exact.filter(pl.col("value") > 0).select(CELL)
    assert set(gone.iter_rows()) & set(here.iter_rows()) <= new.keys()
    assert {why: after.hidden[why] for why in ("already_public", "known_to_neighbours")} == {
        why: before.hidden[why] for why in ("already_public", "known_to_neighbours")
    }


def test_of_a_small_country_some_cells_are_shown_again(both):
    exact = country(municipalities=6)
    before, after = both(exact)
    holds(exact, before, after)
    assert after.hidden["complementary"] < before.hidden["complementary"]


def test_a_second_look_finds_patterns_that_do_without_a_cell(monkeypatch):
    exact = country(municipalities=6)
    with monkeypatch.context() as patched:
        patched.setattr(reopening, "_EFFORT", 0)
        once = protected(exact)
    twice = protected(exact)
    holds(exact, once, twice)
    assert sum(hidden_of(twice).values()) < sum(hidden_of(once).values())


def test_the_same_cells_are_shown_again_each_time():
    exact = country(municipalities=3)
    assert protected(exact).figures.equals(protected(exact).figures)


def test_every_hidden_cell_keeps_a_witness_for_all_it_is_kept_from(monkeypatch):
    kept = []

    class Recorded(reopening._Books):
        def __init__(self, *told):
            super().__init__(*told)
            kept.append(self)

    monkeypatch.setattr(reopening, "_Books", Recorded)
    protected(country(municipalities=6))
    assert len(kept) == 2
    for books in kept:
        hidden = books.state.hidden
        served = np.zeros_like(books.times)
        for pattern, left_in in zip(books.patterns, books.left, strict=True):
            if left_in:
                assert hidden[pattern.columns].all()
                served[pattern.far] += pattern.fooled
        assert not (books.needed & hidden[:, np.newaxis] & (served == 0)).any()
