"""What may be received: told by what a file holds, never by its name or by what the sender calls it."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePath
from typing import NamedTuple

from django.conf import settings

from tilsyn.cases.citizens import refuse_cpr
from tilsyn.cases.refusals import refused
from tilsyn.errors import InputError

UNPACKED = 200 * 1024**2
"""Bytes a Word or Excel file may be when it is unpacked; a plan with pictures is a tenth of it."""
MEMBERS = 5000
"""Files within one."""
_OFFICE = "application/vnd.openxmlformats-officedocument"


class Kind(NamedTuple):
    """A sort of file that is taken.

    Attributes:
        content_type: as which it is kept.
        begins: its first bytes.
        holds: the file within it that makes it what it is; empty where it is not a package of files.
    """

    content_type: str
    begins: bytes
    holds: str = ""


KINDS = {
    ".pdf": Kind("application/pdf", b"%PDF-"),
    ".docx": Kind(f"{_OFFICE}.wordprocessingml.document", b"PK\x03\x04", "word/document.xml"),
    ".xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", b"PK\x03\x04", "xl/workbook.xml"),
}
"""By the ending of its name."""


def checked_upload(filename: str, data: bytes) -> tuple[str, str]:
    """The bare file name and the content type of an upload that may be received.

    Raises:
        InputError: too large, empty, of a type that is not taken, or not what its name says.
    """
    name = bare(filename)
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise refused(InputError, "type_not_taken", name=name, types=", ".join(KINDS))
    if not data:
        raise refused(InputError, "upload_empty", name=name)
    if len(data) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        raise refused(InputError, "too_large", name=name, limit=limit)
    if not data.startswith(kind.begins):
        raise _other(name)
    if kind.holds:
        _check_package(name, kind, data)
    return name, kind.content_type


def bare(filename: str) -> str:
    """The name without folders, and without signs that are not seen or turn what is read around.

    Raises:
        InputError: a CPR number stands in it, also where it would be cut off.
    """
    refuse_cpr(filename)
    last = PurePath(filename.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[-200:]


def _check_package(name: str, kind: Kind, data: bytes) -> None:
    """Refuse a package that is none, that is another, or that would fill a disk when it is opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            names = {member.filename for member in members}
            if kind.holds not in names or "[Content_Types].xml" not in names:
                raise _other(name)
            if any(PurePath(one).name.lower() == "vbaproject.bin" for one in names):
                raise refused(InputError, "upload_macros", name=name)
            if len(members) > MEMBERS:
                raise refused(InputError, "upload_unpacks", name=name)
            left = UNPACKED
            for member in members:
                # What its table says of its size is the sender's word; what comes out is counted.
                with package.open(member) as stream:
                    while chunk := stream.read(2**20):
                        left -= len(chunk)
                        if left < 0:
                            raise refused(InputError, "upload_unpacks", name=name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        # Half a file, one that is encrypted, one packed in another way than Office does.
        raise _other(name) from None


def _other(name: str) -> InputError:
    return refused(
        InputError, "not_what_it_says", name=name, type=PurePath(name).suffix.lower()[1:]
    )
