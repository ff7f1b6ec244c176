"""A municipality's page begins with the answer, and leaves out what tells nothing."""

from fractions import Fraction

import pytest

from tests.site.conftest import OPENED
from tilsyn.cases.models import Case
from tilsyn.figures.series import MonthFigure
from tilsyn.rules.model import Threshold
from tilsyn.site.views import municipality
from tilsyn.vocabulary import YearMonth

PAGE = "/municipalities/766/"


def row(*unmet):
    """Months from January 2023 of a hundred persons; None is a month without figures."""
    months = {YearMonth(2023, 1) + n: number for n, number in enumerate(unmet)}
    return {m: MonthFigure(m, population=100, unmet=n) for m, n in months.items() if n is not None}


@pytest.mark.parametrize(
    ("unmet", "since"),
    [
        ((21, 21, 21), YearMonth(2023, 1)),
        ((21, 20, 21), YearMonth(2023, 3)),
        ((21, None, 21), YearMonth(2023, 3)),
        ((21, 21, 20), None),
    ],
)
def test_since_when_a_line_is_exceeded_without_a_break(unmet, since):
    line = Threshold(threshold=20, met_at_threshold=True)
    assert municipality._since(row(*unmet), line) == since


@pytest.mark.parametrize("met_at_threshold", [True, False])
@pytest.mark.parametrize("unmet", [20, 21, 37, 100])
def test_how_many_persons_more_would_have_held_the_line(unmet, met_at_threshold):
    line = Threshold(threshold=20, met_at_threshold=met_at_threshold)
    figure = MonthFigure(YearMonth(2023, 1), population=100, unmet=unmet)
    more = municipality._more(figure, line)
    if not line.over(Fraction(unmet)):
        assert more is None
    else:
        assert not line.over(Fraction(unmet - more)) and line.over(Fraction(unmet - more + 1))


def test_the_answer_names_what_is_over_since_when_and_what_follows(installation):
    page = installation.client("officer").get(PAGE, {"on": str(OPENED)})
    (answer,) = [one for one in page.context["answers"] if one.finding.verdict == "flagged"]
    assert answer.since <= YearMonth(2021, 12) and answer.newest == YearMonth(2022, 2)
    assert [case.pk for case in answer.cases] == [installation.case.pk]
    assert "Over grænsen i alle måneder siden" in page.content.decode()


def test_rows_and_months_without_a_number_are_left_out_and_named(installation):
    page = installation.client("reader").get(PAGE).content.decode()
    _, *tables = page.split('<table class="grid months">')
    for table in tables:
        body = table.partition("</table>")[0].partition("<tbody>")
        for line in body[2].split("<tr")[1:]:
            assert any(sign.isdigit() for sign in line.rpartition("</th>")[2])
    assert "Sådan opgøres det" in page and "/rules/early_effort/" in page


def test_a_municipality_arrives_at_what_is_asked_of_it(installation):
    page = installation.client("municipality").get("/home/", follow=True)
    assert page.redirect_chain[-1][0] == PAGE
    assert "Hvad I skal gøre" in page.content.decode()
    assert page.context["asked"] == [] and "Intet lige nu" in page.content.decode()
    Case.objects.filter(pk=installation.case.pk).update(step="statement")
    page = installation.client("municipality").get(PAGE)
    assert [case.pk for case in page.context["asked"]] == [installation.case.pk]
    for who in ("officer", "neighbour"):
        assert "Hvad I skal gøre" not in installation.client(who).get(PAGE).content.decode()


def test_a_municipality_is_not_told_that_there_is_no_case_where_it_may_not_see_one(installation):
    Case.objects.update(announced_on=None)
    told = "Der er ingen sag i gang"
    asked = {"on": str(OPENED)}
    theirs = installation.client("municipality").get(PAGE, asked)
    assert theirs.context["answers"] and told not in theirs.content.decode()
    neighbour = installation.client("neighbour").get(PAGE, asked).content.decode()
    assert told not in neighbour
