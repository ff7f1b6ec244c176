"""A measure's last categories have one name together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.vocabulary import MEASURES, categories_across, category_of, ranges

COUNTED = [measure.code for measure in MEASURES if measure.categories]


def test_the_last_categories_together_begin_with_the_firsts_lower_end():
    assert ranges("offers_6m") == {"1+": ("1", "2+")}
    assert ranges("conversations_12m")["3+"] == ("3", "4", "5+")
    assert ranges("durations")["53+"] == ("53-104", "105+")


@given(st.sampled_from(COUNTED))
def test_what_is_joined_is_never_called_what_a_category_is(measure):
    every = MEASURES[measure].categories
    assert not set(ranges(measure)) & set(every)
    for name, categories in ranges(measure).items():
        assert category_of(name, measure) == name
        assert 1 < len(categories) < len(every) and every[-len(categories) :] == categories


@pytest.mark.parametrize("name", ["0-1", "2-3", "0+", "6+"])
def test_nothing_else_is_joined(name):
    with pytest.raises(ValueError, match="with an open end 1\\+, 2\\+, 3\\+, 4\\+"):
        category_of(name, "conversations_12m")


def test_a_table_has_its_own_heads():
    own = MEASURES["conversations_6m"].categories
    assert categories_across("conversations_6m", ["0", "2"]) == own
    assert categories_across("conversations_6m", ["3+", "1", "0", "2"]) == ("0", "1", "2", "3+")


def test_a_measure_without_categories_has_none():
    assert not ranges("result_goal")
    with pytest.raises(ValueError, match="known are: none"):
        category_of("1", "result_goal")
