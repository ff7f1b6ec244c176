"""Writing messages to the outbox, in the transaction of what they tell."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from tilsyn.cases.models import Case, Message, User
from tilsyn.cases.roles import DRAFT
from tilsyn.vocabulary import MUNICIPALITIES


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(files(__package__).joinpath("messages.toml").read_text(encoding="utf-8"))


def colleagues(case: Case) -> list[User]:
    """Who is told: whose case it is, else the officers of its office, else the country's."""
    if case.assignee is not None:
        return [case.assignee] if case.assignee.is_active else []
    office = MUNICIPALITIES[case.area].amk if case.area in MUNICIPALITIES else ""
    for kind, scope in (("amk", office), ("country", "dk")):
        found = User.objects.get_queryset().filter(
            is_active=True,
            memberships__scope_kind=kind,
            memberships__scope=scope,
            memberships__role="officer",
        )
        if told := [user for user in found.distinct() if user.may(DRAFT, case.area)]:
            return told
    return []


def tell_colleagues(case: Case, about: str, key: str, **words: Any) -> None:
    """Write a message to those who work on the case; nothing where nobody does.

    Args:
        case: the case.
        about: which text.
        key: what it is about, once and for all; a second one of the same key is not written.
        words: the text's slots; a dict gives one by language.
    """
    if people := colleagues(case):
        language = people[0].language or "da"
        write(case, about, key, [user.email for user in people], language, **words)


def write(
    case: Case,
    about: str,
    key: str,
    recipients: list[str],
    language: str,
    attachments: list[dict[str, str]] | None = None,
    **words: Any,
) -> None:
    """Write a message to the outbox; one of the same key is there already: nothing."""
    text = _texts()[about][language]
    slots = {
        "case": str(case),
        "course": case.course_data.title["da" if language == "da" else "en"],
        **{k: v[language] if isinstance(v, dict) else str(v) for k, v in words.items()},
    }
    Message.objects.get_or_create(
        key=f"{about}/{key}",
        defaults={
            "case": case,
            "recipients": recipients,
            "subject": text["subject"].format(**slots)[:200],
            "body": text["body"].format(**slots) + "\n",
            "attachments": attachments or [],
        },
    )
