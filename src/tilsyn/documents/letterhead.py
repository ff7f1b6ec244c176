"""An office's letterhead, from a small TOML file; neutral samples are shipped, one for each office."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

from pydantic import Field

from tilsyn.documents.model import Sender
from tilsyn.errors import InputError
from tilsyn.records import Record, read_toml

Text = Annotated[str, Field(min_length=1)]


class OfficeNames(Record):
    """An office in one language.

    Attributes:
        office: its name.
        agency: the agency it belongs to.
        role: the role of the person who signs; no name.
        lines: address, telephone, e-mail and web as printed, one line each.
        email: the address its e-mails are sent from.
        sample: what is printed while the letterhead is only a sample; empty once it is real.
    """

    office: Text
    agency: Text
    role: Text
    lines: tuple[Text, ...] = ()
    email: str = ""
    sample: str = ""


class Letterhead(Record):
    """An office's letterhead in both languages."""

    da: OfficeNames
    en: OfficeNames

    def names(self, language: str) -> OfficeNames:
        """The office in a language."""
        return self.da if language == "da" else self.en

    def sender(self, language: str) -> Sender:
        """The sender as the document tree has it."""
        names = self.names(language)
        return Sender(names.office, names.agency, (*names.lines, *filter(None, (names.sample,))))


def read_letterhead(path: Path) -> Letterhead:
    """Read a letterhead.

    Raises:
        InputError: the file or a key in it cannot be used.
    """
    return read_toml(path, Letterhead)


def sample_letterhead(amk: str) -> Letterhead:
    """The shipped sample letterhead of a labour-market office: "oest", "syd" or "midt_nord".

    Raises:
        InputError: there is no such office.
    """
    folder = files(__package__).joinpath("letterheads")
    known = sorted(
        f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")
    )
    if amk not in known:
        raise InputError(f"there is no letterhead '{amk}'; there are {', '.join(known)}")
    with as_file(folder.joinpath(f"{amk}.toml")) as path:
        return read_letterhead(path)
