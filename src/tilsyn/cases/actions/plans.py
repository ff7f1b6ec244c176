"""Call-in plans: asked for, taken into use, and looked into, each look at persons written down first."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.utils import timezone

from tilsyn.cases import clock, outlooks
from tilsyn.cases.access import demand
from tilsyn.cases.actions.administration import audit
from tilsyn.cases.models import CallInPlan, User
from tilsyn.cases.plans import wishes, working
from tilsyn.cases.plans.wishes import Wish
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import MAKE_PLANS, VIEW_PERSONS
from tilsyn.errors import ConflictError, InputError
from tilsyn.planning.record import EVERYTHING, Selection

if TYPE_CHECKING:
    from tilsyn.planning.worklist import CallIn

MOST_WAITING = 4
"""So many plans of a municipality may wait to be made."""

Form = Literal["page", "csv", "xlsx", "ics"]


def ask_plan(*, area: str, wish: Wish, by: User) -> CallInPlan:
    """Ask for a plan; whoever asks for the same gets the same one.

    It is made in a process of its own. One that could not be made, whose maker died, or whose files
    are gone, is made again.

    Raises:
        NotAllowedError: the user may not.
        InputError: the installation has no register, or it cannot be read.
        ConflictError: enough plans are waiting.
    """
    demand(by, MAKE_PLANS, area)
    content = outlooks.content()
    if content is None:
        raise refused(InputError, "no_register")
    key = wishes.key(area, content, wish)
    with transaction.atomic():
        waiting = CallInPlan.objects.unmade().filter(area=area).exclude(key=key)
        if sum(plan.stage == "under_way" for plan in waiting) >= MOST_WAITING:
            raise refused(ConflictError, "plans_waiting")
        asked_at, now = clock.moment(clock.today()), timezone.now()
        plan, new = CallInPlan.objects.get_or_create(
            key=key,
            defaults={
                "area": area,
                "content": content,
                "wish": json.loads(wishes.as_json(wish)),
                "asked_by": by,
                "asked_at": asked_at,
                "claimed_at": now,
            },
        )
        if plan.is_gone():
            lost = {"made_at": None, "used_by": None, "used_at": None}
            CallInPlan.objects.filter(pk=plan.pk).update(**lost)
            shutil.rmtree(plan.folder, ignore_errors=True)
            plan.refresh_from_db()
            new = True
        if new or plan.stage in ("failed", "stopped"):
            again = {"asked_by": by, "asked_at": asked_at, "error": "", "attempts": 0}
            again |= {"claimed_at": now, "claimed_by": ""}
            CallInPlan.objects.filter(pk=plan.pk, made_at__isnull=True).update(**again)
            transaction.on_commit(lambda: working.start(plan.pk))
    plan.refresh_from_db()
    return plan


@transaction.atomic
def use_plan(*, plan: CallInPlan, by: User) -> None:
    """Take a plan into use: from now on its call-ins are this municipality's.

    Raises:
        NotAllowedError: the user may not.
        ConflictError: it is not made yet.
    """
    demand(by, MAKE_PLANS, plan.area)
    made = CallInPlan.objects.filter(pk=plan.pk, made_at__isnull=False)
    if not made.update(used_by=by, used_at=timezone.now()):
        raise refused(ConflictError, "plan_not_made")
    audit(by=by, action="use_plan", about=str(plan), area=plan.area)


@dataclass(frozen=True)
class Look:
    """What was seen of a worklist.

    Attributes:
        entries: the call-ins that were selected.
        data: the file; empty where they are shown on a page.
    """

    entries: list[CallIn]
    data: bytes


def look_at_worklist(
    *,
    plan: CallInPlan,
    purpose: str,
    by: User,
    form: Form = "page",
    selection: Selection = EVERYTHING,
    language: str = "da",
) -> Look:
    """See a plan's call-ins: pseudonyms, never names. It is written down before anything is shown.

    Args:
        purpose: why.
        form: a page, or a file.
        selection: which of them; the Excel file of all has the duty list, too.

    Raises:
        NotAllowedError: the user may not see persons.
        InputError: no purpose is given.
        ConflictError: the plan is not made yet.
    """
    demand(by, VIEW_PERSONS, plan.area)
    if plan.made_at is None:
        raise refused(ConflictError, "plan_not_made")
    if len(purpose.strip()) < 3:
        raise refused(InputError, "no_purpose")
    from tilsyn.planning import sheets, worklist

    rows = worklist.read(plan.worklist, worklist.CALL_INS)
    chosen = selection.of(rows)
    persons = set(chosen["person"])
    whole = selection.whole and form == "xlsx"
    duties = worklist.read(plan.duties, worklist.DUTIES) if whole else None
    if duties is not None:
        persons |= set(duties["person"])
    asked = {"week": selection.week or None, "team": selection.team}
    audit(
        by=by,
        action="look" if form == "page" else "export",
        about=f"{plan}, call-ins",
        area=plan.area,
        purpose=purpose.strip(),
        form=form,
        **{name: value for name, value in asked.items() if value is not None},
        call_ins=len(chosen),
        persons=len(persons),
    )
    first = dt.date.fromisoformat(plan.wish["first"])
    entries = worklist.call_ins(chosen, language)
    match form:
        case "page":
            data = b""
        case "csv":
            data = sheets.call_in_csv(chosen, language)
        case "xlsx" if duties is not None:
            data = sheets.workbook(plan.read(), entries, duties, language)
        case "xlsx":
            data = sheets.call_in_workbook(entries, selection, first, language)
        case "ics":
            data = sheets.calendar(entries, first, language, selection)
    return Look(entries, data)
