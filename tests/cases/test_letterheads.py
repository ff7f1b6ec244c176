"""Letterheads are changed by an administrator, checked before they are put in place, and in the log."""

import base64

import pytest

from tilsyn.cases import actions, drafting
from tilsyn.cases.models import AuditEntry
from tilsyn.documents.letterhead import sample_letterhead
from tilsyn.errors import InputError, NotAllowedError

pytestmark = pytest.mark.django_db

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
RUNS = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


def own():
    sample = sample_letterhead("midt_nord")
    names = {"office": "Kontoret", "sample": ""}
    return sample.model_copy(update={"da": sample.da.model_copy(update=names)})


def changed(by, office="midt_nord", **more):
    return actions.set_letterhead(office=office, letterhead=own(), by=by, **more)


def test_the_next_letter_bears_it_and_the_one_before_keeps_its_own(draft, people):
    before = draft.sha256
    changed(people.administrator, logo=PNG)
    assert drafting.office_letterhead("midt_nord").da.office == "Kontoret"
    draft.refresh_from_db()
    assert draft.sha256 == before and draft.files["pdf"] == before
    again = actions.draft_document(case=draft.case, by=people.officer, on=draft.case.opened_on)
    assert actions.tree(again).sender.office == "Kontoret"
    assert actions.tree(again).sender.logo is not None


def test_the_logo_stays_until_another_comes_or_it_is_taken_off(people):
    changed(people.administrator, logo=PNG)
    assert changed(people.administrator).logo is not None
    assert changed(people.administrator, bare=True).logo is None


def test_a_logo_that_runs_something_is_refused_and_nothing_changes(people):
    with pytest.raises(InputError, match="script"):
        changed(people.administrator, logo=RUNS)
    with pytest.raises(InputError, match="larger than"):
        changed(people.administrator, logo=PNG + bytes(1_000_001))
    assert drafting.office_letterhead("midt_nord").da.sample
    assert not AuditEntry.objects.filter(action="set_letterhead").exists()


def test_it_stands_in_the_log_with_what_it_was(people):
    changed(people.administrator)
    entry = AuditEntry.objects.get(action="set_letterhead")
    assert entry.by == people.administrator and len(entry.detail["sha256"]) == 64


@pytest.mark.parametrize("who", ["approver", "municipality"])
def test_nobody_else_changes_it(people, who):
    with pytest.raises(NotAllowedError):
        changed(getattr(people, who))


def test_an_office_s_administrator_changes_his_own_only(people):
    own_one = actions.create_user(email="own@example.org", name="x", password=None, by=None)
    actions.grant(user=own_one, role="administrator", scope_kind="amk", scope="syd", by=None)
    assert actions.own_offices(own_one) == ["syd"]
    assert set(actions.own_offices(people.administrator)) == {
        "oest",
        "syd",
        "midt_nord",
        "ministry",
    }
