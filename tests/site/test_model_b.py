"""The early effort since November 2023 on the pages: a letter, a talk with an offer of help, the half-year."""

import datetime as dt

import pytest

from tests.cases.conftest import figures
from tilsyn.cases import actions, knowledge
from tilsyn.cases.models import Case
from tilsyn.cases.tick import tick
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import table
from tilsyn.vocabulary import MonthRange


@pytest.fixture
def arrives(people, settings, tmp_path):
    """A release of pooled figures comes into use on a day, and the daily run is made."""

    def arrive(day, span, unmet=15):
        on = settings.TODAY = dt.date.fromisoformat(day)
        rows = figures(day, on, {str(m): (unmet, 60) for m in MonthRange.parse(span)}, grp="total")
        folder = releases.write(Release(day, on, table(rows)), tmp_path / "made" / day)
        actions.approve_release(release=knowledge.take_in(folder), by=people["head"])
        tick(on=on)

    return arrive


def _words(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_course_of_half_years(people, arrives, settings):
    from tests.site.conftest import Installation

    signed_in = Installation(people).client
    officer, approver = signed_in("officer"), signed_in("approver")
    arrives("2024-02-05", "2023-06..2023-11")
    officer.post("/worklist/propose/")
    case = Case.objects.get(area="766")
    address = f"/cases/{case.pk}/"

    def posted(action, who=officer, **given):
        return _words(who.post(f"{address}{action}/", given, follow=True))

    def sent(date, number):
        facts = {"date": date, "reference": number, "addressee": "Jobcenterchefen"}
        assert "fakta er bekræftet" in posted("facts", **facts)
        assert "Udkastet er lavet" in posted("draft")
        letter = case.documents.get(status="drafted")
        approver.post(f"/documents/{letter.pk}/approve/")
        return _words(officer.post(f"/documents/{letter.pk}/send/", follow=True))

    page = sent("2024-02-05", case.number)
    assert "Dialog og tilbud om hjælp" in page and "dataanalyse" in page
    assert "Modtag dokument" not in page, "no statement and no plan is asked for"
    posted(
        "outcome", outcome="held", note="Hjælp til dataanalyse aftalt", assistance="data_analysis"
    )

    arrives("2024-08-05", "2023-12..2024-06")
    page = _words(officer.get(address))
    assert "Reglen foreslår" in page and "fortsat ikke opfyldt" in page
    posted("outcome", outcome="flagged")
    assert "Dialog og tilbud om hjælp" in sent("2024-08-05", case.number)
    posted("outcome", outcome="declined")

    arrives("2025-01-31", "2024-07..2024-12")
    posted("outcome", outcome="flagged")
    facts = {"date": "2025-01-31", "reference": case.number, "addressee": "Jobcenterchefen"}
    posted("facts", **facts)
    page = posted("draft")
    assert "har fået 2 breve inden for et år" in page and "5. februar 2025" in page
    settings.TODAY = dt.date(2025, 2, 5)
    assert "Udkastet er lavet" in posted("draft")
