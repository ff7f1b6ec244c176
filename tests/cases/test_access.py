"""Who sees and does what: every role, every kind of thing, and nobody."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from tilsyn.cases import actions, ledger, roles
from tilsyn.cases.models import (
    AuditEntry,
    Case,
    Document,
    Event,
    Incoming,
    Membership,
    Message,
    Milestone,
    ReleaseRecord,
    User,
)
from tilsyn.errors import InputError, NotAllowedError

pytestmark = pytest.mark.django_db
MAY = dt.date(2022, 5, 16)

OFFICE = ("reader", "officer", "colleague", "approver", "head", "administrator")


def sees(user, model):
    return model.objects.visible_to(user).count()


def test_a_proposed_case_and_its_draft_are_seen_by_the_office_and_nobody_else(draft, people):
    for name, user in vars(people).items():
        expected = name in OFFICE
        for model in (Case, Event, Document):
            assert bool(sees(user, model)) == expected, (name, model)


def test_the_municipality_sees_its_case_once_a_letter_is_sent_and_only_what_concerns_it(
    sent, people
):
    assert sees(people.municipality, Case) == 1
    assert [e.kind for e in Event.objects.visible_to(people.municipality)] == ["sent"]
    assert [d.status for d in Document.objects.visible_to(people.municipality)] == ["sent"]
    for model in (Case, Event, Document, Incoming, Milestone, Message):
        assert sees(people.neighbour, model) == sees(people.elsewhere, model) == 0


def test_what_came_in_before_anything_was_announced_is_seen_by_the_office_alone(case, people):
    told = {"document": "statement", "incoming": 1}
    ledger.add(case, "received", by=people.officer, on=MAY, payload=told)
    assert sees(people.municipality, Event) == 0 and sees(people.officer, Event) == 2


@pytest.mark.parametrize(
    "model",
    [
        Case,
        Event,
        Document,
        Incoming,
        Milestone,
        Message,
        ReleaseRecord,
        AuditEntry,
        Membership,
        User,
    ],
)
def test_nobody_and_whoever_is_shut_out_see_nothing(sent, people, model):
    assert not sees(AnonymousUser(), model)
    people.officer.is_active = False
    assert not model.objects.visible_to(people.officer).exclude(pk=people.officer.pk).exists()


def test_a_release_is_seen_by_the_municipality_once_it_is_in_use(hedensted, people):
    assert sees(people.municipality, ReleaseRecord) == 1
    ReleaseRecord.objects.update(status="refused")
    assert sees(people.municipality, ReleaseRecord) == 0
    assert sees(people.reader, ReleaseRecord) == 1


ACTIONS = {
    "accept": lambda c, by: actions.accept(case=c, by=by, on=MAY),
    "assign": lambda c, by: actions.assign(case=c, to=None, by=by, on=MAY),
    "note": lambda c, by: actions.add_note(case=c, text="x", by=by, on=MAY),
    "drop": lambda c, by: actions.record_outcome(case=c, outcome="dropped", by=by, on=MAY),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_only_those_who_work_on_a_case_act_on_it(case, people, action):
    for name in ("reader", "administrator", "elsewhere", "municipality", "neighbour"):
        with pytest.raises(NotAllowedError):
            ACTIONS[action](case, getattr(people, name))
    ACTIONS[action](case, people.colleague)


def test_a_case_is_not_given_to_somebody_who_may_not_work_on_it(case, people):
    for name in ("reader", "elsewhere", "municipality"):
        with pytest.raises(NotAllowedError):
            actions.assign(case=case, to=getattr(people, name), by=people.officer, on=MAY)


def test_an_approver_of_another_office_does_not_approve(draft, people):
    with pytest.raises(NotAllowedError, match="for Hedensted"):
        actions.approve(document=draft, by=people.elsewhere, on=MAY)


def test_an_office_does_not_take_the_countrys_figures_into_use(hedensted, people):
    with pytest.raises(NotAllowedError):
        actions.refuse_release(release=hedensted, by=people.approver, reason="x")


def test_an_administrator_gives_roles_within_his_own_area_only(people):
    local = actions.create_user(email="local@example.org", name="lokal", password=None, by=None)
    given = {"role": "administrator", "scope_kind": "municipality"}
    actions.grant(user=local, **given, scope="766", by=people.administrator)
    other = actions.create_user(email="o@example.org", name="o", password=None, by=local)
    actions.grant(user=other, role="reader", scope_kind="municipality", scope="766", by=local)
    for kind, scope in (("municipality", "630"), ("amk", "midt_nord"), ("country", "dk")):
        with pytest.raises(NotAllowedError, match="own area"):
            actions.grant(user=other, role="reader", scope_kind=kind, scope=scope, by=local)
    with pytest.raises(NotAllowedError):
        actions.create_user(email="p@example.org", name="p", password=None, by=people.approver)
    assert set(Membership.objects.visible_to(local).values_list("scope", flat=True)) == {"766"}


def test_nobody_shuts_himself_out(people):
    with pytest.raises(NotAllowedError):
        actions.deactivate(user=people.administrator, by=people.administrator)
    actions.deactivate(user=people.officer, by=people.administrator)
    assert not User.objects.get_queryset().get(email="officer@example.org").is_active


def test_administrative_changes_are_in_the_audit_log(people):
    local = actions.create_user(
        email="local@example.org", name="lokal", password=None, by=people.administrator
    )
    entry = AuditEntry.objects.visible_to(people.administrator)[0]
    assert (entry.by, entry.action, entry.about) == (
        people.administrator, "create_user", f"user {local.pk}",
    )  # fmt: skip
    assert not sees(people.approver, AuditEntry)


@pytest.mark.parametrize("password", ["kort", "password1234", "123456789012"])
def test_a_weak_password_is_refused(db, password):
    with pytest.raises(InputError, match="password"):
        actions.create_user(email="x@example.org", name="x", password=password, by=None)


def test_the_lists_of_permissions_name_nothing_unknown():
    known = {
        value for name, value in vars(roles).items() if name.isupper() and isinstance(value, str)
    }
    for table in (roles.AUTHORITY, roles.MUNICIPAL):
        assert set(table) == set(roles.ROLES)
        assert {one for listed in table.values() for one in listed} <= known
