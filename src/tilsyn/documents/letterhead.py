"""An office's letterhead, from a small TOML file; neutral samples are shipped, one for each office."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

from pydantic import Field

from tilsyn import own
from tilsyn.documents.logo import read_logo
from tilsyn.documents.model import Sender
from tilsyn.errors import InputError
from tilsyn.records import Record, read_toml

Text = Annotated[str, Field(min_length=1)]


class OfficeNames(Record):
    """An office in one language.

    Attributes:
        office: its name.
        agency: the agency it belongs to.
        role: the role of the person who signs.
        signatory: their name, where letters are signed by name.
        lines: address, telephone, e-mail and web as printed, one line each.
        email: the address its e-mails are sent from.
        sample: what is printed while the letterhead is only a sample; empty once it is real.
    """

    office: Text
    agency: Text
    role: Text
    signatory: str = ""
    lines: tuple[Text, ...] = ()
    email: str = ""
    sample: str = ""


class Letterhead(Record):
    """An office's letterhead in both languages.

    Attributes:
        logo: a PNG or SVG file, named from the letterhead's own folder.
    """

    da: OfficeNames
    en: OfficeNames
    logo: Path | None = None

    def names(self, language: str) -> OfficeNames:
        """The office in a language."""
        return self.da if language == "da" else self.en

    def sender(self, language: str) -> Sender:
        """The sender as the document tree has it."""
        names = self.names(language)
        return Sender(
            names.office,
            names.agency,
            (*names.lines, *filter(None, (names.sample,))),
            read_logo(self.logo) if self.logo else None,
        )


def read_letterhead(path: Path) -> Letterhead:
    """Read a letterhead.

    Raises:
        InputError: the file or a key in it, or the logo it names, cannot be used.
    """
    letterhead = read_toml(path, Letterhead)
    if letterhead.logo is None:
        return letterhead
    logo = path.parent / letterhead.logo
    read_logo(logo)
    return letterhead.model_copy(update={"logo": logo})


def named_letterhead(name: str) -> Letterhead:
    """The letterhead of a file, or the one of this name among one's own.

    Raises:
        InputError: it is neither, or cannot be used.
    """
    if Path(name).is_file():
        return read_letterhead(Path(name))
    if file := own.file("letterheads", f"{name.removesuffix('.toml')}.toml"):
        return read_letterhead(file)
    known = ", ".join(file.stem for file in _own()) or "none"
    raise InputError(
        f"'{name}' is neither a file nor a letterhead of your own (there are: {known})"
    )


def letterhead_of(office: str) -> Letterhead:
    """The letterhead of an office without one chosen.

    One's own of its name; else the only one of one's own, unless it is another office's; else the sample.

    Args:
        office: "oest", "syd", "midt_nord" or "ministry".

    Raises:
        InputError: there is no such office, or its letterhead cannot be used.
    """
    if file := own.file("letterheads", f"{office}.toml"):
        return read_letterhead(file)
    if len(found := _own()) == 1 and found[0].stem not in _samples():
        return read_letterhead(found[0])
    return sample_letterhead(office)


def _own() -> list[Path]:
    return [file for file in own.files("letterheads") if file.suffix == ".toml"]


def _samples() -> list[str]:
    folder = files(__package__).joinpath("letterheads")
    return sorted(
        f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")
    )


def sample_letterhead(amk: str) -> Letterhead:
    """The shipped sample letterhead of a labour-market office: "oest", "syd" or "midt_nord".

    Raises:
        InputError: there is no such office.
    """
    if amk not in (known := _samples()):
        raise InputError(f"there is no letterhead '{amk}'; there are {', '.join(known)}")
    with as_file(files(__package__).joinpath("letterheads").joinpath(f"{amk}.toml")) as path:
        return read_letterhead(path)
