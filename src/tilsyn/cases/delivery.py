"""Sending the outbox: each message is claimed, handed over, and marked; each is sent once.

Without a mail server a message becomes a file in DATA_DIR/outbox, named after its key and written whole,
so that doing it again after a crash finds it done. A mail server gets the same Message-ID again when a
crash left it unknown whether it was handed over, and servers drop what they have had already.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import smtplib
import uuid
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tilsyn.cases import storage
from tilsyn.cases.knowledge import data_folder
from tilsyn.cases.models import Message
from tilsyn.errors import TilsynError
from tilsyn.work.files import put_whole, written_whole

LAPSES_AFTER = dt.timedelta(minutes=10)
"""A claim this old was left by a process that died."""
GIVES_UP_AFTER = 20
"""Attempts, after which only a human sets it going again."""

logger = logging.getLogger(__name__)


def deliver(*, lapses_after: dt.timedelta = LAPSES_AFTER) -> int:
    """Send what waits; returns how many were sent.

    One that fails stays, with its error and a count, and is tried again next time; the others go on.
    """
    sent = 0
    waiting = Message.objects.unsent().filter(attempts__lt=GIVES_UP_AFTER)
    for number in list(waiting.order_by("pk").values_list("pk", flat=True)):
        sent += _delivered(number, lapses_after)
    return sent


def _delivered(number: int, lapses_after: dt.timedelta) -> bool:
    token, now = uuid.uuid4().hex, timezone.now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - lapses_after)
    with transaction.atomic():
        claimed = (
            Message.objects.unsent()
            .filter(free, pk=number)
            .update(claimed_at=now, claimed_by=token)
        )
    if not claimed:
        return False
    message = Message.objects.get(pk=number)
    try:
        if settings.HANDOVER_DIR and message.attachments:
            _to_folder(Path(settings.HANDOVER_DIR), message)
        _hand_over()(composed(message), message)
    except (TilsynError, OSError, smtplib.SMTPException) as error:
        logger.warning("message %s was not sent: %s", message.pk, error)
        Message.objects.filter(pk=number, claimed_by=token).update(
            claimed_at=None, claimed_by="", attempts=message.attempts + 1, error=str(error)[:1000]
        )
        return False
    # It has left, also where the claim lapsed meanwhile and another holds it now.
    return bool(
        Message.objects.unsent()
        .filter(pk=number)
        .update(sent_at=timezone.now(), attempts=message.attempts + 1, error="")
    )


def composed(message: Message) -> EmailMessage:
    """The message as mail; the same bytes each time, so that two tries are the same mail."""
    mail = EmailMessage(policy=SMTP)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{name}@{domain}>"
    mail["Date"] = format_datetime(message.created_at)
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = ", ".join(message.recipients)
    # A subject is one line; a line break in it would be a header of somebody's making.
    mail["Subject"] = " ".join(message.subject.split())
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body, cte="quoted-printable")
    for attachment in message.attachments:
        mail.add_attachment(
            storage.fetch(attachment["sha256"]),
            maintype="application",
            subtype="pdf",
            filename=attachment["name"],
        )
    if message.attachments:
        mail.set_boundary(f"={name}=")
    return mail


def _hand_over() -> Callable[[EmailMessage, Message], None]:
    return _by_mail if settings.EMAIL_HOST else _to_file


def _to_folder(root: Path, message: Message) -> None:
    """Put a message's documents and what they are where another system takes them.

    The folder is there whole or not at all. One that is there is left as it is.
    """
    folder = root / _named(message)
    if (folder / "message.json").exists():
        return
    files: list[dict[str, str]] = []
    for attachment in message.attachments:
        name = Path(attachment["name"]).name
        if name in {file["name"] for file in files}:
            name = f"{len(files) + 1}-{name}"
        files.append({"name": name, "sha256": attachment["sha256"]})
    told = {
        "key": message.key,
        "case": message.case_id,
        "recipients": message.recipients,
        "subject": message.subject,
        "written": message.created_at.isoformat(),
        "files": files,
    }
    with written_whole(folder, mode=0o770) as unfinished:
        for file in files:
            (unfinished / file["name"]).write_bytes(storage.fetch(file["sha256"]))
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        (unfinished / "message.json").write_text(text, encoding="utf-8")


def _named(message: Message) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in message.key)


def _to_file(mail: EmailMessage, message: Message) -> None:
    path = data_folder() / "outbox" / f"{_named(message)}.eml"
    if not path.exists():
        put_whole(path, mail.as_bytes())


def _by_mail(mail: EmailMessage, message: Message) -> None:
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend")
    connection.open()
    try:
        server: smtplib.SMTP = connection.connection  # type: ignore[attr-defined]
        server.send_message(mail)
    finally:
        connection.close()
