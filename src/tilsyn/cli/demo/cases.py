"""The demonstration's cases: releases in use, and cases at every stage with deadlines around its day.

What is done, and how far each case is carried, stands in `cases.toml`; it is done by the same actions that
the pages call, each on its own day.
"""

from __future__ import annotations

import datetime as dt
import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import cycle
from typing import Any

from tilsyn.cases import actions, drafting, facts, knowledge, ledger
from tilsyn.cases.models import Case, ReleaseRecord, User
from tilsyn.cases.tick import tick
from tilsyn.cli.demo.installation import everything, samples
from tilsyn.documents.contents.occasion import letter
from tilsyn.documents.contents.templates import texts
from tilsyn.documents.facts import CourseFacts, read_facts
from tilsyn.documents.model import Paragraph, Stamp
from tilsyn.documents.renderers import render
from tilsyn.vocabulary import COUNTRY, MUNICIPALITIES
from tilsyn.vocabulary.workdays import add_workdays

TODAY = dt.date(2023, 12, 4)
"""The day the demonstration stands at: the first workday after its last document was judged."""

WALKED = "hedensted-2022-05"
"""The release whose case bears the facts of the real letter."""

CASES_FROM = dt.date(2022, 5, 1)
"""Releases before this are only figures: their cases would be two years past their deadlines."""

_HELP = ("data_analysis", "capacity_steering", "workflow_analysis", "evaluation_of_conversations")


@dataclass(frozen=True, slots=True)
class Login:
    """A demonstration user's way in."""

    email: str
    name: str
    password: str


def fill(*, country: bool) -> list[Login]:
    """Fill an installation, or find it filled; the passwords are new each time.

    Args:
        country: whether to make figures up for the rest of the country.
    """
    releases = everything(knowledge.releases_folder(), country=country)
    with samples() as (_, documents):
        (walked,) = (one.folder for one in documents if one.name == WALKED)
        facts_of_walked = read_facts(walked / "facts.toml")
    records = tomllib.loads(files(__package__).joinpath("cases.toml").read_text(encoding="utf-8"))
    logins = _users(records["user"])
    if not Case.objects.exists():
        approver = _user("styrelsen.godkender")
        for folder, on in releases:
            record = knowledge.take_in(folder)
            if record.status == "arrived":
                actions.approve_release(release=record, by=approver)
            if record.name == records["elsewhere"]["release"]:
                _bring_in(records["elsewhere"], record)
            elif on >= CASES_FROM:
                opened = actions.open_cases(release=record, on=on, by=None)
                _carry_all(opened, records["carry"], facts_of_walked)
            tick(on=on, deliver=False)
        _report_what_is_past()
        tick(on=TODAY)
    return logins


def _users(records: Sequence[dict[str, str]]) -> list[Login]:
    logins: list[Login] = []
    for record in records:
        password = secrets.token_urlsafe(12)
        user = User.objects.get_queryset().filter(email=record["email"]).first()
        if user is None:
            user = actions.create_user(
                email=record["email"], name=record["name"], password=password, by=None
            )
            actions.grant(
                user=user,
                role=record["role"],
                scope_kind=record["scope_kind"],
                scope=record["scope"],
                by=None,
            )
        else:
            user.set_password(password)
            user.save(update_fields=["password"])
        logins.append(Login(user.email, user.name, password))
    return logins


def _user(name: str) -> User:
    return User.objects.get_queryset().get(email=f"{name}@example.org")


def _staff(area: str) -> tuple[User, User]:
    """The officer and the approver who work for an area; the agency's where the office has none here."""
    office = MUNICIPALITIES[area].amk.replace("_", "-") if area != COUNTRY else ""
    prefix = office if office in ("oest", "midt-nord") else "styrelsen"
    return _user(f"{prefix}.sagsbehandler"), _user(f"{prefix}.godkender")


def _carry_all(cases: Sequence[Case], plans: Sequence[dict[str, Any]], walked: CourseFacts) -> None:
    for plan in plans:
        own = [
            case
            for case in cases
            if case.course == plan["course"]
            and plan.get("opened", case.opened_on) == case.opened_on
        ]
        for case, stage in zip(own, cycle(plan["stages"]), strict=False):
            given = walked if case.opened_from_id == WALKED else None
            _carry(case, stage, given)


