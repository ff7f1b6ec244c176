"""JSON-stat 2.0: a sparse cube of figures; its status map says which numbers are hidden.

Source: json-stat.org/full. A cell has an entry in ``value``, or (without a number) in ``status``;
cells that are in neither are not part of the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.exports.files import protection, write_whole
from tilsyn.figures.table import Figure, checked, ordered, rows
from tilsyn.protection import Shown
from tilsyn.vocabulary import MEASURES, ROWS, STATISTIC_NAMES, VISITATION, YearMonth, area_name

ALL = "all"
"""The category that stands for "not divided"; figure tables leave the column empty there."""

DIMENSIONS: dict[str, Callable[[Figure], str]] = {
    "measure": lambda f: f.measure,
    "statistic": lambda f: f.statistic,
    "area": lambda f: f"{f.area_kind}:{f.area}",
    "group": lambda f: f.grp,
    "visitation": lambda f: f.visitation or ALL,
    "category": lambda f: f.category or ALL,
    "month": lambda f: str(YearMonth.of(f.month)),
    "provenance": lambda f: f.provenance,
    "release": lambda f: f.release,
    "published": lambda f: f.published.isoformat(),
}
"""The dimensions and how a figure's category in each is called."""

_LABELS: dict[str, Callable[[str], str]] = {
    "measure": lambda code: MEASURES[code].da,
    "statistic": lambda code: STATISTIC_NAMES[code].da,
    "area": lambda code: area_name(*code.split(":", 1)),
    "group": lambda code: ROWS[code].da,
    "visitation": lambda code: VISITATION[code].da if code in VISITATION else code,
}
_TITLES = {
    "measure": "Måling",
    "statistic": "Statistik",
    "area": "Område",
    "group": "Ydelsesgruppe",
    "visitation": "Visitation",
    "category": "Antal eller varighed",
    "month": "Måned",
    "provenance": "Herkomst",
    "release": "Udgivelse",
    "published": "Offentliggjort",
}


def write_jsonstat(shown: Shown, file: Path) -> Path:
    """Write figures as one JSON-stat dataset; ``extension`` says how they were protected.

    Args:
        shown: figures as their audience may see them.
        file: must not exist.

    Raises:
        InputError: the figures are unsound, or the file exists or cannot be written.
    """
    extension = {"protection": protection(shown)}
    dataset = jsonstat(checked(shown.figures, file=file)) | {"extension": extension}
    text = json.dumps(dataset, ensure_ascii=False, separators=(",", ":"))
    return write_whole(file, (text + "\n").encode())


def jsonstat(figures: pl.DataFrame) -> dict[str, Any]:
    """The dataset a figure table makes."""
    found = list(rows(ordered(figures)))
    # Categories in the figure table's own order, months and days in theirs.
    categories = {
        name: list(dict.fromkeys(code(figure) for figure in found))
        for name, code in DIMENSIONS.items()
    }
    for name in ("month", "published", "release"):
        categories[name].sort()
    at = {name: {code: i for i, code in enumerate(codes)} for name, codes in categories.items()}
    size = [len(codes) for codes in categories.values()]
    step = {name: prod(size[i + 1 :]) for i, name in enumerate(DIMENSIONS)}
    value: dict[str, float | int] = {}
    status: dict[str, str] = {}
    for figure in found:
        index = sum(at[name][code(figure)] * step[name] for name, code in DIMENSIONS.items())
        if figure.value is None:
            status[str(index)] = figure.status
        else:
            whole = figure.value == int(figure.value)
            value[str(index)] = int(figure.value) if whole else figure.value
    dataset: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "label": "Tal fra tilsynet med kommunernes beskæftigelsesindsats",
        "id": list(DIMENSIONS),
        "size": size,
        "role": {"time": ["month"], "geo": ["area"], "metric": ["statistic"]},
        "dimension": {
            name: {"label": _TITLES[name], "category": _category(name, codes)}
            for name, codes in categories.items()
        },
        "value": value,
        "status": status,
    }
    if found:
        dataset["updated"] = max(figure.published for figure in found).isoformat()
    return dataset


def _category(name: str, codes: list[str]) -> dict[str, Any]:
    label = _LABELS.get(name, str)
    found: dict[str, Any] = {"index": codes, "label": {code: label(code) for code in codes}}
    if shares := [code for code in codes if name == "statistic" and code.endswith("share")]:
        found["unit"] = {code: {"label": "pct.", "symbol": "%", "decimals": 1} for code in shares}
    return found
