"""Two at once: one wins, the other is told. Killed in the middle: nothing is lost, nothing done twice."""

import datetime as dt
import os
import signal
import subprocess
import sys
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from tilsyn.cases import actions, delivery, ledger
from tilsyn.cases.models import Case, Document, Event, Message
from tilsyn.cases.tick import tick
from tilsyn.errors import ConflictError

pytestmark = pytest.mark.django_db(transaction=True)
MAY = dt.date(2022, 5, 16)
JUNE = dt.date(2022, 5, 31)


def both(first, second):
    """Do two things at the same moment; what each came to."""
    together, results = Barrier(2), []

    def run(action):
        try:
            together.wait()
            action()
            results.append("won")
        except ConflictError as error:
            results.append(str(error))
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(action,)) for action in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results, key=lambda result: result != "won")


def test_of_two_who_approve_at_once_one_wins_and_the_other_is_told(draft, people):
    seen = [Document.objects.select_related("case").get(pk=draft.pk) for _ in range(2)]
    one, other = both(
        lambda: actions.approve(document=seen[0], by=people.approver, on=MAY),
        lambda: actions.approve(document=seen[1], by=people.head, on=MAY),
    )
    assert one == "won"
    assert "has been approved by" in other or "changed by somebody else" in other
    assert Event.objects.filter(kind="approved").count() == 1


def test_of_two_outcomes_at_once_one_counts(case, people):
    seen = [Case.objects.get(pk=case.pk) for _ in range(2)]
    actions_ = [
        lambda: actions.record_outcome(case=seen[0], outcome="dropped", by=people.officer, on=MAY),
        lambda: actions.add_note(case=seen[1], text="x", by=people.colleague, on=MAY),
    ]
    one, other = both(*actions_)
    assert one == "won" and "changed by somebody else" in other
    assert Event.objects.count() == 2


def test_of_two_drafts_at_once_one_stands(case, facts, people):
    actions.set_facts(case=case, facts=facts, by=people.officer, on=MAY)
    seen = [Case.objects.get(pk=case.pk) for _ in range(2)]
    one, other = both(
        lambda: actions.draft_document(case=seen[0], by=people.officer, on=MAY),
        lambda: actions.draft_document(case=seen[1], by=people.colleague, on=MAY),
    )
    assert one == "won" and "somebody else" in other
    assert Document.objects.count() == 1


def test_two_who_open_cases_at_once_open_one(hedensted):
    on = dt.date(2022, 5, 15)
    both(
        lambda: actions.open_cases(release=hedensted, on=on, by=None),
        lambda: actions.open_cases(release=hedensted, on=on, by=None),
    )
    assert Case.objects.count() == 1
    assert Event.objects.count() == 1


def test_two_ticks_at_once_tell_it_once(case, people, data_folder):
    both(lambda: tick(on=JUNE), lambda: tick(on=JUNE))
    tick(on=JUNE)
    assert Event.objects.filter(case=case, kind="reminded").count() == 1
    assert Message.objects.filter(case=case).count() == 1
    assert len(list((data_folder / "outbox").glob("*.eml"))) == Message.objects.count()


DYING = """
import datetime as dt, os, signal
import django
django.setup()
from tilsyn.cases import delivery, ledger, messages, tick

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

to_file, add, tell = delivery._to_file, ledger.add, messages.tell_colleagues

def after(done):
    def run(*arguments, **named):
        done(*arguments, **named)
        die()
    return run

point = os.environ["DIES"]
if point == "before the event": ledger.add = die
if point == "after the event": ledger.add = after(add)
if point == "after the message": messages.tell_colleagues = after(tell)
if point == "before the file": delivery._to_file = die
if point == "after the file": delivery._to_file = after(to_file)
tick.tick(on=dt.date.fromisoformat(os.environ["ON"]))
"""


def address():
    """Where the test database is, for another process."""
    of = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{of['NAME']}"
    return f"postgresql://{of['USER']}@/{of['NAME']}?host={of['HOST']}"


@pytest.mark.parametrize(
    "point",
    [
        "before the event",
        "after the event",
        "after the message",
        "before the file",
        "after the file",
    ],
)
def test_a_tick_killed_in_the_middle_loses_nothing_and_does_nothing_twice(
    case, people, data_folder, settings, point
):
    settings.INSTALLATION = "municipality"  # the case alone, without the committee's report
    died = subprocess.run(
        [sys.executable, "-c", DYING],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tilsyn.site.settings",
            "DATABASE_URL": address(),
            "DATA_DIR": str(data_folder),
            "INSTALLATION": "municipality",
            "DIES": point,
            "ON": str(JUNE),
        },
        check=False,
        capture_output=True,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    tick(on=JUNE, deliver=False)
    delivery.deliver(lapses_after=dt.timedelta(0))
    tick(on=JUNE)

    case.refresh_from_db()
    assert [event.kind for event in case.events.all()] == ["opened", "reminded"]
    message = Message.objects.get()
    assert message.sent_at
    assert [path.suffix for path in (data_folder / "outbox").iterdir()] == [".eml"]
    said = ledger.columns(ledger.state_of(case))
    assert said == {name: getattr(case, name) for name in said}
