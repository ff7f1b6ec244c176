"""An office's logo: a PNG or SVG file, checked before it stands at the head of a letter."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from tilsyn.documents.model import Logo
from tilsyn.documents.renderers.typst import picture_of
from tilsyn.errors import InputError
from tilsyn.words import Message

LARGEST = 1_000_000
"""Bytes; a larger file makes every letter heavy."""

_PNG = b"\x89PNG\r\n\x1a\n"
_LOCAL = re.compile(r"#|data:image/(png|jpeg);base64,")
_ACTIVE = ("script", "foreignObject", "iframe", "style")


@cache
def read_logo(file: Path) -> Logo:
    """Read a logo.

    Raises:
        InputError: the file cannot be read, is too large, is neither PNG nor SVG, or is an SVG that
            fetches or runs something.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"the logo cannot be read: {error.strerror or error}", file=file) from None
    if len(data) > LARGEST:
        raise InputError(
            Message("the logo is larger than {limit} kB; make it smaller", limit=LARGEST // 1000),
            file=file,
        )
    if data.startswith(_PNG):
        return Logo(data)
    return Logo(_drawn(data, file), data.decode())


def _drawn(data: bytes, file: Path) -> bytes:
    """The SVG as PNG, because Word takes no other; checked first."""
    try:
        text = data.decode()
        if "<!ENTITY" in text or "<!DOCTYPE" in text:
            raise InputError(
                Message("the logo has a {part}; save it as plain SVG", part="DOCTYPE"), file=file
            )
        root = ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError):
        raise InputError(Message("the logo is neither PNG nor SVG"), file=file) from None
    if _local(root.tag) != "svg":
        raise InputError(Message("the logo is neither PNG nor SVG"), file=file)
    for element in root.iter():
        if (name := _local(element.tag)) in _ACTIVE:
            raise InputError(
                Message("the logo holds <{part}>; save it as plain SVG", part=name), file=file
            )
        for attribute, value in element.attrib.items():
            key = _local(attribute)
            if key.startswith("on") or (key == "href" and not _LOCAL.match(value)):
                raise InputError(
                    Message(
                        "the logo fetches or runs something ({part}); save it as plain SVG",
                        part=key,
                    ),
                    file=file,
                )
    return picture_of(text)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]
