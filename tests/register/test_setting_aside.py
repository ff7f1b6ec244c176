"""Every row is read or set aside, with its place and the reason; nothing else is lost or mended."""

from __future__ import annotations

import csv
import random
import tempfile
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.register.door_registers import SOUND, header, rows_of, set_aside, write
from tilsyn.errors import InputError
from tilsyn.register.contract import FAULTS
from tilsyn.register.door import admit
from tilsyn.register.limits import too_many
from tilsyn.tables.lines import shape

BAD_ROWS = [
    ("spells", ",183,kontanthjaelp,,2020-01-01,", "person", "no_person"),
    ("spells", "  ,183,kontanthjaelp,,2020-01-01,", "person", "no_person"),
    ("spells", "p,,kontanthjaelp,,2020-01-01,", "municipality", "no_value"),
    ("spells", "p,999,kontanthjaelp,,2020-01-01,", "municipality", "municipality"),
    ("spells", "p,Ishøj,kontanthjaelp,,2020-01-01,", "municipality", "municipality"),
    ("spells", "p,183,total,,2020-01-01,", "group", "group"),
    ("spells", "p,183,kontanthjaelp,,,", "start", "no_value"),
    ("spells", "p,183,kontanthjaelp,,01-02-2020,", "start", "date"),
    ("spells", "p,183,kontanthjaelp,,2021-02-29,", "start", "date"),
    ("spells", "p,183,kontanthjaelp,,20200101,", "start", "date"),
    ("spells", "p,183,kontanthjaelp,,1989-12-31,", "start", "date_range"),
    ("spells", "p,183,kontanthjaelp,,2020-01-01,2101-01-01", "end", "date_range"),
    ("spells", "p,183,kontanthjaelp,,2020-01-01,9999-12-31", "end", "date_range"),
    ("spells", "p,183,kontanthjaelp,,2020-01-02,2020-01-01", "end", "end_before_start"),
    ("conversations", "p,2020-02-01,99,", "type", "type"),
    ("conversations", "p,2020-02-01,,", "type", "no_value"),
    ("conversations", "p,2020-02-01,4,soon", "registered", "date"),
    ("offers", "p,praktik,2020-02-01,,", "kind", "kind"),
    ("offers", "p,nytteindsats,2020-02-01,2020-01-31,", "end", "end_before_start"),
    ("hours", "p,2020-13,1", "month", "month"),
    ("hours", "p,2020-1,1", "month", "month"),
    ("hours", "p,2101-01,1", "month", "month_range"),
    ("hours", "p,2020-01,", "hours", "no_value"),
    ("hours", "p,2020-01,1e2", "hours", "hours"),
    ("hours", "p,2020-01,.", "hours", "hours"),
    ("hours", "p,2020-01,1.125", "hours", "hours_decimals"),
    ("hours", "p,2020-01,744.01", "hours", "hours_range"),
    ("hours", "p,2020-01,-745", "hours", "hours_range"),
    ("exemptions", "p,both,2020-01-01,", "scope", "scope"),
    ("exemptions", "p,offers,2020-01-02,2020-01-01", "end", "end_before_start"),
    ("conversations", "p,2020-02-01,4", "", "columns"),
    ("conversations", "p,2020-02-01,4,,", "", "columns"),
    ("conversations", '"p",2020-02-01,4', "", "columns"),
    ("conversations", '"p,2020-02-01,4,', "", "quotes"),
    ("conversations", '"p"x,2020-02-01,4,', "", "quotes"),
    ("conversations", "p\0,2020-02-01,4,", "", "nul"),
    ("conversations", "p\rq,2020-02-01,4,", "", "carriage_return"),
    ("conversations", "p" * 65_600 + ",2020-02-01,4,", "", "too_long"),
]


