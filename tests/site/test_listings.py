"""Tables: one story on a page, sorted, filtered, and taken away as they are seen; and the search."""

import csv
import html
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from tests.site.conftest import OPENED
from tilsyn.cases import actions
from tilsyn.cases.models import Case
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.site.listing import Column, Filter, Listing

OVERVIEW = {"on": str(OPENED)}


def table(answer):
    """The heads and rows of a file."""
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("measure", ["conversations_6m", "offers_6m", "conversations_12m"])
def test_every_tile_counts_the_municipalities_its_list_shows(installation, measure):
    client = installation.client("head")
    first = client.get("/", {**OVERVIEW, "measure": measure})
    for group in first.context["groups"]:
        for place in ({}, {"amk": "midt_nord"}, {"amk": "oest"}):
            asked = {**OVERVIEW, "measure": measure, "group": group, **place}
            page = client.get("/", asked)
            for tile in page.context["tiles"]:
                key, chosen = tile.choice
                listed = client.get("/", {**asked, key: chosen})
                rows = listed.context["listing"].rows
                assert len(rows) == tile.count, (group, tile)
                # Map, badge and table: the others are out of the map, and these have the tile's class.
                assert listed.context["map"].count('class="outside"') == 98 - tile.count
                for row in rows:
                    assert not (key == "band" and chosen == "over") or row.over
                    assert key != "verdict" or row.finding.verdict == chosen
                wanted = html.escape(f"{key}={chosen}")
                assert re.search(rf'href="[^"]*{wanted}[^"]*#table-title"', page.content.decode())


def test_some_tile_counts_somebody(installation):
    page = installation.client("head").get("/", {**OVERVIEW, "group": "sygedagpenge"})
    assert {tile.choice[1]: tile.count for tile in page.context["tiles"]}["flagged"] == 1


def test_a_judgement_is_on_the_group_and_month_chosen_or_there_is_none(installation):
    client = installation.client("head")
    for group in client.get("/", OVERVIEW).context["groups"]:
        page = client.get("/", {**OVERVIEW, "group": group})
        found = [row.finding for row in page.context["listing"].rows if row.finding]
        assert group == "total" or {one.grp for one in found} <= {group}
    # What the rule judges for all groups together says nothing of one of them.
    asked = {**OVERVIEW, "measure": "conversations_12m"}
    assert client.get("/", asked).context["choice"].judged
    older = client.get("/", {**asked, "month": "2022-01"})
    assert not older.context["choice"].judged
    assert not [row for row in older.context["listing"].rows if row.finding]
    assert "Bedømmelserne gælder den nyeste måned" in older.content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_is_taken_away_as_it_is_seen(installation, form):
    asked = {**OVERVIEW, "group": "sygedagpenge", "q": "hedensted", "sort": "name", "form": form}
    answer = installation.client("reader").get("/", asked)
    if form == "csv":
        heads, row = table(answer)
        assert row[3] == "20,9"
    else:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
        heads, row = sheet.to_python()
        assert row[3] == pytest.approx(20.9)
    assert heads == ["Kommune", "Personer", "Uden lovpligtig indsats", "Andel", "Bedømmelse"]
    assert row[0] == "Hedensted" and row[4] == f"{VERDICTS['flagged'].da}: Sygedagpenge"


