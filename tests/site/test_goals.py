"""A plan's goal on the site: a margin, a line of one's own, a file; kept with the plan, and tried beside others."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.site.browsing import PHONE, Person
from tests.site.conftest import HEDENSTED
from tests.site.test_plans import PAGE, WISH, text
from tilsyn.cases.models import CallInPlan
from tilsyn.cases.plans import working
from tilsyn.cases.plans.wishes import Wish
from tilsyn.planning import goals

LINE = {
    "line_measures": ["conversations_12m"],
    "line_groups": ["jobafklaringsforloeb", "kontanthjaelp"],
    "line_threshold": "20",
    "line_first": "2022-07",
    "line_last": "2022-09",
}
FILE = """
name = "genopretning"
title = { da = "Genopretning af sygedagpenge", en = "Restoring sickness benefit" }
duty = true
margin = 2.5

[[line]]
measures = ["conversations_6m"]
groups = ["sygedagpenge"]
threshold = 20
met_at_threshold = false
months = "2022-07..2022-09"
"""


def uploaded(content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("goal.toml", content.encode())


def wished() -> Wish:
    return Wish.model_validate(CallInPlan.objects.first().wish)


def errors(page: str, field: str) -> str:
    found = re.search(rf'<ul class="errorlist[^"]*" id="id_{field}_error">(.*?)</ul>', page)
    return found[1] if found else ""


def test_the_margin_is_the_goal_s_and_is_remembered(asking):
    client = asking.client("municipality")
    assert 'name="margin" value="1"' in text(client, PAGE)
    client.post(PAGE, {**WISH, "margin": "2,5", "other_margin": "0"})
    wish = wished()
    assert wish.goal == goals.shipped()["lines"].model_copy(update={"margin": Decimal("2.5")})
    assert [setting.goal.margin for setting in wish.beside()] == [Decimal("2.5"), 0]
    page = text(client, PAGE)
    assert 'name="margin" value="2,5"' in page and 'name="other_margin" value="0"' in page
    assert '<option value="lines" selected>' in page


@pytest.mark.parametrize("margin", ["", "-1", "16", "en"])
def test_a_margin_out_of_range_is_told_beside_the_field(asking, margin):
    page = text(asking.client("municipality"), PAGE, **{**WISH, "margin": margin})
    assert errors(page, "margin") and not CallInPlan.objects.exists()


def test_a_line_of_one_s_own_is_added_to_the_goal_that_was_chosen(asking):
    client = asking.client("municipality")
    client.post(PAGE, {**WISH, "goal": "focus", **LINE})
    goal = wished().goal
    assert goal.line[:-1] == goals.shipped()["focus"].line and goal.margin == 1
    own = goal.line[-1]
    assert (own.measures, own.groups) == (("conversations_12m",), tuple(LINE["line_groups"]))
    assert (own.threshold, str(own.months)) == (20, "2022-07..2022-09")
    title = "Fokusmålene for de langvarige, og jobafklaringsforløb og kontanthjælp under 20 %"
    page = text(client, PAGE).replace("\xa0", " ")
    assert re.search(rf'<option value="own-[0-9a-f]+" selected>{title}</option>', page)


@pytest.mark.parametrize(
    ("field", "value", "beside"),
    [
        ("line_measures", [], "line_measures"),
        ("line_threshold", "", "line_threshold"),
        ("line_threshold", "100", "line_threshold"),
        ("line_last", "", "line_last"),
        ("line_last", "2022-06", "line_last"),
        ("line_last", "2023-06", "line_first"),
    ],
)
def test_half_a_line_is_told_beside_its_field(asking, field, value, beside):
    page = text(asking.client("municipality"), PAGE, **{**WISH, **LINE, field: value})
    assert errors(page, beside) and not CallInPlan.objects.exists()
    assert '<details class="fold" open>' in page


def test_a_goal_file_is_kept_with_the_plan_and_may_be_chosen_again(asking):
    client = asking.client("municipality")
    answer = client.post(PAGE, {**WISH, "goal_file": uploaded(FILE)})
    goal = goals.parse(FILE.encode(), "goal.toml")
    assert wished().goal == goal
    assert "<h1>Genopretning af sygedagpenge</h1>" in text(client, answer["Location"])
    file = client.get(f"{answer['Location']}goal.toml")
    assert goals.parse(file.content, "again") == goal

    form = text(client, PAGE)
    (key,) = set(re.findall(r'value="(own-[0-9a-f]+)"', form))
    client.post(PAGE, {**WISH, "goal": key, "margin": "0"})
    assert wished().goal == goal.model_copy(update={"margin": Decimal(0)})
    assert set(re.findall(r'value="(own-[0-9a-f]+)"', text(client, PAGE))) == {key}
    assert key not in text(asking.client("neighbour"), PAGE)


@pytest.mark.parametrize(
    ("content", "told_of"),
    [
        ("name = ", "(er|kan).*gyldig TOML"),
        ("[" * 20_000, "gyldig TOML"),
        (FILE.replace("duty", "dutty"), "mente du »duty«"),
        (FILE.replace("threshold = 20\n", ""), "line 1.*skal have »measures« og »threshold«"),
        (FILE.replace("sygedagpenge", "sygepenge"), "»sygepenge« er hverken"),
        (FILE.replace("2022-09", "2023-09"), "ligger ikke helt inden for planen"),
        (FILE.replace('da = "Genopretning af sygedagpenge", ', ""), "begge sprog"),
        (FILE + "#" * 70_000, "64 kB"),
        ("", "tom"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_goal_is_told_so_beside_the_field(asking, content, told_of):
    form = {**WISH, "goal_file": uploaded(content)}
    page = text(asking.client("municipality"), PAGE, **form)
    assert re.search(told_of, errors(page, "goal_file")), errors(page, "goal_file")
    assert not CallInPlan.objects.exists()


def test_a_file_and_a_line_of_one_s_own_exclude_each_other(asking):
    form = {**WISH, **LINE, "goal_file": uploaded(FILE)}
    page = text(asking.client("municipality"), PAGE, **form)
    assert "enten en fil eller en egen grænse" in errors(page, "goal_file")


def test_no_cpr_number_comes_in_with_a_goal(asking):
    content = FILE.replace("Genopretning af sygedagpenge", "010180-1000")
    page = text(asking.client("municipality"), PAGE, **{**WISH, "goal_file": uploaded(content)})
    assert "CPR-nummer" in page and not CallInPlan.objects.exists()


def test_a_goal_whose_rule_is_not_in_force_then_is_told_beside_it(asking):
    form = {**WISH, "first": "2030-01-07", "goal": "focus"}
    page = text(asking.client("municipality"), PAGE, **form)
    assert "gælder ikke den 2030-01-07" in errors(page, "goal")


def test_after_the_reform_the_goal_of_every_line_is_asked_for_and_what_is_not_held_is_told(asking):
    client = asking.client("municipality")
    assert client.post(PAGE, {**WISH, "first": "2026-11-30"}).status_code == 302
    plan = CallInPlan.objects.first()
    assert working.work(plan.pk) == 1
    page = text(client, f"{PAGE}{plan.pk}/").replace("\xa0", " ")
    assert "Tidlig indsats fra juli 2026: planen holder ikke grænsen" in page


def test_the_page_tells_what_the_goal_asks_for_and_what_was_tried_beside_it(asking):
    client = asking.client("municipality")
    client.post(PAGE, {**WISH, "goal_file": uploaded(FILE)})
    own = re.findall(r'value="(own-[0-9a-f]+)"', text(client, PAGE))[0]
    beside = {"goal": "duty", "other_goal": own, "other_margin": "2", "percent": "0"}
    client.post(PAGE, {**WISH, **LINE, **beside, "weeks": "18"})
    plan = CallInPlan.objects.first()
    assert working.work(plan.pk) == 1
    page = text(client, f"{PAGE}{plan.pk}/").replace("\xa0", " ")
    assert "»Samtaler, langvarige« for jobafklaringsforløb og kontanthjælp: højst 20 %" in page
    assert "afstand på 1 procentpoint" in page
    table = page[page.index('id="beside"') : page.index('id="lines"')]
    assert "Mål: Genopretning af sygedagpenge" in table
    assert "Afstand: 2 procentpoint" in table
    lines = {(line.measure, line.group) for line in plan.read().lines}
    assert lines <= {("conversations_12m", group) for group in LINE["line_groups"]} and lines


def test_a_goal_is_put_together_without_script_and_usable_by_all_and_on_a_phone(
    server, asking, browser
):
    officer = asking.people["municipality"]
    manager = Person(browser, server.url, officer, script=False)
    manager.open(PAGE)
    manager.page.fill("#id_conversations_0", "9")
    manager.page.fill("#id_offers_0", "2")
    manager.page.fill("#id_margin", "2")
    manager.unfold("Tilføj jeres egen grænse")
    manager.page.get_by_label("Samtaler, langvarige").check()
    manager.page.get_by_label("Kontanthjælp").check()
    manager.press("Læg planen")
    manager.sees("Skriv grænsen, for eksempel 20.")
    manager.page.fill("#id_line_threshold", "20")
    manager.press("Læg planen")
    manager.sees("og kontanthjælp under 20")
    assert wished().goal.margin == 2

    person = Person(browser, server.url, officer, size=PHONE)
    person.open(PAGE)
    person.unfold("Tilføj jeres egen grænse")
    person.unfold("Hent målet fra en fil")
    person.page.get_by_label("Kontanthjælp").check()
    person.press("Læg planen")
    person.sees("Skriv grænsen, for eksempel 20.")
    assert not person.complaints()
    assert person.overflow() <= 0
    assert HEDENSTED in CallInPlan.objects.first().area
