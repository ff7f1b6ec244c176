"""Whoever writes to the database, by whatever way: what must not change does not."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from tilsyn.cases import actions, storage
from tilsyn.cases.models import AuditEntry, Case, Document, Event, Matter, ReleaseRecord
from tilsyn.cases.models.event import NeverChangedError
from tilsyn.errors import InputError

pytestmark = pytest.mark.django_db


def refused(sql, *values):
    """The database refuses a statement, and goes on."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_event_is_not_changed_or_removed_by_sql(case):
    refused("UPDATE cases_event SET outcome = 'restored'")
    refused("UPDATE cases_event SET at = at")
    refused("DELETE FROM cases_event")
    assert case.events.count() == 1


def test_an_event_is_not_changed_or_removed_by_the_program(case):
    event = case.events.get()
    for attempt in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(outcome="restored"),
    ):
        with pytest.raises(NeverChangedError):
            attempt()


def test_the_audit_log_is_only_added_to(people):
    assert AuditEntry.objects.count()
    refused("DELETE FROM cases_auditentry")
    refused("UPDATE cases_auditentry SET action = 'look'")
    with pytest.raises(NeverChangedError):
        AuditEntry.objects.all()[0].delete()


def test_what_a_document_says_does_not_change(draft):
    refused("UPDATE cases_document SET sha256 = %s", "0" * 64)
    refused("UPDATE cases_document SET files = %s", "{}")
    refused("DELETE FROM cases_document")


def test_a_release_is_not_exchanged(hedensted):
    refused("UPDATE cases_releaserecord SET manifest_sha256 = %s", "0" * 64)


def test_nobody_approves_his_own_draft_by_sql(draft):
    refused(
        "UPDATE cases_document SET status = 'approved', approved_by_id = drafted_by_id, "
        "approved_at = drafted_at"
    )


def test_a_document_is_not_approved_or_sent_by_nobody(draft):
    refused("UPDATE cases_document SET status = 'approved'")
    refused("UPDATE cases_document SET status = 'sent'")


def test_who_and_when_stand_together(draft, people):
    refused("UPDATE cases_document SET approved_by_id = %s", people.approver.pk)
    refused("UPDATE cases_document SET sent_at = drafted_at")


def test_a_release_is_approved_by_somebody(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseRecord.objects.create(
            name="x", published=dt.date(2022, 5, 1), manifest_sha256="", status="approved"
        )


def test_an_event_that_time_did_not_do_has_somebody_behind_it(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(
            case=case,
            sequence=2,
            kind="noted",
            step="notice",
            at=timezone.now(),
            on_date=dt.date(2022, 5, 15),
        )


def test_two_events_do_not_have_one_number(case, people):
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(
            case=case,
            sequence=1,
            kind="noted",
            step="notice",
            at=timezone.now(),
            on_date=dt.date(2022, 5, 15),
            by=people.officer,
        )


def test_there_is_no_second_open_case_for_the_same_matter(case):
    second = Case.objects.create(
        course=case.course,
        version=case.version,
        area=case.area,
        opened_on=case.opened_on,
        step="notice",
    )
    same = {"case": second, "course": case.course, "area": case.area}
    same |= {"measure": "conversations_6m", "grp": "sygedagpenge"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.create(**same, through="2022-05")
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.create(**same, through="2022-02", is_open=False)


def test_a_step_has_one_draft(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(
            case=draft.case,
            kind="notice",
            step="notice",
            title="to",
            sha256="",
            files={},
            made_from={},
            drafted_by=draft.drafted_by,
            drafted_at=timezone.now(),
        )


def test_an_action_that_fails_leaves_nothing(case, facts, people, monkeypatch):
    actions.set_facts(case=case, facts=facts, by=people.officer, on=dt.date(2022, 5, 15))
    before = Event.objects.count()

    def full(*_):
        raise InputError("the disk is full")

    monkeypatch.setattr(storage, "keep", full)
    with pytest.raises(InputError):
        actions.draft_document(case=case, by=people.officer, on=dt.date(2022, 5, 15))
    assert Event.objects.count() == before
    assert not Document.objects.exists()


def test_a_stored_file_that_was_tampered_with_is_noticed(draft):
    path = storage.path_of(draft.sha256)
    path.chmod(0o600)
    path.write_bytes(b"%PDF another")
    with pytest.raises(InputError, match="damaged"):
        actions.exported(draft, "pdf")
    path.unlink()
    with pytest.raises(InputError, match="missing"):
        actions.exported(draft, "pdf")
