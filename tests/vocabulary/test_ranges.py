"""Neighbouring categories have one name together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.vocabulary import MEASURES, category_of, range_of, ranges

COUNTED = [measure.code for measure in MEASURES if measure.categories]


def test_ranges_go_from_the_first_ones_lower_to_the_last_ones_upper_end():
    assert ranges("offers_6m") == {"0-1": ("0", "1"), "1+": ("1", "2+")}
    assert range_of("conversations_12m", ["2", "3"]) == "2-3"
    assert range_of("durations", ["0-8", "9-13"]) == "0-13"
    assert range_of("durations", ["53-104", "105+"]) == "53+"


@pytest.mark.parametrize("categories", [[], ["1"], ["0", "2"], ["1", "0"], ["0", "1", "2+"], ["7"]])
def test_what_are_no_neighbours_or_everybody_is_no_range(categories):
    assert range_of("offers_6m", categories) == ""


@given(st.sampled_from(COUNTED))
def test_no_range_is_called_what_a_category_is(measure):
    every = MEASURES[measure].categories
    assert not set(ranges(measure)) & set(every)
    assert len(ranges(measure)) == len(every) * (len(every) - 1) // 2 - 1
    for name, categories in ranges(measure).items():
        assert range_of(measure, categories) == category_of(name, measure) == name


def test_a_measure_without_categories_has_none():
    assert not ranges("result_goal")
    with pytest.raises(ValueError, match="known are: none"):
        category_of("1", "result_goal")
