"""A letter that somebody edited, on its page: what was changed, what does not agree, and the way back."""

import datetime as dt
import re

import pytest

from tilsyn.cases import actions, drafting
from tilsyn.cases.models import Document


@pytest.fixture
def edited(drafted):
    """The notice with one of its shares made smaller, and a sentence with a week in it."""
    texts = drafting.paragraphs(actions.tree(drafted.letter))
    place, text = next((p, t) for p, t in texts.items() if "29,2" in t)
    return actions.revise_document(
        document=drafted.letter,
        edits={place: text.replace("29,2", "1,1"), "0": texts["0"] + " Vi ringer i uge 24."},
        by=drafted.people["officer"],
        on=dt.date(2022, 5, 16),
    )


def words(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_the_approver_sees_what_was_edited_and_vouches_for_what_does_not_agree(drafted, edited):
    approver, address = drafted.client("approver"), f"/documents/{edited.pk}/"
    page = words(approver.get(address))
    assert "<del>29,2</del>" in page and "<ins>1,1</ins>" in page
    assert "<ins> Vi ringer i uge 24.</ins>" in page
    assert re.search(r"stemmer ikke med brevets tal</span> 1,1 pct\.", page)
    (box,) = re.findall(r'<input type="checkbox" name="acknowledged"[^>]*>', page)
    assert "required" in box

    refused = words(approver.post(f"{address}approve/"))
    assert "Disse tal stemmer ikke med brevets tal: 1,1 pct." in refused
    edited.refresh_from_db()
    assert edited.status == "drafted"
    (doubt,) = re.findall(
        r'name="acknowledged" value="([^"]*)"', approver.get(address).content.decode()
    )
    approver.post(f"{address}approve/", {"acknowledged": doubt})
    edited.refresh_from_db()
    assert edited.status == "approved"
    assert "Stod inde for 1,1 pct." in words(
        drafted.client("officer").get(f"/cases/{edited.case_id}/")
    )


def test_the_whole_letter_is_on_the_page_and_the_comment_finds_its_author(drafted, edited):
    approver, officer = drafted.client("approver"), drafted.client("officer")
    address = f"/documents/{edited.pk}/"
    page = words(approver.get(address))
    assert re.search(rf'<iframe class="letter" height="1\d{{3}}" src="{address}letter\.html"', page)
    empty = words(approver.post(f"{address}return/", {"comment": ""}))
    assert "Skriv, hvad der skal rettes." in empty
    comment = "Tabellen siger 29,2."
    approver.post(f"{address}return/", {"comment": comment})
    for place in (address, f"/cases/{edited.case_id}/"):
        page = words(officer.get(place))
        assert comment in page and "sendt tilbage til Rolle officer" in page
    page = words(approver.get(address))
    assert "/approve/" not in page, "what was sent back is edited first"

    (edit,) = [one for one in actions.edits(edited) if one.doubts]
    right = "".join(piece.text for piece in edit.before)
    officer.post(f"{address}revise/", {f"p{edit.place}": right})
    again = Document.objects.get(status="drafted")
    page = words(approver.get(f"/documents/{again.pk}/"))
    assert "stemmer ikke" not in page and "Vi ringer i uge 24." in page
    approver.post(f"/documents/{again.pk}/approve/")
    again.refresh_from_db()
    assert again.status == "approved"


def test_it_is_told_in_english_too(drafted, edited):
    approver = drafted.client("approver")
    approver.cookies["django_language"] = "en"
    page = words(approver.get(f"/documents/{edited.pk}/"))
    assert "Edited in the letter" in page and "does not agree with the letter’s figures" in page
    refused = words(approver.post(f"/documents/{edited.pk}/approve/"))
    assert "acknowledge them, or send the draft back" in refused


def test_a_letter_nobody_edited_is_approved_as_before(drafted):
    approver = drafted.client("approver")
    page = words(approver.get(f"/documents/{drafted.letter.pk}/"))
    assert "Rettet i brevet" not in page and "acknowledged" not in page
    approver.post(f"/documents/{drafted.letter.pk}/approve/")
    drafted.letter.refresh_from_db()
    assert drafted.letter.status == "approved"


def test_an_officer_is_offered_no_outcome_that_only_an_approver_may_record(installation):
    case = f"/cases/{installation.case.pk}/"
    assert "Notér resultatet" not in words(installation.client("officer").get(case))
    assert "en godkender, der kan notere det" in words(installation.client("officer").get(case))
    page = words(installation.client("approver").get(case))
    assert "Notér et resultat uden reglens forslag" in page
    assert re.search(r'<textarea id="noteTrue" name="note" rows="2" required>', page)


def test_a_decision_recorded_by_an_approver_asks_for_everything_it_needs(installation):
    approver, case = installation.client("approver"), installation.case
    address = f"/cases/{case.pk}/"
    given = {"outcome": "not_restored", "note": "Oplyst af kommunen.", "on": "2022-05-20"}
    approver.post(f"{address}outcome/", given)
    page = words(approver.get(address))
    assert f"{address}draft/" not in page, "not before its facts are fixed"
    for field in ("notice_date", "notice_first", "follow_up_first", "reply_by", "next_first"):
        assert re.search(rf'name="{field}" value="202\d-\d\d[^"]*"[^>]* required', page), field
    refused = words(approver.post(f"{address}draft/"))
    assert "Fakta til brevet er ikke bekræftet endnu" in refused
    missing = words(approver.post(f"{address}facts/", {"date": "2022-06-01", "reference": "1"}))
    assert "Henvendelsen er sendt den: Dette felt er påkrævet." in missing
    assert "notice_date:" not in missing
