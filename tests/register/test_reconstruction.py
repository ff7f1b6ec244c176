"""A register rebuilt from Ishøj's published tables of August 2023 gives every printed cell again."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.measures import reference
from tilsyn.errors import InputError
from tilsyn.figures.table import Figure, table
from tilsyn.register.door import admit
from tilsyn.register.reconstruction import Choice, Row, Table, choose, reconstruct
from tilsyn.vocabulary import YearMonth

AUGUST = YearMonth(2023, 8)
STATISTICS = {"share_pct": "share", "count": "unmet", "persons_by_number": "persons"}
PRINTED = list(
    csv.DictReader(
        (Path(__file__).parent / "ishoej_2023_08.csv").read_text(encoding="utf-8").splitlines()
    )
)


def figure(row: dict[str, str]) -> Figure:
    """A printed cell as a figure: "." is a hidden count, or a share of nobody."""
    share = row["statistic"] == "share_pct"
    split = row["category"] in ("jobparat", "aktivitetsparat")
    if row["value"]:
        value, status = float(row["value"]), "value"
    else:
        value, status = (0.0, "zero") if share else (None, "suppressed")
    return Figure(
        measure=row["measure"],
        statistic=STATISTICS[row["statistic"]],
        area_kind="municipality",
        area="183",
        grp=row["group"],
        visitation=row["category"] if split else "",
        category="" if split else row["category"],
        month=AUGUST.first,
        value=value,
        status=status,
        provenance="published",
        release="ishoej-2023-11",
        published=dt.date(2023, 11, 1),
    )


def published(rows: list[dict[str, str]] = PRINTED) -> pl.DataFrame:
    return table(figure(row) for row in rows)


def changed(raw: str, **where: str) -> list[dict[str, str]]:
    """The printed rows with one cell changed."""
    rows = [dict(row) for row in PRINTED]
    (cell,) = [row for row in rows if all(row[key] == value for key, value in where.items())]
    cell["raw"] = cell["value"] = raw
    return rows


def differences(measured: dict[tuple[str, ...], float]) -> list[str]:
    """Printed cells that the measured ones do not give; `measured` by measure, statistic, group,
    visitation and category.
    """
    wrong = []
    for row in PRINTED:
        cell = figure(row)
        key = (cell.measure, cell.statistic, cell.grp, cell.visitation, cell.category)
        number = measured.get(key, 0.0)
        if cell.status == "suppressed":
            right = number in (0, 1, 2)
        elif cell.statistic == "share":
            right = abs(number - (cell.value or 0)) <= 0.05 + 1e-9
        else:
            right = number == cell.value
        if not right:
            wrong.append(f"{key}: printed {row['raw']}, measured {number}")
    return wrong


def test_the_day_by_day_reference_gives_every_printed_cell(tmp_path: Path) -> None:
    reconstruct(published(), "183", AUGUST, tmp_path / "register")

    def rows(name: str) -> list[dict[str, str]]:
        with (tmp_path / "register" / f"{name}.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def date(text: str) -> dt.date | None:
        return dt.date.fromisoformat(text) if text else None

    register = reference.Register(
        tuple(
            reference.Spell(
                r["person"],
                r["municipality"],
                r["group"],
                r["visitation"],
                date(r["start"]),
                date(r["end"]),
            )
            for r in rows("spells")
        ),
        tuple(
            reference.Conversation(
                r["person"], date(r["held"]), int(r["type"]), date(r["registered"])
            )
            for r in rows("conversations")
        ),
        tuple(
            reference.Offer(
                r["person"], r["kind"], date(r["start"]), date(r["end"]), date(r["registered"])
            )
            for r in rows("offers")
        ),
        tuple(
            reference.Hours(r["person"], date(f"{r['month']}-01"), Decimal(r["hours"]))
            for r in rows("hours")
        ),
        tuple(
            reference.Exemption(r["person"], r["scope"], date(r["start"]), date(r["end"]))
            for r in rows("exemptions")
        ),
    )
    judged = reference.judged(register, AUGUST.first, AUGUST.first)
    measured = {
        (measure, statistic, group, visitation, category): float(value or 0)
        for (measure, statistic, kind, _, group, visitation, category, _), (
            value,
            _,
        ) in reference.figures(judged).items()
        if kind == "municipality"
    }
    assert differences(measured) == []
    assert measured["conversations_12m", "population", "total", "", ""] == 601
    assert measured["offers_12m", "population", "total", "", ""] == 591
    assert measured["offers_12m", "unmet", "total", "", ""] == 110
    assert measured["offers_12m", "persons", "total", "", "0"] == 116
    assert not any(key[0].endswith("_6m") for key in measured), "nobody reaches six months"


def test_the_engine_gives_every_printed_cell_from_its_files(tmp_path: Path) -> None:
    measures = pytest.importorskip("tilsyn.cli.measure")
    from tilsyn.figures import release
    from tilsyn.register.store import load

    reconstruct(published(), "183", AUGUST, tmp_path / "register")
    admission = admit(tmp_path / "register", tmp_path / "admitted")
    assert admission.set_aside == 0
    load(tmp_path / "admitted", tmp_path / "store")
    measures.measure(
        source=tmp_path / "store", first=AUGUST, last=AUGUST, release=tmp_path / "release"
    )
    figures = release.read(tmp_path / "release").figures.filter(
        pl.col("area_kind") == "municipality"
    )
    columns = ["measure", "statistic", "grp", "visitation", "category", "value"]
    measured = {tuple(row[:5]): row[5] or 0.0 for row in figures.select(columns).iter_rows()}
    assert differences(measured) == []
    assert measured["offers_12m", "unmet", "total", "", ""] == 110


def test_cells_not_shown_get_numbers_that_agree_with_the_others(tmp_path: Path) -> None:
    rebuilt = reconstruct(published(), "183", AUGUST, tmp_path / "register")
    talks, offers = rebuilt["conversations_12m"], rebuilt["offers_12m"]
    assert talks["sygedagpenge"] == Choice((3, 1, 5, 8, 13, 38), 17)
    assert talks["jobafklaringsforloeb"].population == 114
    assert [sum(c.persons[n] for c in talks.values()) for n in range(6)] == [6, 22, 50, 77, 96, 350]
    assert [sum(c.persons[n] for c in offers.values()) for n in range(3)] == [116, 122, 353]
    assert sum(c.unmet for c in offers.values()) == 110
    exemptions = pl.read_csv(tmp_path / "register" / "exemptions.csv")
    assert exemptions["scope"].value_counts().rows() == [("offers", 10)]


def test_the_same_tables_give_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        reconstruct(published(), "183", AUGUST, tmp_path / name)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_conversations_alone_can_be_rebuilt(tmp_path: Path) -> None:
    talks = published().filter(pl.col("measure") == "conversations_12m")
    rebuilt = reconstruct(talks, "183", AUGUST, tmp_path / "register")
    assert rebuilt.keys() == {"conversations_12m"}
    files = {file.stem: file for file in (tmp_path / "register").glob("*.csv")}
    counts = {name: pl.read_csv(file).height for name, file in files.items()}
    assert counts["spells"] == 601
    assert counts["exemptions"] == counts["hours"] == 0


@pytest.mark.parametrize(
    ("raw", "where", "message"),
    [
        ("40", {"measure": "conversations_12m", "statistic": "share_pct", "group": "sygedagpenge"},
         "Sygedagpenge: no whole numbers give its printed cells"),
        ("68", {"measure": "conversations_12m", "statistic": "count", "group": "kontanthjaelp", "category": ""},
         "Kontanthjælp: no whole numbers"),
        ("90", {"statistic": "persons_by_number", "group": "total", "category": "4"},
         "add up to the printed totals"),
        ("30", {"measure": "offers_12m", "statistic": "share_pct", "group": "total"},
         "offers_12m: .* add up to the printed totals"),
        ("", {"measure": "conversations_12m", "statistic": "persons_by_number", "group": "total", "category": "3"},
         "the total of '3' is not shown"),
    ],
)  # fmt: skip
def test_tables_no_register_can_give_are_refused(
    tmp_path: Path, raw: str, where: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        reconstruct(published(changed(raw, **where)), "183", AUGUST, tmp_path / "register")
    assert not (tmp_path / "register").exists()


def test_a_month_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="are not published for Ishøj, 2023-07"):
        reconstruct(published(), "183", AUGUST - 1, tmp_path / "register")


def test_two_releases_of_one_cell_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="published more than once"):
        reconstruct(pl.concat([published(), published()]), "183", AUGUST, tmp_path / "register")


@pytest.mark.parametrize("larger", ["sygedagpenge", "kontanthjaelp"])
def test_between_possible_numbers_the_one_with_fewest_exemptions_is_chosen(larger: str) -> None:
    def row(measure: str, persons: dict[str, int | None]) -> Row:
        cell = {"measure": measure, "statistic": "persons_by_number", "group": "", "category": ""}
        shown = {c: {**cell, "value": "" if n is None else str(n)} for c, n in persons.items()}
        return Row({c: figure(known) for c, known in shown.items()}, None, None, None)

    groups = {
        group: row("offers_12m", {"0": None, "1": 5, "2+": 5})
        for group in ("sygedagpenge", "kontanthjaelp")
    }
    total = row("offers_12m", {"0": 2, "1": 10, "2+": 10})
    offers = Table("offers_12m", total, groups, {})
    chosen = choose(offers, {group: 12 if group == larger else 10 for group in groups})
    assert {group: choice.persons[0] for group, choice in chosen.items()} == {
        group: 2 if group == larger else 0 for group in groups
    }
