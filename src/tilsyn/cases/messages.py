"""Writing messages to the outbox, in the transaction of what they tell."""

from __future__ import annotations

from typing import Any

from tilsyn.cases.models import Case, Message, User
from tilsyn.cases.roles import DRAFT
from tilsyn.vocabulary import MUNICIPALITIES
from tilsyn.words import gettext, gettext_noop

_TEXTS = {
    "reminder": (
        gettext_noop("Deadline passed: {case}, {step}"),
        gettext_noop("{step} should have been done by {due}.\n\nCase {case}: {course}."),
    ),
    "data": (
        gettext_noop("Data have come: {case}, {step}"),
        gettext_noop(
            "There are now data to the end of {through}. Next: {step}.\n\nCase {case}: {course}."
        ),
    ),
    "proposal": (
        gettext_noop("Decision proposed: {case}, {step}"),
        gettext_noop(
            "The figures to the end of {through} have been held against the rule. Proposal: {outcome}. A human decides.\n\nCase {case}: {course}."
        ),
    ),
    "received": (
        gettext_noop("Received: {case}, {what}"),
        gettext_noop(
            "{what} was received on {due} and is to be checked.\n\nCase {case}: {course}."
        ),
    ),
    "milestone": (
        gettext_noop("Milestone not reached: {case}"),
        gettext_noop("{what} in {through}: {share}, milestone {target}.\n\nCase {case}: {course}."),
    ),
    "returned": (
        gettext_noop("Sent back: {case}, {what}"),
        gettext_noop(
            "{user} has sent the draft “{what}” back:\n\n{comment}\n\nEdit it, so that it can be approved.\n\nCase {case}: {course}."
        ),
    ),
    "document": (
        gettext_noop("{what}"),
        gettext_noop("Enclosed: {what}.\n\nCase number {case}."),
    ),
}
"""The subject and the body of each message."""


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
        words: the text's slots, see `words.gettext`.
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
    slots = {"case": case, "course": case.course_data.title, **words}
    subject, body = (gettext(text, language, **slots) for text in _TEXTS[about])
    Message.objects.get_or_create(
        key=f"{about}/{key}",
        defaults={
            "case": case,
            "recipients": recipients,
            "subject": subject[:200],
            "body": body + "\n",
            "attachments": attachments or [],
        },
    )
