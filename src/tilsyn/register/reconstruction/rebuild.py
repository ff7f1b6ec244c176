"""A register rebuilt from published tables: measured, it gives every printed figure again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa

from tilsyn.errors import InputError
from tilsyn.register import coverage
from tilsyn.register.reconstruction.choosing import Choice, choose
from tilsyn.register.reconstruction.persons import persons, rows_of
from tilsyn.register.reconstruction.published import read
from tilsyn.register.writing import Format, RegisterWriter
from tilsyn.vocabulary import MEASURES, YearMonth, area_name

(TALKS,), (OFFERS,) = (MEASURES.of_effort("focus", event) for event in ("conversations", "offers"))
"""The measures of the focus goals."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was rebuilt.

    Attributes:
        persons: how many.
        choices: by measure and group, the numbers chosen (those of shown cells are the shown ones).
        rows: by table.
    """

    persons: int
    choices: dict[str, dict[str, Choice]]
    rows: dict[str, int]


def reconstruct(
    figures: pl.DataFrame,
    municipality: str,
    month: YearMonth,
    folder: Path,
    *,
    format: Format = "csv",
) -> Rebuilt:
    """Build a register whose 12-month measures of one month equal published tables cell for cell.

    Cells that are not shown get whole numbers that agree with everything that is: 0 to 2 persons,
    the printed shares and the totals. Between the two measures as few exemptions as possible.

    Args:
        figures: a figure table with persons by number of `conversations_12m` and, if it is
            published, of `offers_12m`; shares, unmet and populations bind where they are there.
        municipality: its code.
        month: the measured month.
        folder: to be made; must not exist or be empty.
        format: of the files.

    Raises:
        InputError: the tables are missing, leave too much open, or no register can give them.
    """
    talks = read(figures, TALKS, municipality, month)
    if talks is None:
        place = area_name("municipality", municipality)
        raise InputError(
            f"persons by number of conversations are not published for {place}, {month}: "
            "without them there is nothing to rebuild from"
        )
    offers = read(figures, OFFERS, municipality, month)
    held = choose(talks)
    populations = {group: choice.population for group, choice in held.items()}
    begun = choose(offers, populations) if offers else {}
    people = list(persons(held, begun, talks.unmet_by_visitation))
    tables = rows_of(people, int(municipality), month, offers=bool(offers)).columns()
    names = pa.array([f"person-{number + 1:05d}" for number in range(len(people))], pa.string())
    with RegisterWriter(folder, format) as writer:
        writer.write(tables, names)
    coverage.write(folder, [municipality], (month - 11).first, month.last)
    choices = {TALKS: held} | ({OFFERS: begun} if offers else {})
    counts = {name: len(columns["person"]) for name, columns in tables.items()}
    return Rebuilt(len(people), choices, counts)
