"""Call-in plans: asked for once, made by one, never lost; and no look at persons without a purpose."""

import datetime as dt
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.cases.conftest import HEDENSTED
from tests.cases.test_at_once import address, both
from tilsyn.cases import actions, roles
from tilsyn.cases.models import AuditEntry, CallInPlan
from tilsyn.cases.models.plan import FILE, GIVES_UP_AFTER, LAPSES_AFTER
from tilsyn.cases.plans import standing, wishes, working
from tilsyn.cases.plans.wishes import Wish
from tilsyn.cases.tick import tick
from tilsyn.errors import ConflictError, InputError, NotAllowedError
from tilsyn.planning import goals, worklist
from tilsyn.planning.capacity import Capacity, Unit
from tilsyn.planning.goals import Goal
from tilsyn.planning.record import Selection
from tilsyn.planning.telling import advised
from tilsyn.planning.worklist import CALL_INS, DUTIES, call_ins
from tilsyn.register.door import admit
from tilsyn.register.store import load

MONDAY = dt.date(2022, 6, 6)
PERSONS = [f"person-{number}" for number in range(12)]


def wish(conversations=3, **more) -> Wish:
    capacity = Capacity(unit=(Unit(conversations_per_week=conversations),))
    return Wish(**{"first": MONDAY, "weeks": 10, "goal": "duty", "capacity": capacity, **more})


def loaded(folder: Path, held=(), ended=()) -> Path:
    """A store of twelve persons on kontanthjælp for years, half of them of a team.

    Args:
        held: conversations, by person and day.
        ended: whose benefit ended on 10 June.
    """
    (folder / "register").mkdir(parents=True)
    tables = {
        "spells": ["person,municipality,group,visitation,start,end"]
        + [
            f"{person},{HEDENSTED},kontanthjaelp,,2019-01-01,{'2022-06-10' if person in ended else ''}"
            for person in PERSONS
        ],
        "conversations": ["person,held,type,registered", f"{PERSONS[0]},2021-09-01,4,2021-09-01"]
        + [f"{person},{day},4,{day}" for person, day in held],
        "caseworkers": ["person,team,caseworker,start,end"]
        + [f"{person},Nord,SB1,2019-01-01," for person in PERSONS[::2]],
        "offers": ["person,start,end,kind,registered"],
        "hours": ["person,month,hours"],
        "exemptions": ["person,scope,kind,start,end"],
    }
    for name, rows in tables.items():
        (folder / "register" / f"{name}.csv").write_text("\n".join(rows) + "\n")
    admit(folder / "register", folder / "admitted")
    load(folder / "admitted", folder / "store")
    return folder / "store"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The register before anything planned was done."""
    return loaded(tmp_path_factory.mktemp("register"))


@pytest.fixture
def own(db, people, settings, store, monkeypatch):
    """Hedensted's own installation, where asking starts no process; its officer."""
    settings.INSTALLATION = "municipality"
    settings.REGISTER = str(store)
    monkeypatch.setattr(working, "start", lambda number: None)
    return people.municipality


def ask(by, of=None) -> CallInPlan:
    return actions.ask_plan(area=HEDENSTED, wish=of or wish(), by=by)


def made(by, of=None) -> CallInPlan:
    plan = ask(by, of)
    working.work(plan.pk)
    plan.refresh_from_db()
    assert plan.stage == "made", plan.error
    return plan


def test_a_plan_is_made_and_tells_what_it_comes_to(own):
    plan = ask(own)
    assert plan.stage == "under_way"
    assert working.work() == 1
    plan.refresh_from_db()
    page = plan.read()
    assert plan.stage == "made" and page.persons == 12
    assert page.figures.conversations > 0
    assert any(row.planned < row.without for row in page.forecast)
    assert {row.unit for row in page.load} == {""} and len(page.load) == 2 * 10
    assert all(row.planned + row.booked + row.free == row.room for row in page.load)


def test_its_lists_are_those_of_the_command_and_its_page_has_no_pseudonym(own):
    folder = made(own).folder
    calls = call_ins(worklist.read(folder / "worklist.parquet", CALL_INS), "da")
    assert {call.person for call in calls} <= set(PERSONS) and calls
    page = (folder / FILE).read_text()
    assert not [person for person in PERSONS if f'"{person}"' in page]
    assert folder.stat().st_mode & 0o077 == 0


