from decimal import Decimal

import pytest

from tilsyn.documents.contents.phrasing import authority, percent, percents, period
from tilsyn.vocabulary import MUNICIPALITIES, MonthRange


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("months", "da", "en"),
    [
        ("2022-07..2022-09", "juli til september 2022", "July to September 2022"),
        ("2021-12..2022-02", "december 2021 til februar 2022", "December 2021 to February 2022"),
        ("2022-05", "maj 2022", "May 2022"),
    ],
)
def test_months_read_aloud(months: str, da: str, en: str) -> None:
    assert plain(period(MonthRange.parse(months), "da")) == da
    assert plain(period(MonthRange.parse(months), "en")) == en


def test_limits_are_whole_and_shares_have_a_decimal() -> None:
    assert plain(percent(Decimal(20), "da")) == "20 pct."
    assert plain(percent(Decimal("22.5"), "da")) == "22,5 pct."
    assert percent(Decimal(20), "en") == "20%"
    assert plain(percents([23.5, 29, 20.9], "da")) == "23,5 pct., 29,0 pct. og 20,9 pct."


@pytest.mark.parametrize(
    ("code", "da"),
    [
        ("766", "Hedensted Kommune"),
        ("101", "Københavns Kommune"),
        ("400", "Bornholms Regionskommune"),
        ("480", "Nordfyns Kommune"),
    ],
)
def test_authorities_bear_their_own_names(code: str, da: str) -> None:
    assert plain(authority(code, "da")) == da


def test_every_municipality_has_an_authority_in_both_languages() -> None:
    for language in ("da", "en"):
        names = {authority(m.code, language) for m in MUNICIPALITIES}
        assert len(names) == 98
