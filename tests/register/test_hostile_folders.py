"""Folders and files that are not what they should be: one clear line, and nothing is left."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.register.door_registers import SOUND, rows_of, write
from tilsyn.errors import InputError
from tilsyn.register.codes import read as read_codes
from tilsyn.register.door import admit


def no_spells(source: Path) -> None:
    (source / "spells.csv").unlink()


def no_offers(source: Path) -> None:
    (source / "offers.csv").unlink()


def empty_folder(source: Path) -> None:
    (source / "hours.csv").unlink()
    (source / "hours").mkdir()
    (source / "hours" / ".hidden").write_text("")


def two_formats(source: Path) -> None:
    (source / "hours").mkdir()
    shutil.move(source / "hours.csv", source / "hours" / "a.csv")
    pl.DataFrame({"person": ["p"]}).write_parquet(source / "hours" / "b.parquet")


def file_and_folder(source: Path) -> None:
    (source / "hours").mkdir()


def other_file_in_folder(source: Path) -> None:
    (source / "hours").mkdir()
    shutil.move(source / "hours.csv", source / "hours" / "a.txt")


def no_column(source: Path) -> None:
    (source / "hours.csv").write_text("person,month\np,2020-01\n")


def column_twice(source: Path) -> None:
    (source / "hours.csv").write_text("person,month,hours,hours\np,2020-01,1,2\n")


def no_header(source: Path) -> None:
    (source / "hours.csv").write_text("")


def zip_file(source: Path) -> None:
    (source / "hours.csv").unlink()
    with zipfile.ZipFile(source / "hours.csv", "w") as archive:
        archive.writestr("hours.csv", "person,month,hours\n" * 50)


def utf16(source: Path) -> None:
    (source / "hours.csv").write_text("person,month,hours\np,2020-01,1\n", encoding="utf-16")


def folder_as_file(source: Path) -> None:
    (source / "hours.csv").unlink()
    (source / "hours.csv").mkdir()


def file_as_folder(source: Path) -> None:
    shutil.move(source / "hours.csv", source / "hours")


def broken_link(source: Path) -> None:
    (source / "hours.csv").unlink()
    (source / "hours.csv").symlink_to(source / "nowhere.csv")


def link_to_itself(source: Path) -> None:
    (source / "hours.csv").unlink()
    (source / "hours.csv").symlink_to(source / "hours.csv")


def device(source: Path) -> None:
    (source / "hours.csv").unlink()
    (source / "hours.csv").symlink_to("/dev/zero")


def damaged_parquet(source: Path) -> None:
    (source / "hours.csv").unlink()
    frame = pl.DataFrame(
        {"person": ["p"] * 9999, "month": ["2020-01"] * 9999, "hours": ["1"] * 9999}
    )
    frame.write_parquet(source / "hours.parquet")
    data = bytearray((source / "hours.parquet").read_bytes())
    data[20:60] = b"\xff" * 40
    (source / "hours.parquet").write_bytes(bytes(data))


def parquet_without_column(source: Path) -> None:
    (source / "hours.csv").unlink()
    pl.DataFrame({"person": ["p"], "month": ["2020-01"]}).write_parquet(source / "hours.parquet")


def parquet_of_lists(source: Path) -> None:
    (source / "hours.csv").unlink()
    frame = pl.DataFrame({"person": ["p"], "month": ["2020-01"], "hours": [[1.0, 2.0]]})
    frame.write_parquet(source / "hours.parquet")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (no_spells, "the table spells is missing"),
        (no_offers, "the table offers is missing.*--empty offers"),
        (empty_folder, "hours: is empty"),
        (two_formats, "both CSV and Parquet"),
        (file_and_folder, "comes twice, as hours and hours.csv"),
        (other_file_in_folder, "a.txt: is neither .csv nor .parquet"),
        (no_column, "hours.csv: the column hours is missing; it has: person, month"),
        (column_twice, "the column hours stands twice"),
        (no_header, "no header line; it should be person,month,hours"),
        (zip_file, "hours.csv: is no CSV file"),
        (utf16, "hours.csv: is no CSV file"),
        (folder_as_file, "hours.csv: is no file"),
        (file_as_folder, "hours: is no folder"),
        (broken_link, "hours.csv: is no file"),
        (link_to_itself, "hours.csv: is no file"),
        (device, "hours.csv: is no file"),
        (damaged_parquet, "hours.parquet: cannot be read"),
        (parquet_without_column, "the column hours is missing"),
        (parquet_of_lists, "the column hours is of type (large_)?list"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_one_clear_line_and_nothing_is_left(
    tmp_path: Path, spoil: Callable[[Path], None], message: str
) -> None:
    source = write(tmp_path / "in")
    spoil(source)
    with pytest.raises(InputError, match=message) as error:
        admit(source, tmp_path / "out")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    shutil.move(source / "hours.csv", tmp_path / "elsewhere.csv")
    (source / "hours.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert admit(source, tmp_path / "out").tables["hours"].good == 2


def test_a_table_said_to_be_empty_may_be_absent(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    (source / "offers.csv").unlink()
    assert admit(source, tmp_path / "out", empty=["offers"]).tables["offers"].rows == 0
    assert rows_of(tmp_path / "out", "offers") == []


@pytest.mark.parametrize("table", ["spells", "conversations", "nonsense"])
def test_required_tables_cannot_be_said_to_be_empty(tmp_path: Path, table: str) -> None:
    with pytest.raises(InputError, match="cannot be left out"):
        admit(write(tmp_path / "in"), tmp_path / "out", empty=[table])


def test_a_table_with_rows_cannot_be_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="said to be empty"):
        admit(write(tmp_path / "in"), tmp_path / "out", empty=["hours"])


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no folder"):
        admit(tmp_path / "nowhere", tmp_path / "out")


def test_what_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        admit(write(tmp_path / "in"), tmp_path / "out")
    assert (tmp_path / "out" / "mine").read_text() == "mine"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        admit(write(tmp_path / "in"), tmp_path / "file" / "out")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("conversation_types.csv", "code,type\n4,four\n", "line 2, column type: 'four' is no type"),
        ("conversation_types.csv", "code,type\n4,4\n4,7\n", "line 3, column code: .* stands twice"),
        ("conversation_types.csv", "code\n4\n", "'' is no type"),
        ("offer_kinds.csv", "code,kind\nx,praktik\n", "'praktik' is no kind"),
        ("offer_kinds.csv", "code,kind\n", "has no rows"),
    ],
)
def test_a_code_list_that_cannot_be_used(
    own_data: Callable[[dict[str, str]], Path], name: str, text: str, message: str
) -> None:
    own_data({f"vocabulary/{name}": text})
    with pytest.raises(InputError, match=message):
        read_codes()


def test_the_shipped_codes_are_the_contracts() -> None:
    codes = read_codes()
    assert set(codes.conversation_types.values()) == {4, 7, 8, 9, 10, 11, 12, 13, 15, 17, 19, 20}
    assert list(codes.offer_kinds.values()) == [0, 1, 2, 3, 4]
    assert SOUND.keys() == {"spells", "conversations", "offers", "hours", "exemptions"}


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_disk_that_fills_up_is_one_line_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    writes = iter([*[False] * after, *[True] * 99])
    write_table = pq.ParquetWriter.write_table

    def full(writer: pq.ParquetWriter, table: pa.Table) -> None:
        if next(writes):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_table(writer, table)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(InputError, match=r"cannot be written .*; nothing was kept"):
        admit(write(tmp_path / "in"), tmp_path / "out")
    assert [entry.name for entry in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_a_reading_that_is_broken_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def broken_off(*_: object) -> None:
        raise error

    monkeypatch.setattr(pq.ParquetWriter, "write_table", broken_off)
    with pytest.raises(error):
        admit(write(tmp_path / "in"), tmp_path / "out")
    assert [entry.name for entry in tmp_path.iterdir()] == ["in"]


def test_what_is_admitted_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        admit(write(tmp_path / "in"), tmp_path / "out")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