def test_the_daily_run_goes_on_where_the_files_of_the_plan_in_use_are_gone(own):
    plan = made(own)
    actions.use_plan(plan=plan, by=own)
    shutil.rmtree(plan.folder)
    asked = ask(own, wish(5))
    assert tick(on=MONDAY, deliver=False)["planned"] == 1
    asked.refresh_from_db()
    assert asked.stage == "made"


def test_nobody_is_left_out_of_what_is_told_to_be_due(own):
    plan = made(own, wish(1))
    page = plan.read()
    rows = worklist.read(plan.duties, DUTIES).select("measure", "state").iter_rows()
    listed = Counter(rows)
    assert {(due.measure, due.state): due.persons for due in page.due} == listed
    assert {state for _, state in listed} >= {"planned", "no_room"}
    # The goal has no lines, so none of them is counted by one.
    assert all(due.outside == due.persons for due in page.due)


def test_a_plan_whose_files_are_gone_says_so(own):
    plan = made(own)
    (plan.folder / FILE).write_text('{"first": "2022-06-06"}')
    with pytest.raises(InputError, match="another version"):
        plan.read()
    shutil.rmtree(plan.folder)
    with pytest.raises(InputError, match="are gone"):
        plan.read()
    actions.use_plan(plan=plan, by=own)
    assert ask(own) == plan and ask(own).stage == "under_way"
    assert working.work() == 1 and plan.read().figures.conversations > 0
    assert CallInPlan.objects.in_use(HEDENSTED) is None


def test_whoever_asks_for_the_same_gets_the_same_plan(own, people):
    first = made(own)
    assert ask(own) == first
    assert ask(own, wish(4)) != first
    assert CallInPlan.objects.count() == 2


def test_only_who_may_make_plans_asks_for_one(own, people):
    for user in (people.reader, people.head, people.administrator, people.neighbour):
        with pytest.raises(NotAllowedError):
            ask(user)
    assert "make_plans" not in roles.permissions("reader", "municipality")


def test_a_plan_beside_it_is_made_with_it(own):
    plan = made(own, wish(1, percent=100, other_goal="lines"))
    page = plan.read()
    assert [one.name for one in page.others] == ["capacity+100%", "goal=lines"]
    assert page.others[0].conversations >= page.figures.conversations


def test_where_the_lines_cannot_be_held_the_page_says_what_would_help(own):
    page = made(own, wish(0, goal="focus")).read()
    assert page.figures.over > 0
    assert page.advice.capacity_percent is None, "there is no room to make larger"
    some = made(own, wish(1, goal="focus")).read()
    goal = goals.shipped()["focus"]
    said = list(advised(some, goal, "da"))
    assert (some.advice.capacity_percent is not None) == any("prøvet" in one for one in said)
    in_both = [list(advised(page, goal, language)) for language in ("da", "en")]
    assert all(in_both) and in_both[0] != in_both[1]


def test_what_cannot_be_planned_says_why_and_may_be_asked_for_again(own, settings, tmp_path):
    plan = ask(own)
    settings.REGISTER = str(tmp_path / "gone")
    assert working.work() == 0
    plan.refresh_from_db()
    assert plan.stage == "failed" and "gone" in plan.error
    assert working.work() == 0, "what is impossible is not tried over and over"


def test_a_register_loaded_anew_in_between_is_noticed(own):
    plan = ask(own)
    CallInPlan.objects.update(content="0" * 64)
    working.work()
    plan.refresh_from_db()
    assert plan.stage == "failed" and "loaded anew" in plan.error
    assert ask(own).stage == "under_way"


def test_a_claim_left_by_a_process_that_died_lapses(own):
    plan = ask(own)
    CallInPlan.objects.update(claimed_at=timezone.now(), claimed_by="somebody")
    assert working.work() == 0, "somebody is making it"
    long_ago = timezone.now() - 2 * LAPSES_AFTER
    CallInPlan.objects.update(claimed_at=long_ago)
    plan.refresh_from_db()
    assert plan.stage == "stopped"
    assert ask(own).stage == "under_way"
    assert working.work() == 1


def test_what_kills_its_maker_each_time_is_left_alone_until_asked_for(own):
    ask(own)
    CallInPlan.objects.update(attempts=GIVES_UP_AFTER)
    assert working.work() == 0
    CallInPlan.objects.update(claimed_at=timezone.now() - 2 * LAPSES_AFTER)
    ask(own)
    assert working.work() == 1


