import email
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

from tests.documents.ishoej import COURSE, DECIDED, ISHOEJ, follow_up
from tests.documents.renderers.forms import NASTY, everything, squeezed
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.production import issue
from tilsyn.documents.renderers.eml import Party, eml, text
from tilsyn.errors import InputError
from tilsyn.protection import Audience, for_audience
from tilsyn.rules import shipped

FACTS = CourseFacts.model_validate(
    COURSE.model_dump()
    | {
        "email": "jobcenter@example.org",
        "cc": ["Kommunaldirektøren", "Kontor & arkiv <arkiv@example.org>"],
    }
)


def message(data: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(data, policy=default))


def sent(facts: CourseFacts = FACTS, kind: str = "decision") -> bytes:
    files = issue(
        KINDS[kind],
        for_audience(follow_up(), Audience.of(ISHOEJ)),
        formats=["eml"],
        municipality=ISHOEJ,
        on=DECIDED,
        facts=facts,
        catalogue=shipped(),
    )
    ((name, data),) = files.items()
    assert name == f"{kind}-ishøj-2023-02-20.eml"
    return data


def test_it_is_an_unsent_message_to_the_roles_in_the_facts() -> None:
    made = message(sent())
    assert made["To"].addresses[0].display_name == "Jobcenterchefen, Ishøj Kommune"
    assert made["To"].addresses[0].addr_spec == "jobcenter@example.org"
    assert made["Cc"].groups[0].display_name == "Kommunaldirektøren"
    assert made["Cc"].addresses[0].addr_spec == "arkiv@example.org"
    assert made["From"].addresses[0].display_name == "Arbejdsmarkedskontor Øst"
    assert made["Subject"] == "Den tidlige indsats i Ishøj Kommune er ikke genoprettet"
    assert made["X-Unsent"] == "1"
    assert "Bcc" not in made and "Received" not in made


def test_the_letter_and_what_its_kind_encloses_are_attached() -> None:
    names = [part.get_filename() for part in message(sent()).iter_attachments()]
    assert names == [
        "Opfølgning på genopretningen af den tidlige indsats.pdf",
        "Opfølgning på genopretningen af den tidlige indsats.docx",
        "Genopretningsplan (skabelon).docx",
        "Genopretningsplan (skabelon).pdf",
    ]
    for part in message(sent()).iter_attachments():
        start = b"%PDF" if str(part.get_filename()).endswith("pdf") else b"PK"
        assert cast(bytes, part.get_content()).startswith(start)  # type: ignore[attr-defined]


def test_text_and_html_say_what_the_letter_says() -> None:
    made = message(sent())
    plain, html = made.get_body(("plain",)), made.get_body(("html",))
    assert plain is not None and html is not None
    words = plain.get_content()
    assert "* Sygedagpenge" in words and "senest den 7. marts 2023" in " ".join(words.split())
    assert "\N{NO-BREAK SPACE}" not in words
    assert 'class="right block breach"' in html.get_content()


def test_equal_letters_give_equal_bytes_and_others_do_not() -> None:
    assert sent() == sent()
    other = FACTS.model_copy(update={"contact": "kontoret"})
    assert sent() != sent(other)
    assert message(sent())["Message-ID"] != message(sent(other))["Message-ID"]
    assert str(message(sent())["Date"]) == "Mon, 20 Feb 2023 12:00:00 +0000"


def test_without_an_address_the_role_stands_alone() -> None:
    made = message(sent(COURSE))
    assert made["To"].groups[0].display_name == "Jobcenterchefen, Ishøj Kommune"
    assert not made["To"].addresses and "Cc" not in made


def test_every_sign_a_name_may_hold_passes_through_and_adds_no_header() -> None:
    document = everything()
    made = message(eml(document, to=Party(NASTY), attachments={}))
    assert made["To"].groups[0].display_name == NASTY
    assert made["Subject"] == document.title
    plain = made.get_body(("plain",))
    assert plain is not None
    assert squeezed(plain.get_content()).count(squeezed(NASTY)) >= 14


@pytest.mark.parametrize("bad", ["a@b@c", "Navn <intet sted>", "@", "Navn <a@b>\nBcc: x@y"])
def test_what_is_no_address_is_refused(bad: str) -> None:
    with pytest.raises(InputError, match="is no e-mail address"):
        eml(everything("Navn"), to=Party.of(bad), attachments={})


def test_an_attachment_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match=r"cannot carry 'x\.exe'"):
        eml(everything("Navn"), to=Party("Rolle"), attachments={"x.exe": b""})


def test_plain_text_holds_every_block() -> None:
    shown = text(replace(everything("Navn"), title="Titel"))
    for part in (
        "OVERSKRIFT NAVN",
        "- Punkt Navn",
        "* Navn 1",
        "Fodnote Navn",
        "Alt Navn",
        "Rolle",
    ):
        assert part in shown
