"""What the door makes of sound registers, however they are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.register.door_registers import SOUND, everything, header, rows_of, write
from tests.register.store.admitted_rows import whole
from tilsyn.register import coding
from tilsyn.register.codes import read as read_codes
from tilsyn.register.door import admit
from tilsyn.vocabulary import GROUPS

OPEN, ALWAYS = 2**31 - 1, -(2**31)


def day(text: str) -> int:
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def test_rows_are_coded_as_the_store_takes_them(tmp_path: Path) -> None:
    admission = admit(write(tmp_path / "in"), tmp_path / "out")
    expected = {
        "spells": [
            ("p1", 183, GROUPS.codes.index("kontanthjaelp"), 3, day("2020-01-01"), OPEN),
            ("p2", 101, GROUPS.codes.index("a_dagpenge"), 0, day("2021-02-15"), day("2021-12-31")),
        ],
        "conversations": [
            ("p1", day("2020-02-01"), 4, day("2020-02-03")),
            ("p1", day("2020-05-01"), 7, ALWAYS),
            ("p2", day("2021-03-01"), 17, day("2021-03-01")),
        ],
        "offers": [
            ("p1", 0, day("2020-03-01"), OPEN, day("2020-03-02")),
            ("p2", 1, day("2021-04-01"), day("2021-05-01"), ALWAYS),
        ],
        "hours": [("p1", 12 * 2020 + 3, 3750), ("p2", 12 * 2021 + 4, -325)],
        "exemptions": [
            ("p1", 0, day("2020-06-01"), OPEN),
            ("p2", 1, day("2021-06-01"), day("2021-07-01")),
        ],
    }
    expected = {table: [whole(table, row) for row in rows] for table, rows in expected.items()}
    assert everything(tmp_path / "out") == expected
    assert {name: (count.rows, count.good) for name, count in admission.tables.items()} == {
        name: (len(lines), len(lines)) for name, lines in SOUND.items()
    }


def test_admitted_files_have_the_agreed_types(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    admit(write(tmp_path / "in", offers=[], duties=[]), tmp_path / "out")
    for table, schema in coding.TABLES.items():
        (file,) = (tmp_path / "out" / table).glob("*.parquet")
        assert pq.read_schema(file).equals(schema), table


@pytest.mark.parametrize(
    ("prefix", "delimiter", "newline", "decimal", "final"),
    [
        (b"", ",", "\n", ".", "\n"),
        (b"\xef\xbb\xbf", ",", "\n", ".", "\n"),
        (b"\xef\xbb\xbf", ";", "\r\n", ",", "\r\n"),
        (b"", ";", "\n", ",", ""),
        (b"", ",", "\r\n", ".", "\n\n\n"),
        (b"", ",", "\r\n", ".", "\r"),
    ],
    ids=[
        "plain",
        "byte-order mark",
        "as a Danish Excel",
        "no last newline",
        "empty last lines",
        "last newline cut",
    ],
)
def test_every_way_of_writing_csv_reads_the_same(
    tmp_path: Path, prefix: bytes, delimiter: str, newline: str, decimal: str, final: str
) -> None:
    admit(write(tmp_path / "plain"), tmp_path / "expected")
    source = tmp_path / "in"
    source.mkdir()
    for table, lines in SOUND.items():
        rows = [header(table), *lines]
        text = newline.join(row.replace(",", delimiter).replace(".", decimal) for row in rows)
        (source / f"{table}.csv").write_bytes(prefix + (text + final).encode())
    admission = admit(source, tmp_path / "out")
    assert everything(tmp_path / "out") == everything(tmp_path / "expected")
    assert admission.set_aside == 0


def test_quoted_values_may_hold_the_delimiter(tmp_path: Path) -> None:
    hours = ['"p1","2020-03","37,5"', '"p,2",2021-04,"-3.25"', '"p""3",2021-04,1']
    admission = admit(write(tmp_path / "in", hours=hours), tmp_path / "out")
    assert rows_of(tmp_path / "out", "hours") == [
        ('p"3', 24256, 100),
        ("p,2", 24256, -325),
        ("p1", 24243, 3750),
    ]
    assert admission.set_aside == 0


def test_columns_may_stand_in_any_order_among_others(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    (source / "hours.csv").write_text("note,Hours,person,MONTH,note\nx,1.5,p1,2020-03,y\n")
    admission = admit(source, tmp_path / "out")
    assert rows_of(tmp_path / "out", "hours") == [("p1", 24243, 150)]
    assert admission.tables["hours"].remarks == {"other_columns": 1}


def test_what_programs_leave_beside_a_tables_files_is_passed_over(tmp_path: Path) -> None:
    admit(write(tmp_path / "plain"), tmp_path / "expected")
    source = write(tmp_path / "in")
    (source / "hours").mkdir()
    (source / "hours.csv").rename(source / "hours" / "part-0.csv")
    for name in ("_SUCCESS", ".part-0.csv.crc"):
        (source / "hours" / name).write_bytes(b"")
    admit(source, tmp_path / "out")
    assert everything(tmp_path / "out") == everything(tmp_path / "expected")


def test_parquet_and_folders_read_as_csv_does(tmp_path: Path) -> None:
    admit(write(tmp_path / "csv"), tmp_path / "expected")
    texts, typed = tmp_path / "texts", tmp_path / "typed"
    texts.mkdir()
    for table in SOUND:
        frame = pl.read_csv(tmp_path / "csv" / f"{table}.csv", infer_schema=False)
        frame.write_parquet(texts / f"{table}.parquet")
        (typed / table).mkdir(parents=True)
        dates = [n for n in ("start", "end", "held", "registered") if n in frame.columns]
        numbers = [n for n in ("municipality", "type") if n in frame.columns]
        frame = frame.with_columns(pl.col(dates).str.to_date(), pl.col(numbers).cast(pl.Int32))
        if "hours" in frame.columns:
            frame = frame.with_columns(pl.col("hours").cast(pl.Float64))
        for number in range(frame.height):
            frame[number : number + 1].write_parquet(typed / table / f"part-{number}.parquet")
    for source in (texts, typed):
        admission = admit(source, tmp_path / f"{source.name}-out")
        assert everything(tmp_path / f"{source.name}-out") == everything(tmp_path / "expected")
        assert admission.set_aside == 0


def test_whole_numbers_serve_as_persons(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    (source / "hours.csv").unlink()
    pl.DataFrame({"person": [7, 12], "month": ["2020-01"] * 2, "hours": [1.0, 2.5]}).write_parquet(
        source / "hours.parquet"
    )
    admit(source, tmp_path / "out")
    assert rows_of(tmp_path / "out", "hours") == [("12", 24241, 250), ("7", 24241, 100)]


def test_identical_rows_are_read_once_but_hours_add_up(tmp_path: Path) -> None:
    twice = {table: lines + lines[:1] for table, lines in SOUND.items()}
    admission = admit(write(tmp_path / "in", **twice), tmp_path / "out")
    for table, lines in SOUND.items():
        kept = len(rows_of(tmp_path / "out", table))
        assert kept == len(lines) + (table == "hours"), table
        assert admission.tables[table].good == len(lines) + 1
        assert admission.tables[table].remarks.get("identical", 0) == (table != "hours")


def test_an_unknown_visitation_is_read_as_not_stated_and_remarked(tmp_path: Path) -> None:
    spells = [
        "p1,183,kontanthjaelp,match 1,2020-01-01,",
        "p1,183,kontanthjaelp,,2019-01-01,2019-02-01",
    ]
    admission = admit(write(tmp_path / "in", spells=spells), tmp_path / "out")
    codes = {row[3] for row in rows_of(tmp_path / "out", "spells")}
    assert codes == {0, coding.VISITATION_CODES.index("uoplyst")}
    assert admission.tables["spells"].remarks == {
        "visitation_unknown": 1,
        "unvisitated": 2,
        "columns_left_out": 1,
    }
    assert admission.set_aside == 0


def test_overlaps_early_conversations_late_rows_and_closed_groups_are_remarked(
    tmp_path: Path,
) -> None:
    spells = [
        "p1,183,kontanthjaelp,jobparat,2020-01-01,2020-03-31",
        "p1,183,sygedagpenge,,2020-03-31,2020-04-30",
        "p1,183,sygedagpenge,,2020-05-01,2020-06-30",
        "p2,183,uddannelseshjaelp,uddannelsesparat,2025-06-30,2025-07-01",
        "p3,183,uddannelseshjaelp,uddannelsesparat,2025-01-01,2025-06-30",
        "p4,183,overgangsydelse,jobparat,2025-01-01,",
    ]
    talks = [
        "p1,2019-12-31,4,2019-12-31",
        "p9,2020-01-01,4,",
        "p1,2020-01-01,4,2020-01-31",
        "p1,2020-01-02,4,2020-02-02",
    ]
    admission = admit(write(tmp_path / "in", spells=spells, conversations=talks), tmp_path / "out")
    assert admission.tables["spells"].remarks == {
        "overlap": 1,
        "group_closed": 2,
        "columns_left_out": 1,
    }
    assert admission.tables["conversations"].remarks == {"before_any_spell": 2, "late": 1}
    assert admission.set_aside == 0


def test_bookings_and_caseworkers_are_checked_and_kept(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    (source / "bookings.csv").write_text(
        "person,date,type,status\np1,2020-01-01,4,booked\np1,2020-01-01,4,lost\n"
    )
    (source / "caseworkers.csv").write_text(
        "person,team,caseworker,start,end\np1,North,Ib,2020-01-01,\np1,North,,2020-01-01,\n"
    )
    admission = admit(source, tmp_path / "out")
    assert admission.tables["bookings"].set_aside == {"status": 1}
    assert admission.tables["caseworkers"].set_aside == {"no_value": 1}
    kept = {t: pl.read_parquet(tmp_path / "out" / t).rows() for t in coding.COMPANIONS}
    assert kept == {
        "bookings": [("p1", day("2020-01-01"), 4, coding.BOOKING_STATUSES.index("booked"))],
        "caseworkers": [("p1", "North", "Ib", day("2020-01-01"), OPEN)],
    }


def test_a_municipalitys_own_codes_replace_the_shipped_ones(
    tmp_path: Path, own_data: Callable[[dict[str, str]], Path]
) -> None:
    own_data({"vocabulary/conversation_types.csv": "code,type,name\nJS,7,Jobsamtale\n"})
    source = write(tmp_path / "in", conversations=["p1,2020-02-01,JS,", "p1,2020-03-01,4,"])
    admission = admit(source, tmp_path / "out", codes=read_codes())
    assert rows_of(tmp_path / "out", "conversations") == [("p1", day("2020-02-01"), 7, ALWAYS)]
    assert admission.tables["conversations"].set_aside == {"type": 1}
    assert admission.tables["offers"].set_aside == {}
