"""What an editor wrote into a letter: shown, held against the figures, acknowledged, or sent back."""

import datetime as dt

import pytest

from tilsyn.cases import actions, drafting, ledger
from tilsyn.cases.models import Document, Message
from tilsyn.errors import ConflictError, InputError, NotAllowedError

pytestmark = pytest.mark.django_db

ON = dt.date(2022, 5, 16)


@pytest.fixture
def edited(draft, people):
    """The notice with one of its shares made smaller."""
    texts = drafting.paragraphs(actions.tree(draft))
    place, text = next((p, t) for p, t in texts.items() if "29,2" in t)
    return actions.revise_document(
        document=draft, edits={place: text.replace("29,2", "1,1")}, by=people.officer, on=ON
    )


def test_what_was_edited_is_told_before_and_after(edited, draft):
    assert actions.edits(draft) == ()
    (edit,) = actions.edits(edited)
    assert [piece.text for piece in edit.before if piece.changed] == ["29,2"]
    assert [piece.text for piece in edit.after if piece.changed] == ["1,1"]
    assert [doubt.replace("\xa0", " ") for doubt in edit.doubts] == ["1,1 pct."]


def test_a_number_in_doubt_is_approved_only_by_who_vouches_for_it(edited, people):
    with pytest.raises(ConflictError, match="do not agree with the letter's figures: 1,1"):
        actions.approve(document=edited, by=people.approver, on=ON)
    edited.refresh_from_db()
    assert edited.status == "drafted"
    (edit,) = actions.edits(edited)
    actions.approve(document=edited, by=people.approver, on=ON, acknowledged=edit.doubts)
    event = edited.case.events.get(kind="approved")
    assert event.by == people.approver and event.payload["acknowledged"] == list(edit.doubts)
    actions.send(document=edited, by=people.officer, on=ON)


def test_an_edit_of_words_alone_takes_no_acknowledgement(draft, people):
    revised = actions.revise_document(
        document=draft, edits={"0": "Vi skriver til jer."}, by=people.officer, on=ON
    )
    actions.approve(document=revised, by=people.approver, on=ON)
    assert revised.case.events.get(kind="approved").payload["acknowledged"] == []


def test_a_draft_is_sent_back_with_a_comment_and_edited_again(edited, people):
    with pytest.raises(InputError, match="say what is to be mended"):
        actions.send_back(document=edited, comment=" ", by=people.approver, on=ON)
    with pytest.raises(NotAllowedError):
        actions.send_back(document=edited, comment="Nej", by=people.officer, on=ON)
    actions.send_back(
        document=edited, comment="Tallet {1,1} er forkert.", by=people.approver, on=ON
    )
    event = edited.case.events.get(kind="returned")
    assert event.by == people.approver and event.payload["text"] == "Tallet {1,1} er forkert."
    assert ledger.state_of(edited.case).draft.status == "returned"
    message = Message.objects.get(key=f"returned/{edited.pk}")
    assert message.recipients == [people.officer.email]
    assert "Tallet {1,1} er forkert." in message.body

    acknowledged = [doubt for edit in actions.edits(edited) for doubt in edit.doubts]
    with pytest.raises(ConflictError, match="has been sent back"):
        actions.approve(document=edited, by=people.head, on=ON, acknowledged=acknowledged)
    with pytest.raises(ConflictError, match="has been sent back"):
        actions.send_back(document=edited, comment="Igen", by=people.head, on=ON)
    (edit,) = actions.edits(edited)
    right = "".join(piece.text for piece in edit.before)
    again = actions.revise_document(
        document=edited, edits={str(edit.place): right}, by=people.officer, on=ON
    )
    assert actions.edits(again) == ()
    edited.refresh_from_db()
    assert (edited.status, again.status) == ("withdrawn", "drafted")
    actions.approve(document=again, by=people.approver, on=ON)


def test_whoever_wrote_a_draft_does_not_send_it_back_to_himself(draft, people):
    revised = actions.revise_document(
        document=draft, edits={"0": "Nyt."}, by=people.approver, on=ON
    )
    with pytest.raises(NotAllowedError, match="whoever drafted"):
        actions.send_back(document=revised, comment="x", by=people.approver, on=ON)


def test_a_step_keeps_one_current_document_also_when_it_was_sent_back(draft, people):
    actions.send_back(document=draft, comment="Om igen", by=people.approver, on=ON)
    case = draft.case
    actions.draft_document(case=case, by=people.officer, on=ON)
    statuses = Document.objects.filter(case=case).order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["withdrawn", "drafted"]