def test_a_municipalitys_figures_are_in_words_and_months_across(installation):
    client = installation.client("reader")
    heads, *rows = table(client.get("/municipalities/766/figures.csv"))
    assert heads[:3] == ["Mål", "Opgørelse", "Ydelsesgruppe"]
    text = "\n".join(";".join(row) for row in rows)
    assert "Sygedagpenge" in text and "conversations_6m" not in text and "sygedagpenge" not in text
    answer = client.get("/municipalities/766/figures.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    heads, *across = book.get_sheet_by_index(0).to_python()
    months = {row[5] for row in map(tuple, rows)}
    assert len(heads) == 5 + len(months)
    assert sum(cell != "" for row in across for cell in row[5:]) == len(rows)
    assert len(book.sheet_names) == 2


def test_what_has_no_value_comes_last_whichever_way(rf):
    columns = [Column("n", "N", lambda row: row)]
    for sort, expected in (("n", [1, 2, None]), ("-n", [2, 1, None]), ("no", [1, 2, None])):
        listing = Listing(rf.get("/", {"sort": sort}), [2, None, 1], columns, name="x", sort="n")
        assert listing.rows == expected


def test_a_filter_leaves_out_and_what_it_does_not_know_leaves_out_nothing(rf):
    even = Filter("even", "Even", lambda row, _: row % 2 == 0, [("yes", "yes")])
    columns = [Column("n", "N", lambda row: row)]
    for chosen, expected in (("yes", [2]), ("", [1, 2, 3]), ("what", [1, 2, 3])):
        request = rf.get("/", {"even": chosen})
        listing = Listing(request, [1, 2, 3], columns, name="x", filters=[even], sort="n")
        assert listing.rows == expected and listing.filtered == (expected == [2])


@pytest.mark.parametrize(
    "wanted", ["Hedensted", "hedensted kommune", "766", "HEDENST", "  hedensted  "]
)
def test_a_municipality_is_found_by_what_it_is_called(installation, wanted):
    answer = installation.client("reader").get("/search/", {"q": wanted})
    assert answer.status_code == 302 and answer["Location"] == "/municipalities/766/"


def test_an_old_spelling_finds_it_too(installation):
    answer = installation.client("reader").get("/search/", {"q": "Århus"})
    assert answer["Location"] == "/municipalities/751/"


def test_a_region_finds_its_municipalities(installation):
    page = installation.client("reader").get("/search/", {"q": "Midtjylland"}).content.decode()
    assert "Region Midtjylland" in page and "/municipalities/766/" in page
    assert "/municipalities/101/" not in page


def test_a_case_is_found_by_its_number_by_those_who_may_see_it(installation):
    number = installation.case.number
    answer = installation.client("officer").get("/search/", {"q": number})
    assert answer["Location"] == f"/cases/{installation.case.pk}/"
    for who, wanted in (("neighbour", number), ("other office", number), ("officer", "1999-1")):
        page = installation.client(who).get("/search/", {"q": wanted})
        assert page.status_code == 200 and f"/cases/{installation.case.pk}/" not in str(
            page.content
        )


def test_nothing_found_is_said(installation):
    page = installation.client("reader").get("/search/", {"q": "<b>Atlantis"}).content.decode()
    assert "Der er ikke fundet noget for »&lt;b&gt;Atlantis«" in page


def test_an_approver_finds_the_cases_with_a_letter_to_approve(drafted):
    client = drafted.client("approver")
    page = client.get("/worklist/", {"whose": "all"})
    assert page.context["count"]["draft"] == 1
    assert "med brev til godkendelse" in page.content.decode()
    listed = client.get("/worklist/", {"whose": "all", "state": "draft"})
    assert [line.case.pk for line in listed.context["page"]] == [drafted.case.pk]
    actions.approve(document=drafted.letter, by=drafted.people["approver"], on=OPENED)
    assert client.get("/worklist/", {"whose": "all"}).context["count"]["draft"] == 0


def test_waiting_for_figures_is_not_overdue(installation):
    client = installation.client("officer")
    Case.objects.update(due_on=OPENED, step="second_follow_up")
    count = client.get("/worklist/").context["count"]
    assert (count["waiting"], count["overdue"]) == (1, 0)
    Case.objects.update(step="statement")
    count = client.get("/worklist/").context["count"]
    assert (count["waiting"], count["overdue"]) == (0, 1)


def test_a_row_of_the_worklist_says_what_it_is_about_and_how_far_over(installation):
    answer = installation.client("officer").get("/worklist/", {"form": "csv"})
    heads, row = table(answer)
    told = dict(zip(heads, row, strict=True))
    assert "sygedagpenge" in told["Om"]
    assert float(told["Andel"].replace(",", ".")) == pytest.approx(
        20 + float(told["Afstand til grænsen"].replace(",", ".")), abs=0.01
    )
