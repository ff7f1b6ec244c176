"""Published tables in every form they come in, read into a release."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import xlsxwriter

from tests.figures.reading.test_answers import VERSION_2, VERSION_3
from tests.fuzz import hostile
from tests.fuzz.oracle import run, whole_or_absent
from tests.fuzz.originals import (
    MONTHS,
    argued,
    coded,
    originals,
    saved,
)
from tilsyn.figures import release as releases
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES


def _read(chosen: Random, folder: Path, file: Path, *more: object) -> str:
    """Read a file into a release by the command; sometimes with options nobody means."""
    target = folder / "out" / "release"
    words: list[object] = ["figures", "read", file, "--into", target, *more]
    day = "2024-05-01" if chosen.random() < 0.9 else hostile.text(chosen)
    words += [f"--published={day}"] if chosen.random() < 0.9 else []
    words += ["-m", "Ishøj"] if chosen.random() < 0.3 else []
    words += ["--seniority", chosen.choice((6, 12, 6, 12, 0, "²"))] if chosen.random() < 0.3 else []
    return whole_or_absent(run(*argued(words)), target, releases.verify)


def letter(chosen: Random, folder: Path) -> str:
    """A letter's or note's text: a good one changed, or made by its form."""
    said = chosen.choice(originals().letters) if chosen.random() < 0.6 else _table(chosen)
    return _read(chosen, folder, saved(folder / "letter.txt", coded(chosen, said)))


def _cell(chosen: Random) -> str:
    """A cell of a table: mostly a number below 100."""
    number = chosen.random() * chosen.choice((100, 100, 100, 1, 10_000, 1e12))
    shown = f"{number:.{chosen.randrange(3)}f}".replace(".", ",")
    if chosen.random() < 0.8:
        return shown
    return chosen.choice((f"{shown} %", f"{int(number)}", ".", "-", "–", "", "0", "..", hostile.text(chosen)))  # fmt: skip


def _or(chosen: Random, usual: str, share: float = 0.06) -> str:
    """What is usual, or a text nobody means."""
    return hostile.text(chosen) if chosen.random() < share else usual


def _table(chosen: Random, signs: Sequence[str] = ("\t", "\t", ";", "   ")) -> str:
    """A table as letters print it: place, title, months across and groups down."""
    year, first = chosen.choice((2022, 2023, 22)), chosen.randrange(12)
    months = [_or(chosen, f"{name} {year}", 0.02) for name in MONTHS[first : first + chosen.randrange(1, 13)]]  # fmt: skip
    title = chosen.choice((
        "Andel personer (12 mdr. på ydelse), som har fået afholdt færre end 4 samtaler",
        "Andel personer (6 mdr. på ydelse), som ikke har fået 1 tilbud", "Antal personer, 6 mdr. på ydelse",
    ))  # fmt: skip
    sign = chosen.choice(signs)
    groups = chosen.sample(GROUPS.codes, chosen.randrange(1, 6))
    rows = [
        [_or(chosen, GROUPS[code].name("da")), *(_cell(chosen) for _ in months)] for code in groups
    ]
    lines = [sign.join(one) for one in (["", *months], *rows)]
    place = chosen.choice(("Ishøj", "Københavns Kommune", "Hele landet", chosen.choice(MUNICIPALITIES.codes)))  # fmt: skip
    return "\n".join((_or(chosen, place), _or(chosen, title), *lines)) + "\n"


def table(chosen: Random, folder: Path) -> str:
    """A CSV file: published, tidy, statements, an answer."""
    said = chosen.choice(originals().csv) if chosen.random() < 0.6 else _tidy(chosen)
    return _read(chosen, folder, saved(folder / "table.csv", coded(chosen, said)))


def _tidy(chosen: Random, signs: Sequence[str] = (",", ";", "\t")) -> str:
    """A table with a row a figure, its columns in any order."""
    names = ["municipality", "measure", "statistic", "group", "month", "published", "value"]
    more = [
        "area_kind",
        "area",
        "grp",
        "visitation",
        "category",
        "status",
        "provenance",
        "release",
        "raw",
    ]
    names = chosen.sample(names, len(names) - (chosen.random() < 0.1)) + chosen.sample(more, chosen.choice((0, 0, 0, 1, 3)))  # fmt: skip
    of = {
        "municipality": ("Køge", "183", "Ishøj"), "measure": MEASURES.codes, "area": ("183", "dk"),
        "statistic": ("share", "population", "unmet", "persons"), "group": ("total", *GROUPS.codes),
        "month": ("2023-01", "2023-02", "2023-12"), "published": ("2024-01-15",), "visitation": ("", "jobparat"),
        "category": ("", "0", "3+"), "area_kind": ("municipality", "country"), "status": ("value", "zero", "suppressed"),
    }  # fmt: skip
    sign = chosen.choice(signs)
    rows = ([_or(chosen, chosen.choice(of.get(name, (_cell(chosen),))), 0.02) for name in names] for _ in range(chosen.randrange(8)))  # fmt: skip
    return "\n".join(sign.join(one) for one in (names, *rows)) + "\n"


def workbook(chosen: Random, folder: Path) -> str:
    """An XLSX file: cells of any type and look, or its parts changed."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"nan_inf_to_errors": True}) as book:
        looks = [
            book.add_format({"num_format": form}) for form in ("0.0%", "0", "yyyy-mm", "@", ";;;")
        ]
        for number in range(chosen.choice((1, 1, 2))):
            sheet = book.add_worksheet(f"Ark {number}")
            said = chosen.choice((_table, _table, _tidy))(chosen, "\t")
            for at, line in enumerate(said.splitlines()):
                for column, cell in enumerate(line.split("\t")):
                    _write(chosen, sheet, at, column, cell, looks)
            if chosen.random() < 0.2:
                chosen.choice((sheet.hide, lambda s=sheet: s.set_column(1, 1, None, None, {"hidden": 1}), lambda s=sheet: s.merge_range(3, 1, 4, 2, "x")))()  # fmt: skip
    data = made.getvalue()
    if chosen.random() < 0.5:
        data = hostile.package(chosen, data)
    return _read(chosen, folder, saved(folder / "book.xlsx", data))


