"""Good inputs, which others are made from, and how an input is written down."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from tests.figures.reading.test_answers import CSV
from tests.fuzz import hostile
from tilsyn.exports.jsonstat import jsonstat
from tilsyn.figures.reading import read_published
from tilsyn.law import FOLDER as LAW
from tilsyn.register.synthetic import make
from tilsyn.vocabulary import MonthRange

SOURCE = LAW.parent
SAMPLES = SOURCE / "samples"
TABLES = Path(__file__).parent.parent / "figures" / "reading" / "tables"
PDF = b"%PDF-1.7 made up"
MONTHS = (
    "Januar Februar Marts April Maj Juni Juli August September Oktober November December".split()
)

Kind = Callable[[Random, Path], str]


def loaded(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def texts_of(folder: Path, *ends: str) -> list[str]:
    return [f.read_text("utf-8") for f in sorted(folder.rglob("*")) if f.suffix in ends and f.stat().st_size < 40_000]  # fmt: skip


@cache
def originals() -> SimpleNamespace:
    """What inputs are made from."""
    sample = read_published(SAMPLES / "hedensted-2022-05" / "tables.csv").figures
    return SimpleNamespace(
        letters=[*texts_of(TABLES, ".txt"), *texts_of(SAMPLES, ".txt")],
        csv=[*texts_of(SAMPLES, ".csv"), *texts_of(TABLES, ".csv"), CSV],
        jsonstat=json.loads(json.dumps(jsonstat(sample))),
        sample=sample,
        settings=loaded(SOURCE / "figures" / "jobindsats" / "supervision.toml"),
        rules=[loaded(f) for f in sorted((LAW / "rules").glob("*.toml"))],
        measures=[loaded(f) for f in sorted((LAW / "measures").glob("*.toml"))],
        lists={f.name: f.read_text("utf-8") for f in sorted((LAW / "vocabulary").glob("*"))},
        goals=[loaded(f) for f in sorted((SOURCE / "planning" / "goals").glob("*.toml"))],
        letterhead=loaded(sorted((SOURCE / "documents" / "letterheads").glob("*.toml"))[0]),
        facts=_facts(),
    )


def _facts() -> dict[str, Any]:
    """Facts that every kind of letter can be written with."""
    said = loaded(SAMPLES / "hedensted-2022-05" / "facts.toml")
    more = {"email": "a@example.org", "cc": ["Kontoret <kontor@example.org>"], "reply_by": dt.date(2022, 6, 1), "plan_months": 6,
            "next_follow_up": "2022-10..2022-12", "next_letter": "2023-02", "contact": "Kontoret, tlf. 1"}  # fmt: skip
    return {**said, **more, "notice": {**said["notice"], "date": dt.date(2022, 3, 1)}}


@cache
def register_files(folder: Path) -> dict[str, str]:
    """A small register's files by name; made once in a folder beside the inputs'."""
    if not folder.exists():
        months = MonthRange.parse("2022-01..2023-12")
        make(folder, 40, months, 1, municipality="183", format="csv")
    found = sorted(f for f in folder.rglob("*") if f.suffix in (".csv", ".toml"))
    return {str(f.relative_to(folder)): f.read_text("utf-8") for f in found}


def saved(file: Path, content: bytes | str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(
        content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
    )
    return file


def argued(words: Sequence[object]) -> list[str]:
    """Words as a shell can hand them over: no NUL, and surrogates only where bytes are no UTF-8."""
    return [str(word).replace("\0", "").encode("utf-8", "replace").decode() for word in words]


def coded(chosen: Random, good: str) -> bytes:
    if chosen.random() < 0.15:
        return hostile.data(chosen, good.encode(errors="surrogatepass"))
    code = chosen.choices(("utf-8", "cp1252", "utf-16", "utf-8-sig"), (20, 2, 1, 1))[0]
    return hostile.written(chosen, good).encode(code, "replace")