def test_it_is_asked_for_on_the_installation_s_day_whatever_the_clock_says(own, settings):
    settings.TODAY = dt.date(2022, 6, 2)
    plan = ask(own)
    assert timezone.localtime(plan.asked_at).date() == settings.TODAY
    assert plan.stage == "under_way" and CallInPlan.objects.free().get() == plan
    settings.TODAY = dt.date(2022, 6, 3)
    CallInPlan.objects.update(error="nobody there")
    assert timezone.localtime(ask(own).asked_at).date() == settings.TODAY


def test_not_too_many_wait_at_once(own):
    for number in range(actions.plans.MOST_WAITING):
        ask(own, wish(number + 1))
    with pytest.raises(ConflictError, match="waiting"):
        ask(own, wish(50))
    assert ask(own, wish(1)).stage == "under_way"


def test_the_daily_run_makes_what_was_left(own):
    plan = ask(own)
    assert tick(on=MONDAY, deliver=False)["planned"] == 1
    plan.refresh_from_db()
    assert plan.stage == "made"


def test_only_a_plan_that_is_made_is_taken_into_use(own, people):
    plan = ask(own)
    with pytest.raises(ConflictError):
        actions.use_plan(plan=plan, by=own)
    with pytest.raises(IntegrityError), transaction.atomic():
        CallInPlan.objects.update(used_by=own, used_at=timezone.now())
    working.work()
    with pytest.raises(NotAllowedError):
        actions.use_plan(plan=plan, by=people.neighbour)
    actions.use_plan(plan=plan, by=own)
    assert CallInPlan.objects.in_use(HEDENSTED) == plan
    assert AuditEntry.objects.filter(action="use_plan", by=own).count() == 1


def test_nobody_sees_call_ins_without_a_purpose_and_each_look_is_written_down_first(own, people):
    plan = made(own)
    seen = AuditEntry.objects.filter(about__contains="call-ins")
    for purpose in ("", "  ", " x"):
        with pytest.raises(InputError, match="purpose"):
            actions.look_at_worklist(plan=plan, purpose=purpose, by=own)
    for user in (people.neighbour, people.head, people.reader):
        with pytest.raises(NotAllowedError):
            actions.look_at_worklist(plan=plan, purpose="kontrol", by=user)
    assert not seen.exists()
    week = Selection("2022-W23")
    look = actions.look_at_worklist(plan=plan, purpose=" kontrol ", by=own, selection=week)
    assert 0 < len(look.entries) <= 3
    entry = seen.get()
    assert (entry.by, entry.purpose, entry.area, entry.action) == (
        own,
        "kontrol",
        HEDENSTED,
        "look",
    )
    assert entry.detail["persons"] == len(look.entries)
    file = actions.look_at_worklist(plan=plan, purpose="indkaldelse", by=own, form="csv")
    assert file.data.startswith(b"person,kind,week")
    assert seen.filter(action="export").count() == 1


@pytest.mark.parametrize("form", ["page", "csv", "xlsx", "ics"])
@pytest.mark.parametrize(
    "choice",
    [Selection(), Selection("2022-W23"), Selection(team="Nord"), Selection("2022-W24", "")],
)
def test_every_form_has_what_was_chosen_and_the_log_says_what_that_was(own, form, choice):
    plan = made(own)
    listed = call_ins(worklist.read(plan.worklist, CALL_INS), "da")
    chosen = [
        entry
        for entry in listed
        if choice.week in ("", entry.week) and choice.team in (None, entry.team)
    ]
    look = actions.look_at_worklist(
        plan=plan, purpose="kontrol", by=own, form=form, selection=choice
    )
    assert look.entries == chosen and chosen
    rows = {
        "page": lambda: len(look.entries),
        "csv": lambda: len(look.data.decode().splitlines()) - 1,
        "xlsx": lambda: _call_ins_in(look.data),
        "ics": lambda: look.data.count(b"BEGIN:VEVENT"),
    }[form]()
    assert rows == len(chosen)
    entry = AuditEntry.objects.get(about__contains="call-ins")
    assert entry.detail.get("week", "") == choice.week
    assert entry.detail.get("team") == choice.team
    persons = {entry.person for entry in chosen}
    if form == "xlsx" and choice.whole:
        persons |= set(worklist.read(plan.duties, DUTIES)["person"])
    assert (entry.detail["call_ins"], entry.detail["persons"]) == (len(chosen), len(persons))


