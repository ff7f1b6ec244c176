"""Payments become spells, and pay periods hours by month: what no mapping can say of a row by itself.

A delivery of benefit refunds holds a row a week, person and benefit, and corrections as further rows with the
difference. Rows of one week, person, benefit and municipality add up; what adds up to nothing was not
paid. A week paid counts from Monday to Sunday; weeks without a gap are one spell. Of two benefits of one
group in a week, one paid is enough.

A report of paid hours (eIndkomst, field 096) adds hours, a reversal takes them back whatever its sign
is. The hours of a pay period that crosses months are shared out by days, to the hundredth: the share of a
month is the rounded hours up to its end less those up to its beginning, so that nothing is lost.

Both work on the admitted files with DuckDB, out of core, in bounded memory.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from tilsyn.register.coding import REPORTS
from tilsyn.register.contract import TABLES
from tilsyn.register.door.values import MOST_HOURS

_SERIES = "person, municipality, grp, visitation"
_LAST_DAY = "DATE '2100-12-31' - DATE '1970-01-01'"

_PAID = rf"""
CREATE TEMP TABLE paid AS
WITH by_benefit AS (
  SELECT {_SERIES}, week, sum(amount) AS amount FROM delivered
  GROUP BY {_SERIES}, week, lower(trim(regexp_replace(replace(benefit, '.', ''), '\s+', ' ', 'g')))
  HAVING sum(amount) <> 0)
SELECT {_SERIES}, week, max(amount) AS amount FROM by_benefit GROUP BY {_SERIES}, week
"""
_SPELLS = f"""
WITH runs AS (
  SELECT *, week - 7 * row_number() OVER (PARTITION BY {_SERIES} ORDER BY week) AS run
  FROM paid WHERE amount > 0)
SELECT {_SERIES}, min(week)::INTEGER AS start,
  least(max(week) + 6, {_LAST_DAY})::INTEGER AS "end"
FROM runs GROUP BY {_SERIES}, run ORDER BY person, start, grp, municipality, visitation
"""
_MONTHS = f"""
CREATE TEMP TABLE months AS
WITH periods AS (
  SELECT person, DATE '1970-01-01' + start AS first, DATE '1970-01-01' + "end" AS last,
    CASE WHEN report = {REPORTS.index("T")} THEN -abs(hours) ELSE hours END AS hours
  FROM delivered),
shared AS (
  SELECT *, unnest(generate_series(date_trunc('month', first), last, INTERVAL 1 MONTH))::DATE AS month,
    last - first + 1 AS days
  FROM periods),
shares AS (
  SELECT person, 12 * year(month) + month(month) AS month, sign(hours) * (
    abs(hours) * (least(last_day(month), last) - first + 1) // days
    - abs(hours) * (greatest(month, first) - first) // days) AS hours
  FROM shared)
SELECT person, month, sum(hours)::BIGINT AS hours FROM shares
GROUP BY person, month HAVING sum(hours) <> 0
"""
# A sum beyond what one row may hold is split over several.
_HOURS = f"""
WITH parts AS (
  SELECT *, unnest(range(0, (abs(hours) + {100 * MOST_HOURS - 1}) // {100 * MOST_HOURS})) AS part
  FROM months)
SELECT person, month::INTEGER AS month,
  (sign(hours) * least(abs(hours) - part * {100 * MOST_HOURS}, {100 * MOST_HOURS}))::INTEGER AS hours
FROM parts ORDER BY person, month
"""
_MADE = {
    "payments": (_PAID, _SPELLS, "negative_weeks", "SELECT count(*) FROM paid WHERE amount < 0"),
    "pay_periods": (
        _MONTHS,
        _HOURS,
        "negative_months",
        "SELECT count(*) FROM months WHERE hours < 0",
    ),
}


def make(database: duckdb.DuckDBPyConnection, folder: Path, table: str) -> dict[str, int]:
    """Make a register's rows of a delivery's, beside those that are there; the delivery's go.

    Args:
        folder: of the admitted tables.
        table: one that becomes another.

    Returns:
        how many weeks or months each remark applies to.
    """
    sums, rows, remark, count = _MADE[table]
    target = folder / TABLES[table].becomes
    target.mkdir(exist_ok=True)

    def quoted(path: Path) -> str:
        return "'" + str(path).replace("'", "''") + "'"

    database.execute(
        f"CREATE OR REPLACE TEMP VIEW delivered AS "
        f"SELECT * FROM read_parquet({quoted(folder / table / '*.parquet')})"
    )
    database.execute(sums)
    database.execute(
        f"COPY ({rows}) TO {quoted(target / f'of_{table}.parquet')} "
        "(FORMAT parquet, COMPRESSION lz4)"
    )
    [(negative,)] = database.execute(count).fetchall()
    database.execute(f"DROP TABLE {'paid' if table == 'payments' else 'months'}")
    shutil.rmtree(folder / table)
    return {remark: int(negative)} if negative else {}
