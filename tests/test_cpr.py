"""A CPR number is known however it is written, and other numbers are left alone."""

import datetime as dt
import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.cpr import CHANCE, MASK, NINE, SHAPE, TEN, MaskedFormatter, masked, names_cpr, read
from tilsyn.errors import InputError, UsageError

# Made up, as all numbers here.
SPELLINGS = [
    "0101901234",
    "010190-1234",
    "010190 1234",
    "0101901234.0",
    "0101901234,00",
    "'0101901234",
    '="0101901234"',
    "010190–1234",
    "010190‑1234",
    "010190−1234",
    "010190\u00a01234",
    "010190\u2009-\u20091234",
    "010190 - 1234",
    "010190/1234",
    "010190.1234",
    "010190_1234",
    "DK0101901234",
    "dk-010190-1234",
    "CPR0101901234",
    "101901234",
    "10190-1234",
    "101901234.0",
    "01 01 90 1234",
    "01.01.90-1234",
    "01/01/90 1234",
    "0101 90 1234",
    "01011990-1234",
    "010190-\n1234",
    "０１０１９０－１２３４",
    "010190\u200b-1234",
    "0101\u00ad901234",
]
OTHERS = [
    "2023-11-14 1234",
    "2023-11-10-1530",
    "2023-11-10_101530.pdf",
    "20231110_101530.pdf",
    "01-10-2022-2023",
    "2010-01..2010-03",
    "2010-01-2010-03",
    "1910/01 2010",
    "12.12.2023",
    "010122-311222",
    "pr. 311222 blev 1234 borgere indkaldt",
    "+45 12 34 56 78",
    "45 12 34 56 78",
    "0045 12345678",
    "CVR 12345678",
    "5798000012345",
    "24/0101801",
    "1.012.345.678 kr.",
    "1012345678,50",
    "101901234.55",
    "0.2890173410",
    "310290-1234",
    "990180-1234",
    "000190-1234",
    "a0101901234b",
    "0101901234b",
    "ab010190-1234-4abc",
    "pnr1001901234",
    "01019012345",
]


@pytest.mark.parametrize("written", SPELLINGS)
def test_every_way_of_writing_a_number_is_the_same_number(written):
    assert read(written).number == "0101901234"
    assert read(written).known
    assert names_cpr(f"Borgeren {written} ringede.")
    assert not re.search("1234|１", masked(f"sag_{written}_v2.pdf"))


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_are_none(text):
    assert not names_cpr(text)
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "nr. 24-010180-1234",
        "010180-1234-23",
        "10 010180-1234 010181",
        "Hansen010180-1234.pdf",
        "010180-1234kopi.pdf",
        "personnr010180-1234",
    ],
)
def test_a_number_within_a_reference_is_found(text):
    assert MASK in masked(text) and "1234" not in masked(text)


def test_what_stands_around_a_number_is_kept():
    assert masked("før – 010190–1234 – og 0101901235.") == f"før – {MASK} – og {MASK}."


@pytest.mark.parametrize(
    ("number", "known"),
    [
        ("290200-4123", True),  # 2000 was a leap year
        ("290200-1234", False),  # 1900 was none
        ("290296-1234", True),
        ("290297-1234", False),
        ("310490-1234", False),
        ("610190-1234", True),  # 60 added to the day
        ("890200-4123", True),
        ("910490-1234", False),
        ("920190-1234", False),
        ("670190-12AB", True),
        ("670190-1ab2", True),
        ("070190-12AB", False),  # letters are in replacement numbers only
        # No modulus 11 is asked for: such days ran out of numbers that pass it.
        *(
            (f"0101{year}-{serial}", True)
            for year in (60, 65, 89, 92)
            for serial in ("4000", "9999")
        ),
    ],
)
def test_a_number_begins_with_a_day_there_was(number, known):
    assert names_cpr(number) is known
    assert bool((found := read(number)) and found.known) is known


CENTURIES = {"0": "1900 1900", "4": "2000 1900", "9": "2000 1900", "5": "2000 1800"}
"""By seventh digit (1 to 3 are as 0, 6 to 8 as 5): of years before its turn, and from then on."""
TURNS = {"0": 0, "4": 37, "9": 37, "5": 58}


def there_was(day: int, month: int, year: int, seventh: str) -> bool:
    century = int(CENTURIES[seventh].split()[year >= TURNS[seventh]])
    try:
        return bool(dt.date(century + year, month, day - 60 if day > 60 else day))
    except ValueError:
        return False


def test_the_patterns_agree_with_the_calendar():
    passing = 0
    for seventh, alike in {"0": 4, "4": 1, "9": 1, "5": 4}.items():
        for year in range(100):
            for month in range(14):
                for day in range(100):
                    number = f"{day:02}{month:02}{year:02}{seventh}000"
                    fits = re.search(TEN, number) is not None
                    assert fits is there_was(day, month, year, seventh), number
                    passing += alike * fits
    assert passing / 10**7 == CHANCE[10]
    nine = sum(bool(re.search(NINE, f"{number:03}000000")) for number in range(100, 1000))
    assert nine / 900 == CHANCE[9]


@pytest.mark.parametrize("written", [s for s in SPELLINGS if s.isascii()])
def test_the_first_sieve_lets_every_spelling_through(written):
    assert re.search(SHAPE, written)


@given(st.text(), st.sampled_from(SPELLINGS), st.text())
def test_whatever_is_masked_names_none(before, written, after):
    assert not names_cpr(masked(f"{before} {written} {after}"))


def test_errors_and_logs_show_none():
    error = InputError(
        "'010190-1234' is no date", file="010190-1234.csv", place="person 0101901234"
    )
    assert "1234" not in f"{error}{error.message}"
    assert "1234" not in str(UsageError("no area '010190-1234'"))
    try:
        raise ValueError("010190–1234")
    except ValueError as raised:
        told = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord("a", 30, "b", 1, "GET /?q=%s", ("010190-1234",), told)
    assert "1234" not in MaskedFormatter().format(record)


def test_the_sites_own_logs_are_masked_whoever_writes_them(capsys):
    from logging.config import dictConfig

    from gunicorn.glogging import CONFIG_DEFAULTS

    from tilsyn.site import server

    before = logging.root.handlers[:]
    try:
        dictConfig({**CONFIG_DEFAULTS, **server.logconfig_dict})
        logging.getLogger("gunicorn.error").error("GET /?q=%s", "010190-1234")
    finally:
        logging.root.handlers[:] = before
        logging.getLogger("gunicorn.error").handlers.clear()
    shown = capsys.readouterr()
    assert MASK in shown.err and "1234" not in shown.out + shown.err
