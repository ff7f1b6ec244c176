import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.test_comparison import compared, made_up

from tilsyn.charts import Chart, Funnel, Grouped, Lines, Multiples, Series, Stacks, described, draw
from tilsyn.charts.lines import dodged
from tilsyn.charts.style import RAMP, STROKES, month_labels, top_of, wrapped
from tilsyn.rules.model import Threshold
from tilsyn.vocabulary import MonthRange

MONTHS = tuple(MonthRange.parse("2022-09..2022-12"))
NASTY = 'Søren\'s & <Ærø> #1 $x$ @ref "Å"'
TOTAL = Series("Ydelsesgrupper i alt", (20.0, 20.2, 19.1, 25.8), total=True)
BROKEN = Series("Overgangsydelse", (None, 25.0, None, 12.5))
LIMIT = Threshold(threshold=Decimal(20), met_at_threshold=True)
LINES = Lines(MONTHS, (TOTAL, BROKEN), "pct.", LIMIT)
MULTIPLES = Multiples(MONTHS, (Series("Sygedagpenge", (3, None, 5, 8)),), "personer")
STACKS = Stacks(
    (("Sygedagpenge", (3, None, 5)), ("Kontanthjælp", (None, 4, 10))),
    ("0", "1", "2+"), 1, "Antal tilbud", "personer",
)  # fmt: skip
GROUPED = Grouped(
    ("Ishøj", "RAR Hovedstaden"), (("0-8", (20.1, 28.4)), ("9-13", (None, 15.2))), "pct.", "uger"
)

FUNNEL = Funnel(
    compared(made_up(60, [0.2] * 40)), "101", frozenset({"147", "151"}), "pct. uden", LIMIT
)


def paths(svg: str) -> list[str]:
    """The drawn lines of a picture."""
    found = re.findall(r'class="mark-line[^>]*>(.*?)</g>', svg, re.S)
    return [d for group in found for d in re.findall(r' d="([^"]*)"', group)]


def test_a_hidden_value_breaks_the_line() -> None:
    whole = Series("Hel", (1.0, 25.0, 7.0, 12.5))
    for one, pieces in ((whole, 1), (Series("Brudt", (1.0, 25.0, None, 12.5)), 2)):
        for chart in (Lines(MONTHS, (one,), "pct."), Multiples(MONTHS, (one,), "pct.")):
            (path,) = paths(draw(chart.spec("da"), "da").svg)
            assert path.count("M") == pieces, type(chart)


def test_the_specification_keeps_what_is_hidden_as_nothing_never_as_nought() -> None:
    spec = LINES.spec("da")
    rows = [
        row
        for layer in spec["layer"]
        for row in layer["data"]["values"]
        if {"month", "name"} <= row.keys()
    ]
    hidden = [row for row in rows if row["name"] == "Overgangsydelse" and row["value"] is None]
    assert len(hidden) == 2
    marks = [layer["mark"] for layer in spec["layer"]]
    assert {m.get("invalid") for m in marks if m["type"] == "line"} == {"break-paths-show-domains"}
    assert 0 not in [row["value"] for row in rows]


def test_every_value_has_its_point() -> None:
    svg = draw(LINES.spec("da"), "da").svg
    points = re.findall(r'aria-roledescription="point"', svg)
    assert len(points) == 4 + 2


@pytest.mark.parametrize(
    ("values", "threads", "points"),
    [((20.0, 19.0, 21.0, 18.0), 2, 4), ((20.0, 19.0, 21.0, None), 1, 3 + 1)],
)
def test_the_name_of_a_line_that_ends_early_has_its_point_and_no_thread(
    values: tuple[float | None, ...], threads: int, points: int
) -> None:
    chart = Lines(MONTHS, (Series("Sygedagpenge", values),), "pct.", LIMIT)
    svg = draw(chart.spec("da"), "da").svg
    assert len(re.findall(r'aria-roledescription="point"', svg)) == points
    assert len(re.findall(r'aria-roledescription="rule mark"', svg)) - 1 == threads


def test_lines_are_told_apart_without_colour() -> None:
    looks = [(stroke.dash, stroke.shape) for stroke in STROKES]
    assert len(set(looks)) == len(STROKES)


def test_the_ramp_reads_in_grey() -> None:
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    greys = [grey(colour) for colour in RAMP]
    assert all(later - earlier > 15 for earlier, later in pairwise(greys))


