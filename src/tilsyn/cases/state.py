"""What a case is, added up from its events: a pure function, so that any state can be shown again.

Nothing here asks the database or the clock. A correction is an event of its own; it is folded into the
event it corrects before the events are added up, so the record keeps both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from tilsyn.cases.deadlines import due_on
from tilsyn.cases.refusals import refused
from tilsyn.errors import ConflictError
from tilsyn.rules.course import CLOSED, CourseVersion
from tilsyn.words import gettext_noop

KINDS: dict[str, str] = {
    "opened": gettext_noop("proposed"),
    "accepted": gettext_noop("taken up"),
    "assigned": gettext_noop("assigned"),
    "noted": gettext_noop("note"),
    "facts_set": gettext_noop("facts fixed"),
    "drafted": gettext_noop("drafted"),
    "approved": gettext_noop("approved"),
    "returned": gettext_noop("sent back"),
    "sent": gettext_noop("sent"),
    "received": gettext_noop("received"),
    "checked": gettext_noop("checked"),
    "milestone_set": gettext_noop("milestone set"),
    "milestone_compared": gettext_noop("milestone held against the figures"),
    "data_arrived": gettext_noop("data have come"),
    "outcome_proposed": gettext_noop("outcome proposed"),
    "concluded": gettext_noop("concluded"),
    "reminded": gettext_noop("deadline passed"),
    "corrected": gettext_noop("corrected"),
}
"""Kinds of event with what they are called."""

BY_TIME = frozenset(
    {"opened", "outcome_proposed", "data_arrived", "milestone_compared", "reminded"}
)
"""What happens without anybody: figures came, a day passed."""

PUBLIC = frozenset({"sent", "received"})
"""What the municipality sees of its own case: what was sent to it and what came from it."""


class Happened(Protocol):
    """What is read of an event."""

    @property
    def sequence(self) -> int:
        """Its number."""

    @property
    def kind(self) -> str:
        """One of KINDS."""

    @property
    def step(self) -> str:
        """The step the case stood at."""

    @property
    def outcome(self) -> str:
        """How the step ended, or what is proposed."""

    @property
    def on_date(self) -> dt.date:
        """The day it counts from."""

    @property
    def document_sha256(self) -> str:
        """The document it is about."""

    @property
    def finding(self) -> Any:
        """The findings it rests on, as records."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """Further values."""


@dataclass(frozen=True, slots=True)
class Effective:
    """An event as it counts after corrections."""

    sequence: int
    kind: str
    step: str
    outcome: str
    on_date: dt.date
    document_sha256: str
    finding: Any
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """The document of the step at hand: its number, its hash, and how far it has come."""

    document: int
    sha256: str
    status: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rule says the step ends with, for a human to decide; empty when it cannot say."""

    outcome: str
    finding: Any
    sequence: int


@dataclass(frozen=True, slots=True)
class State:
    """A case as its events say.

    Attributes:
        status: "proposed", "open" or "closed".
        step: the step it stands at, or the last one.
        since: the day it came to that step; entered: the event that brought it there.
        done: when each step was last concluded, with "opening" for the day the case opened.
        finding: the findings that opened it, or that last concluded a step.
        facts: the course's facts as fixed (`documents.facts.CourseFacts` as JSON).
        facts_fixed: whether they were fixed at the step at hand, and so for its letter.
        compared: milestones that have been held against the figures.
        draft, proposal, received, ticks, data_through, data_on, reminded: about the step at hand only.
        announced_on: when the first letter was sent to the municipality, by the program or by hand.
        closed: the office's own days off, on which nothing is due.
    """

    status: str
    step: str
    since: dt.date
    entered: int
    due_on: dt.date | None = None
    done: Mapping[str, dt.date] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    finding: Any = None
    facts: Mapping[str, Any] | None = None
    facts_fixed: bool = False
    compared: frozenset[int] = frozenset()
    assignee: int | None = None
    announced_on: dt.date | None = None
    draft: Draft | None = None
    proposal: Proposal | None = None
    received: Mapping[str, int] = field(default_factory=dict)
    ticks: Mapping[str, bool] = field(default_factory=dict)
    data_through: str = ""
    data_on: dt.date | None = None
    reminded: frozenset[str] = frozenset()
    closed: frozenset[dt.date] = frozenset()


def replay(
    version: CourseVersion, events: Iterable[Happened], closed: frozenset[dt.date] = frozenset()
) -> State:
    """The state that events add up to.

    Args:
        version: the course the case follows.
        events: all of them, in order; the first is "opened".
        closed: the office's own days off.

    Raises:
        ConflictError: an event does not fit the state before it (a correction would contradict what
            followed, or a closed case goes on).
    """
    first, *later = _corrected(events)
    if first.kind != "opened":
        raise refused(ConflictError, "begins_with_opening")
    state = _arrived(
        State(
            "proposed",
            version.first.name,
            first.on_date,
            first.sequence,
            finding=first.finding,
            closed=closed,
        ),
        version,
        version.first.name,
        first.on_date,
        first.sequence,
        {"opening": first.on_date},
    )
    for event in later:
        state = _after(state, event, version)
    return state


