"""The outbox: each message once, also when something goes wrong on the way."""

import datetime as dt
import email
import email.policy
import hashlib
import json
import smtplib

import pytest

from tilsyn.cases import actions, delivery
from tilsyn.cases.models import Message
from tilsyn.errors import InputError

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(draft, people):
    """A letter on its way to the municipality."""
    document = actions.approve(document=draft, by=people.approver, on=dt.date(2022, 5, 16))
    return actions.send(
        document=document,
        by=people.officer,
        on=dt.date(2022, 5, 17),
        recipients=["kommune@example.org"],
    )


def read(path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def test_a_letter_leaves_with_its_pdf(letter, data_folder):
    assert delivery.deliver() == 1
    (file,) = (data_folder / "outbox").glob("*.eml")
    mail = read(file)
    assert (mail["To"], mail["Subject"]) == ("kommune@example.org", " ".join(letter.title.split()))
    (attachment,) = mail.iter_attachments()
    assert attachment.get_content().startswith(b"%PDF-")
    assert delivery.deliver() == 0


def test_one_that_fails_stays_and_does_not_hold_up_the_others(letter, monkeypatch):
    Message.objects.create(key="other", recipients=["x@example.org"], subject="s", body="b")
    calls = []

    def to_file(mail, message):
        calls.append(message.key)
        if message.key != "other":
            raise InputError("the disk is full")

    monkeypatch.setattr(delivery, "_to_file", to_file)
    assert delivery.deliver() == 1
    (left,) = Message.objects.unsent()
    assert (left.attempts, left.claimed_at, left.error) == (1, None, "the disk is full")
    assert len(calls) == 2


def test_a_message_another_process_is_sending_is_left_to_it_until_its_claim_lapses(letter):
    claimed = dt.datetime(2022, 5, 17, 12, tzinfo=dt.UTC)
    Message.objects.update(claimed_at=claimed, claimed_by="another")
    assert delivery.deliver(lapses_after=dt.timedelta(days=36500)) == 0
    assert delivery.deliver() == 1


@pytest.mark.parametrize(("fails", "left"), [(False, 0), (True, 1)])
def test_who_was_too_slow_says_what_left_and_does_not_let_go_of_anothers_claim(
    letter, monkeypatch, fails, left
):
    def slowly(mail, message):
        Message.objects.update(claimed_by="another")
        if fails:
            raise InputError("the disk is full")

    monkeypatch.setattr(delivery, "_to_file", slowly)
    assert delivery.deliver() == 1 - left
    assert Message.objects.unsent().filter(claimed_by="another").count() == left


def test_a_message_written_before_a_crash_is_not_written_again(letter, data_folder, monkeypatch):
    delivery.deliver()
    (file,) = (data_folder / "outbox").glob("*.eml")
    before = file.stat().st_mtime_ns
    # The crash came after the file was written and before it was marked.
    Message.objects.update(sent_at=None, claimed_at=dt.datetime(2022, 5, 17, tzinfo=dt.UTC))
    assert delivery.deliver() == 1
    assert file.stat().st_mtime_ns == before
    assert len(list((data_folder / "outbox").iterdir())) == 1


def test_a_mail_server_gets_the_same_message_the_second_time(letter, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.example.org"
    got = []

    class Server:
        connection = None

        def open(self):
            self.connection = self

        def close(self):
            pass

        def send_message(self, mail):
            got.append(mail.as_bytes())
            if len(got) == 1:
                raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(delivery, "get_connection", lambda _: Server())
    assert delivery.deliver() == 0
    assert delivery.deliver() == 1
    assert got[0] == got[1] and b"Message-ID: <" in got[0]


def test_a_subject_is_one_line(db):
    message = Message(
        key="k",
        recipients=["x@example.org"],
        subject="a\r\nBcc: y@example.org",
        body="b",
        created_at=dt.datetime(2022, 5, 17, tzinfo=dt.UTC),
    )
    mail = delivery.composed(message)
    assert mail["Bcc"] is None and mail["Subject"] == "a Bcc: y@example.org"


def test_a_letter_is_handed_over_whole_and_once(letter, settings, tmp_path):
    settings.HANDOVER_DIR = str(tmp_path / "handover")
    assert delivery.deliver() == 1
    (folder,) = (tmp_path / "handover").iterdir()
    told = json.loads((folder / "message.json").read_text())
    assert told["recipients"] == ["kommune@example.org"]
    (file,) = told["files"]
    data = (folder / file["name"]).read_bytes()
    assert data.startswith(b"%PDF-")
    assert file["sha256"] == hashlib.sha256(data).hexdigest()
    (folder / file["name"]).unlink()
    Message.objects.update(sent_at=None, claimed_at=None)
    assert delivery.deliver() == 1
    assert not (folder / file["name"]).exists()


def test_where_the_folder_cannot_be_written_to_the_mail_waits(
    letter, settings, tmp_path, data_folder
):
    (tmp_path / "handover").write_text("a file stands in the way")
    settings.HANDOVER_DIR = str(tmp_path / "handover")
    assert delivery.deliver() == 0
    (left,) = Message.objects.unsent()
    assert left.attempts == 1
    assert left.error
    assert not list(data_folder.glob("outbox/*.eml"))
    settings.HANDOVER_DIR = str(tmp_path / "other")
    assert delivery.deliver() == 1
