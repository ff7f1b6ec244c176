"""CPR numbers become pseudonyms at the door and are never seen again."""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import re
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from tests.register.door_registers import rows_of, write
from tilsyn.cpr import masked
from tilsyn.errors import InputError
from tilsyn.register.door import Persons, admit
from tilsyn.register.door.aside import harmless
from tilsyn.register.pseudonyms import (
    Pseudonymiser,
    Signs,
    fails_modulus_11,
    fingerprint,
    pseudonym,
    read_secret,
)
from tilsyn.tables.reading import Wanted

SECRET = bytes(range(32))
# Made up; the first passes modulus 11, the second does not, the third is an administrative number.
CPR = ["070761-4285", "010165-4002", "670190-12AB"]


def cpr_register(folder: Path, persons: list[str]) -> Path:
    """A register of these persons, their numbers in good rows, in bad ones and where none belong."""
    a, b, c = persons
    return write(
        folder,
        spells=[
            f"{a},183,kontanthjaelp,,2020-01-01,",
            f"{b},183,kontanthjaelp,,2020-01-01,",
            f"{c},183,kontanthjaelp,,2020-01-01,",
            f"{a},{b},kontanthjaelp,,2020-01-01,",
            f'"{a},183,kontanthjaelp,,2020-01-01,',
            f"{a},183",
        ],
        conversations=[f"{a},2020-02-01,4,", f"{a},{b},4,", f"{b},2020-02-01,={b},"],
        offers=[f"{b},born {a}!,2020-01-01,,", f"{c},{c},2020-01-01,,"],
        hours=[f"{a},2020-01,{b}", f"{b.replace('-', '')},2020-01,1.5"],
        exemptions=[f"{c},offers,2020-01-01,", f"{a},offers,{a[:6]} {a[-4:]},"],
    )


def traces(folder: Path) -> list[str]:
    """Files that hold any digits of the numbers, in any spelling, compressed or not."""
    found = []
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        content = file.read_bytes()
        if file.suffix == ".parquet":
            content += pl.read_parquet(file).write_csv().encode()
        for number in CPR:
            if re.search(rb"%s[\W_]*%s" % (number[:6].encode(), number[-4:].encode()), content):
                found.append(f"{file.name}: {number}")
    return found


def test_cpr_numbers_are_nowhere_in_what_is_written(tmp_path: Path) -> None:
    source = cpr_register(tmp_path / "in", CPR)
    admission = admit(source, tmp_path / "work" / "out", secret=SECRET)
    assert traces(tmp_path / "in"), "the search finds them where they are"
    assert traces(tmp_path / "work") == []
    assert {row[0] for row in rows_of(tmp_path / "work" / "out", "spells")} == {
        pseudonym(SECRET, number) for number in CPR
    }
    assert admission.set_aside == 9
    assert admission.fingerprint == fingerprint(SECRET)
    assert SECRET.hex() not in (tmp_path / "work" / "out" / "admission.json").read_text()


def test_cpr_numbers_without_a_secret_stop_the_run_and_stay_out_of_the_message(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputError, match="look like CPR numbers") as error:
        admit(cpr_register(tmp_path / "in", CPR), tmp_path / "out")
    assert "secret" in str(error.value)
    assert not any(number[-4:] in str(error.value) for number in CPR)
    assert not (tmp_path / "out").exists()


