"""The pages' own charts: the line's name keeps clear of what ends beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tilsyn.figures.series import MonthFigure
from tilsyn.rules.model import Threshold
from tilsyn.site.pictures import map as country
from tilsyn.site.pictures.shares import graph
from tilsyn.site.views import municipality, overview
from tilsyn.vocabulary import YearMonth

MONTHS = ["2023-09", "2023-10", "2023-11"]


def name_and_line(ends: float, threshold: float) -> tuple[str, float, float]:
    """The threshold's name, and how far down it and the line are drawn."""
    lines = [("own", [(0, 80.0), (1, 50.0), (2, ends)])]
    drawn = graph(MONTHS, lines, threshold=threshold, title="Andele")
    down = re.search(r'class="threshold" .*?y1="([\d.]+)"', drawn)
    name = re.search(r'class="threshold-name" .*?y="([\d.]+)"[^>]*>([^<]*)<', drawn)
    return name[2], float(name[1]), float(down[1])


@pytest.mark.parametrize(
    ("ends", "below"), [(24.0, True), (20.0, True), (16.0, False), (60.0, False)]
)
def test_the_line_s_name_stands_on_the_side_where_nothing_ends(ends, below):
    _, name, line = name_and_line(ends, 20.0)
    assert (name > line) == below


def test_the_line_s_name_tells_it_whole():
    assert name_and_line(60.0, 20.0)[0] == "grænse 20 %"
    assert name_and_line(60.0, 17.5)[0] == "grænse 17,5 %"


@pytest.mark.parametrize(
    ("unmet", "met_at_threshold", "css"),
    [(20, True, "near"), (20, False, "over"), (21, True, "over"), (19, False, "near")],
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
    choice = SimpleNamespace(board=board, measure="m", grp="total", month=month, line=line)
    marked = [one.place.code for one in overview._lines(choice) if one.over]
    assert marked == ["183"] * over
