"""No text with a CPR number in it is kept, whichever way it is written."""

import hashlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.conftest import MAY
from tilsyn.cases import actions
from tilsyn.cases.models import AssistanceEntry, AuditEntry, Document, Event, Incoming
from tilsyn.cpr import names_cpr
from tilsyn.errors import InputError

NUMBER = "010180-1234"


def refused():
    return pytest.raises(InputError, match="what looks like a CPR number")


@pytest.mark.parametrize("written", [NUMBER, "010180 1234", "0101801234", f"(cpr.{NUMBER})"])
def test_a_note_with_a_cpr_number_is_not_kept(case, people, written):
    before = Event.objects.count()
    with refused() as told:
        actions.add_note(case=case, text=f"Borgeren {written} ringede.", by=people.officer, on=MAY)
    assert Event.objects.count() == before
    assert "1234" not in str(told.value)


def test_a_paragraph_with_one_is_refused_before_any_file_is_kept(draft, people, data_folder):
    files = sorted(data_folder.rglob("*"))
    with refused():
        actions.revise_document(
            document=draft, edits={"1": f"Se {NUMBER}."}, by=people.officer, on=MAY
        )
    assert sorted(data_folder.rglob("*")) == files
    assert [one.status for one in Document.objects.all()] == ["drafted"]


def test_the_facts_of_a_letter_the_name_of_a_file_and_a_purpose_have_none(
    case, facts, sent, people
):
    with refused():
        actions.set_facts(
            case=sent,
            facts=facts.model_copy(update={"reference": NUMBER}),
            by=people.officer,
            on=MAY,
        )
    with refused():
        Incoming(case=sent, filename=f"{NUMBER}.pdf", registered_by=people.officer).save()
    with refused():
        AssistanceEntry(note=f"om {NUMBER}", by=people.officer).save()
    with refused():
        AuditEntry(by=people.officer, action="look", purpose=NUMBER).save()


@pytest.mark.parametrize(
    "text",
    ["+45 12 34 56 78", "5798000012345", "24/0101801", "2023-01-01", "CVR 12345678", "990180-1234"],
)
def test_other_numbers_are_no_cpr_numbers(text):
    assert not names_cpr(text)


@given(st.binary(), st.uuids())
def test_hashes_and_identifiers_are_none(data: bytes, one: uuid.UUID):
    assert not names_cpr(hashlib.sha256(data).hexdigest())
    assert not names_cpr(str(one))
