"""No text with a CPR number in it is kept, whichever way it is written."""

import datetime as dt
import hashlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.conftest import MAY, figures
from tilsyn.cases import actions, knowledge
from tilsyn.cases.models import (
    AssistanceEntry,
    AuditEntry,
    Document,
    Event,
    Incoming,
)
from tilsyn.cases.refusals import refused as refusal
from tilsyn.cases.uploads import checked_upload
from tilsyn.cpr import names_cpr
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import table
from tilsyn.words import LANGUAGES

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


@pytest.mark.parametrize("long", [180, 189, 192, 195, 199])
def test_a_text_is_looked_through_before_it_is_cut(people, long):
    # Cut at 200 signs, half a number would be left, and not be known for one.
    text = "x" * long + f" {NUMBER} ringede"
    with refused():
        actions.audit(by=people.officer, action="look", about="case 1", purpose=text)
    with refused():
        actions.audit(by=people.officer, action="look", about=text)
    with refused():
        actions.record_assistance(
            area="766",
            quarter="2022-Q2",
            status="undecided",
            contacted=MAY,
            note="x" * 100 + text,
            by=people.head,
        )


def test_a_files_name_is_looked_through_before_it_is_cut_and_not_repeated(settings):
    for name in (f"{NUMBER}{'x' * 190}.pdf", f"mappe/{NUMBER}/plan.pdf", f"{NUMBER}.exe"):
        with refused() as told:
            checked_upload(name, b"%PDF-1.7")
        assert "1234" not in str(told.value) + "".join(map(told.value.said, LANGUAGES))


def test_the_words_of_a_refusal_repeat_no_number():
    error = refusal(InputError, "type_not_taken", name=f"{NUMBER}.exe", types=".pdf")
    assert "1234" not in "".join([str(error), *map(error.said, LANGUAGES)])


def test_why_a_release_was_refused_names_nobody(people, tmp_path):
    day = dt.date(2022, 5, 1)
    made = Release("r", day, table(figures("r", day, {"2022-03": (1, 9)})))
    record = knowledge.take_in(releases.write(made, tmp_path / "r"))
    with refused():
        actions.refuse_release(release=record, by=people.head, reason=f"{NUMBER} mangler")
    record.refresh_from_db()
    assert (record.status, record.reason) == ("arrived", "")


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
