"""Charts on pages: an address of their own, for those who may see the page, drawn once."""

import csv
import io
import re
from html import unescape
from xml.etree import ElementTree

import pytest

from tests.site.conftest import OPENED
from tilsyn.site import charts

AREA = "/municipalities/766/"
SERIES = f"{AREA}conversations_6m/sygedagpenge/"


def pictures(client, page):
    """The addresses of a page's charts, each with its sizes and its words."""
    found = re.findall(
        r'<source [^>]*srcset="([^"]+)"[^>]*><img src="([^"]+)" width="(\d+)" height="(\d+)" alt="([^"]+)"',
        client.get(page).content.decode(),
    )
    return [tuple(map(unescape, one)) for one in found]


def table(client, address):
    answer = client.get(address)
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_a_page_s_charts_come_in_the_size_the_page_has_kept_for_them(installation):
    client = installation.client("reader")
    found = pictures(client, AREA)
    assert len(found) == 2
    for narrow, wide, width, height, _ in found:
        answer = client.get(wide)
        assert answer.status_code == 200 and answer["Content-Type"] == "image/svg+xml"
        svg = ElementTree.fromstring(answer.content)
        assert (svg.get("width"), svg.get("height")) == (width, height)
        assert client.get(narrow).status_code == 200


def test_a_chart_says_what_it_shows_where_it_cannot_be_seen(installation):
    ((_, _, _, _, words),) = pictures(installation.client("reader"), SERIES)
    assert words.startswith("Kurver (Samtaler, tidlig indsats, sygedagpenge")
    assert "Hedensted: " in words and "En stiplet linje viser grænsen på 20." in words


def test_a_chart_is_drawn_once_and_asks_nothing_of_anybody(installation, monkeypatch):
    client = installation.client("reader")
    (_, wide, *_), *_ = pictures(client, AREA)
    first = client.get(wide)
    assert first["Content-Security-Policy"].startswith("default-src 'none'")
    assert not re.findall(rb'(?:href|src)="|url\((?!data:)', first.content)
    monkeypatch.setattr(charts, "draw", lambda *_: pytest.fail("drawn again"))
    assert client.get(wide).content == first.content
    # Another reader who sees the same gets the same.
    assert installation.client("neighbour").get(wide).content == first.content


def test_its_numbers_are_those_of_the_page_s_table(installation):
    client = installation.client("reader")
    page = client.get(f"{SERIES}?on={OPENED}").content.decode()
    shares = re.findall(r'<td class="n(?: over)?">([\d,]+)\u00a0%</td>', page)
    heads, *rows = table(client, f"{SERIES}chart.csv?on={OPENED}")
    assert heads[:2] == ["Måned", "Hedensted"] and heads[-1] == "Grænse: 20 pct."
    assert [row[1] for row in rows] == shares[::-1] and len(rows) == 3
    assert table(client, f"{SERIES}chart.csv?on={OPENED}&months=2022-01..2022-02")[1:] == rows[1:]


@pytest.mark.parametrize(
    "months", ["x", "2022-02..2021-02", "1900-01..2022-02", "2021-02..2199-01"]
)
def test_months_that_make_no_sense_are_all_months(installation, months):
    client = installation.client("reader")
    assert table(client, f"{SERIES}chart.csv?months={months}") == table(
        client, f"{SERIES}chart.csv"
    )


@pytest.mark.parametrize(
    "address",
    [
        f"{SERIES}chart.gif",
        f"{AREA}nothing/sygedagpenge/chart.svg",
        f"{AREA}durations/total/chart.svg",
        f"{AREA}conversations_6m/nobody/chart.svg",
        "/municipalities/999/conversations_6m/total/chart.svg",
    ],
)
def test_what_there_is_no_chart_of_is_not_there(installation, address):
    assert installation.client("reader").get(address).status_code == 404