@pytest.mark.parametrize(("table", "line", "column", "reason"), BAD_ROWS)
def test_a_bad_row_is_set_aside_with_place_value_and_reason(
    tmp_path: Path, table: str, line: str, column: str, reason: str
) -> None:
    lines = [SOUND[table][0], line, *SOUND[table][1:]]
    admission = admit(write(tmp_path / "in", **{table: lines}), tmp_path / "out")
    (row,) = set_aside(tmp_path / "out" / "set_aside.csv")
    assert row["file"] == f"{table}.csv"
    assert row["row"] == "3"
    assert row["column"] == column
    assert row["reason"] == FAULTS[reason]
    if column:
        value = line.split(",")[header(table).split(",").index(column)]
        assert row["value"].removeprefix("'") == value.strip() or row["value"] == value
    count = admission.tables[table]
    assert (count.rows, count.good, count.set_aside) == (len(lines), len(lines) - 1, {reason: 1})
    assert len(rows_of(tmp_path / "out", table)) == len(SOUND[table])


def test_hours_at_the_very_limit_are_read(tmp_path: Path) -> None:
    hours = [
        "p,2020-01,744",
        "p,2020-02,-744.00",
        "p,2020-03,+0744.0",
        "p,2020-04,.5",
        "p,2020-05,7,",
    ]
    admission = admit(write(tmp_path / "in", hours=hours), tmp_path / "out")
    assert [row[2] for row in rows_of(tmp_path / "out", "hours")] == [74400, -74400, 74400, 50]
    assert admission.tables["hours"].set_aside == {"columns": 1}


def test_exactly_as_many_rows_as_may_be_set_aside_are_not_too_many() -> None:
    assert not too_many(1, 20, Decimal("0.05"))
    assert too_many(2, 39, Decimal("0.05")) and not too_many(2, 40, Decimal("0.05"))


def test_what_ends_the_day_it_begins_is_read(tmp_path: Path) -> None:
    one_day = {
        "spells": ["p,183,kontanthjaelp,,2020-01-02,2020-01-02"],
        "offers": ["p,loentilskud,2020-01-02,2020-01-02,"],
        "exemptions": ["p,offers,2020-01-02,2020-01-02"],
    }
    assert admit(write(tmp_path / "in", **one_day), tmp_path / "out").set_aside == 0


def test_the_first_and_the_last_day_there_can_be_are_read(tmp_path: Path) -> None:
    widest = {
        "spells": ["p,183,kontanthjaelp,,1990-01-01,2100-12-31"],
        "hours": ["p,1990-01,1", "p,2100-12,1"],
    }
    assert admit(write(tmp_path / "in", **widest), tmp_path / "out").set_aside == 0


