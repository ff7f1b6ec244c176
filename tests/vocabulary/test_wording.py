from fractions import Fraction

import pytest

from tilsyn.vocabulary import wording


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (20.9, "20,9\N{NO-BREAK SPACE}%", "20.9%"),
        (Fraction(155, 6), "25,8\N{NO-BREAK SPACE}%", "25.8%"),
        (100, "100,0\N{NO-BREAK SPACE}%", "100.0%"),
    ],
)
def test_shares_have_the_languages_decimal_mark(value, danish, english):
    assert wording.percent(value, "da") == danish
    assert wording.percent(value, "en") == english


def test_halves_are_rounded_up_as_published_tables_do():
    assert str(wording.decimal(Fraction(41, 2), 0)) == "21"
    assert str(wording.decimal(20.25)) == "20.3"


def test_thousands_are_parted():
    assert wording.number(1234567, "da") == "1.234.567"
    assert wording.number(1234.5, "en", 1) == "1,234.5"


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a og b"), (["a", "b", "c"], "a, b og c")],
)
def test_lists_end_with_and(words, text):
    assert wording.joined(words) == text


def test_counts_take_the_right_number():
    assert wording.counted(1, "person", "personer") == "1 person"
    assert wording.counted(2, "person", "personer") == "2 personer"
