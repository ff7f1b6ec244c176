"""conversations_12m as ehrQL asks its questions: a query a month, over SQLite tables with indexes."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq

_EPOCH = dt.date(1970, 1, 1)

QUERY = """
WITH runs AS (
  SELECT person, grp, municipality, visitation, start, min("end", :last) AS end,
         CASE WHEN start - 31 > max("end") OVER w OR max("end") OVER w IS NULL
              THEN start END AS begins
  FROM spells WHERE start <= :last
  WINDOW w AS (PARTITION BY person, grp ORDER BY start
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), seniority AS (
  SELECT *, max(begins) OVER (PARTITION BY person, grp ORDER BY start) AS run FROM runs
), placed AS (
  SELECT *, row_number() OVER (PARTITION BY person
    ORDER BY end DESC, grp, start DESC, municipality, visitation) AS place
  FROM seniority WHERE end >= :first
)
SELECT municipality, grp, visitation, min(number, 5), count(*) FROM (
  SELECT municipality, grp, visitation,
    (SELECT count(DISTINCT held) FROM conversations c
     WHERE c.person = p.person AND held BETWEEN :window AND :last
       AND type IN (4, 7, 17, 19)) AS number
  FROM placed p WHERE place = 1 AND run <= :year_ago)
GROUP BY 1, 2, 3, 4
"""


def database(store: Path, file: Path) -> sqlite3.Connection:
    """The store's spells and conversations as an indexed SQLite database."""
    file.unlink(missing_ok=True)
    con = sqlite3.connect(file)
    con.execute(
        'CREATE TABLE spells (person, municipality, grp, visitation, start INTEGER, "end" INTEGER)'
    )
    con.execute(
        "CREATE TABLE conversations (person, held INTEGER, type INTEGER, registered INTEGER)"
    )
    for bucket, folder in enumerate(sorted(store.glob("0*"))):
        for table in ("spells", "conversations"):
            columns = [c.to_pylist() for c in pq.read_table(folder / f"{table}.parquet").columns]
            columns[0] = [(bucket << 24) + person for person in columns[0]]
            holes = ",".join("?" * len(columns))
            con.executemany(f"INSERT INTO {table} VALUES ({holes})", zip(*columns, strict=True))
    con.execute("CREATE INDEX spell ON spells (person, grp, start)")
    con.execute("CREATE INDEX conversation ON conversations (person, held, type)")
    con.execute("ANALYZE")
    con.commit()
    return con


def counts(con: sqlite3.Connection, first: int, last: int) -> list[tuple[int, ...]]:
    """Persons by month, municipality, group, visitation and number; months are 12 x year + month."""
    found = []
    for month in range(first, last + 1):
        days = {
            "first": _day(month),
            "last": _day(month + 1) - 1,
            "window": _day(month - 11),
            "year_ago": _day(month - 11) - 1,
        }
        found += [(month, *row) for row in con.execute(QUERY, days)]
    return found


def _day(month: int) -> int:
    return (dt.date((month - 1) // 12, (month - 1) % 12 + 1, 1) - _EPOCH).days
