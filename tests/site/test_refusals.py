"""What is refused is not lost, and what is not needed is not asked for."""

from tilsyn.cases import actions, drafting
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.site.forms.facts import FactsForm


def test_what_was_written_stands_there_still_when_it_is_refused(installation):
    client, case = installation.client("officer"), installation.case
    written = "Ring til borgeren 010190-1234 i morgen."
    refused = client.post(f"/cases/{case.pk}/note/", {"text": written})
    assert refused.status_code == 200 and f"{written}</textarea>" in refused.content.decode()
    outcome = {"outcome": "", "note": "Aftalt på mødet.", "on": "2099-01-01"}
    refused = client.post(f"/cases/{case.pk}/outcome/", outcome)
    assert "Aftalt på mødet.</textarea>" in refused.content.decode()
    assert "Aftalt" not in client.get(f"/cases/{case.pk}/").content.decode()


def test_edits_that_are_refused_stay_in_the_form(drafted):
    letter = drafted.letter
    place = next(iter(drafting.paragraphs(actions.tree(letter))))
    edit = {f"p{place}": "Spørg 010190-1234."}
    refused = drafted.client("officer").post(f"/documents/{letter.pk}/revise/", edit)
    assert "Spørg 010190-1234.</textarea>" in refused.content.decode()
    assert not drafted.case.documents.exclude(pk=letter.pk).exists()


def test_edits_to_a_letter_that_was_sent_meanwhile_can_be_taken_along(installation):
    client, letter = installation.client("officer"), installation.letter
    (place, old), *_ = drafting.paragraphs(actions.tree(letter)).items()
    refused = client.post(f"/documents/{letter.pk}/revise/", {f"p{place}": "Nyt afsnit."})
    page = refused.content.decode()
    assert "Det skrev du" in page and "Nyt afsnit.</blockquote>" in page and old not in page
    assert "Det skrev du" not in client.get(f"/documents/{letter.pk}/").content.decode()


def test_the_facts_asked_for_are_those_the_letter_tells():
    warning = FactsForm(kind=KINDS["warning"]).fields
    asked = ["date", "reference", "addressee", "salutation", "reply_by", "contact"]
    assert [*warning] == asked
    notice = FactsForm(kind=KINDS["notice"]).fields
    assert {"follow_up_first", "follow_up_last", "restore_by"} < {*notice}
    assert "next_first" not in notice