def _call_ins_in(workbook: bytes) -> int:
    """How many rows of the first sheet are about a person."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    return sum(str(row[0]) in PERSONS for row in rows)


def test_where_the_log_cannot_be_written_nothing_is_shown(own, monkeypatch):
    plan = made(own)

    def full(**_):
        raise OSError("disk full")

    monkeypatch.setattr(actions.plans, "audit", full)
    with pytest.raises(OSError, match="disk full"):
        actions.look_at_worklist(plan=plan, purpose="kontrol", by=own)


def test_what_is_usual_is_as_last_time_within_the_capacity_file(own, data_folder):
    assert wishes.usual(HEDENSTED, MONDAY) is None
    data_folder.mkdir(exist_ok=True)
    (data_folder / "capacity.toml").write_text(
        "closed = [2022-07-11]\n[[unit]]\nconversations_per_week = 7\n"
        '[[unit]]\nteam = "Nord"\nconversations_per_week = 5\n'
    )
    usual = wishes.usual(HEDENSTED, dt.date(2022, 6, 1))
    assert usual.first == MONDAY and usual.first.weekday() == 0
    assert [unit.conversations_per_week for unit in usual.capacity.unit] == [7, 5]
    ask(own, wish(3, weeks=12))
    again = wishes.usual(HEDENSTED, MONDAY)
    assert again.first == MONDAY + dt.timedelta(days=7) and again.weeks == 12
    assert [unit.conversations_per_week for unit in again.capacity.unit] == [3, 5]
    assert again.capacity.closed == (dt.date(2022, 7, 11),)


def test_a_plan_that_was_asked_for_by_a_goal_s_name_still_tells_its_wish(own):
    plan = ask(own)
    CallInPlan.objects.update(wish={**plan.wish, "goal": "focus", "other_goal": ""})
    plan.refresh_from_db()
    kept = Wish.model_validate(plan.wish)
    assert (kept.goal, kept.other_goal) == (goals.shipped()["focus"], None)


def test_the_goals_to_choose_from_are_the_program_s_and_those_of_the_area_s_plans(own):
    line = {"measures": ["offers_12m"], "threshold": 30}
    title = {"da": "egen", "en": "own"}
    of_own = Goal.model_validate({"name": "x", "title": title, "duty": True, "line": [line]})
    beside = of_own.model_copy(update={"name": "y"})
    ask(own, wish(goal=of_own))
    ask(own, wish(goal=of_own.model_copy(update={"margin": Decimal(3)}), other_goal=beside))
    known = wishes.known_goals(HEDENSTED)
    assert list(known)[:4] == list(goals.shipped())
    assert [goal.name for goal in known.values()][4:] == ["x", "y"]
    assert list(known)[4:] == [wishes.goal_key(goal) for goal in (of_own, beside)]
    assert wishes.known_goals("630") == goals.shipped()


def test_plans_go_when_they_are_of_no_use_any_more(own):
    unused, used = made(own), made(own, wish(4))
    actions.use_plan(plan=used, by=own)
    CallInPlan.objects.update(asked_at=dt.datetime(2022, 6, 1, 12, tzinfo=dt.UTC))
    first_of_june = dt.date(2022, 6, 1)
    assert working.forget(first_of_june + dt.timedelta(days=working.UNUSED_DAYS)) == 0
    assert working.forget(first_of_june + dt.timedelta(days=working.UNUSED_DAYS + 1)) == 1
    assert not unused.folder.exists() and used.folder.exists()
    ended = MONDAY + dt.timedelta(weeks=10, days=working.USED_DAYS)
    assert working.forget(ended) == 0
    assert working.forget(ended + dt.timedelta(days=1)) == 1
    assert not CallInPlan.objects.exists() and not used.folder.exists()


def test_in_the_authority_s_installation_there_are_none(own, settings):
    plan = made(own)
    assert CallInPlan.objects.visible_to(own).get() == plan
    settings.INSTALLATION = "agency"
    assert not CallInPlan.objects.visible_to(own).exists()


# How the plan in use stands


def test_before_its_first_day_a_plan_has_nothing_to_show(own):
    assert standing.standing(made(own), MONDAY - dt.timedelta(days=3)).rows == ()


def test_planned_is_held_against_the_register_loaded_anew_by_week_and_team(own, settings, tmp_path):
    plan = made(own, wish(6))
    calls = call_ins(worklist.read(plan.worklist, CALL_INS), "da")
    first = [call for call in calls if call.week == "2022-W23"]
    second = [call for call in calls if call.week == "2022-W24"]
    assert {call.team for call in calls} == {"", "Nord"}
    held, gone, late = first[0], first[1], second[0]
    settings.REGISTER = str(
        loaded(tmp_path, [(held.person, held.last_day), (late.person, "2022-06-15")], {gone.person})
    )
    stands = standing.standing(plan, dt.date(2022, 6, 16))
    assert sum(row.planned for row in stands.rows) == len(first) + len(second)
    last, this = stands.of("2022-W23"), stands.of("2022-W24")
    by_team = {row.team: row.planned for row in last}
    assert by_team == dict(Counter(call.team for call in first))
    assert sum(row.held for row in last) == 1 and sum(row.left for row in last) >= 1
    assert sum(row.held for row in this) == 1
    assert all(row.missing >= 0 for row in stands.rows)
    assert {call.week for call in calls} > {row.week for row in stands.rows}, "no week to come"


def test_how_a_plan_stands_is_made_ready_and_holds_no_pseudonym(own, data_folder, monkeypatch):
    plan = made(own)
    actions.use_plan(plan=plan, by=own)
    standing.prepare(MONDAY)
    (kept,) = (data_folder / "derived" / "standings").glob("[!.]*")
    assert not [person for person in PERSONS if f'"{person}"' in kept.read_text()]
    monkeypatch.setattr(standing, "_reckoned", lambda *_: pytest.fail("reckoned again"))
    assert standing.standing(plan, MONDAY).rows


# Two at once, and killed


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one_plan_and_one_makes_it(people, settings, store, monkeypatch):
    settings.INSTALLATION, settings.REGISTER = "municipality", str(store)
    monkeypatch.setattr(working, "start", lambda number: None)
    done = both(lambda: ask(people.municipality), lambda: ask(people.municipality))
    assert done == ["won", "won"] and CallInPlan.objects.count() == 1
    counts = []
    both(lambda: counts.append(working.work()), lambda: counts.append(working.work()))
    assert sorted(counts) == [0, 1]


DYING = """
import os, signal
import django
django.setup()
from tilsyn.cases.plans import working
from tilsyn.register import outside

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

