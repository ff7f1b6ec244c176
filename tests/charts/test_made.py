"""Charts made from the program's figures: an outlook, a plan, a municipality beside its areas."""

from decimal import Decimal

import pytest

from tilsyn.charts import as_csv, described, draw, tabulated
from tilsyn.charts import plan as plans
from tilsyn.charts.months import shares, subject
from tilsyn.charts.outlook import outlook
from tilsyn.figures.series import MonthFigure
from tilsyn.planning.record import Count, LineFigures
from tilsyn.rules.model import Threshold
from tilsyn.vocabulary import MonthRange, YearMonth

LINE = Threshold(threshold=Decimal("17.5"), met_at_threshold=True)
JANUARY = YearMonth(2023, 1)


def coming(month, **shares):
    told = {f"{case}_share": shares.get(case) for case in ("best", "expected", "nothing_more")}
    low, high = shares.get("between", (None, None))
    return {"month": month, "share_low": low, "share_high": high, **told}


def test_an_outlook_goes_on_where_the_past_ends():
    rows = [
        coming("2023-01", best=5.0, expected=15.0, nothing_more=30.0, between=(10.0, 20.0)),
        coming("2023-02"),
    ]
    made = outlook([(0, 0), (40, 10)], rows, LINE, "pct.", "da")
    assert made.months == tuple(MonthRange.parse("2022-11..2023-02"))
    expected, nothing, best = made.series
    assert expected.values == (None, 25.0, 15.0, None) and expected.total
    assert nothing.values == (None, 25.0, 30.0, None)
    assert best.values == (None, 25.0, 5.0, None)
    assert made.band == (None, None, (10.0, 20.0), None)
    assert "ligger over grænsen i december 2022." in described(made, "da", places=1)
    assert "Grænse: 17,5 pct." in draw(made.spec("da"), "da").svg


def test_a_municipality_s_hidden_and_missing_months_are_told_apart():
    months = MonthRange.parse("2023-01..2023-03")
    own = {
        JANUARY: MonthFigure(JANUARY, population=100, unmet=20),
        JANUARY + 1: MonthFigure(JANUARY + 1, population=100, hidden=frozenset({"unmet"})),
    }
    unit = subject("conversations_6m", "total", "en", "Ishøj")
    made = shares([("Ishøj", own), ("Denmark", {})], list(months), LINE, unit, "en")
    assert [one.total for one in made.series] == [True, False]
    assert made.series[0].values == (20.0, None, None)
    assert tabulated(made, "en") == [
        ["Month", "Ishøj", "Denmark", "Limit"],
        ["January 2023", "20.0", "–", "17.5"],
        ["February 2023", ".", "–", "17.5"],
        ["March 2023", "–", "–", "17.5"],
    ]
    assert unit.startswith("Ishøj, Conversations")


def test_the_shares_of_a_plan_are_those_of_its_months():
    counts = [
        Count(
            measure="conversations_6m", group="total", month=month, population=population,
            without=without, planned=planned, best=0,
        )
        for month, population, without, planned in (("2023-01", 50, 20, 10), ("2023-02", 0, 0, 0))
    ]  # fmt: skip
    line = LineFigures(
        measure="conversations_6m", group="total", month="2023-01", threshold=20.0, strict=True,
        population=50, holds=True, without=20, planned=10, allowed=9, over=1, lost=0,
    )  # fmt: skip
    made = plans.shares(counts, plans.threshold(line), "pct.", "da")
    assert [one.values for one in made.series] == [(40.0, None), (20.0, None), (0.0, None)]
    # Exactly at a strict line is over it.
    assert "Med planen ligger over grænsen i januar 2023." in described(made, "da", places=1)


def test_a_plan_s_load_is_told_by_week():
    weeks = ["2023-W52", "2024-W01"]
    made = plans.load("offers", weeks, [1, 4], [2, 0], [3, 3], "da")
    assert made is not None
    assert described(made, "da") == (
        "Søjler (Tilbud, der begynder, pr. uge) fra uge 52 til uge 1 mod det, der er plads til. "
        "Flest i uge 1: 4 af 3. Over det, der er plads til, i uge 1."
    )
    assert as_csv(made, "da").decode("utf-8-sig").splitlines() == [
        "Uge;Aftalt;Planlagt;Plads",
        "52;1;2;3",
        "1;4;0;3",
    ]
    assert plans.load("offers", weeks, [0, 0], [0, 0], [0, 0], "da") is None


@pytest.mark.parametrize("width", [465, 350, 230])
def test_a_chart_is_as_wide_and_high_as_is_said_beforehand(width):
    figures = {
        month: MonthFigure(month, population=9, unmet=3)
        for month in MonthRange(JANUARY, JANUARY + 40)
    }
    unit = subject("conversations_6m", "sygedagpenge", "da", "Ishøj")
    lines = shares([("Ishøj", figures)], list(figures), LINE, unit, "da")
    load = plans.load("offers", ["2024-W01"], [1], [1], [3], "da")
    for made in (lines, load):
        svg = draw(made.spec("da", width), "da").svg
        assert f'width="{width}" height="{made.drawn_height(width)}"' in svg
