"""Small admitted registers for the store's tests."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tilsyn.register.coding import ALWAYS_KNOWN, NO_WEEKS, OPEN_END, TABLES
from tilsyn.register.contract import TABLES as CONTRACT

Rows = dict[str, list[tuple]]

EMPTY = {
    name: tuple(
        None if column.empty is None else "" if column.kind == "text" else column.empty
        for column in table.columns
    )
    for name, table in CONTRACT.items()
}
"""By table: what stands in a row that says nothing more."""


def rows_of(persons: list[str], seed: int = 0) -> Rows:
    """Some rows of every table for each person; the same for the same person and seed."""
    found: Rows = {table: [] for table in TABLES}
    for person in persons:
        pick = random.Random(f"{person} {seed}")
        day = pick.randrange(18000, 19500)
        for _ in range(pick.randint(1, 4)):
            end = day + pick.randrange(200)
            found["spells"].append(
                (person, pick.choice([101, 851]), pick.randrange(9), pick.randrange(6), day, end,
                 pick.choice([ALWAYS_KNOWN, day, 7305, 47846]), pick.randrange(3),
                 pick.choice([NO_WEEKS, 0, 2599, 10**6]))
            )  # fmt: skip
            day = end + pick.randrange(1, 60)
        found["spells"].append((person, 101, 6, 0, day, OPEN_END))
        for _ in range(pick.randint(0, 6)):
            held = pick.randrange(18000, 20000)
            seen = pick.choice([held, ALWAYS_KNOWN, held + 40])
            found["conversations"].append((person, held, pick.choice([4, 7, 12]), seen))
        for _ in range(pick.randint(0, 2)):
            start = pick.randrange(18000, 20000)
            found["offers"].append((person, pick.randrange(5), start, OPEN_END, ALWAYS_KNOWN))
        found["hours"].append((person, 12 * 2022 + pick.randint(1, 12), pick.randrange(-500, 9999)))
        if pick.random() < 0.3:
            found["exemptions"].append((person, pick.randrange(2), 18500, 18900))
            decided = pick.choice([ALWAYS_KNOWN, 18490]), pick.choice(["Team Å", "Team B", ""])
            found["exemptions"] += [
                (person, 1, 18500, end, 1, *decided) for end in (18900, OPEN_END)
            ]
            found["duties"].append((person, 0, 18500, pick.choice([OPEN_END, 18600])))
    return {table: [whole(table, row) for row in rows] for table, rows in found.items()}


def whole(table: str, row: tuple) -> tuple:
    """The row with nothing more said in the columns it leaves out."""
    return (*row, *EMPTY[table][len(row) :])


def write(rows: Rows, folder: Path, *, shuffled: int = 0, files: int = 1) -> Path:
    """Write rows as admitted tables, in any order, in one file a table or several."""
    for table, schema in TABLES.items():
        (folder / table).mkdir(parents=True)
        mixed = list(rows[table])
        random.Random(shuffled).shuffle(mixed)
        for n in range(files):
            part = mixed[n::files]
            part = [whole(table, row) for row in part]
            columns = [
                pa.array([row[i] for row in part], field.type) for i, field in enumerate(schema)
            ]
            pq.write_table(pa.table(columns, schema=schema), folder / table / f"{n}.parquet")
    return folder


PEOPLE = [f"P{n:03d}" for n in range(120)]