write = outside.write_folder
def after(*arguments):
    write(*arguments)
    die()

if os.environ["DIES"] == "in the making": working._files = die
if os.environ["DIES"] == "after the folder": outside.write_folder = after
working.work()
"""


def environment(settings, store, **more):
    """Where the installation is, for another process."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tilsyn.site.settings",
        "DATABASE_URL": address(),
        "DATA_DIR": str(settings.DATA_DIR),
        "INSTALLATION": "municipality",
        "REGISTER": str(store),
        **more,
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["in the making", "after the folder"])
def test_killed_in_the_middle_it_is_made_when_asked_for_again(
    people, settings, store, monkeypatch, point
):
    settings.INSTALLATION, settings.REGISTER = "municipality", str(store)
    monkeypatch.setattr(working, "start", lambda number: None)
    plan = ask(people.municipality)
    died = subprocess.run(
        [sys.executable, "-c", DYING],
        env=environment(settings, store, DIES=point),
        check=False,
        capture_output=True,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    plan.refresh_from_db()
    assert plan.claimed_at and plan.made_at is None
    CallInPlan.objects.update(claimed_at=timezone.now() - 2 * LAPSES_AFTER)
    assert ask(people.municipality).stage == "under_way"
    assert working.work() == 1
    assert plan.read().figures.conversations > 0
    # Nothing half-made is left beside it.
    assert {path.name for path in plan.folder.parent.iterdir()} == {plan.key, ".lock"}


@pytest.mark.django_db(transaction=True)
def test_asking_starts_a_process_that_makes_it(people, settings, store, monkeypatch):
    settings.INSTALLATION, settings.REGISTER = "municipality", str(store)
    for name, value in environment(settings, store).items():
        monkeypatch.setenv(name, value)
    plan = ask(people.municipality)
    for _ in range(1200):
        plan.refresh_from_db()
        if plan.stage != "under_way":
            break
        time.sleep(0.1)
    assert plan.stage == "made", plan.error


def test_the_database_of_this_test_is_the_one_another_process_opens(db):
    assert str(connection.settings_dict["NAME"]) in address()
