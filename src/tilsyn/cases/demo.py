"""A demonstration: the sample releases in use, cases opened on their days, one course walked part of the way."""

from __future__ import annotations

import datetime as dt
import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from tilsyn.cases import actions, knowledge
from tilsyn.cases.models import Case, User
from tilsyn.cases.tick import tick
from tilsyn.documents.facts import CourseFacts

TODAY = dt.date(2023, 12, 4)
"""The day the demonstration stands at: the first workday after its last document was judged."""

WALKED = "hedensted-2022-05"
"""The release whose case is walked: its notice drafted, approved and sent."""


@dataclass(frozen=True, slots=True)
class Login:
    """A demonstration user's way in."""

    email: str
    name: str
    password: str


def build(releases: Sequence[tuple[Path, dt.date]], walked: CourseFacts) -> list[Login]:
    """Fill an installation, or find it filled; the passwords are new each time.

    Args:
        releases: release folders, each with the day it is judged, in order of time.
        walked: the facts of the course that is walked.
    """
    logins = _users()
    if not Case.objects.exists():
        approver = _user("styrelsen.godkender")
        for folder, on in releases:
            record = knowledge.take_in(folder)
            if record.status == "arrived":
                actions.approve_release(release=record, by=approver)
            opened = actions.open_cases(release=record, on=on, by=None)
            if record.name == WALKED:
                _walk(opened[0], walked)
            tick(on=on, deliver=False)
        tick(on=TODAY)
    return logins


def _users() -> list[Login]:
    records = tomllib.loads(files(__package__).joinpath("demo.toml").read_text(encoding="utf-8"))
    logins: list[Login] = []
    for record in records["user"]:
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


def _walk(case: Case, facts: CourseFacts) -> None:
    """The notice: drafted by the officer, approved by the approver, sent."""
    officer, approver = _user("midt-nord.sagsbehandler"), _user("midt-nord.godkender")
    on = case.opened_on
    actions.accept(case=case, by=officer, on=on)
    actions.assign(case=case, to=officer, by=officer, on=on)
    own = facts.model_copy(update={"date": on, "reference": case.number})
    actions.set_facts(case=case, facts=own, by=officer, on=on)
    document = actions.draft_document(case=case, by=officer, on=on)
    actions.approve(document=document, by=approver, on=on + dt.timedelta(days=1))
    actions.send(document=document, by=officer, on=on + dt.timedelta(days=2))