def test_a_line_that_is_not_utf8_is_set_aside_alone(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    with (source / "hours.csv").open("ab") as file:
        file.write("pæ,2020-01,1\n".encode("latin-1") + "pæ,2020-01,1\n".encode())
    admission = admit(source, tmp_path / "out")
    assert admission.tables["hours"].set_aside == {"not_utf8": 1}
    assert "pæ" in {row[0] for row in rows_of(tmp_path / "out", "hours")}


def test_an_endless_line_costs_one_row_and_no_memory(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    with (source / "hours.csv").open("ab") as file:
        for _ in range(40):
            file.write(b"x" * (1 << 20))
        file.write(b"\np9,2020-01,1\n")
    admission = admit(source, tmp_path / "out")
    (row,) = set_aside(tmp_path / "out" / "set_aside.csv")
    assert (row["row"], row["reason"]) == ("4", FAULTS["too_long"])
    assert admission.tables["hours"].good == 3
    assert (tmp_path / "out" / "set_aside.csv").stat().st_size < 1000


def test_in_parquet_rows_are_counted_from_one(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    (source / "hours.csv").unlink()
    (source / "hours").mkdir()
    pl.DataFrame(
        {
            "person": ["a", None, "c"],
            "month": ["2020-01", "2020-01", None],
            "hours": [1.0, 2.0, 3.0],
        }
    ).write_parquet(source / "hours" / "a.parquet")
    admission = admit(source, tmp_path / "out")
    places = [
        (r["file"], r["row"], r["column"]) for r in set_aside(tmp_path / "out" / "set_aside.csv")
    ]
    assert places == [("hours/a.parquet", "2", "person"), ("hours/a.parquet", "3", "month")]
    assert admission.tables["hours"].rows == 3


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_value_is_never_a_formula_in_the_file_of_rows_set_aside(
    tmp_path: Path, value: str
) -> None:
    admit(write(tmp_path / "in", exemptions=[f"p,{value},2020-01-01,"]), tmp_path / "out")
    (row,) = set_aside(tmp_path / "out" / "set_aside.csv")
    assert row["value"].startswith("'")


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    admit(write(tmp_path / "in", exemptions=[f"p,{'q' * 5000},2020-01-01,"]), tmp_path / "out")
    (row,) = set_aside(tmp_path / "out" / "set_aside.csv")
    assert len(row["value"]) < 300


def test_a_row_is_set_aside_once_for_its_first_fault(tmp_path: Path) -> None:
    source = write(tmp_path / "in", spells=[*SOUND["spells"], ",999,nobody,,x,y"])
    admission = admit(source, tmp_path / "out")
    assert admission.tables["spells"].set_aside == {"no_person": 1}


def test_bad_rows_in_many_blocks_keep_their_row_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tilsyn.tables import lines, reading

    monkeypatch.setattr(reading, "blocks", lambda stream: lines.blocks(stream, 64))
    good = ["p1,2020-03,37.5"] * 50
    hours = [*good, "p,bad,1", *good, '"p,2020-01,1', "", *good, "p,2020-01,bad"]
    admission = admit(write(tmp_path / "in", hours=hours), tmp_path / "out")
    numbers = [int(row["row"]) for row in set_aside(tmp_path / "out" / "set_aside.csv")]
    assert numbers == [52, 103, 155]
    assert admission.tables["hours"].good == 150


MARKS = list(b'\n\r,;"\0 \t=-x\xff\xc3') + [ord(c) for c in "2020-01-01p1"]


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, 2**32), st.sampled_from(sorted(SOUND)), st.integers(0, 12), st.integers(17, 4096)
)
def test_no_mutation_of_a_file_loses_a_row_or_breaks_the_reading(
    seed: int, table: str, changes: int, block: int
) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        from tilsyn.tables import lines, reading

        patch.setattr(reading, "blocks", lambda stream: lines.blocks(stream, block))
        source = write(Path(name) / "in", **{table: SOUND[table] * 5})
        file = source / f"{table}.csv"
        data = bytearray(file.read_bytes())
        for _ in range(changes):
            at = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[at] = chance.choice(MARKS)
                case 1:
                    del data[at : at + chance.randrange(1, 9)]
                case _:
                    data[at:at] = bytes(chance.choices(MARKS, k=chance.randrange(1, 5)))
        file.write_bytes(bytes(data))
        body = bytes(data).replace(b"\r\n", b"\n").split(b"\n")[1:]
        # A last line without a newline may end in a lone carriage return.
        if body:
            body[-1] = body[-1].removesuffix(b"\r")
        filled = sum(line != b"" for line in body)
        out = Path(name) / "out"
        try:
            admission = admit(source, out, persons="pseudonyms")
        except InputError:
            assert not out.exists()
            return
        count = admission.tables[table]
        assert count.rows == filled
        assert count.good + sum(count.set_aside.values()) == filled
        assert len(set_aside(out / "set_aside.csv")) == admission.set_aside
        written = len(rows_of(out, table))
        assert written == count.good - count.remarks.get("identical", 0)


@settings(max_examples=400)
@given(st.lists(st.text('",a', max_size=12), min_size=1, max_size=6))
def test_lines_with_quotes_are_taken_apart_as_the_csv_format_says(texts: list[str]) -> None:
    expected: dict[int, list[str] | str] = {}
    for number, text in enumerate(texts, 11):
        if not text:
            continue
        try:
            fields = next(csv.reader([text], strict=True))
            expected[number] = fields if len(fields) == 3 else "columns"
        except csv.Error:
            expected[number] = "quotes"
    found = shape("".join(f"{text}\n" for text in texts).encode(), 10, ",", 3)
    clean = [line.split(",") for line in found.clean.decode().splitlines()]
    numbers = found.clean_lines.tolist()
    assert (
        dict(zip(numbers, clean, strict=True)) | dict(found.quoted) | dict(found.faults) == expected
    )
