"""Tidy CSV with ``datapackage.json``: one figure a row, every column described (Table Schema)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.exports.files import protection, write_whole
from tilsyn.figures.formulas import neutral
from tilsyn.figures.table import PROVENANCES, SCHEMA, STATUSES, checked, ordered
from tilsyn.protection import Shown
from tilsyn.vocabulary import AREA_KINDS, MEASURES, ROWS, STATISTICS
from tilsyn.work.files import written_whole

TABLE, DESCRIPTION = "figures.csv", "datapackage.json"

_ABOUT: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "measure": ("string", "what is measured", ()),
    "statistic": (
        "string",
        "population, unmet and persons are numbers of persons; shares are in per cent; met is 1 or 0",
        STATISTICS,
    ),
    "area_kind": ("string", "kind of area", AREA_KINDS),
    "area": ("string", "its code; a municipality's has three digits", ()),
    "grp": ("string", "benefit group, or total", ROWS.codes),
    "visitation": ("string", "visitation category; empty for all", ()),
    "category": ("string", "number of conversations or offers, or duration; empty for all", ()),
    "month": ("date", "first day of the month", ()),
    "value": ("number", "the number; empty unless status is value or zero", ()),
    "status": (
        "string",
        "suppressed: hidden for the sake of discretion; not_available: not there (yet)",
        STATUSES,
    ),
    "provenance": ("string", "measured from a register, or published", PROVENANCES),
    "release": ("string", "the release it stands in", ()),
    "published": ("date", "the day its content was published", ()),
}


def write_tidy(shown: Shown, folder: Path) -> Path:
    """Write ``figures.csv`` and ``datapackage.json`` into a new folder.

    Args:
        shown: figures as their audience may see them.
        folder: is made; must not exist.

    Raises:
        InputError: the figures are unsound, or the folder exists or cannot be written.
    """
    figures = ordered(checked(shown.figures, file=folder))
    table = _csv(figures)
    mine = set(figures["measure"].unique())
    measures = tuple(m.code for m in MEASURES if m.official or m.code in mine)
    described = _description(table, measures) | {"protection": protection(shown)}
    description = json.dumps(described, ensure_ascii=False, indent=1)
    with written_whole(folder) as unfinished:
        write_whole(unfinished / TABLE, table)
        write_whole(unfinished / DESCRIPTION, (description + "\n").encode())
    return folder


def _csv(figures: pl.DataFrame) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(SCHEMA.names())
    for row in figures.iter_rows():
        writer.writerow([_cell(value) for value in row])
    return stream.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return neutral(str(value))


def _description(table: bytes, measures: tuple[str, ...]) -> dict[str, Any]:
    fields = []
    for name, (kind, about, codes) in _ABOUT.items():
        field: dict[str, Any] = {"name": name, "type": kind, "description": about}
        if listed := measures if name == "measure" else codes:
            field["constraints"] = {"enum": list(listed)}
        fields.append(field)
    return {
        "profile": "tabular-data-package",
        "name": "tilsyn-figures",
        "title": "Figures of the supervision of the employment effort",
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": "figures",
                "path": TABLE,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(table),
                "hash": f"sha256:{hashlib.sha256(table).hexdigest()}",
                "schema": {"fields": fields, "missingValues": ["", "."]},
            }
        ],
    }
