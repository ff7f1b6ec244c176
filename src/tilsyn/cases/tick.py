"""What time moves: deadlines that have passed, figures that have come, what recurs. Run it daily.

Each case is one transaction, and each thing is written down as it is done, so that running twice, or
being killed in the middle and run again, comes to the same.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tilsyn.cases import delivery, judging, knowledge, ledger, messages, outlooks, trials
from tilsyn.cases.actions.opening import open_recurring
from tilsyn.cases.actions.outcomes import propose_decision
from tilsyn.cases.actions.provided import lapse
from tilsyn.cases.models import Case, Milestone
from tilsyn.cases.plans import standing, working
from tilsyn.cases.state import State
from tilsyn.errors import ConflictError
from tilsyn.figures.series import series
from tilsyn.rules.course import Step
from tilsyn.vocabulary import MEASURES, ROWS, YearMonth, wording
from tilsyn.words import LANGUAGES
from tilsyn.work.files import put_whole


def tick(*, on: dt.date, deliver: bool = True) -> Counter[str]:
    """Move what time moves as of a day.

    Args:
        on: the day.
        deliver: also send the outbox.

    Returns:
        How many cases were opened, reminded, had data arrive, were proposed a decision or had a
        milestone compared; roles that lapsed; messages sent; and plans made.
    """
    done: Counter[str] = Counter()
    if settings.INSTALLATION == "agency":
        done["opened"] = len(open_recurring(on=on))
    for number in Case.objects.under_way().order_by("pk").values_list("pk", flat=True):
        try:
            done += _moved(number, on)
        except ConflictError:
            # Somebody is working on it this very moment; the next tick finds what is left to do.
            done["busy"] += 1
    done["lapsed"] = lapse(on=on)
    if deliver:
        done["sent"] = delivery.deliver()
    # Last, so that figures which cannot be protected keep nothing else from being done.
    knowledge.prepare(on)
    trials.prepare(outlooks.prepare(on))
    standing.prepare(on)
    working.forget(on)
    done["planned"] = working.work()
    put_whole(_kept(), timezone.now().isoformat().encode())
    return done


def last_tick() -> dt.datetime | None:
    """When time was last moved to the end; None where it never was."""
    try:
        return dt.datetime.fromisoformat(_kept().read_text())
    except (OSError, ValueError):
        return None


def _kept() -> Path:
    return knowledge.data_folder() / "last_tick"


@transaction.atomic
def _moved(number: int, on: dt.date) -> Counter[str]:
    case = Case.objects.get(pk=number)
    state, step = ledger.state_of(case), case.step_data
    if step is None or state.since > on:
        return Counter()
    known = knowledge.known(on, area=case.area)
    return Counter(
        data=_data(case, state, step, on, known),
        milestones=_milestones(case, state, on, known),
        # The figures may have moved the deadline, so the state is asked for anew.
        reminded=_reminded(case, ledger.state_of(case), step, on),
    )


def _data(case: Case, state: State, step: Step, on: dt.date, known: pl.DataFrame) -> int:
    """The figures a step waits for have come: the decision is proposed, or the contact is due."""
    through = judging.awaited(step, state)
    if through is None or not judging.has_come(case, state, through, known):
        return 0
    if step.awaits == "calendar_year" and state.due_on and on < state.due_on.replace(day=1):
        return 0
    if step.judged_by is None:
        if state.data_through == str(through):
            return 0
        ledger.add(case, "data_arrived", by=None, on=on, payload={"through": str(through)})
        key = f"{case.pk}/{state.entered}/{through}"
        messages.tell_colleagues(case, "data", key, step=step.title, through=str(through))
        return 1
    catalogue = knowledge.catalogue()
    answer = judging.answer(case, state, step, through, known, on=on, catalogue=catalogue)
    if answer is None or _is_proposed(state, answer):
        return 0
    propose_decision(case=case, answer=answer, on=on)
    return 1


def _is_proposed(state: State, answer: judging.Answer) -> bool:
    """Whether this very answer has been proposed; a correction of the figures gives another one."""
    if state.proposal is None:
        return False
    return state.proposal.outcome == answer.outcome and [
        _gist(record) for record in state.proposal.finding
    ] == [_gist(finding.record()) for finding in answer.findings]


def _gist(record: dict[str, object]) -> tuple[object, ...]:
    """What a finding says, whichever day it was said."""
    return tuple(record[key] for key in ("measure", "group", "verdict", "months", "release"))


def _reminded(case: Case, state: State, step: Step, on: dt.date) -> int:
    due = state.due_on
    if due is None or due >= on or str(due) in state.reminded:
        return 0
    ledger.add(case, "reminded", by=None, on=on, payload={"due_on": str(due)})
    messages.tell_colleagues(
        case, "reminder", f"{case.pk}/{state.entered}/{due}", step=step.title, due=due
    )
    return 1


def _milestones(case: Case, state: State, on: dt.date, known: pl.DataFrame) -> int:
    """Milestones whose month has figures now, each held against them once."""
    open_ones = [m for m in case.milestones.all() if m.pk not in state.compared]
    if not open_ones:
        return 0
    shares = {
        (one.measure, one.grp, month): figure.exact
        for one in series(known.filter(pl.col("area") == case.area))
        for month, figure in one.months.items()
    }
    compared = 0
    for milestone in open_ones:
        month = YearMonth.of(milestone.month)
        share = shares.get((milestone.measure, milestone.grp, month))
        if share is not None:
            _compared(case, milestone, month, wording.decimal(share, 2), on)
            compared += 1
    return compared


def _compared(
    case: Case, milestone: Milestone, month: YearMonth, share: Decimal, on: dt.date
) -> None:
    reached = share <= milestone.target
    payload = {
        "milestone": milestone.pk,
        "share": float(share),
        "target": float(milestone.target),
        "reached": reached,
    }
    ledger.add(case, "milestone_compared", by=None, on=on, payload=payload)
    if not reached:
        what = {
            language: f"{MEASURES[milestone.measure].name(language)}, "
            f"{ROWS[milestone.grp].name(language)}"
            for language in LANGUAGES
        }
        messages.tell_colleagues(
            case,
            "milestone",
            str(milestone.pk),
            what=what,
            through=str(month),
            share={language: wording.percent(share, language) for language in LANGUAGES},
            target={
                language: wording.percent(milestone.target, language) for language in LANGUAGES
            },
        )
