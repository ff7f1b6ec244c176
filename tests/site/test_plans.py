"""Plans on the site: asked for by a form without script, followed, taken into use; persons only by purpose."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.site.browsing import PHONE, Person
from tests.site.conftest import HEDENSTED, PASSWORD, ROLES
from tests.site.test_languages import _foreign
from tilsyn.cases import actions
from tilsyn.cases.models import AuditEntry, CallInPlan
from tilsyn.cases.plans import wishes, working
from tilsyn.planning import goals, record
from tilsyn.register.store import open_store
from tilsyn.site.forms.plan import PlanForm

PAGE = "/planning/plans/"
PAGES = Path(__file__).parents[2] / "docs" / "reference" / "pages.md"
WISH = {
    "conversations_0": "8",
    "offers_0": "2",
    "spacing": "14",
    "goal": "lines",
    "margin": "1",
    "first": "2022-06-06",
    "weeks": "26",
    "percent": "25",
    "other_goal": "",
}


@pytest.fixture
def plan(asking):
    """A plan that is made, of little room and little goal, so that it is made quickly."""
    form = PlanForm(
        {**WISH, "goal": "focus", "weeks": "18", "percent": "0"}, usual=None, known=goals.shipped()
    )
    assert form.is_valid(), form.errors
    asked = actions.ask_plan(area=HEDENSTED, wish=form.wish(), by=asking.people["municipality"])
    assert working.work() == 1
    asked.refresh_from_db()
    return asked


def text(client, address, **form) -> str:
    answer = client.post(address, form) if form else client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_plan_is_asked_for_by_a_form_and_the_page_says_how_far_it_is(asking):
    client = asking.client("municipality")
    answer = client.post(PAGE, WISH)
    asked = CallInPlan.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"{PAGE}{asked.pk}/"
    wish = wishes.Wish.model_validate(asked.wish)
    assert (wish.percent, wish.goal.name, wish.weeks) == (25, "lines", 26)
    assert wish.capacity.unit[0].conversations_per_week == 8
    page = text(client, answer["Location"])
    assert "Planen bliver lavet" in page and "Se, om den er færdig" in page
    assert "den 1. juni 2022." in page and "1. juni 2022" in text(client, PAGE)
    assert "bliver lavet" in text(client, PAGE)
    assert "refresh" not in page.lower().replace("refresh_token", "")


def test_the_form_remembers_what_was_asked_for_last(asking):
    client = asking.client("municipality")
    client.post(PAGE, {**WISH, "spacing": "21"})
    page = text(client, PAGE)
    assert 'name="conversations_0" value="8"' in page and 'name="spacing" value="21"' in page
    assert "25 % mere" in page


def test_the_first_form_follows_the_installation_s_capacity_file(asking, settings):
    (settings.DATA_DIR / "capacity.toml").write_text(
        "[[unit]]\nconversations_per_week = 41\n[[unit]]\nteam = 'Nord'\nconversations_per_week = 9\n"
    )
    page = text(asking.client("municipality"), PAGE)
    assert 'value="41"' in page and 'value="9"' in page and "Nord" in page and "Alle andre" in page
    (settings.DATA_DIR / "capacity.toml").write_text("[[unit]]\nconversations = 41\n")
    assert "kapacitetsfil kan ikke læses" in text(asking.client("municipality"), PAGE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("conversations_0", "-1"),
        ("weeks", "45"),
        ("first", "soon"),
        ("goal", "x"),
        ("percent", "900"),
    ],
)
def test_a_wish_that_makes_no_sense_is_told_so_and_nothing_is_asked_for(asking, field, value):
    page = text(asking.client("municipality"), PAGE, **{**WISH, field: value})
    assert "errorlist" in page and not CallInPlan.objects.exists()


def test_the_page_of_a_plan_tells_lines_load_and_shares(asking, plan):
    client = asking.client("municipality")
    page, what = text(client, f"{PAGE}{plan.pk}/"), plan.read()
    assert page.count('<figure class="chart" ') == 3
    held = {(line.measure, line.group) for line in what.lines if line.holds}
    lines = page[page.index('id="lines"') : page.index('id="due"')]
    assert lines.count('<th scope="row">') == len(held) > 0
    assert lines.count("for mange") == sum(1 for line in what.lines if line.over)
    assert "fra den bedst tænkelige" in page
    other = text(client, f"{PAGE}{plan.pk}/?subject=offers_12m total")
    assert re.search(r'<h2 id="course">Tilbud', other)
    assert text(client, f"{PAGE}{plan.pk}/?subject=x y z").count('id="course"') == 1


def test_no_pseudonym_is_on_the_pages_until_a_purpose_is_given(asking, plan, store):
    client = asking.client("municipality")
    persons = {p for part in open_store(store).parts for p in part.persons.to_pylist()}
    address = f"{PAGE}{plan.pk}/call-ins/"
    for page in (PAGE, f"{PAGE}{plan.pk}/", address):
        shown = text(client, page)
        assert not [person for person in persons if person in shown]
    text(client, address, purpose="", week="2022-W23", form="page")
    looks = AuditEntry.objects.filter(about=f"{plan}, call-ins")
    assert not looks.exists()

    shown = text(client, address, purpose="indkaldelse", week="2022-W24", form="page")
    seen = [person for person in persons if person in shown]
    assert seen and looks.get().detail["persons"] == len(seen)
    assert looks.get().by == asking.people["municipality"]


def test_a_team_s_call_ins_are_seen_alone(asking, plan):
    client = asking.client("municipality")
    address = f"{PAGE}{plan.pk}/call-ins/"
    counts = {}
    for team in ("", "=", "=Nord"):
        page = text(client, address, purpose="fordeling", week="2022-W24", team=team, form="page")
        table = page[page.index('id="week"') :]
        counts[team] = table.count('<tr><th scope="row">')
        assert ("Nord" in table) == (team != "=")
    assert counts[""] == counts["="] + counts["=Nord"] and all(counts.values())
    looks = AuditEntry.objects.filter(about=f"{plan}, call-ins")
    assert [entry.detail.get("team") for entry in looks] == ["Nord", "", None]
    assert "errorlist" in text(client, address, purpose="x y", week="2022-W24", team="=Syd")


def test_a_plan_like_another_is_offered_with_what_would_be_enough(asking, plan):
    client = asking.client("municipality")
    page, what = text(client, f"{PAGE}{plan.pk}/"), plan.read()
    assert ("ved siden af" in page) == (what.advice.capacity_percent is not None)
    form = text(client, f"{PAGE}?like={plan.pk}&percent=35")
    assert re.search(r'name="percent"[^>]*value="35"|value="35"[^>]*name="percent"', form)
    assert 'name="weeks" value="18"' in form
    for nonsense in ("?like=x&percent=y", "?like=999&percent=35", f"?like={plan.pk}&percent=9999"):
        assert text(client, PAGE + nonsense).count('name="percent"') == 1
    stranger = asking.client("neighbour")
    assert 'name="weeks" value="18"' not in text(stranger, f"{PAGE}?like={plan.pk}")


def test_the_list_comes_as_csv_excel_and_calendar_each_written_down(asking, plan):
    client = asking.client("municipality")
    address = f"{PAGE}{plan.pk}/call-ins/"
    files = {}
    for form in ("csv", "xlsx", "ics"):
        answer = client.post(address, {"purpose": "uge 23", "week": "2022-W23", "form": form})
        assert f'"indkaldelser-2022-W23.{form}"' in answer["Content-Disposition"]
        assert "no-store" in answer["Cache-Control"]
        files[form] = answer.content
    rows = files["csv"].decode().splitlines()
    assert rows[0].startswith("person,kind,week")
    assert {row.split(",")[2] for row in rows[1:]} == {"2022-W23"}
    book = CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"]))
    assert book.sheet_names == ["Indkaldelser"]
    assert book.get_sheet_by_index(0).to_python()[0][0] == "Indkaldelser: uge 23, 2022, alle team"
    assert files["ics"].count(b"BEGIN:VEVENT") == len(rows) - 1
    assert "X-WR-CALNAME:Indkaldelser: uge 23\\, 2022\\, alle team" in files["ics"].decode()
    whole = client.post(address, {"purpose": "uge 23", "week": "", "form": "xlsx"})
    assert '"indkaldelser.xlsx"' in whole["Content-Disposition"]
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(whole.content)).sheet_names
    assert sheets[:2] == ["Indkaldelser", "Hvad der er krav på"]
    exports = AuditEntry.objects.filter(action="export", about=f"{plan}, call-ins")
    assert sorted(entry.detail["form"] for entry in exports) == ["csv", "ics", "xlsx", "xlsx"]
    assert (
        client.post(address, {"purpose": "uge", "week": "2022-W23", "form": "exe"}).status_code
        == 404
    )


def test_what_is_due_to_everybody_stands_there_too(asking, plan):
    page, what = text(asking.client("municipality"), f"{PAGE}{plan.pk}/"), plan.read()
    table = page[page.index('id="due"') : page.index('id="course"')]
    numbers = [int(n) for n in re.findall(r'<td class="n">(\d+)</td>', table)]
    assert sum(numbers) == sum(due.persons + due.outside for due in what.due) > 0


def test_where_a_plan_s_files_are_gone_the_pages_still_open(asking, plan):
    client = asking.client("municipality")
    actions.use_plan(plan=plan, by=asking.people["municipality"])
    shutil.rmtree(plan.folder)
    assert "filer findes ikke mere" in text(client, f"{PAGE}{plan.pk}/")
    assert client.get(f"{PAGE}{plan.pk}/call-ins/").status_code == 302
    assert text(client, PAGE) and "Ingen plan er taget i brug" in text(client, "/home/")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_pages_hold_no_words_of_the_other_language(asking, plan, language):
    client = asking.client("municipality")
    client.cookies["django_language"] = language
    call_ins = f"{PAGE}{plan.pk}/call-ins/"
    pages = [text(client, address) for address in (PAGE, f"{PAGE}{plan.pk}/", call_ins)]
    pages.append(text(client, call_ins, purpose="xyz", week="2022-W24", form="page"))
    CallInPlan.objects.update(made_at=None)
    pages.append(text(client, f"{PAGE}{plan.pk}/"))
    assert not [words for page in pages if (words := _foreign(page, language))]


def test_the_milestones_come_as_the_restoration_plan_takes_them(asking, plan, tmp_path):
    answer = asking.client("municipality").get(f"{PAGE}{plan.pk}/milestones.toml")
    (tmp_path / "milestones.toml").write_bytes(answer.content)
    found = record.read_milestones(tmp_path / "milestones.toml")
    assert {(one.measure, one.group, one.month) for one in found} == {
        (row.measure, row.group, row.month) for row in plan.read().forecast if row.population
    }


def test_a_plan_is_taken_into_use(asking, plan):
    client = asking.client("municipality")
    assert client.post(f"{PAGE}{plan.pk}/use/").status_code == 302
    assert "Tag planen i brug" not in text(client, f"{PAGE}{plan.pk}/")
    assert "i brug" in text(client, PAGE)


def test_the_home_page_tells_of_this_week_and_the_free_room(asking, plan, settings):
    client = asking.client("municipality")
    assert "Ingen plan er taget i brug" in text(client, "/home/")
    actions.use_plan(plan=plan, by=asking.people["municipality"])
    assert "Planen begynder 6. juni 2022" in text(client, "/home/")
    settings.TODAY = dt.date(2022, 6, 14)
    page, what = text(client, "/home/"), plan.read()
    week = [row for row in what.load if row.week == "2022-W24"]
    calls = sum(row.planned + row.booked for row in week)
    table = page[page.index('id="week"') : page.index("Planen i brug")]
    numbers = [int(n) for n in re.findall(r'<td class="n">(\d+)</td>', table)]
    assert sum(numbers[::3]) == calls > 0 and "Nord" in table and "Uden team" in table
    assert "Planlagt og holdt" in page and "uge 23, 2022" in page
    free = sum(row.free for row in week if row.kind == "conversations")
    assert f"Samtaler, uge 24, 2022: <strong>{free}</strong>" in page
    settings.TODAY = dt.date(2023, 1, 2)
    assert "Planens uger er gået" in text(client, "/home/")
    reader = asking.client("municipal administrator")
    assert "Ugens indkaldelser" in text(reader, "/home/")


def test_a_plan_that_stopped_or_failed_says_so(asking, plan):
    client = asking.client("municipality")
    CallInPlan.objects.update(made_at=None, claimed_at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))
    assert "Planen gik i stå" in text(client, f"{PAGE}{plan.pk}/")
    CallInPlan.objects.update(error="nobody there")
    assert "nobody there" in text(client, f"{PAGE}{plan.pk}/")
    assert client.get(f"{PAGE}{plan.pk}/call-ins/").status_code == 404


def test_without_a_register_there_is_no_form(asking, settings):
    settings.REGISTER = ""
    page = text(asking.client("municipality"), PAGE)
    assert "REGISTER" in page and '<form method="post" novalidate' not in page


# Who may do what, in a municipality's own installation

WHO = ["nobody", "municipal reader", "municipality", "municipal approver", "municipal administrator",
       "neighbour", "officer"]  # fmt: skip


@pytest.fixture
def everybody(asking):
    """Also a reader and an approver of the municipality."""
    for number, role in enumerate(("reader", "approver")):
        user = actions.create_user(
            email=f"own{number}@example.org", name=f"Rolle {role}", password=PASSWORD, by=None
        )
        actions.grant(user=user, role=role, scope_kind="municipality", scope=HEDENSTED, by=None)
        asking.people[f"municipal {role}"] = user
    return asking


def _filled(address, plan):
    filled = {"<int:number>": str(plan.pk), "<str:kind>": "conversations", "<str:form>": "svg"}
    return re.sub(r"<\w+:\w+>", lambda found: filled[found[0]], address)


def test_every_role_gets_what_the_documentation_says(everybody, plan):
    words = {200: "yes", 302: "yes", 403: "no", 404: "not there"}
    asked = (
        ("/home/", "get", {}),
        ("/planning/", "get", {}),
        ("/planning/chart.<str:form>", "get", {"measure": "offers_12m", "group": "total"}),
        (PAGE, "get", {}),
        (PAGE, "post", WISH),
        ("/planning/plans/<int:number>/", "get", {}),
        ("/planning/plans/<int:number>/shares.<str:form>", "get", {"subject": "offers_12m total"}),
        ("/planning/plans/<int:number>/load-<str:kind>.<str:form>", "get", {}),
        ("/planning/plans/<int:number>/milestones.toml", "get", {}),
        ("/planning/plans/<int:number>/goal.toml", "get", {}),
        ("/planning/plans/<int:number>/use/", "post", {}),
        ("/planning/plans/<int:number>/call-ins/", "get", {}),
        ("/planning/plans/<int:number>/call-ins/", "post", {"purpose": "kontrol", "week": "2022-W23", "form": "page"}),
    )  # fmt: skip
    found = []
    for address, method, form in asked:
        answers = []
        for who in WHO:
            client = everybody.client(None if who == "nobody" else who)
            answer = getattr(client, method)(_filled(address, plan), form)
            to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer["Location"]
            answers.append("sign in" if to_sign_in else words[answer.status_code])
        found.append(f"| {method.upper()} `{address}` | {' | '.join(answers)} |")
    documented = PAGES.read_text(encoding="utf-8")
    assert f"| address | {' | '.join(WHO)} |" in documented
    assert "\n".join(found) in documented, "\n".join(found)
    assert set(WHO) - {"nobody", "municipal reader", "municipal approver"} <= set(ROLES)


# At a browser


def test_it_is_all_done_without_script_and_usable_by_all_and_on_a_phone(
    server, asking, plan, browser
):
    officer = asking.people["municipality"]
    manager = Person(browser, server.url, officer, script=False)
    manager.open(PAGE)
    manager.page.fill("#id_conversations_0", "9")
    manager.press("Læg planen")
    manager.sees("Planen bliver lavet")
    # The process that makes it.
    assert working.work() == 1
    manager.follow("Se, om den er færdig")
    manager.sees("fra den bedst tænkelige")
    manager.press("Tag planen i brug")
    manager.sees("Planen er i brug")
    manager.follow("Hvem der skal indkaldes")
    manager.page.fill("#id_purpose", "indkaldelse til samtaler")
    manager.press("Vis")
    manager.sees("Indkaldelser: uge 23, 2022")
    newest = CallInPlan.objects.in_use(HEDENSTED)
    assert newest is not None and newest != plan

    person = Person(browser, server.url, officer, size=PHONE)
    for address in (PAGE, f"{PAGE}{newest.pk}/", f"{PAGE}{newest.pk}/call-ins/"):
        assert person.open(address).status == 200
        assert not person.complaints()
        assert person.overflow() <= 0
    person.page.fill("#id_purpose", "kontrol")
    person.press("Vis")
    person.sees("Indkaldelser: uge 23, 2022")
    assert not person.complaints()
    assert person.overflow() <= 0
    assert not person.elsewhere
