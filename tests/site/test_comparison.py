"""The page that sets municipalities beside each other, and its funnel."""

import csv
import datetime as dt
import io
import re
from html import unescape

import pytest

from tilsyn.cases import actions, knowledge
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import Figure, table
from tilsyn.protection import Parameters
from tilsyn.vocabulary import MUNICIPALITIES

OWN, SMALL = "766", "269"
"""Hedensted, far out, and Solrød, too few to be shown to others."""
PUBLISHED = dt.date(2022, 5, 2)
PAGE = "/compare/?measure=offers_6m&group=kontanthjaelp&month=2022-02"


@pytest.fixture
def country(installation, settings, tmp_path):
    """The installation with thirty municipalities' figures of a register in use."""
    settings.PROTECTION = Parameters(smallest=5)
    rows = []
    others = [one for one in MUNICIPALITIES.codes if one not in (OWN, SMALL)]
    codes = [*others[:28], OWN, SMALL]
    for n, code in enumerate(codes):
        counts = {OWN: (87, 60), SMALL: (4, 1)}.get(code, (60 + n, 12 + n % 5))
        for statistic, value in zip(("population", "unmet"), counts, strict=True):
            place = ("municipality", code, "kontanthjaelp", "", "", dt.date(2022, 2, 1))
            known = (float(value), "value", "register", "wide", PUBLISHED)
            rows.append(Figure("offers_6m", statistic, *place, *known))
        goal = ("municipality", code, "total", "", "", dt.date(2021, 12, 1), 10.0 + n)
        known = ("value", "published", "wide", PUBLISHED)
        rows.append(Figure("result_goal", "expected_share", *goal, *known))
    record = knowledge.take_in(
        releases.write(Release("wide", PUBLISHED, table(rows)), tmp_path / "wide")
    )
    actions.approve_release(release=record, by=installation.people["head"])
    return installation


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def funnel(page, form="csv"):
    """The address of the page's funnel."""
    picture = re.search(r'<img src="(/compare/chart[^"]+)"', page)[1]
    return picture.replace(".svg?", f".{form}?")


def test_a_municipality_stands_among_its_peers_and_they_are_named(country):
    client = country.client("reader")
    page = text(client, f"{PAGE}&municipality={OWN}&peers=result_goal")
    assert "hvis forventede andel i resultatmålet ligger nærmest" in page
    assert "over 99,8 %" in page
    assert "Det siger tallet ikke" in page and "om tilbuddet kom tidligt nok" in page
    rows = list(csv.reader(io.StringIO(client.get(funnel(page)).content.decode("utf-8-sig")), delimiter=";"))  # fmt: skip
    assert rows[0][0] == "Kommune"
    assert ["Hedensted", "87", "60", "69,0"] in [row[:4] for row in rows]
    assert client.get(funnel(page, "svg"))["Content-Type"] == "image/svg+xml"


def test_peers_are_chosen_by_hand_without_any_script(country):
    page = text(country.client("reader"), f"{PAGE}&municipality={OWN}&peers=hand&with=101&with=147")
    assert "Sammenlignet med de valgte kommuner: Frederiksberg og København." in page


def test_it_speaks_both_languages(country):
    client = country.client("reader")
    client.cookies["django_language"] = "en"
    page = text(client, f"{PAGE}&municipality={OWN}&peers=region")
    assert "Compared with the municipalities of" in page
    assert "It does not say whether the offer came early enough" in page


def test_a_municipality_that_is_hidden_from_others_is_in_no_row_and_no_picture(country):
    mine = text(country.client("reader"), PAGE)
    assert f"/municipalities/{SMALL}/" in mine  # inside the authority's walls all is seen
    client = country.client("neighbour")
    page = text(client, PAGE)
    assert f"/municipalities/{SMALL}/" not in page
    assert re.search(r"ikke sammenlignet: [^<]*Solrød", page)
    for form in ("csv", "json"):
        assert "Solrød" not in client.get(funnel(page, form)).content.decode("utf-8-sig")


@pytest.mark.parametrize(
    "asked", ["?measure=none", "?peers=income", "?municipality=999&peers=size", "?with=x,101"]
)
def test_what_is_asked_wrongly_is_as_usual(country, asked):
    assert "<h1>Sammenlign kommuner</h1>" in text(country.client("reader"), f"/compare/{asked}")