@given(
    st.lists(st.tuples(st.floats(0, 150), st.floats(5, 20)), max_size=7),
)
def test_names_never_overlap(names: list[tuple[float, float]]) -> None:
    wanted, sizes = [n[0] for n in names], [n[1] for n in names]
    places = dodged(wanted, sizes, 0, 150)
    order = sorted(range(len(places)), key=lambda i: places[i])
    for a, b in pairwise(order):
        assert places[b] - places[a] >= (sizes[a] + sizes[b]) / 2 - 1e-3


def test_names_far_apart_stay_where_they_are() -> None:
    assert dodged([10, 60, 120], [10, 10, 10], 0, 150) == [10, 60, 120]


@pytest.mark.parametrize(
    ("values", "end"),
    [([66.7, 20], 80), ([19], 20), ([1], 1), ([155], 200), ([0], 1), ([350], 400)],
)
def test_axes_end_at_a_round_number_that_holds_the_values(values: list[float], end: float) -> None:
    highest, step = top_of(values)
    assert highest == end and highest % step == 0


def test_months_are_named_in_both_languages_the_year_once() -> None:
    span = tuple(MonthRange.parse("2022-11..2023-02"))
    assert list(month_labels(span, "da").values()) == [
        ["nov", "2022"], ["dec", ""], ["jan", "2023"], ["feb", ""],
    ]  # fmt: skip
    assert next(iter(month_labels(span[1:], "en").values())) == ["Dec", "2022"]


def test_long_names_are_broken_at_spaces_only() -> None:
    lines = wrapped("Overgangsydelsesmodtagere uden for program", 80)
    assert " ".join(lines) == "Overgangsydelsesmodtagere uden for program"
    assert lines[0] == "Overgangsydelsesmodtagere"


@pytest.mark.parametrize("chart", [LINES, MULTIPLES, STACKS, GROUPED, FUNNEL])
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_chart_is_drawn_with_the_shipped_font_the_same_each_time(
    chart: Chart, language: str
) -> None:
    first, second = (draw(chart.spec(language), language) for _ in range(2))
    assert first == second
    assert first.png.startswith(b"\x89PNG")
    assert "IBM Plex Sans" in first.svg
    width = float(re.search(r'<svg[^>]* width="([\d.]+)"', first.svg)[1])  # type: ignore[index]
    assert width == 465


def test_numbers_on_axes_follow_the_language() -> None:
    halves = Lines(MONTHS, (Series("x", (1000.0, 2000.0, 3000.0, 4000.0)),), "personer")
    assert ">4.000<" in draw(halves.spec("da"), "da").svg
    assert ">4,000<" in draw(halves.spec("en"), "en").svg


def test_a_name_is_drawn_as_it_is() -> None:
    svg = draw(Lines(MONTHS, (Series(NASTY, (1, 2, 3, 4)),), "pct.").spec("da"), "da").svg
    plain = (
        svg.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'")
    )
    for word in ("Søren's", "<Ærø>", "$x$", "@ref"):
        assert word in plain.replace("&quot;", '"')


def test_the_alternative_text_says_what_the_lines_show() -> None:
    said = described(LINES, "da", places=1)
    for fact in (
        "Kurver (pct.) fra september 2022 til december 2022.",
        "En stiplet linje viser grænsen på 20.",
        "Ydelsesgrupper i alt: 20,0 i september 2022, 25,8 i december 2022; højest 25,8",
        "Ydelsesgrupper i alt ligger over grænsen i oktober 2022 og december 2022.",
        "Overgangsydelse er ikke vist i september 2022 og november 2022.",
    ):
        assert fact in said, fact


def test_the_alternative_text_of_bars_says_what_is_not_shown() -> None:
    assert "Sygedagpenge: 3 med 0, 5 med 2+, ikke vist: 1." in described(STACKS, "da")
    assert "Kontanthjælp: 4 with 1, 10 with 2+, not shown: 0." in described(STACKS, "en")


def test_the_alternative_text_of_a_comparison_holds_both() -> None:
    said = described(GROUPED, "da", places=1)
    assert "Ishøj og RAR Hovedstaden" in said
    assert "0-8 uger: 20,1 mod 28,4." in said
    assert "9-13 uger: ukendt mod 15,2." in said


def test_a_line_without_any_value_is_said_to_have_none() -> None:
    empty = Lines(MONTHS, (Series("Tom", (None,) * 4),), "pct.")
    assert "Tom har ingen viste tal." in described(empty, "da")
    draw(empty.spec("da"), "da")


def test_what_lies_exactly_at_the_line_is_said_to_be_over_it_only_where_it_is() -> None:
    strict = replace(LINES, threshold=LIMIT.model_copy(update={"met_at_threshold": False}))
    assert "over grænsen i oktober 2022 og december 2022" in described(LINES, "da")
    assert "over grænsen i september-oktober 2022 og december 2022" in described(strict, "da")
