"""Roles a provider gives are given and taken at each sign-in, and change nothing of who may approve what."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.cases.conftest import MAY
from tilsyn.cases import actions
from tilsyn.cases.models import AuditEntry, User
from tilsyn.cases.roles import Grant
from tilsyn.cases.tick import tick
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


@pytest.mark.parametrize(("days", "stays"), [(30, True), (31, False)])
def test_who_has_not_signed_in_for_a_month_loses_what_his_provider_gave(people, days, stays):
    actions.sign_in_by_provider(user=people.reader, provider="entra", grants=[APPROVER])
    last = timezone.make_aware(dt.datetime(2022, 5, 15, 23, 30))
    User.objects.filter(pk=people.reader.pk).update(last_login=last)
    done = tick(on=last.date() + dt.timedelta(days=days), deliver=False)
    assert held(people.reader) == {("reader", "")} | ({("approver", "entra")} if stays else set())
    assert done["lapsed"] == (0 if stays else 1)
    if not stays:
        entry = AuditEntry.objects.filter(action="revoke").first()
        assert entry.by is None and entry.detail["provider"] == "entra"
        assert entry.detail["reason"] == "no sign-in since 2022-05-16"
