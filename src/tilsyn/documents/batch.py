"""One kind of document for many municipalities, in several processes; one that fails stops no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from tilsyn.documents.contents.kinds import KINDS, NothingToWrite
from tilsyn.documents.contents.templates import texts
from tilsyn.documents.facts import CourseFacts, read_facts
from tilsyn.documents.letterhead import Letterhead, read_letterhead
from tilsyn.documents.outputs import put
from tilsyn.documents.production import issue
from tilsyn.documents.proposal import proposed
from tilsyn.errors import TilsynError
from tilsyn.protection import Door, Shown, Wall, readers
from tilsyn.rules import Catalogue, at_hand
from tilsyn.vocabulary import MUNICIPALITIES
from tilsyn.work.spreading import Done, Engine, Processes, nothing

Result = Literal["written", "nothing", "failed"]


@dataclass(frozen=True)
class Order:
    """What is written for each municipality.

    Attributes:
        kind: the kind's name.
        on: the day of the judgement.
        folder: where the files go.
        formats: the forms wanted.
        facts: a folder with a file of facts for each municipality, by name or code; those of a
            notice are proposed by the rule where there is none.
        letterhead: the office's own, or a folder with one for each office ("oest.toml").
        audience: "own" where each municipality reads its own, "public" where anybody does.
        force: write over files that were changed since they were written.
    """

    kind: str
    on: dt.date
    folder: Path
    formats: tuple[str, ...] = ("pdf", "docx")
    facts: Path | None = None
    letterhead: Path | None = None
    language: str = "da"
    audience: Wall = "own"
    force: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one municipality.

    Attributes:
        reason: why there was nothing to write, or why it failed.
    """

    municipality: str
    result: Result
    files: tuple[str, ...] = ()
    reason: str = ""


def batch(
    order: Order,
    door: Door,
    municipalities: Sequence[str],
    *,
    engine: Engine | None = None,
    done: Done = nothing,
) -> Iterator[Outcome]:
    """Write the documents.

    Args:
        order: what is written.
        door: the figures as they were known, on their way to their readers.
        municipalities: their codes.
        engine: processes of this machine where none is given.
        done: called after each municipality.

    Yields:
        What became of each, in the municipalities' order.
    """
    engine = engine or Processes()
    return engine.over(municipalities, _Writer(order, door).outcome, done=done)


class _Writer:
    """Writes documents in one process; rules are read once."""

    def __init__(self, order: Order, door: Door):
        self.order, self.door = order, door

    @cached_property
    def catalogue(self) -> Catalogue:
        return at_hand()

    def outcome(self, municipality: str) -> Outcome:
        order = self.order
        try:
            files = issue(
                KINDS[order.kind],
                self.shown(municipality),
                formats=order.formats,
                municipality=municipality,
                on=order.on,
                facts=self.facts(municipality),
                catalogue=self.catalogue,
                letterhead=self.letterhead(municipality),
                language=order.language,
            )
            put(files, order.folder, force=order.force)
        except NothingToWrite as nothing:
            return Outcome(municipality, "nothing", reason=str(nothing))
        except TilsynError as error:
            return Outcome(municipality, "failed", reason=str(error))
        except Exception as error:  # noqa: BLE001 — a defect stops no other's document
            return Outcome(municipality, "failed", reason=f"a defect: {error!r}")
        return Outcome(municipality, "written", tuple(files))

    def shown(self, municipality: str) -> Shown:
        """The figures as the municipality's readers may see them."""
        return self.door.shown(readers(self.order.audience, municipality))

    def facts(self, municipality: str) -> CourseFacts:
        """The municipality's own facts, else those the rule proposes; drafts say what to fill in."""
        name = MUNICIPALITIES[municipality].name.lower()
        for stem in (name, municipality):
            file = self.order.facts / f"{stem}.toml" if self.order.facts else None
            if file is not None and file.exists():
                return read_facts(file)
        frame = texts("frame", self.order.language)
        reference = frame.fill("particular.to_fill_in")
        if self.order.kind != "notice":
            return CourseFacts(date=self.order.on, reference=reference)
        return proposed(
            self.shown(municipality).figures,
            municipality,
            self.order.on,
            self.catalogue,
            reference=reference,
        )

    def letterhead(self, municipality: str) -> Letterhead | None:
        path = self.order.letterhead
        if path is not None and path.is_dir():
            path = path / f"{MUNICIPALITIES[municipality].amk}.toml"
        return read_letterhead(path) if path else None