def _write(chosen: Random, sheet: Any, at: int, column: int, cell: str, looks: list[Any]) -> None:
    look = chosen.choice(looks) if chosen.random() < 0.3 else None
    try:
        number = float(cell.removesuffix(" %").replace(",", "."))
    except ValueError:
        number = None
    match chosen.randrange(200):
        case 0:
            sheet.write_formula(at, column, chosen.choice(("=1/0", "=A1", "=SUM(B2:B9)")), look, chosen.choice((0, "", "#DIV/0!", 0.28)))  # fmt: skip
        case 1:
            sheet.write_boolean(at, column, True, look)
        case 2:
            sheet.write_datetime(at, column, dt.datetime(chosen.choice((1900, 2023, 9999)), 1, 31), look or looks[2])  # fmt: skip
        case 3:
            sheet.write_number(at, column, chosen.choice((1e308, -1, 0.28, 44927, 2958466.0, 1e-300)), look)  # fmt: skip
        case _ if number is not None and abs(number) < 1e300:
            sheet.write_number(at, column, number, look)
        case _:
            sheet.write_string(at, column, cell[:32_000].encode(errors="replace").decode(), look)


def answer(chosen: Random, folder: Path) -> str:
    """An archived answer, JSON of both versions, sometimes with settings of one's own."""
    good = VERSION_2 if chosen.random() < 0.5 else VERSION_3
    if chosen.random() < 0.4:
        good = {**VERSION_3, "rows": [[chosen.choice(("2021M12", "2023M01", "2023K1", "2023", hostile.text(chosen))), chosen.choice(("Ishøj", "Hele landet", "x")), chosen.choice(("Sygedagpenge", "x")), *(chosen.choice((None, 1, 2.5, "3", *hostile.VALUES[-20:])) for _ in range(3))] for _ in range(9)]}  # fmt: skip
    return _read(chosen, folder, saved(folder / "answer.json", hostile.as_json(chosen, good)))


def archived(chosen: Random, folder: Path) -> str:
    """Settings of tables beside an answer."""
    saved(
        folder / "own" / "tables" / "supervision.toml", hostile.toml(chosen, originals().settings)
    )
    data = saved(folder / "answer.json", json.dumps(VERSION_3))
    return _read(chosen, folder, data, "--own", folder / "own")


def statistics(chosen: Random, folder: Path) -> str:
    """A JSON-stat dataset."""
    return _read(chosen, folder, saved(folder / "stat.json", hostile.as_json(chosen, originals().jsonstat)))  # fmt: skip


def parquet(chosen: Random, folder: Path) -> str:
    """A Parquet table: columns of other types, values nobody means, its bytes changed."""
    frame = changed_figures(chosen)
    made = io.BytesIO()
    frame.write_parquet(made)
    data = made.getvalue()
    return _read(chosen, folder, saved(folder / "table.parquet", hostile.data(chosen, data) if chosen.random() < 0.3 else data))  # fmt: skip


def changed_figures(chosen: Random) -> pl.DataFrame:
    frame: pl.DataFrame = originals().sample.head(chosen.choice((0, 1, 30)))
    for _ in hostile.some(chosen):
        if not frame.width:
            break
        name = chosen.choice(frame.columns)
        match chosen.randrange(6):
            case 0:
                frame = frame.drop(name)
            case 1:
                frame = frame.with_columns(pl.lit(None).alias(name))
            case 2:
                kind = chosen.choice((pl.String, pl.Int8, pl.Float32, pl.Date, pl.Binary, pl.Boolean, pl.Categorical))  # fmt: skip
                try:
                    frame = frame.with_columns(
                        pl.col(name).cast(pl.String).cast(kind, strict=False)
                    )
                except pl.exceptions.PolarsError:
                    frame = frame.drop(name)
            case 3:
                frame = frame.rename({name: hostile.text(chosen).encode(errors="replace").decode() or "x"}, strict=False) if name + "x" not in frame.columns else frame  # fmt: skip
            case 4:
                value = chosen.choice((float("nan"), float("inf"), -1.0, 1e300, 2.5))
                frame = frame.with_columns(pl.lit(value).alias(name))
            case _:
                put = hostile.text(chosen).encode(errors="replace").decode()
                frame = frame.with_columns(pl.lit(put).alias(name))
    return frame
