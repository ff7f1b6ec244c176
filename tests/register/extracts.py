"""A register as a municipality's data consultant extracts it: nothing is written as the contract asks.

Danish headings, Windows-1252, ";", 31-12-2023, decimal commas, names instead of codes, 31-12-9999 for what
goes on, rows twice, one table as a workbook.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
import xlsxwriter

from tilsyn.vocabulary import GROUPS, MUNICIPALITIES, VISITATION, lists

NO_END = "31-12-9999"

Rows = Iterable[Sequence[object]]


def danish(text: str | None) -> str:
    """An ISO date as Danes write it."""
    return "" if not text else dt.date.fromisoformat(text).strftime("%d-%m-%Y")


def named(file: str) -> dict[str, str]:
    return {str(row["code"]): str(row["name"]) for row in lists.rows(file)}


def write_text(file: Path, headings: str, rows: Rows, *, encoding: str = "cp1252") -> None:
    lines = [headings, *(";".join(map(str, row)) for row in rows)]
    file.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))


def write_sheet(file: Path, headings: str, rows: Rows) -> None:
    """A workbook with a title above its table; dates are dates."""
    with xlsxwriter.Workbook(file) as book:
        sheet, date = book.add_worksheet("Udtræk"), book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write(0, 0, "Udtræk fra fagsystemet")
        sheet.write_row(2, 0, headings.split(";"))
        for at, row in enumerate(rows, 3):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(at, column, dt.datetime(*value.timetuple()[:3]), date)
                else:
                    sheet.write(at, column, value)


def extract(register: Path, folder: Path) -> Path:
    """The tables of a register of CSV files in this manner; also what it covers."""
    folder.mkdir(parents=True)
    types, kinds = named("conversation_types.csv"), named("offer_kinds.csv")

    def read(table: str) -> list[tuple[str, ...]]:
        frame = pl.read_csv(register / f"{table}.csv", infer_schema=False)
        return frame.with_columns(pl.all().fill_null("")).rows()

    def ends(text: str) -> str:
        return danish(text) or NO_END

    spells = [
        (p, MUNICIPALITIES[m].name, GROUPS[g].da, VISITATION[v].da if v else "", danish(s), ends(e))
        for p, m, g, v, s, e in read("spells")
    ]
    write_text(
        folder / "Ydelsesforløb 2023.csv",
        "Borger-id;Bopælskommune;Ydelse;Visitationskategori;Startdato;Slutdato",
        [*spells, *spells[:25]],
    )
    talks = [(p, types[t], danish(h), danish(r)) for p, h, t, r in read("conversations")]
    half = len(talks) // 2
    for year, some in (("2022", talks[:half]), ("2023", [*talks[half:], *talks[-10:]])):
        write_text(
            folder / f"samtaler_{year}.csv",
            "BorgerID;Samtaletype;Samtaledato;Registreringsdato",
            some,
        )
    offers = [
        (
            p,
            kinds[k],
            dt.date.fromisoformat(s),
            dt.date.fromisoformat(e) if e else dt.date(9999, 12, 31),
            "" if not r else dt.date.fromisoformat(r),
        )
        for p, k, s, e, r in read("offers")
    ]
    write_sheet(
        folder / "Aktiveringstilbud.xlsx",
        "Borger-id;Tilbudstype;Fra dato;Til dato;Oprettet",
        offers,
    )
    write_text(
        folder / "ordinære timer.csv",
        "Borger;Måned;Antal timer",
        [(p, f"{m[5:]}-{m[:4]}", h.replace(".", ",")) for p, m, h in read("hours")],
        encoding="utf-8-sig",
    )
    scopes = {"offers": "Tilbud", "conversations": "Samtaler"}
    write_text(
        folder / "fritagelser.csv",
        "CPR-nr;Fritaget for;Gyldig fra;Gyldig til",
        [(p, scopes[s], danish(b), ends(e)) for p, s, b, e in read("exemptions")],
        encoding="utf-16",
    )
    (folder / "coverage.toml").write_bytes((register / "coverage.toml").read_bytes())
    return folder
