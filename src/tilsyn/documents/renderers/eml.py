"""Documents as an e-mail that is not yet sent: the office opens it, reads it through and sends it."""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP

from tilsyn.documents.model import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Signature,
    Table,
)
from tilsyn.documents.renderers.html import page
from tilsyn.errors import InputError
from tilsyn.words import gettext

# Nothing but ASCII in the file, so that no mail server changes it on the way.
_POLICY = SMTP.clone(cte_type="7bit")
_NAMED = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<address>[^<>]+)>")
_TYPES = {
    "pdf": ("application", "pdf"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_NOWHERE = "tilsyn.invalid"


@dataclass(frozen=True)
class Party:
    """Who a message is to or from: a role and, where it is known, its address."""

    name: str
    address: str = ""

    @classmethod
    def of(cls, text: str) -> Party:
        """The party of "Kontoret <kontor@example.org>", of an address, or of a role alone."""
        if named := _NAMED.fullmatch(text.strip()):
            return cls(named["name"], named["address"])
        return cls("", text.strip()) if "@" in text else cls(text.strip())


def eml(
    document: Document,
    *,
    to: Party,
    cc: Sequence[Party] = (),
    sender: str = "",
    attachments: Mapping[str, bytes],
) -> bytes:
    """The document as an unsent e-mail: text and HTML, with attachments.

    Date and Message-ID follow from the document, so that equal documents give equal bytes.

    Args:
        document: the document; its title is the subject.
        to: who it is to; without an address the mail program asks for one.
        cc: who gets a copy.
        sender: the address it is sent from.
        attachments: files by name; the ending says of what kind.

    Raises:
        InputError: an address is none, or an attachment is of no known kind.
    """
    message = EmailMessage(policy=_POLICY)
    plain, html = text(document), page(document).decode()
    digest = _digest(plain, html, to, *cc, sender, attachments)
    message["From"] = _header(Party(document.sender.office, sender))
    message["To"] = _header(to)
    if cc:
        message["Cc"] = [_header(party) for party in cc]
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


def _header(party: Party) -> Address | Group:
    """A party as a header names it; a role alone is a group without members."""
    name = party.name.replace("\N{NO-BREAK SPACE}", " ")
    try:
        if party.address:
            return Address(display_name=name, addr_spec=party.address)
        return Group(display_name=name)
    except (ValueError, IndexError, AttributeError, MessageError) as error:
        raise InputError(f"'{party.address}' is no e-mail address: {error}") from None


def _digest(*parts: object) -> str:
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Mapping):
            for name, data in part.items():
                total.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
        else:
            total.update(str(part).encode() + b"\0")
    return total.hexdigest()[:32]


WIDTH = 76


def text(document: Document) -> str:
    """What the document says, without letterhead and stamp; a marked row begins with "*"."""
    parts = [
        document.title,
        *(part for block in document.blocks for part in _block(block, document.language)),
    ]
    return "\n\n".join(parts).replace("\N{NO-BREAK SPACE}", " ") + "\n"


def _block(block: Block, language: str) -> Iterator[str]:
    match block:
        case Heading(words, _):
            yield words.upper()
        case Paragraph(words) | Note(words):
            yield _filled(words)
        case Bullets(items):
            yield "\n".join(_filled(item, "- ", "  ") for item in items)
        case Signature(greeting, lines):
            yield "\n".join([greeting, "", *lines])
        case Figure():
            yield "\n".join(_filled(line) for line in (block.caption, block.alt, *block.notes))
        case Table():
            yield _filled(block.caption)
            yield _table(block)
            marked = [gettext("* marks what is red and bold.", language)] if _marked(block) else []
            if notes := (*marked, *block.notes):
                yield "\n".join(_filled(note) for note in notes)


def _marked(table: Table) -> bool:
    return any(row.head.mark == "breach" for row in table.rows)


def _filled(words: str, first: str = "", later: str = "") -> str:
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _table(table: Table) -> str:
    """One line a row under one line a heading: columns of even width, headings over blocks first."""
    heads = [""] * len(table.columns)
    over = []
    for _, column, cell in table.placed():
        if cell.columns > 1:
            over.append(cell.text)
        else:
            heads[column] = cell.text
    lines = [heads]
    for row in table.rows:
        star = "* " if row.head.mark == "breach" else "  "
        lines.append([star + row.head.text, *(cell.text for cell in row.cells)])
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.columns))]
    shown = [
        "  ".join(
            part.ljust(width) if table.columns[c].align == "left" else part.rjust(width)
            for c, (part, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*([" | ".join(over)] if over else []), *shown])
