"""Charts on pages: an address of their own, for those who may see the page, drawn once."""

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import pytest

from tests.cases.conftest import figures
from tests.site.browsing import PHONE, Person
from tests.site.conftest import OPENED
from tilsyn.cases import actions, knowledge
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import table as figure_table
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
    assert heads[:2] == ["Måned", "Hedensted"] and heads[-1] == "Grænse"
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


def test_what_comes_alive_holds_what_the_picture_shows(installation):
    client = installation.client("reader")
    answer = client.get(f"{SERIES}chart.json?on={OPENED}")
    alive = json.loads(answer.content)
    assert alive["table"] == table(client, f"{SERIES}chart.csv?on={OPENED}")
    assert alive["at"] == ["2021-12", "2022-01", "2022-02"] and alive["names"] == ["Hedensted"]
    assert {one["name"]: one["value"] for one in alive["spec"]["signals"]} == {
        "at": None,
        "off": [],
    }


# At a browser


@pytest.fixture
def compared(installation, tmp_path):
    """Beside Hedensted's long-term group the whole country's, which hides a month."""
    shares = {f"2021-{month:02d}": (month, 100) for month in range(4, 13)}
    rows = figures("country", OPENED, shares, measure="conversations_12m", grp="total")
    gone = ("unmet", "share")
    rows = [
        replace(row, value=None, status="suppressed")
        if str(row.month) == "2021-06-01" and row.statistic in gone
        else row
        for row in (replace(row, area_kind="country", area="dk") for row in rows)
    ]
    made = Release("country", OPENED, figure_table(rows))
    record = knowledge.take_in(releases.write(made, tmp_path / "country"))
    actions.approve_release(release=record, by=installation.people["head"])
    return installation


LONG = f"{AREA}conversations_12m/total/"


@pytest.mark.parametrize("size", [None, PHONE])
def test_a_chart_is_read_by_pointer_and_keyboard_and_its_lines_are_switched(
    server, compared, browser, size
):
    person = Person(browser, server.url, compared.people["head"], size=size)
    said = []
    person.page.on("console", lambda message: said.append(message.text))
    person.open(LONG)
    chart = person.page.locator("figure.chart")
    reader, still = chart.get_by_role("slider"), chart.locator(".drawn").bounding_box()
    assert chart.locator(".readout").inner_text() == ""
    reader.hover()
    chart.locator(".alive svg").wait_for()
    assert "Hele landet" in chart.locator(".readout").inner_text()
    # It does not move when it comes alive.
    assert chart.locator(".drawn").bounding_box() == still
    reader.focus()
    reader.press("Home")
    assert reader.get_attribute("aria-valuetext").startswith("marts 2021. Hedensted: 10,0, ")
    for _ in range(3):
        reader.press("ArrowRight")
    told = "juni 2021. Hedensted: 10,0, Hele landet: ., Grænse: 20"
    assert reader.get_attribute("aria-valuetext") == told
    lines = chart.locator(".alive .mark-line path")
    assert lines.count() == 2
    chart.get_by_role("checkbox", name="Hele landet").uncheck()
    assert lines.count() == 1
    assert not person.complaints()
    assert person.overflow() <= 0
    assert not said and not person.elsewhere


def test_a_chart_that_cannot_come_alive_stays_the_picture_it_was(server, compared, browser):
    person = Person(browser, server.url, compared.people["head"])
    person.page.route("**/chart.json?*", lambda route: route.abort())
    person.open(LONG)
    chart = person.page.locator("figure.chart")
    chart.get_by_role("slider").hover()
    chart.get_by_role("slider").wait_for(state="detached")
    assert chart.locator("img").is_visible()
