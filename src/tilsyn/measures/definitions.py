"""The measure definitions in force: the shipped files, and a user's own in their place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from tilsyn import own
from tilsyn.errors import InputError
from tilsyn.law import FOLDER
from tilsyn.measures.definition import Definition, Seniority, SeniorityFile
from tilsyn.parsing import parse_toml, read_bytes
from tilsyn.records import build
from tilsyn.vocabulary import MEASURES

SENIORITY = "seniority.toml"
SHIPPED = FOLDER / "measures"
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Definitions:
    """What is measured, and how.

    Attributes:
        measures: in published order.
        seniority: how time on a benefit adds up, dated.
        hashes: SHA-256 of each file's bytes, by file name.
        left_out: official measures that are not measured, since seniority is not the official one.
    """

    measures: tuple[Definition, ...]
    seniority: tuple[Seniority, ...]
    hashes: dict[str, str]
    left_out: tuple[str, ...] = ()

    def only(self, *codes: str) -> Definitions:
        """The same with some of the measures."""
        kept = tuple(d for d in self.measures if d.measure in codes)
        return Definitions(kept, self.seniority, self.hashes)

    def by_seniority_alone(self) -> Definitions:
        """Those whose populations follow from seniority and group alone, and who is merely placed."""
        codes = (
            d.measure for d in self.measures if d.by_seniority_alone or d.population == "placed"
        )
        return self.only(*codes)


def load(folder: Path | None = None) -> Definitions:
    """The shipped definitions; a file of one's own replaces the shipped one of its name or adds one.

    An official code always means the official definition. Where the folder has another seniority, on
    which every measure rests, measures of one's own alone are measured.

    Args:
        folder: where one's own are; left out: as `tilsyn.own` has it.

    Raises:
        InputError: a file cannot be read or says something a definition cannot say, a measure of
            one's own has no words, or an official one is changed.
    """
    shipped = {f.name: f.read_bytes() for f in SHIPPED.iterdir()}
    texts = dict(shipped)
    folder = folder or own.folder("measures")
    if folder is not None:
        found = sorted(folder.glob("*.toml"))
        texts |= {file.name: read_bytes(file) for file in found}
    place = {
        name: (folder / name if folder and (folder / name).exists() else name) for name in texts
    }
    seniority = _read(SeniorityFile, texts[SENIORITY], place[SENIORITY]).rule
    changed = seniority != _read(SeniorityFile, shipped[SENIORITY], SENIORITY).rule
    official = {
        definition.measure: definition
        for name in shipped.keys() - {SENIORITY}
        for definition in [_read(Definition, shipped[name], name)]
    }
    measures: dict[str, Definition] = {}
    for name in sorted(texts.keys() - {SENIORITY}):
        definition = _read(Definition, texts[name], place[name])
        if definition.measure in measures:
            raise InputError(f"a second definition of {definition.measure}", file=place[name])
        if not definition.official:
            _check_words(definition, place[name])
        elif definition != official.get(definition.measure):
            raise InputError(
                f"'{definition.measure}' is an official measure, and this definition differs from "
                "it; give it a code and a name of its own (measure = …, [words])",
                file=place[name],
            )
        elif changed:
            continue
        measures[definition.measure] = definition
    if not measures:
        raise InputError(
            "differs from the shipped one, on which the official measures rest; beside it there "
            "must be measures of your own, with codes and [words] of their own",
            file=place[SENIORITY],
        )
    if len(placed := [code for code, d in measures.items() if d.population == "placed"]) > 1:
        raise InputError(
            f"{' and '.join(placed)} both count everybody placed; one such measure can be "
            "measured at a time: put the file of one in the place of the other's",
            file=folder,
        )
    MEASURES.know((d.named for d in measures.values() if not d.official), file=folder)
    return Definitions(
        tuple(measures[code] for code in MEASURES.codes if code in measures),
        seniority,
        {name: hashlib.sha256(text).hexdigest() for name, text in sorted(texts.items())},
        tuple(code for code in official if code not in measures and changed),
    )


def read(file: Path) -> Definition | SeniorityFile:
    """One file of definitions, without the others beside it.

    Raises:
        InputError: it cannot be read or says something a definition cannot say.
    """
    if file.name == SENIORITY:
        return _read(SeniorityFile, read_bytes(file), file)
    return _read(Definition, read_bytes(file), file)


def _check_words(definition: Definition, file: Path | str) -> None:
    """Refuse a measure of one's own that could not be named in tables, sentences and letters."""
    if missing := definition.named.missing_words:
        raise InputError(
            f"'{definition.measure}' is no official measure and lacks words: write "
            + ", ".join(f'{key} = "…"' for key in missing)
            + " under [words] in this file",
            file=file,
        )


def _read(shape: type[M], text: bytes, file: Path | str) -> M:
    return build(shape, parse_toml(text, file=file), file=file)