def test_a_file_without_header_does_not_tell_its_persons(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    (source / "hours.csv").write_text(f"{CPR[0]},2020-01,1\n")
    with pytest.raises(InputError, match="the column person is missing") as error:
        admit(source, tmp_path / "out")
    assert CPR[0] not in str(error.value)


def test_every_spelling_of_a_number_is_the_same_person(tmp_path: Path) -> None:
    spellings = ["070761-4285", "0707614285", "070761 4285", "707614285"]
    names = {pseudonym(SECRET, spelling) for spelling in spellings}
    assert names == {hmac.digest(SECRET, b"0707614285", hashlib.sha256).hex()[:32]}
    source = write(tmp_path / "in", hours=[f"{s},2020-01,1" for s in spellings])
    admit(source, tmp_path / "out", secret=SECRET)
    assert {row[0] for row in rows_of(tmp_path / "out", "hours")} == names


def test_another_secret_gives_other_pseudonyms() -> None:
    assert pseudonym(SECRET, CPR[0]) != pseudonym(SECRET[::-1], CPR[0])
    assert fingerprint(SECRET) != fingerprint(SECRET[::-1])


def test_numbers_that_fail_modulus_11_are_read_and_remarked_once_a_person(tmp_path: Path) -> None:
    assert [fails_modulus_11(number) for number in CPR] == [False, True, False]
    admission = admit(cpr_register(tmp_path / "in", CPR), tmp_path / "out", secret=SECRET)
    assert admission.tables["spells"].remarks["modulus_11"] == 1


@pytest.mark.parametrize(
    ("persons", "expected"),
    [
        (["0707614285", "0101654002", "x"], True),
        (["707614285", "101654002"], True),
        (["a3f9", "070761-4285"], True),
        (["a3f9", "0707614285"], True),
        (["a3f9", "b771"], False),
        (["4000000001", "5000000002", "0707614285"], False),
        (["701"], False),
        (["b0707614285", "07076142851"], False),
        ([], False),
    ],
)
def test_what_looks_like_a_column_of_cpr_numbers(persons: list[str], expected: bool) -> None:
    assert Signs.of(pa.array(persons, pa.string())).likely is expected


def test_numbers_that_only_look_like_it_are_let_in_when_told_so(tmp_path: Path) -> None:
    source = write(tmp_path / "in", hours=["0101000001,2020-01,1"])
    with pytest.raises(InputError):
        admit(source, tmp_path / "out")
    admit(source, tmp_path / "out", persons="pseudonyms")
    assert rows_of(tmp_path / "out", "hours") == [("0101000001", 24241, 100)]


def test_cpr_numbers_that_only_turn_up_later_stop_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tilsyn.tables import lines, reading

    monkeypatch.setattr(reading, "blocks", lambda stream: lines.blocks(stream, 64))
    hours = ["p,2020-01,1"] * 20 + [f"{CPR[0]},2020-01,1"]
    with pytest.raises(InputError, match="look like CPR numbers") as error:
        admit(write(tmp_path / "in", hours=hours), tmp_path / "out")
    assert CPR[0] not in str(error.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text",
    [
        "0707614285",
        "070761-4285",
        "070761 4285",
        "07 07 61 4285",
        "a=070761/4285;",
        "670190-12AB",
        "670190 12ab",
    ],
)
def test_anything_like_a_number_is_masked(text: str) -> None:
    assert "xxxxxx-xxxx" in masked(text, near=True)
    assert not re.search("4285|12ab", masked(text, near=True), re.IGNORECASE)


@pytest.mark.parametrize(
    "text", ["2020-02-30", "01-02-2020", "20200230", "744.01", "virksomhedspraktik"]
)
def test_other_values_are_shown_as_they_are(text: str) -> None:
    assert masked(text, near=True) == text


def test_each_person_is_hashed_once_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from tilsyn.register import pseudonyms

    hashed: list[str] = []

    def noted(secret: bytes, person: str) -> str:
        hashed.append(person)
        return pseudonym(secret, person)

    monkeypatch.setattr(pseudonyms, "pseudonym", noted)
    hide = Pseudonymiser(SECRET, remembered=2)
    assert hide(["a", "b", "c"]) == [pseudonym(SECRET, p) for p in "abc"]
    hide(["a", "b", "c"])
    assert hashed == ["a", "b", "c", "c"]


def test_a_secret_comes_from_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TILSYN_SECRET", raising=False)
    assert read_secret() is None
    monkeypatch.setenv("TILSYN_SECRET", "e" * 32)
    assert read_secret() == b"e" * 32
    (tmp_path / "secret").write_text("f" * 40 + "\n")
    assert read_secret(tmp_path / "secret") == b"f" * 40


def test_a_short_or_missing_secret_is_refused_without_being_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("hemmelig")
    with pytest.raises(InputError, match="8 bytes, at least 32") as error:
        read_secret(tmp_path / "secret")
    assert "hemmelig" not in str(error.value).replace(os.fspath(tmp_path), "")
    with pytest.raises(InputError, match="cannot be read"):
        read_secret(tmp_path / "none")
    monkeypatch.setenv("TILSYN_SECRET", "short")
    with pytest.raises(InputError, match="TILSYN_SECRET"):
        read_secret()


def of_persons(folder: Path, persons: list[str]) -> Path:
    return write(folder, hours=[f'"{person}",2020-01,1' for person in persons])


@pytest.mark.parametrize(
    "written",
    [
        "070761–4285",
        "070761\u00a04285",
        "070761 - 4285",
        "070761/4285",
        "070761.4285",
        "070761_4285",
        "DK070761-4285",
        "670761-4285",
        "70761-4285",
        "670190-12AB",
    ],
)
@pytest.mark.parametrize("persons", ["detect", "pseudonyms"])
def test_one_number_written_as_such_is_refused_whatever_is_said(
    tmp_path: Path, written: str, persons: Persons
) -> None:
    source = of_persons(tmp_path / "in", [*(f"p{n}" for n in range(50)), written])
    with pytest.raises(InputError, match="look like CPR numbers") as error:
        admit(source, tmp_path / "out", persons=persons)
    assert written[-4:] not in str(error.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", ["{:010}", "{}", "{:010}.0", "'{:010}", "DK{:010}"])
@pytest.mark.parametrize("persons", ["detect", "pseudonyms"])
def test_a_column_of_bare_numbers_with_birthdays_is_refused_whatever_is_said(
    tmp_path: Path, form: str, persons: Persons
) -> None:
    born = [101900000 + 10**8 * day + serial for day in range(12) for serial in (1, 2)]
    source = of_persons(tmp_path / "in", [form.format(number) for number in born])
    with pytest.raises(InputError, match="look like CPR numbers"):
        admit(source, tmp_path / "out", persons=persons)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("digits", [9, 10])
def test_registers_with_random_numbers_for_pseudonyms_load(
    tmp_path: Path, digits: int, seed: int
) -> None:
    rng = random.Random(seed)
    persons = [f"{rng.randrange(10**digits):0{digits}}" for _ in range(2000)]
    persons += [str(rng.randrange(10 ** (digits - 1), 10**digits)) for _ in range(2000)]
    admit(of_persons(tmp_path / "in", persons), tmp_path / "out")
    assert len(rows_of(tmp_path / "out", "hours")) == len(set(persons))


def test_a_few_cpr_numbers_among_many_random_ones_are_beyond_chance() -> None:
    rng = random.Random(1)
    numbers = [f"{rng.randrange(10**10):010}" for _ in range(20_000)]
    assert not Signs.of(pa.array(numbers)).beyond_chance
    among = [f"010190{serial:04}" for serial in range(500)]
    assert Signs.of(pa.array(numbers + among)).beyond_chance
    # Somebody met often is still one person.
    assert not Signs.of(pa.array(numbers + among[:1] * 500)).beyond_chance


@pytest.mark.parametrize(
    ("digits", "number", "fewest"), [(10, "010190{:04}", 6), (9, "10190{:04}", 7)]
)
def test_how_few_numbers_are_beyond_chance(digits: int, number: str, fewest: int) -> None:
    for count in range(1, 10):
        signs = Signs.of(pa.array([number.format(serial) for serial in range(count)]))
        assert signs.known[digits] == count
        assert signs.beyond_chance is (count >= fewest)
        assert signs.likely


def test_numbers_too_few_in_each_block_are_seen_over_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tilsyn.tables import lines, reading

    monkeypatch.setattr(reading, "blocks", lambda stream: lines.blocks(stream, 64))
    source = of_persons(tmp_path / "in", [f"010190{serial:04}" for serial in range(20)])
    with pytest.raises(InputError, match="20 of 20 different numbers begin with a birthday"):
        admit(source, tmp_path / "out", persons="pseudonyms")


def test_a_value_set_aside_is_masked_before_it_is_cut() -> None:
    for before in range(180, 205):
        value = harmless("x " * (before // 2) + "y" * (before % 2) + " 070761-4285 and more")
        assert len(value) <= 201
        assert not re.search(r"[0-9]", value)
    assert not re.search(r"[0-9]", harmless("-" * 1990 + "0 7 0 7 6 1 - 4 2 8 5"))


def test_the_names_of_a_registers_files_are_masked_where_rows_are_set_aside(tmp_path: Path) -> None:
    source = write(tmp_path / "in")
    (source / "hours.csv").unlink()
    (source / "hours").mkdir()
    (source / "hours" / "070761-4285.csv").write_text("person,month,hours\np,2020-01,x\n")
    admit(source, tmp_path / "out")
    assert "4285" not in (tmp_path / "out" / "set_aside.csv").read_text()


def test_the_columns_of_a_file_are_masked_before_they_are_cut(tmp_path: Path) -> None:
    for before in range(180, 200):
        with pytest.raises(InputError) as told:
            Wanted({"hours": ("hours",)}).places(("y" * before, "070761-4285"), "hours.csv")
        assert not re.search(r"[0-9]", told.value.message)
