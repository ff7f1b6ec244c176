"""Roles a provider gives are given and taken at each sign-in, and change nothing of who may approve what."""

import pytest

from tests.cases.conftest import MAY
from tilsyn.cases import actions
from tilsyn.cases.models import AuditEntry
from tilsyn.cases.roles import Grant
from tilsyn.errors import NotAllowedError

OFFICER, APPROVER = Grant("officer", "amk", "midt_nord"), Grant("approver", "amk", "midt_nord")


def held(user):
    return {(one.role, one.provider) for one in user.memberships.all()}


def test_what_is_given_twice_is_given_once_and_written_once(people):
    for _ in range(2):
        actions.sign_in_by_provider(
            user=people.reader, provider="entra", grants=[APPROVER, APPROVER]
        )
    assert held(people.reader) == {("reader", ""), ("approver", "entra")}
    entries = AuditEntry.objects.filter(about=f"user {people.reader.pk}", detail__provider="entra")
    assert [one.action for one in entries] == ["grant"]


def test_one_provider_takes_nothing_that_another_gave(people):
    actions.sign_in_by_provider(user=people.reader, provider="entra", grants=[APPROVER])
    actions.sign_in_by_provider(user=people.reader, provider="keycloak", grants=[])
    assert held(people.reader) == {("reader", ""), ("approver", "entra")}


def test_what_a_provider_gives_too_is_still_by_hand(people):
    actions.sign_in_by_provider(user=people.officer, provider="entra", grants=[OFFICER])
    actions.sign_in_by_provider(user=people.officer, provider="entra", grants=[])
    assert held(people.officer) == {("officer", "")}


def test_who_drafted_it_cannot_approve_it_though_his_claims_say_approver(draft, people):
    actions.sign_in_by_provider(user=people.officer, provider="entra", grants=[APPROVER])
    officer = type(people.officer).objects.get(pk=people.officer.pk)
    with pytest.raises(NotAllowedError):
        actions.approve(document=draft, by=officer, on=MAY)
    actions.approve(document=draft, by=people.approver, on=MAY)
