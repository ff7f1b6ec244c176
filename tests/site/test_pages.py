"""The pages show what the figures and the cases say."""

import datetime as dt
import gzip
import re
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pytest
from django.contrib.staticfiles import finders
from django.core import management
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.site.conftest import FROM_ELSEWHERE, PASSWORD, SecureClient
from tilsyn.cases import actions, knowledge
from tilsyn.cases.models import Case
from tilsyn.cases.refusals import refused
from tilsyn.errors import ConflictError
from tilsyn.figures import release as releases
from tilsyn.figures.reading import read_published
from tilsyn.figures.release import Release


def test_the_overview_has_every_municipality_once_on_map_and_in_table(installation):
    page = installation.client("reader").get("/").content.decode()
    assert len(re.findall(r"<title>[^<]+</title></path>", page)) == 98
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert len(re.findall(r'<th scope="row">', table)) == 98


def test_the_table_sorts_by_link(installation):
    client = installation.client("reader")

    def first(address):
        page = client.get(address).content.decode()
        return re.search(r'<tbody><tr>\s*<th scope="row"><a href="[^"]+">([^<]+)', page)[1]

    # Most first: Hedensted is the only one with figures. By name: Aabenraa and not Ærø.
    assert first("/?sort=-population") == "Hedensted"
    assert first("/?sort=name") == "Aabenraa"


def test_the_overview_weighs_little_and_needs_no_script(installation):
    page = installation.client("reader").get("/").content
    assert b"<script" not in page
    weight = len(gzip.compress(page))
    for name in set(re.findall(rb'/static/(site/[^"]+)', page)):
        content = Path(finders.find(name.decode())).read_bytes()
        weight += len(gzip.compress(content))
        weight += sum(
            Path(finders.find(f"site/fonts/{font}")).stat().st_size
            for font in set(re.findall(r"fonts/([\w-]+\.woff2)", content.decode()))
        )
    assert weight <= 400_000


def test_a_municipality_shows_its_verdict_with_why(installation):
    page = installation.client("reader").get("/municipalities/766/").content.decode()
    assert "Sygedagpenge" in page and "udløser henvendelse" in page
    assert "23,5" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Regel: " in page


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_figures_can_be_taken_away(installation, form):
    answer = installation.client("municipality").get(f"/municipalities/766/figures.{form}")
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert answer.content[:2] == (b"PK" if form == "xlsx" else "\ufeff".encode()[:2])


def test_the_municipality_sees_what_was_sent_and_not_what_was_thought(installation):
    actions.add_note(
        case=installation.case,
        text="Internt notat",
        by=installation.people["officer"],
        on=installation.case.opened_on,
    )
    address = f"/cases/{installation.case.pk}/"
    assert "Internt notat" in installation.client("officer").get(address).content.decode()
    theirs = installation.client("municipality").get(address).content.decode()
    assert "Internt notat" not in theirs and "sendt" in theirs
    assert installation.client("neighbour").get(address).status_code == 404


def test_a_lost_race_is_told_kindly(installation, monkeypatch):
    def taken(**_):
        raise refused(ConflictError, "changed_meanwhile", case=installation.case.number)

    monkeypatch.setattr(actions, "add_note", taken)
    answer = installation.client("officer").post(
        f"/cases/{installation.case.pk}/note/", {"text": "x"}, follow=True
    )
    assert "En kollega har ændret sag" in answer.content.decode()


def test_nothing_comes_from_elsewhere(installation):
    client = installation.client("head")
    for address in ("/", "/municipalities/766/", "/worklist/", "/rules/", "/accounts/login/"):
        answer = client.get(address)
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        page = answer.content.decode()
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)
        assert ' style="' not in page and "onclick" not in page


def test_the_letter_is_framed_and_can_do_nothing(installation):
    answer = installation.client("officer").get(f"/documents/{installation.letter.pk}/letter.html")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_worklist_asks_few_questions(installation):
    client = installation.client("officer")
    client.get("/worklist/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/worklist/")
    assert len(asked) < 20


def test_a_rule_says_its_numbers_in_words(installation):
    client = installation.client("officer")
    before = client.get("/rules/", {"date": "2023-12-01"}).content.decode()
    assert "<dd>4</dd>" in before and "marts-juni 2020" in before
    after = client.get("/rules/", {"date": "2024-02-01"}).content.decode()
    assert "<dd>3 (A-dagpenge mv.), ellers 4</dd>" in after


def test_a_tile_counts_the_cases_its_link_lists(installation):
    client = installation.client("officer")
    count = client.get("/worklist/").context["count"]
    for state in ("overdue", "soon", "waiting", "proposed", "open"):
        listed = client.get("/worklist/", {"state": state})
        assert listed.context["page"].paginator.count == count[state]
        assert f"&amp;state={state}" in listed.content.decode() or state == "open"
    assert count["open"] >= 1


