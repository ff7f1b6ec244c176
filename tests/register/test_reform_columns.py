"""The columns and the table that came with the reform: read where they are there, not known where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.register.door_registers import SOUND, header, rows_of, set_aside, write
from tilsyn.errors import InputError
from tilsyn.register.coding import ALWAYS_KNOWN, ANSWERS, NO_WEEKS, OPEN_END
from tilsyn.register.door import admit
from tilsyn.register.store import Store, fold, load

SPELLS = header("spells") + ",takeover,has_job,expected_weeks"
EXEMPTIONS = header("exemptions") + ",reason,decided,decided_by"
JULY = 20635
"""2026-07-01."""


def register(folder: Path, **tables: list[str]) -> Path:
    """A register of the sound rows, and of these tables with their header lines."""
    write(folder)
    for table, lines in tables.items():
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_what_is_said_is_coded_and_what_is_not_known_is_remarked(tmp_path: Path) -> None:
    spells = [
        "a,183,a_dagpenge,,2026-07-01,,2026-07-02,,",
        "b,183,a_dagpenge,,2026-07-01,,,,",
        "c,183,a_dagpenge,,2026-07-01,,2026-06-30,,",
        "d,183,sygedagpenge,,2026-07-01,,,yes,25.999",
        'e,183,sygedagpenge,,2026-07-01,,,no,"26,5"',
        "f,183,sygedagpenge,,2026-07-01,,,ja,-3",
    ]
    source = register(tmp_path / "in", spells=[SPELLS, *spells])
    admission = admit(source, tmp_path / "out")
    yes, no = ANSWERS.index("yes"), ANSWERS.index("no")
    assert [row[6:] for row in rows_of(tmp_path / "out", "spells")] == [
        (JULY + 1, 0, NO_WEEKS),
        (ALWAYS_KNOWN, 0, NO_WEEKS),
        (JULY - 1, 0, NO_WEEKS),
        (ALWAYS_KNOWN, yes, 2599),
        (ALWAYS_KNOWN, no, 2650),
        (ALWAYS_KNOWN, 0, NO_WEEKS),
    ]
    assert admission.tables["spells"].remarks == {
        "takeover_unknown": 1,
        "takeover_before": 1,
        "has_job_unknown": 1,
        "expected_weeks_unknown": 1,
    }
    assert admission.tables["exemptions"].remarks == {"columns_left_out": 1}


def test_a_decision_is_kept_with_its_day_and_its_team(tmp_path: Path) -> None:
    rows = [
        "p1,offers,2026-07-01,,flex25,2026-07-01,Team Ø",
        "p1,offers,2026-07-01,,flex25,,",
        "p1,offers,2026-07-01,,,,",
        "p2,conversations,2026-07-01,2026-08-01,statutory,,",
    ]
    source = register(tmp_path / "in", exemptions=[EXEMPTIONS, *rows])
    admission = admit(source, tmp_path / "out")
    assert rows_of(tmp_path / "out", "exemptions") == [
        ("p1", 0, JULY, OPEN_END, 0, ALWAYS_KNOWN, ""),
        ("p1", 0, JULY, OPEN_END, 1, ALWAYS_KNOWN, ""),
        ("p1", 0, JULY, OPEN_END, 1, JULY, "Team Ø"),
        ("p2", 1, JULY, JULY + 31, 0, ALWAYS_KNOWN, ""),
    ]
    assert admission.tables["exemptions"].remarks == {"decided_unknown": 1}


@pytest.mark.parametrize(
    ("table", "row", "column", "code"),
    [
        ("spells", "p,183,a_dagpenge,,2026-07-01,,soon,,", "takeover", "date"),
        ("exemptions", "p,offers,2026-07-01,,flex,,", "reason", "reason"),
        ("exemptions", "p,offers,2026-07-01,,flex25,2026-13-01,", "decided", "date"),
        ("duties", "p,pligt,2026-07-01,", "kind", "duty"),
        ("duties", "p,arbejdspligt,2026-07-02,2026-07-01", "end", "end_before_start"),
    ],
)
def test_a_bad_row_is_set_aside_whole(tmp_path, table, row, column, code):
    heads = {"spells": SPELLS, "exemptions": EXEMPTIONS, "duties": header("duties")}
    source = register(tmp_path / "in", **{table: [heads[table], row]})
    admission = admit(source, tmp_path / "out")
    assert admission.tables[table].set_aside == {code: 1}
    assert rows_of(tmp_path / "out", table) == []
    [told] = set_aside(tmp_path / "out" / "set_aside.csv")
    assert (told["row"], told["column"]) == ("2", column)


def loaded(source: Path, folder: Path, *, update: bool = False, **said: list[str]) -> Store:
    rows = folder.with_name(source.name + " rows")
    admit(source, rows, persons="pseudonyms", **said)
    return load(rows, folder, update=update)


def test_a_register_without_duties_is_told_from_one_where_nobody_has_any(tmp_path):
    without = loaded(register(tmp_path / "without"), tmp_path / "a")
    none = register(tmp_path / "none", duties=[header("duties")])
    assert without.absent == {"duties"}
    assert loaded(none, tmp_path / "b").absent == frozenset()
    assert (
        loaded(register(tmp_path / "said"), tmp_path / "c", empty=["duties"]).absent == frozenset()
    )
    with pytest.raises(
        InputError, match=r"does not have the table duties.*load the whole register"
    ):
        loaded(register(tmp_path / "more", duties=[header("duties")]), tmp_path / "a", update=True)
    with pytest.raises(InputError, match=r"has the table duties.*with a header alone"):
        loaded(register(tmp_path / "less"), tmp_path / "b", update=True)


def test_corrections_and_folding_keep_what_was_decided(tmp_path):
    first = [f"p{n},offers,2026-07-01,,flex25,2026-07-0{n},Team {n}" for n in (1, 2)]
    store = loaded(register(tmp_path / "1", exemptions=[EXEMPTIONS, *first]), tmp_path / "s")
    persons = [f"q{n},183,kontanthjaelp,jobparat,2020-01-01," for n in range(40)]
    whole = [header("spells"), *SOUND["spells"], *persons]
    source = register(tmp_path / "2", exemptions=[EXEMPTIONS, *first], spells=whole)
    store = loaded(source, tmp_path / "s")
    new = register(
        tmp_path / "3",
        spells=[header("spells"), SOUND["spells"][0]],
        exemptions=[EXEMPTIONS, first[0].replace("Team 1", "Team X")],
        conversations=[header("conversations")],
        offers=[header("offers")],
        hours=[header("hours")],
    )
    store = loaded(new, tmp_path / "s", update=True)
    assert store.corrections is not None
    assert teams(store) == ["Team 2", "Team X"]
    store = fold(tmp_path / "s")
    assert store.corrections is None
    assert teams(store) == ["Team 2", "Team X"]


def teams(store: Store) -> list[str]:
    found = []
    for part in store.parts:
        persons, skipped = part.arrays()["exemptions"]["person"], part.skipped()
        told = part.texts("exemptions").column("decided_by").to_pylist()
        found += [text for person, text in zip(persons, told, strict=True) if not skipped[person]]
    return sorted(found)