def _corrected(events: Iterable[Happened]) -> list[Effective]:
    """The events with corrections folded in; what was struck is left out."""
    counted: dict[int, Effective] = {}
    for e in events:
        if e.kind != "corrected":
            counted[e.sequence] = Effective(
                e.sequence,
                e.kind,
                e.step,
                e.outcome,
                e.on_date,
                e.document_sha256,
                e.finding,
                e.payload,
            )
            continue
        corrects, change = e.payload["corrects"], e.payload
        if corrects not in counted:
            raise refused(ConflictError, "nothing_to_correct", event=corrects)
        if change.get("struck"):
            if counted[corrects].kind == "opened":
                raise refused(ConflictError, "opening_struck")
            del counted[corrects]
            continue
        old = counted[corrects]
        counted[corrects] = replace(
            old,
            outcome=change.get("outcome") or old.outcome,
            on_date=dt.date.fromisoformat(change["on_date"])
            if change.get("on_date")
            else old.on_date,
            payload={**old.payload, **change.get("payload", {})},
        )
    return list(counted.values())


# What is about the step it was written at, and means nothing at another.
_OF_THE_STEP = frozenset(
    {"drafted", "approved", "returned", "received", "checked", "sent", "concluded"}
)


def _after(state: State, event: Effective, version: CourseVersion) -> State:
    """The state after one more event."""
    if event.kind in _ANY_TIME:
        return _ANY_TIME[event.kind](state, event)
    if state.status == "closed":
        raise refused(ConflictError, "closed_for_more")
    if event.step != state.step:
        if event.kind in _OF_THE_STEP:
            raise refused(
                ConflictError,
                "correct_what_followed",
                event=event.sequence,
                step=_named(version, event.step),
                now=_named(version, state.step),
            )
        return state
    if event.kind in ("sent", "concluded"):
        return _concluded(state, event, version)
    changed = _AT_STEP[event.kind](state, event)
    return replace(changed, due_on=_due(changed, version))


def _milestone(state: State, event: Effective) -> State:
    return replace(state, compared=state.compared | {event.payload["milestone"]})


def _facts(state: State, event: Effective) -> State:
    return replace(state, facts=event.payload["facts"], facts_fixed=True)


def _draft(state: State, event: Effective) -> State:
    return replace(state, draft=Draft(event.payload["document"], event.document_sha256, event.kind))


def _received(state: State, event: Effective) -> State:
    of_kind = {event.payload["document"]: event.payload["incoming"]}
    return replace(state, received={**state.received, **of_kind})


def _data(state: State, event: Effective) -> State:
    return replace(state, data_through=event.payload["through"], data_on=event.on_date)


def _proposal(state: State, event: Effective) -> State:
    return replace(state, proposal=Proposal(event.outcome, event.finding, event.sequence))


_Change = Callable[[State, Effective], State]
_ANY_TIME: dict[str, _Change] = {
    "noted": lambda state, _: state,
    "milestone_set": lambda state, _: state,
    "milestone_compared": _milestone,
    "assigned": lambda state, event: replace(state, assignee=event.payload["assignee"]),
}
_AT_STEP: dict[str, _Change] = {
    "accepted": lambda state, _: replace(state, status="open"),
    "facts_set": _facts,
    "drafted": _draft,
    "approved": _draft,
    "returned": _draft,
    "received": _received,
    "checked": lambda state, e: replace(state, ticks={**state.ticks, **e.payload["ticks"]}),
    "data_arrived": _data,
    "outcome_proposed": _proposal,
    "reminded": lambda state, e: replace(state, reminded=state.reminded | {e.payload["due_on"]}),
}


def _concluded(state: State, event: Effective, version: CourseVersion) -> State:
    """The state after a step has ended: at the next step, or closed."""
    try:
        to = version[state.step].leads_to(event.outcome)
    except KeyError:
        outcomes = version[state.step].outcome
        raise refused(
            ConflictError,
            "no_such_outcome",
            step=_named(version, state.step),
            outcome=event.outcome,
            known={
                "da": ", ".join(one.title["da"] for one in outcomes),
                "en": ", ".join(one.name for one in outcomes),
            },
        ) from None
    done = {**state.done, state.step: event.on_date}
    ended = replace(
        state,
        status="open",
        done=done,
        outcomes={**state.outcomes, state.step: event.outcome},
        finding=event.finding or state.finding,
        announced_on=state.announced_on or (event.on_date if event.outcome == "sent" else None),
    )
    if to == CLOSED:
        return replace(ended, status="closed", due_on=None, draft=None, proposal=None)
    return _arrived(ended, version, to, event.on_date, event.sequence, done)


def _named(version: CourseVersion, step: str) -> dict[str, str]:
    """A step as pages call it, and by its code where it is English anyway."""
    return {"da": version[step].title["da"], "en": step}


def _arrived(
    state: State,
    version: CourseVersion,
    step: str,
    day: dt.date,
    sequence: int,
    done: Mapping[str, dt.date],
) -> State:
    """The state on coming to a step: what was about the step before is put away."""
    there = State(
        status=state.status,
        step=step,
        since=day,
        entered=sequence,
        done=done,
        outcomes=state.outcomes,
        finding=state.finding,
        facts=state.facts,
        compared=state.compared,
        assignee=state.assignee,
        announced_on=state.announced_on,
        closed=state.closed,
    )
    return replace(there, due_on=_due(there, version))


def _due(state: State, version: CourseVersion) -> dt.date | None:
    due = version[state.step].due
    days = {**state.done, "arrival": state.since}
    if state.data_on:
        days["data"] = state.data_on
    return None if due is None else due_on(due, days, state.facts or {}, state.closed)