def test_a_database_that_is_away_has_a_page_of_its_own(installation, monkeypatch):
    from django.db import OperationalError

    from tilsyn.site.views import worklist

    def away(*_):
        raise OperationalError("connection refused")

    client = installation.client("officer")
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(worklist, "_whose", away)
        answer = client.get("/worklist/")
        assert answer.status_code == 503 and answer["Retry-After"] == "30"
        assert "Databasen svarer ikke" in answer.content.decode()
    assert client.get("/worklist/").status_code == 200


def test_the_deployment_check_finds_nothing(settings):
    management.call_command("check", deploy=True, fail_level="WARNING")


def test_an_administrator_makes_a_user_with_a_role(installation):
    client = installation.client("administrator")
    made = {
        "email": "ny@example.org",
        "name": "Sagsbehandler, AMK Øst",
        "password": "et langt kodeord 17",
        "role": "officer",
        "scope": "amk:oest",
    }
    answer = client.post("/administration/", made, follow=True)
    assert "er oprettet" in answer.content.decode()
    assert "bruger oprettet" in client.get("/administration/log/").content.decode()
    assert client.get("/administration/log/?form=csv")["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("who,opens", [("municipality", 200), ("officer", 200)])
def test_the_home_of_a_municipality(installation, settings, who, opens):
    elsewhere = {"municipality": "/municipalities/766/", "officer": "/worklist/"}
    assert installation.client(who).get("/home/")["Location"] == elsewhere[who]
    settings.INSTALLATION = "municipality"
    page = installation.client(who).get("/home/")
    assert page.status_code == opens
    if who == "municipality":
        assert "Der er endnu ikke indlæst et register" in page.content.decode()


def test_assistance_is_noted_and_taken_back_on_the_committee_s_pages(installation):
    client = installation.client("officer")
    address = "/committee/2022-Q2/766/"
    given = {"contacted": "2022-05-20", "status": "undecided", "kinds": ["data_analysis"]}
    answer = client.post(address, given, follow=True).content.decode()
    assert "Bistanden er noteret" in answer and "dataanalyse" in answer
    standing = client.get("/committee/").content.decode()
    assert "Endnu ikke afklaret" in standing and "Hedensted" in standing
    number = re.search(r'name="undo" value="(\d+)"', answer)[1]
    answer = client.post(address, {"undo": number}, follow=True).content.decode()
    assert "Noteringen er fortrudt" in answer
    _, _, main = client.get("/committee/").content.decode().partition("<main")
    assert "Hedensted" not in main
    theirs = installation.client("municipality")
    assert theirs.get(address).status_code == 403
    assert "Svar på tilbud om bistand" not in theirs.get("/committee/").content.decode()


def test_the_report_is_drafted_from_the_committee_s_page(installation):
    client = installation.client("head")
    answer = client.post("/committee/draft/", follow=True)
    assert "Udkastet til redegørelsen er lavet" in answer.content.decode()
    assert answer.redirect_chain[0][0].startswith("/documents/")
    assert installation.client("officer").post("/committee/draft/").status_code == 403
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        assert client.get(f"/committee/report.{form}").content.startswith(begins)


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_the_status_note_can_be_taken_away(figures_of_ishoej, form, begins):
    answer = figures_of_ishoej.get(f"/municipalities/183/note.{form}")
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert "ishøj" in unquote(answer["Content-Disposition"])


def test_a_note_that_cannot_be_written_says_why_on_the_page(installation):
    answer = installation.client("reader").get("/municipalities/101/note.pdf", follow=True)
    assert answer.redirect_chain and "alert-warning" in answer.content.decode()


@pytest.fixture
def figures_of_ishoej(installation, samples, settings, tmp_path):
    """A reader's browser, with the figures of a real status note in use."""
    settings.TODAY = dt.date(2023, 12, 4)
    name = "ishoej-2023-11"
    published = dt.date(2023, 11, 30)
    files = sorted((samples / name).glob("*.csv"))
    read = pl.concat([read_published(file, published=published).figures for file in files])
    made = Release(name, published, read.with_columns(release=pl.lit(name)))
    record = knowledge.take_in(releases.write(made, tmp_path / "note" / name))
    actions.approve_release(release=record, by=installation.people["head"])
    return installation.client("reader")


def test_the_result_goal_is_shown_also_where_only_the_statement_is_known(figures_of_ishoej):
    page = figures_of_ishoej.get("/municipalities/183/").content.decode()
    box = page[page.index("<h2>Resultatmål") :][:600]
    assert "Oplyst" in box and "ikke nået" in box and "–" not in box


def test_an_event_is_corrected_by_a_new_one(installation):
    client, case = installation.client("officer"), installation.case
    sent = case.events.get(kind="sent")
    address = f"/cases/{case.pk}/events/{sent.sequence}/"
    assert "Rigtigt resultat" not in client.get(address).content.decode()
    given = {"on_date": "2022-05-18", "reason": "Sendt dagen efter"}
    page = client.post(address, given, follow=True).content.decode()
    assert "Rettelsen er skrevet" in page and "rettet senere" in page and "18. maj 2022" in page
    case.refresh_from_db()
    assert str(case.announced_on) == "2022-05-18" and case.events.filter(pk=sent.pk).exists()
    assert installation.client("municipality").get(address).status_code == 403
    assert client.get(f"/cases/{case.pk}/events/1/").status_code == 404


def test_a_course_from_elsewhere_is_brought_in_by_its_form(installation, settings):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.TODAY = dt.date(2022, 10, 3)
    letter = SimpleUploadedFile("henvendelse.pdf", b"%PDF-1.7 letter")
    given = {**FROM_ELSEWHERE, "files": letter}
    client = installation.client("head")
    wanting = client.post("/cases/elsewhere/", {**given, "matters_chosen": []})
    assert wanting.status_code == 200 and Case.objects.count() == 1
    letter.seek(0)
    page = client.post("/cases/elsewhere/", given, follow=True).content.decode()
    assert "Kommunen genopretter indsatsen" in page and "henvendelse.pdf" in page
    assert Case.objects.get(area="630").matters.count() == 2


def test_an_administrator_gives_an_office_its_letterhead(installation):
    client = installation.client("administrator")
    page = client.get("/administration/letterheads/midt_nord/").content.decode()
    given = dict(re.findall(r'name="((?:da|en)_\w+)" value="([^"]*)"', page))
    given |= {"da_lines": "Vejen 1\n9000 Aalborg", "en_lines": "", "da_office": "Kontoret"}
    answer = client.post("/administration/letterheads/midt_nord/", given, follow=True)
    assert "Brevhovedet er gemt" in answer.content.decode()
    assert "kontorets eget" in client.get("/administration/letterheads/").content.decode()
    picture = client.get("/administration/letterheads/midt_nord/preview.png")
    assert picture.content.startswith(b"\x89PNG")


def test_a_lost_password_is_made_new_by_an_administrator(installation):
    one = installation.people["officer"]
    address = f"/administration/users/{one.pk}/password/"
    weak = installation.client("administrator").post(address, {"password": "kort"}, follow=True)
    assert "Adgangskoden duer ikke" in weak.content.decode()
    given = {"password": "gule heste spiser 7 havre"}
    assert installation.client("municipal administrator").post(address, given).status_code in (
        403,
        404,
    )
    signed_in = installation.client("officer")
    installation.client("administrator").post(address, given)
    assert signed_in.get("/worklist/").status_code == 302, "what he was signed in to has ended"
    client = SecureClient()
    client.post("/accounts/login/", {"login": one.email, **given})
    assert client.get("/worklist/").status_code == 200


@pytest.mark.parametrize(
    "code,name", [("101", "Københavns Kommune"), ("400", "Bornholms Regionskommune")]
)
def test_pages_call_a_municipality_by_its_official_name(installation, code, name):
    client = installation.client("head")
    assert f"<h1>{name}</h1>" in client.get(f"/municipalities/{code}/").content.decode()


def test_the_worklist_is_searched_by_official_names_too(installation):
    client = installation.client("head")
    found = client.get("/worklist/", {"whose": "all", "q": "Hedensted Kommune"}).context["page"]
    assert {line.case.area for line in found} == {"766"}
    assert not client.get("/worklist/", {"whose": "all", "q": "Københavns"}).context["page"]


def test_the_calendar_is_kept_by_nobody_and_its_address_is_renewed(installation):
    officer = installation.people["officer"]
    client = installation.client("officer")

    def address():
        officer.refresh_from_db()
        return f"/calendar/{officer.feed_token}.ics"

    first = address()
    answer = SecureClient().get(first)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    assert client.post("/profile/", {"calendar": "new"}, follow=True).status_code == 200
    second = address()
    assert SecureClient().get(first).status_code == 404
    assert SecureClient().get(second).status_code == 200
    assert second in client.get("/profile/").content.decode()
    new = "en anden lang adgangskode"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", given).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password(new)
    assert SecureClient().get(second).status_code == 404


def test_an_administrator_finds_whoever_has_no_role_and_lets_him_in_again(installation):
    one = installation.people["municipality"]
    client = installation.client("municipal administrator")
    page = f"/administration/users/{one.pk}/"
    held = one.memberships.get()
    client.post(f"{page}revoke/", {"membership": held.pk})
    assert not one.memberships.exists()
    assert "ingen rolle" in client.get("/administration/").content.decode()
    client.post(f"{page}deactivate/")
    assert f"{page}reactivate/" in client.get(page).content.decode()
    client.post(f"{page}reactivate/")
    client.post(f"{page}grant/", {"role": "reader", "scope": "municipality:766"})
    one.refresh_from_db()
    assert one.is_active and one.memberships.get().role == "reader"
