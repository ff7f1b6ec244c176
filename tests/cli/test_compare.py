"""The command figures compare."""

import datetime as dt
import json

import pytest

from tilsyn.figures import release
from tilsyn.figures.release import Release
from tilsyn.figures.table import Figure, table
from tilsyn.vocabulary import MUNICIPALITIES

DAY = dt.date(2023, 11, 1)
CODES = MUNICIPALITIES.codes


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """All municipalities measured from a register: 100 persons and more each, Ishøj far out, Solrød small."""
    rows = []
    for n, code in enumerate(CODES):
        population, unmet = 100 + n, 20 + n % 7
        if code == "183":
            unmet = 70
        if code == "269":
            population, unmet = 4, 1
        for statistic, value in (("population", population), ("unmet", unmet)):
            place = ("municipality", code, "a_dagpenge", "", "", dt.date(2023, 8, 1))
            known = (float(value), "value", "register", "r", DAY)
            rows.append(Figure("conversations_6m", statistic, *place, *known))
        goal = ("municipality", code, "total", "", "", dt.date(2023, 6, 1))
        rows.append(
            Figure("result_goal", "expected_share", *goal, 10.0 + n, "value", "published", "r", DAY)
        )
    folder = tmp_path_factory.mktemp("country") / "release"
    return release.write(Release("release", DAY, table(rows)), folder)


ASKED = ("--measure", "conversations_6m", "--group", "a_dagpenge", "--municipality", "Ishøj")


def test_a_municipality_stands_beside_its_named_peers(tilsyn, country, tmp_path):
    drawn = tmp_path / "funnel.svg"
    ended = tilsyn(
        "figures", "compare", country, *ASKED, "--peers", "result_goal", "--chart", drawn
    )
    assert ended.code == 0
    assert "over 99,8 %" in ended.out
    assert "hvis forventede andel i resultatmålet ligger nærmest" in ended.out
    assert "Tallet siger ikke" in ended.out
    assert "Ishøj" in drawn.read_text("utf-8")


def test_what_is_hidden_from_the_public_is_in_no_table_file_or_answer(tilsyn, country, tmp_path):
    told = json.loads(tilsyn("figures", "compare", country, *ASKED, "--format", "json").out)
    assert "269" in told["without_figures"]
    assert "269" not in {one["municipality"] for one in told["municipalities"]}
    file = tmp_path / "compared.csv"
    assert tilsyn("figures", "compare", country, *ASKED, "--out", file).code == 0
    assert "Solrød" not in file.read_text("utf-8-sig")
    inside = tilsyn("figures", "compare", country, *ASKED, "--format", "json", "--audience", "own")
    assert "269" in {one["municipality"] for one in json.loads(inside.out)["municipalities"]}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--measure", "conversations_6m", "--peers", "size"),
            "whose? name it with --municipality",
        ),
        (("--measure", "offers_6m"), "no figures of municipalities here"),
        ((*ASKED, "--peers", "Atlantis"), "--peers"),
        ((*ASKED, "--month", "2023-07"), "fewer than 5"),
    ],
)
def test_what_cannot_be_compared_is_one_line(tilsyn, country, words, said):
    ended = tilsyn("figures", "compare", country, *words)
    assert ended.code in (2, 3)
    assert said in ended.err
