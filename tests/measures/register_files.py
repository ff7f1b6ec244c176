"""Registers as files: CSV as a municipality delivers them, and admitted rows as the store takes them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

from tests.measures.reference import Register, index
from tilsyn.register import coding
from tilsyn.register.coverage import Coverage
from tilsyn.register.door import Admission

EPOCH = dt.date(1970, 1, 1)


EVERYWHERE = Coverage.model_validate(
    {"municipalities": "all", "from": "1990-01-01", "to": "2100-12-31"}
)


def write_csv(register: Register, folder: Path, *, delimiter: str = ",") -> Path:
    """The tables as CSV files in a folder, covering the country; with ";" decimals have a comma."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "coverage.toml").write_text(tomli_w.dumps(EVERYWHERE.record()))

    def text(value: object) -> str:
        return "" if value is None else str(value)

    def table(name: str, header: str, rows: Iterable[tuple]) -> None:
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file, delimiter=delimiter)
            out.writerow(header.split())
            out.writerows([text(value) for value in row] for row in rows)

    def decimals(value: object) -> str:
        return str(value).replace(".", "," if delimiter == ";" else ".")

    table(
        "spells",
        "person municipality group visitation start end takeover has_job expected_weeks",
        (
            (
                *(s.person, s.municipality, s.group, s.visitation, s.start, s.end, s.takeover),
                *(s.has_job, s.expected_weeks and decimals(s.expected_weeks)),
            )
            for s in register.spells
        ),
    )
    table(
        "conversations",
        "person held type registered",
        ((c.person, c.held, c.type, c.registered) for c in register.conversations),
    )
    table(
        "offers",
        "person kind start end registered",
        ((o.person, o.kind, o.start, o.end, o.registered) for o in register.offers),
    )
    table(
        "hours",
        "person month hours",
        ((h.person, f"{h.month:%Y-%m}", decimals(h.hours)) for h in register.hours),
    )
    table(
        "exemptions",
        "person scope start end reason decided decided_by",
        (
            (e.person, e.scope, e.start, e.end, e.reason, e.decided, e.decided_by)
            for e in register.exemptions
        ),
    )
    if register.duties_told:
        table(
            "duties",
            "person kind start end",
            ((d.person, d.kind, d.start, d.end) for d in register.duties),
        )
    return folder


def day(date: dt.date | None, empty: int = coding.OPEN_END) -> int:
    """A date as the number of days since 1 January 1970."""
    return empty if date is None else (date - EPOCH).days


def admitted(register: Register) -> dict[str, pa.Table]:
    """The admitted tables: identical rows once, but hours as they stand."""
    known = coding.ALWAYS_KNOWN
    rows: dict[str, list[tuple]] = {
        "spells": [
            (
                s.person,
                int(s.municipality),
                coding.GROUP_CODES.index(s.group),
                coding.VISITATION_CODES.index(s.visitation),
                day(s.start),
                day(s.end),
                day(s.takeover, known),
                coding.ANSWERS.index(s.has_job),
                coding.NO_WEEKS if s.expected_weeks is None else int(s.expected_weeks * 100),
            )
            for s in dict.fromkeys(register.spells)
        ],
        "conversations": [
            (c.person, day(c.held), c.type, day(c.registered, known))
            for c in dict.fromkeys(register.conversations)
        ],
        "offers": [
            (
                o.person,
                coding.OFFER_KINDS.index(o.kind),
                day(o.start),
                day(o.end),
                day(o.registered, known),
            )
            for o in dict.fromkeys(register.offers)
        ],
        "hours": [(h.person, index(h.month), int(h.hours * 100)) for h in register.hours],
        "exemptions": [
            (
                e.person,
                coding.SCOPES.index(e.scope),
                day(e.start),
                day(e.end),
                coding.REASONS.index(e.reason),
                day(e.decided, known),
                e.decided_by,
            )
            for e in dict.fromkeys(register.exemptions)
        ],
        "duties": [
            (d.person, coding.DUTIES.index(d.kind), day(d.start), day(d.end))
            for d in dict.fromkeys(register.duties)
        ],
    }
    return {
        name: pa.table(
            {
                field.name: pa.array([row[number] for row in rows[name]], field.type)
                for number, field in enumerate(schema)
            }
        )
        for name, schema in coding.TABLES.items()
        if name != "duties" or register.duties_told
    }


def write_admitted(register: Register, folder: Path, covers: Coverage | None = EVERYWHERE) -> Path:
    """The admitted tables as Parquet files, a folder a table, and what they cover."""
    for name, table in admitted(register).items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        pq.write_table(table, folder / name / "part-0.parquet")
    Admission(folder, {}, coverage=covers).write()
    return folder
