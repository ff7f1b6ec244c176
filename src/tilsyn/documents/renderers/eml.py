"""Documents as an e-mail that is not yet sent: the office opens it, reads it through and sends it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from email.errors import MessageError
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP

from tilsyn.documents.model import Document
from tilsyn.documents.renderers.html import page
from tilsyn.documents.renderers.text import text
from tilsyn.errors import InputError

# Nothing but ASCII in the file, so that no mail server changes it on the way.
_POLICY = SMTP.clone(cte_type="7bit")
_NAMED = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<address>[^<>]+)>")
_TYPES = {
    "pdf": ("application", "pdf"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_NOWHERE = "tilsyn.invalid"


def eml(
    document: Document,
    *,
    to: str,
    cc: Sequence[str] = (),
    sender: str = "",
    attachments: Mapping[str, bytes],
) -> bytes:
    """The document as an unsent e-mail: text and HTML, with attachments.

    Date and Message-ID follow from the document, so that equal documents give equal bytes.

    Args:
        document: the document; its title is the subject.
        to: who it is to: "Jobcenterchefen, Ishøj Kommune <post@example.org>"; without an address
            the mail program asks for one.
        cc: who gets a copy, in the same way.
        sender: the address it is sent from.
        attachments: files by name; the ending says of what kind.

    Raises:
        InputError: an address is none, or an attachment is of no known kind.
    """
    message = EmailMessage(policy=_POLICY)
    plain, html = text(document), page(document).decode()
    digest = _digest(plain, html, to, *cc, sender, attachments)
    office = document.sender.office
    message["From"] = _recipient(f"{office} <{sender}>" if sender else office)
    message["To"] = _recipient(to)
    if cc:
        message["Cc"] = [_recipient(one) for one in cc]
    message["Subject"] = document.title.replace("\N{NO-BREAK SPACE}", " ")
    message["Date"] = document.timestamp
    message["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2] or _NOWHERE}>"
    # Mail programs open a message with this line as a draft to send.
    message["X-Unsent"] = "1"
    message["Content-Language"] = document.locale
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    for name, data in attachments.items():
        kind = _TYPES.get(name.rpartition(".")[2])
        if kind is None:
            raise InputError(f"an e-mail cannot carry '{name}'; it can carry {', '.join(_TYPES)}")
        message.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{digest}_{number}")
    return message.as_bytes()


def _recipient(who: str) -> Address | Group:
    """A role with its address, or a role alone as a group without members."""
    who = who.replace("\N{NO-BREAK SPACE}", " ").strip()
    named = _NAMED.fullmatch(who)
    name, address = (named["name"], named["address"]) if named else ("", who)
    if named is None and "@" not in who:
        name, address = who, ""
    try:
        if address:
            return Address(display_name=name, addr_spec=address)
        return Group(display_name=name)
    except (ValueError, IndexError, AttributeError, MessageError) as error:
        raise InputError(f"'{who}' is no e-mail address: {error}") from None


def _digest(*parts: object) -> str:
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Mapping):
            for name, data in part.items():
                total.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
        else:
            total.update(str(part).encode() + b"\0")
    return total.hexdigest()[:32]
