"""JSON-stat datasets in the program's own dimensions, as `tilsyn.exports` writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

from tilsyn.errors import InputError
from tilsyn.figures.jobindsats.answers import parsed
from tilsyn.figures.reading.model import Cell, Reading, reading
from tilsyn.figures.reading.numbers import permitted
from tilsyn.figures.reading.tidy import Defaults
from tilsyn.figures.table import Figure, status_of
from tilsyn.vocabulary import YearMonth, parse_published
from tilsyn.vocabulary.wording import joined

_DATASET = re.compile(r'"class"\s*:\s*"dataset"')
_NEEDED = ("measure", "statistic", "area", "group", "month")
_ALL = "all"


def is_jsonstat(text: str) -> bool:
    """Whether a text is a JSON-stat dataset, by its first few thousand characters."""
    return text.lstrip()[:1] == "{" and _DATASET.search(text[:4096]) is not None


def read_jsonstat(data: bytes, file: Path, defaults: Defaults) -> Reading:
    """Read a dataset; what its dimensions leave out is taken from `defaults`.

    Raises:
        InputError: it is no sound dataset, or lacks a dimension figures need.
    """
    dataset = parsed(data, name=str(file))
    dimensions = dataset.get("id") if isinstance(dataset, dict) else None
    if isinstance(dimensions, list) and (lacking := [n for n in _NEEDED if n not in dimensions]):
        raise InputError(
            "a JSON-stat dataset, but not of these figures: it has no dimension "
            f"{joined(lacking, 'en', 'or')} (its dimensions are {joined(map(str, dimensions), 'en')}); "
            "name them as `tilsyn figures export` does",
            file=file,
        )
    try:
        units = dataset["dimension"]["statistic"]["category"].get("unit") or {}
        per_cent = {name for name, unit in units.items() if unit.get("symbol") == "%"}
        cells = [
            _cell(categories, value, status, defaults, file.stem, per_cent)
            for categories, value, status in _observations(dataset)
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"not a sound JSON-stat dataset ({error})", file=file) from None
    return reading(file, cells)


def _observations(dataset: Any) -> Iterator[tuple[dict[str, str], float | None, str]]:
    """The cells that are part of the table: categories by dimension, number and status.

    Raises:
        ValueError: dimensions, sizes and indices do not agree.
    """
    ids, sizes = dataset["id"], dataset["size"]
    codes = [_codes(dataset["dimension"][id]["category"]) for id in ids]
    if [len(c) for c in codes] != sizes:
        raise ValueError("size and categories do not agree")
    values, statuses = _by_index(dataset["value"]), _by_index(dataset.get("status") or {})
    steps = [prod(sizes[i + 1 :]) for i in range(len(sizes))]
    for index in sorted(values.keys() | statuses.keys()):
        if not 0 <= index < prod(sizes):
            raise ValueError(f"the index {index} is outside the table")
        at = [index // step % size for step, size in zip(steps, sizes, strict=True)]
        categories = {id: c[i] for id, c, i in zip(ids, codes, at, strict=True)}
        value = values.get(index)
        if value is None and index not in statuses:
            continue
        yield (
            categories,
            None if value is None else float(value),
            str(statuses.get(index) or ""),
        )


def _codes(category: Any) -> list[str]:
    index = category.get("index", None)
    if index is None:
        return list(category["label"])
    codes = sorted(index, key=index.__getitem__) if isinstance(index, dict) else index
    return [str(code) for code in codes]


def _by_index(entries: Any) -> dict[int, Any]:
    if isinstance(entries, list):
        return {i: entry for i, entry in enumerate(entries) if entry is not None}
    return {int(index): entry for index, entry in entries.items()}


def _cell(
    categories: dict[str, str],
    value: float | None,
    status: str,
    defaults: Defaults,
    stem: str,
    per_cent: set[str],
) -> Cell:
    kind, _, area = categories["area"].partition(":")
    statistic = categories["statistic"]
    if value is not None:
        permitted(value, statistic)
    stated = status if value is None else status_of(value)
    figure = Figure(
        categories["measure"],
        statistic,
        kind,
        area,
        categories["group"],
        _divided(categories.get("visitation", _ALL)),
        _divided(categories.get("category", _ALL)),
        YearMonth.parse(categories["month"]).first,
        value,
        stated,
        categories.get("provenance", "published"),
        categories.get("release") or defaults.release or stem,
        _published(categories, defaults),
    )
    raw = stated if value is None else f"{value:.15g}"
    return Cell(figure, raw, ", ".join(categories.values()), statistic in per_cent)


def _divided(code: str) -> str:
    return "" if code == _ALL else code


def _published(categories: dict[str, str], defaults: Defaults) -> dt.date:
    if "published" in categories:
        return parse_published(categories["published"])
    if defaults.published is None:
        raise ValueError("when was it published? give --published 2023-02-20")
    return defaults.published
