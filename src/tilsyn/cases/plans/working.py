"""Making the plans that were asked for, beside the pages: a process each, one at a time.

A plan is claimed by a conditional update, so that of two who would make it one does. Whoever makes it
says every few seconds that he still does; a claim left by a process that died lapses. A plan's folder
is written whole before its row says that it is made, and follows from its key alone: killed in the
middle and begun again, it comes to the same.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from django.db import Error, connection
from django.db.models import F
from django.utils import timezone

from tilsyn.cases import knowledge, outlooks
from tilsyn.cases.models import CallInPlan
from tilsyn.cases.models.plan import FILE, GIVES_UP_AFTER
from tilsyn.cases.plans.wishes import Wish
from tilsyn.cases.refusals import refused
from tilsyn.errors import InputError, TilsynError

if TYPE_CHECKING:
    from tilsyn.register.store import Store

BEAT = 10.0
"""Seconds between two signs of life."""
LONGEST = 60.0
"""Seconds for each plan; one that was ended by the clock says so."""


def start(number: int) -> None:
    """Begin making a plan in a process of its own; the page does not wait."""
    command = [sys.executable, "-m", "tilsyn.cases.plans", str(number)]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    # Somebody must hear that it has ended, or it stays on as a dead process.
    threading.Thread(target=process.wait, daemon=True).start()


def work(number: int | None = None) -> int:
    """Make what was asked for and nobody is making.

    Args:
        number: this plan only; None for all that wait.

    Returns:
        How many were made.
    """
    waiting = CallInPlan.objects.free()
    if number is not None:
        waiting = waiting.filter(pk=number)
    else:
        waiting = waiting.filter(attempts__lt=GIVES_UP_AFTER)
    return sum(_worked(one) for one in waiting.order_by("pk").values_list("pk", flat=True))


def _worked(number: int) -> bool:
    token = uuid.uuid4().hex
    claimed = (
        CallInPlan.objects.free()
        .filter(pk=number)
        .update(claimed_at=timezone.now(), claimed_by=token, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    mine = CallInPlan.objects.filter(pk=number, claimed_by=token)
    error = ""
    try:
        with _beating(number, token):
            _make(CallInPlan.objects.get(pk=number))
    except TilsynError as refusal:
        error = str(refusal)
    except BaseException:
        # A defect: whoever looks is told that it stopped, and may ask again.
        mine.update(claimed_at=None, claimed_by="")
        raise
    made_at = None if error else timezone.now()
    return bool(mine.update(made_at=made_at, error=error, claimed_at=None, claimed_by="")) and (
        not error
    )


@contextmanager
def _beating(number: int, token: str) -> Iterator[None]:
    """Say every few seconds that the plan is being made."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT):
            # A database that is away for a moment: the next beat tells it.
            with suppress(Error):
                CallInPlan.objects.filter(pk=number, claimed_by=token).update(
                    claimed_at=timezone.now()
                )
        connection.close()

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()


def _make(plan: CallInPlan) -> None:
    """Write a plan's folder; one that was written before a crash is as good."""
    folder = plan.folder
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # One at a time: what two hold in memory while they are made adds up.
    with (folder.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return
        register = outlooks.register_folder()
        if register is None:
            raise refused(InputError, "no_register")
        # The solver and the engine take a while to start: only who makes a plan waits for them.
        from tilsyn.register.outside import write_folder
        from tilsyn.register.store import opened

        with opened(register) as store:
            if store.content != plan.content:
                raise refused(InputError, "register_moved")
            write_folder(folder, _files(store, plan.area, Wish.model_validate(plan.wish)))


def _files(store: Store, area: str, wish: Wish) -> dict[str, bytes]:
    """A plan's folder: its record, and the lists with pseudonyms as rows.

    Raises:
        InputError, NoRuleError: such a plan cannot be made; says why.
    """
    from tilsyn.planning import plan as plans
    from tilsyn.planning import worklist
    from tilsyn.planning.record import DUTIES, WORKLIST
    from tilsyn.planning.summary import summary

    own = wish.setting()
    ground = plans.read(store, area, wish.first, wish.weeks, knowledge.catalogue())
    plan = plans.planned(ground, own, seconds=LONGEST)
    others = [(one, plans.planned(ground, one, seconds=LONGEST)) for one in wish.beside()]
    found = plans.help_for(ground, own, plan, seconds=LONGEST) if plan.over else None
    persons = ground.situation.persons.to_pylist()
    duties = worklist.duties(plan, persons)
    return {
        FILE: summary(ground, own, plan, duties, found=found, others=others).as_json(),
        WORKLIST: worklist.as_parquet(worklist.table(plan, persons)),
        DUTIES: worklist.as_parquet(duties),
    }


UNUSED_DAYS = 30
"""A plan that nobody took into use goes so many days after it was asked for."""
USED_DAYS = 365
"""One that was in use goes so many days after its last week."""


def forget(today: dt.date) -> int:
    """Throw away what need not be kept, the files before the row; returns how many plans."""
    gone = 0
    for plan in CallInPlan.objects.all():
        if today > _until(plan):
            shutil.rmtree(plan.folder, ignore_errors=True)
            plan.delete()
            gone += 1
    return gone


def _until(plan: CallInPlan) -> dt.date:
    if plan.used_at is None:
        return plan.asked_at.date() + dt.timedelta(days=UNUSED_DAYS)
    wish = Wish.model_validate(plan.wish)
    return wish.first + dt.timedelta(weeks=wish.weeks, days=USED_DAYS)