def _carry(case: Case, stage: str, given: CourseFacts | None) -> None:
    """Carry a case to a stage, a workday or two for each thing that is done."""
    officer, _ = _staff(case.area)
    days = [min(add_workdays(case.opened_on, number), TODAY) for number in range(1, 5)]
    if stage == "proposed":
        return
    if stage == "dropped":
        note = "Kommunen har indsendt rettede indberetninger; drøftet med kontoret."
        actions.record_outcome(case=case, outcome=stage, by=officer, on=days[2], note=note)
        return
    actions.accept(case=case, by=officer, on=days[0])
    # Every third stays with the office, for whoever has time.
    if case.pk % 3:
        actions.assign(case=case, to=officer, by=officer, on=days[0])
    if stage == "accepted":
        return
    _write(case, days[1], given, until=stage, sent=days[3])
    if stage in ("drafted", "approved", "sent"):
        return
    # Some weeks pass before a municipality has made up its mind.
    answered = min(add_workdays(case.opened_on, 25), TODAY)
    help_given = [_HELP[case.pk % len(_HELP)]]
    outcomes = {"in_progress": ("accepted", "in_progress"), "accepted_help": ("accepted",)}
    for outcome in outcomes.get(stage, (stage,)):
        actions.record_outcome(
            case=case,
            outcome=outcome,
            by=officer,
            on=answered,
            assistance=help_given if stage in outcomes else (),
        )


def _write(
    case: Case, on: dt.date, given: CourseFacts | None, *, until: str, sent: dt.date
) -> None:
    """The letter of the step at hand: facts, draft, approval, sending; as far as the stage says."""
    officer, approver = _staff(case.area)
    own = {"date": sent, "reference": case.number}
    proposed = given or facts.proposed(case, ledger.state_of(case), on=sent)
    actions.set_facts(case=case, facts=proposed.model_copy(update=own), by=officer, on=on)
    document = actions.draft_document(case=case, by=officer, on=on)
    if until != "drafted":
        actions.approve(document=document, by=approver, on=on)
    if until not in ("drafted", "approved"):
        actions.send(document=document, by=officer, on=sent)
    case.refresh_from_db()


def _bring_in(record: dict[str, Any], release: ReleaseRecord) -> None:
    """A course from elsewhere: its notice, the figures that answer it, the decision, and the answers."""
    officer, approver = _staff(record["area"])
    told = CourseFacts.model_validate(record["facts"])
    decided, answered = record["decided"], record["answered"]
    assert told.notice is not None
    case = actions.bring_in(
        course=record["course"],
        area=record["area"],
        matters=[(one.measure, one.group) for one in told.notice.subjects],
        facts=told,
        by=approver,
        on=decided,
        documents=[("henvendelse-2022-08-29.pdf", _sample("Henvendelse af 29. august 2022"))],
    )
    actions.assign(case=case, to=officer, by=officer, on=decided)
    tick(on=decided, deliver=False)
    case.refresh_from_db()
    proposal = ledger.state_of(case).proposal
    assert proposal is not None, f"the figures of {release} answer the notice"
    actions.record_outcome(case=case, outcome=proposal.outcome, by=officer, on=decided)
    _write(case, decided, _with(case, record["then"], decided), until="sent", sent=decided)
    municipality = _user("ishoej.jobcenterchef")
    for kind, name in (("statement", "redegoerelse.pdf"), ("plan", "genopretningsplan.pdf")):
        received = actions.receive(
            case=case,
            kind=kind,
            filename=name,
            data=_sample("Kommunens svar"),
            by=municipality,
            on=answered,
        )
    received.case = case
    ticks = dict.fromkeys(received.checklist, True)
    actions.tick_checklist(incoming=received, ticks=ticks, by=officer, on=answered)
    actions.record_outcome(case=case, outcome="received", by=officer, on=answered)


def _with(case: Case, more: dict[str, Any], on: dt.date) -> CourseFacts:
    proposed = facts.proposed(case, ledger.state_of(case), on=on)
    return CourseFacts.model_validate({**proposed.model_dump(exclude_none=True), **more})


def _sample(title: str) -> bytes:
    """A PDF that says it is only an example."""
    document = letter(
        title=title,
        blocks=[Paragraph("Et eksempel. Det rigtige dokument er ikke blandt eksemplerne.")],
        facts=CourseFacts(date=TODAY),
        letterhead=drafting.office_letterhead("oest"),
        frame=texts("frame", "da"),
        stamp=Stamp((), "–", "tilsyn"),
    )
    return render(document, "pdf")


def _report_what_is_past() -> None:
    """The reports to the committee of earlier quarters have been sent."""
    approver = _user("styrelsen.godkender")
    past = Case.objects.filter(
        course="committee_report", opened_on__lt=TODAY.replace(month=11, day=1)
    )
    for case in past:
        actions.record_outcome(
            case=case,
            outcome="sent",
            by=approver,
            on=add_workdays(case.opened_on, 15),
            note="Sendt fra ministeriets eget system.",
        )
