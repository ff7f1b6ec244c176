"""The map and the tables beside it hold a share against the line as its rule does."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tilsyn.figures.series import MonthFigure
from tilsyn.rules.model import Threshold
from tilsyn.site import map as country
from tilsyn.site.views import municipality, overview
from tilsyn.vocabulary import YearMonth


@pytest.mark.parametrize(
    ("unmet", "met_at_threshold", "css"),
    [
        (20, True, "near"),
        (20, False, "over"),
        (21, True, "over"),
        # As near as the rule calls near, which stands beside it as a judgement.
        (19, False, "near"),
        (18, False, "under"),
    ],
)
def test_the_map_shades_a_share_exactly_at_the_line_as_its_rule_says(unmet, met_at_threshold, css):
    figure = MonthFigure(YearMonth(2023, 9), population=100, unmet=unmet)
    line = Threshold(threshold=Decimal(20), met_at_threshold=met_at_threshold)
    assert country.shade(figure, line) == css
    words = country.key(line)[1].words
    assert words == (
        "over 20\N{NO-BREAK SPACE}%" if met_at_threshold else "mindst 20\N{NO-BREAK SPACE}%"
    )


@pytest.mark.parametrize(
    ("unmet", "met_at_threshold", "over"),
    [(20, True, False), (20, False, True), (21, True, True), (19, False, False)],
)
def test_the_pages_tables_mark_a_share_exactly_at_the_line_as_its_rule_says(
    unmet, met_at_threshold, over
):
    month = YearMonth(2023, 9)
    figure = MonthFigure(month, population=100, unmet=unmet)
    line = Threshold(threshold=Decimal(20), met_at_threshold=met_at_threshold)
    (cell,) = municipality._group("total", {month: figure}, (month,), line, "").cells
    assert cell.over is over
    board = SimpleNamespace(across=lambda *_: {"183": figure}, by_area=defaultdict(list))
    choice = SimpleNamespace(
        board=board, measure="m", grp="total", month=month, line=line, judged=False
    )
    marked = [one.place.code for one in overview._lines(choice) if one.over]
    assert marked == ["183"] * over
