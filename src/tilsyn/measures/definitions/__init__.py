"""The measure definitions in force: the shipped files, and a user's own in their place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from tilsyn.errors import InputError
from tilsyn.measures.definition import Definition, Seniority, SeniorityFile
from tilsyn.parsing import parse_toml, read_bytes
from tilsyn.records import build
from tilsyn.vocabulary import MEASURES

SENIORITY = "seniority.toml"
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Definitions:
    """What is measured, and how.

    Attributes:
        measures: in published order.
        seniority: how time on a benefit adds up, dated.
        hashes: SHA-256 of each file's bytes, by file name.
    """

    measures: tuple[Definition, ...]
    seniority: tuple[Seniority, ...]
    hashes: dict[str, str]

    def only(self, *codes: str) -> Definitions:
        """The same with some of the measures."""
        kept = tuple(d for d in self.measures if d.measure in codes)
        return Definitions(kept, self.seniority, self.hashes)


def load(own: Path | None = None) -> Definitions:
    """The shipped definitions; a file of `own` replaces the shipped one of its name or adds one.

    Raises:
        InputError: a file cannot be read or says something a definition cannot say.
    """
    shipped = files(__package__)
    texts = {f.name: f.read_bytes() for f in shipped.iterdir() if f.name.endswith(".toml")}
    if own is not None:
        found = sorted(own.glob("*.toml")) if own.is_dir() else []
        if not found:
            raise InputError(
                "is a file; name the folder it stands in"
                if own.is_file()
                else "holds no definitions (files named *.toml)",
                file=own,
            )
        texts |= {file.name: read_bytes(file) for file in found}
    place = {name: (own / name if own and (own / name).exists() else name) for name in texts}
    seniority = _read(SeniorityFile, texts[SENIORITY], place[SENIORITY]).rule
    measures: dict[str, Definition] = {}
    for name in sorted(texts.keys() - {SENIORITY}):
        definition = _read(Definition, texts[name], place[name])
        if definition.measure in measures:
            raise InputError(f"a second definition of {definition.measure}", file=place[name])
        _check_seniority(definition, seniority, place[name])
        measures[definition.measure] = definition
    return Definitions(
        tuple(measures[code] for code in MEASURES.codes if code in measures),
        seniority,
        {name: hashlib.sha256(text).hexdigest() for name, text in sorted(texts.items())},
    )


def _read(shape: type[M], text: bytes, file: Path | str) -> M:
    return build(shape, parse_toml(text, file=file), file=file)


def _check_seniority(
    definition: Definition, rules: tuple[Seniority, ...], file: Path | str
) -> None:
    months = definition.seniority_months
    for rule in rules:
        if months and months not in rule.accumulated.days:
            raise InputError(
                f"{SENIORITY} does not say after how many benefit days {months} months are reached",
                file=file,
                place="seniority_months",
            )
