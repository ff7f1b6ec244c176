"""Files of every kind the program reads, and the commands and readers they go to.

A kind takes its chance and an empty folder, and returns how the input ended.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import sys
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import polars as pl
import xlsxwriter

from tests.figures.reading.test_answers import CSV, VERSION_2, VERSION_3
from tests.fuzz import hostile
from tests.fuzz.oracle import Broken, nothing_unfinished, refused_or, run, whole_or_absent
from tests.site.providers import test_openid as openid
from tests.site.providers import test_saml as saml
from tilsyn.cases.uploads import checked_upload
from tilsyn.exports.jsonstat import jsonstat
from tilsyn.figures import release as releases
from tilsyn.figures.reading import read_published
from tilsyn.figures.release import Release
from tilsyn.law import FOLDER as LAW
from tilsyn.measures import definitions
from tilsyn.planning import goals, milestones, record
from tilsyn.planning.capacity import read_capacity
from tilsyn.planning.sheets import ENTRY, read_worklist
from tilsyn.planning.weeks import Weeks
from tilsyn.register.synthetic import make
from tilsyn.site.providers.configuration import read_sign_in
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES, MonthRange

SOURCE = LAW.parent
SAMPLES = SOURCE / "samples"
TABLES = Path(__file__).parent.parent / "figures" / "reading" / "tables"
PDF = b"%PDF-1.7 made up"
MONTHS = (
    "Januar Februar Marts April Maj Juni Juli August September Oktober November December".split()
)

Kind = Callable[[Random, Path], str]


def _loaded(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _tables(folder: Path, *ends: str) -> list[str]:
    return [f.read_text("utf-8") for f in sorted(folder.rglob("*")) if f.suffix in ends and f.stat().st_size < 40_000]  # fmt: skip


@cache
def _good() -> SimpleNamespace:
    """What inputs are made from."""
    sample = read_published(SAMPLES / "hedensted-2022-05" / "tables.csv").figures
    return SimpleNamespace(
        letters=[*_tables(TABLES, ".txt"), *_tables(SAMPLES, ".txt")],
        csv=[*_tables(SAMPLES, ".csv"), *_tables(TABLES, ".csv"), CSV],
        jsonstat=json.loads(json.dumps(jsonstat(sample))),
        sample=sample,
        settings=_loaded(SOURCE / "figures" / "jobindsats" / "supervision.toml"),
        rules=[_loaded(f) for f in sorted((LAW / "rules").glob("*.toml"))],
        measures=[_loaded(f) for f in sorted((LAW / "measures").glob("*.toml"))],
        lists={f.name: f.read_text("utf-8") for f in sorted((LAW / "vocabulary").glob("*"))},
        goals=[_loaded(f) for f in sorted((SOURCE / "planning" / "goals").glob("*.toml"))],
        letterhead=_loaded(sorted((SOURCE / "documents" / "letterheads").glob("*.toml"))[0]),
        facts=_facts(),
    )


def _facts() -> dict[str, Any]:
    """Facts that every kind of letter can be written with."""
    said = _loaded(SAMPLES / "hedensted-2022-05" / "facts.toml")
    more = {"email": "a@example.org", "cc": ["Kontoret <kontor@example.org>"], "reply_by": dt.date(2022, 6, 1), "plan_months": 6,
            "next_follow_up": "2022-10..2022-12", "next_letter": "2023-02", "contact": "Kontoret, tlf. 1"}  # fmt: skip
    return {**said, **more, "notice": {**said["notice"], "date": dt.date(2022, 3, 1)}}


@cache
def _register(folder: Path) -> dict[str, str]:
    """A small register's files by name; made once in a folder beside the inputs'."""
    if not folder.exists():
        months = MonthRange.parse("2022-01..2023-12")
        make(folder, 40, months, 1, municipality="183", format="csv")
    found = sorted(f for f in folder.rglob("*") if f.suffix in (".csv", ".toml"))
    return {str(f.relative_to(folder)): f.read_text("utf-8") for f in found}


def _put(file: Path, content: bytes | str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(
        content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
    )
    return file


def _read(chosen: Random, folder: Path, file: Path, *more: object) -> str:
    """Read a file into a release by the command; sometimes with options nobody means."""
    target = folder / "out" / "release"
    words: list[object] = ["figures", "read", file, "--into", target, *more]
    day = "2024-05-01" if chosen.random() < 0.9 else hostile.text(chosen)
    words += [f"--published={day}"] if chosen.random() < 0.9 else []
    words += ["-m", "Ishøj"] if chosen.random() < 0.3 else []
    words += ["--seniority", chosen.choice((6, 12, 6, 12, 0, "²"))] if chosen.random() < 0.3 else []
    return whole_or_absent(run(*_argued(words)), target, releases.verify)


def _argued(words: Sequence[object]) -> list[str]:
    """Words as a shell can hand them over: no NUL, and surrogates only where bytes are no UTF-8."""
    return [str(word).replace("\0", "").encode("utf-8", "replace").decode() for word in words]


def letter(chosen: Random, folder: Path) -> str:
    """A letter's or note's text: a good one changed, or made by its form."""
    said = chosen.choice(_good().letters) if chosen.random() < 0.6 else _table(chosen)
    return _read(chosen, folder, _put(folder / "letter.txt", _text(chosen, said)))


def _text(chosen: Random, good: str) -> bytes:
    if chosen.random() < 0.15:
        return hostile.data(chosen, good.encode())
    code = chosen.choices(("utf-8", "cp1252", "utf-16", "utf-8-sig"), (20, 2, 1, 1))[0]
    return hostile.written(chosen, good).encode(code, "replace")


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
    said = chosen.choice(_good().csv) if chosen.random() < 0.6 else _tidy(chosen)
    return _read(chosen, folder, _put(folder / "table.csv", _text(chosen, said)))


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
    return _read(chosen, folder, _put(folder / "book.xlsx", data))


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
    return _read(chosen, folder, _put(folder / "answer.json", hostile.as_json(chosen, good)))


def archived(chosen: Random, folder: Path) -> str:
    """Settings of tables beside an answer."""
    file = _put(folder / "tables.toml", hostile.toml(chosen, _good().settings))
    data = _put(folder / "answer.json", json.dumps(VERSION_3))
    return _read(chosen, folder, data, "--tables", file)


def statistics(chosen: Random, folder: Path) -> str:
    """A JSON-stat dataset."""
    return _read(chosen, folder, _put(folder / "stat.json", hostile.as_json(chosen, _good().jsonstat)))  # fmt: skip


def parquet(chosen: Random, folder: Path) -> str:
    """A Parquet table: columns of other types, values nobody means, its bytes changed."""
    frame = _frame(chosen)
    made = io.BytesIO()
    frame.write_parquet(made)
    data = made.getvalue()
    return _read(chosen, folder, _put(folder / "table.parquet", hostile.data(chosen, data) if chosen.random() < 0.3 else data))  # fmt: skip


def _frame(chosen: Random) -> pl.DataFrame:
    frame: pl.DataFrame = _good().sample.head(chosen.choice((0, 1, 30)))
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


def rule(chosen: Random, folder: Path) -> str:
    """A rule file: checked, and sometimes judged by."""
    file = _put(folder / "rules" / "own.toml", hostile.toml(chosen, chosen.choice(_good().rules)))
    code = run("rules", "check", file)
    if chosen.random() < 0.15:
        day = chosen.choice(("2022-05-15", "2024-02-01", "0001-01-01", "9999-12-31"))
        run("judge", SAMPLES / "hedensted-2022-05" / "tables.csv", "--on", day, "--rules", file)
    return f"refused {code}" if code else "taken"


def definition(chosen: Random, folder: Path) -> str:
    """A measure definition of one's own, or the shipped seniority changed."""
    good = chosen.choice(_good().measures)
    if "measure" in good:
        words = {key: f"Egen {key}" for key in ("da", "en", "da_unmet", "en_unmet")}
        good = {**good, "measure": f"own_{chosen.randrange(10**6)}", "words": words}
    name = "own.toml" if "measure" in good else "seniority.toml"
    _put(folder / "own" / name, hostile.toml(chosen, good))
    return refused_or(lambda: definitions.load(folder / "own"))


def goal(chosen: Random, folder: Path) -> str:
    """A goal file."""
    good = chosen.choice(_good().goals)
    good = good if chosen.random() < 0.5 else {**good, "line": [{"measures": ["conversations_12m"], "groups": ["total"], "months": "2023-01..2023-03", "threshold": 20}]}  # fmt: skip
    file = _put(folder / "goal.toml", hostile.toml(chosen, good))
    return refused_or(lambda: goals.find(str(file)))


_CAPACITY = {
    "closed": [dt.date(2024, 12, 27)],
    "unit": [{"team": "north", "conversations_per_week": 10, "offers_per_week": 3,
              "change": [{"from": dt.date(2024, 4, 8), "to": dt.date(2024, 5, 1), "conversations_per_week": 0}]},
             {"caseworker": "A. A.", "conversations_per_week": 3}],
}  # fmt: skip


def capacity(chosen: Random, folder: Path) -> str:
    """A capacity file, and its room week by week."""
    file = _put(folder / "capacity.toml", hostile.toml(chosen, _CAPACITY))
    weeks = Weeks.beginning(dt.date(2024, 3, 18), 8)
    return refused_or(lambda: read_capacity(file).by_week(weeks))


def facts(chosen: Random, folder: Path) -> str:
    """Facts, a letterhead, texts or milestones of one's own: a letter is written with them, or none."""
    words: list[object] = []
    good = _good()
    which = chosen.choice(("facts", "facts", "letterhead", "milestones"))
    said = {"facts": good.facts, "letterhead": good.letterhead, "milestones": {"milestones": [{"measure": "conversations_6m", "group": "total", "month": "2022-09", "population": 10, "unmet": 1, "share": 10}]}}[which]  # fmt: skip
    words += [f"--{which}", _put(folder / f"{which}.toml", hostile.toml(chosen, said))]
    kind = chosen.choice(
        ("notice", "notice", "decision", "restoration-plan", "orientation", "warning")
    )
    target = folder / "letters"
    form = chosen.choices(("html", "docx", "eml"), (6, 2, 1))[0]
    code = run("letter", kind, "--source", SAMPLES / "hedensted-2022-05" / "tables.csv", "-m", "Hedensted",
               "--on", "2022-05-15", "--format", form, "--out", target, *words)  # fmt: skip
    return whole_or_absent(code, target, lambda found: next(found.iterdir()))


def lists(chosen: Random, folder: Path) -> str:
    """A code list of one's own: the vocabulary is made anew of it, as when a process begins."""
    name = chosen.choice(
        ("groups.toml", "measures.toml", "offer_kinds.csv", "conversation_types.csv")
    )
    good = _good().lists[name]
    content = (
        hostile.toml(chosen, tomllib.loads(good)) if name.endswith("toml") else _text(chosen, good)
    )
    _put(folder / "own" / name, content)
    kept = {one: module for one, module in sys.modules.items() if one.split(".")[0] == "tilsyn"}
    for one in kept:
        del sys.modules[one]
    os.environ["TILSYN_LISTS"] = str(folder / "own")
    try:
        import tilsyn.register.codes as codes

        codes.read(None)
        return "taken"
    except Exception as error:
        if "TilsynError" not in {one.__name__ for one in type(error).__mro__}:
            raise
        if "\n" in str(error):
            raise Broken(f"not one line: {str(error)!r}") from error
        return "refused 3"
    finally:
        del os.environ["TILSYN_LISTS"]
        for one in [one for one in sys.modules if one.split(".")[0] == "tilsyn"]:
            del sys.modules[one]
        sys.modules.update(kept)


def release(chosen: Random, folder: Path) -> str:
    """A release's folder: its manifest, anomalies or figures changed; shown, judged, corrected, protected."""
    made = folder / "in" / "release"
    releases.write(Release("release", dt.date(2022, 5, 1), _good().sample), made)
    match chosen.randrange(4):
        case 0:
            odd = [{"kind": "reading", "da": "x", "en": "x", "cells": []}]
            _put(made / releases.ANOMALIES, hostile.as_json(chosen, odd))
        case 1:
            with io.BytesIO() as data:
                _frame(chosen).write_parquet(data)
                _put(made / releases.FIGURES, data.getvalue() if chosen.random() < 0.7 else hostile.data(chosen, data.getvalue()))  # fmt: skip
        case _:
            own = [{"code": "own_x", "da": "x", "en": "x", "da_unmet": "x", "en_unmet": "x"}]
            said = {**_loaded(made / releases.MANIFEST), "set_aside": {"spells": {"date": 1}}, "own_measures": own, "supersedes": "x", "reason": "y"}  # fmt: skip
            _put(made / releases.MANIFEST, hostile.toml(chosen, said))
    target = folder / "out"
    words = chosen.choice((
        ("figures", "show", made), ("judge", made, "--on", "2022-05-15"), ("judge", folder / "in", "--on", "2022-05-15", "--format", "json"),
        ("figures", "protect", made, "--out", target), ("figures", "audit", made),
        ("figures", "export", made, "--out", target, "--format", chosen.choice(("csv", "xlsx", "jsonstat"))),
        ("figures", "revisions", made), ("figures", "diff", made, SAMPLES / "hedensted-2022-05" / "tables.csv"),
    ))  # fmt: skip
    code = run(*words)
    if "--out" in words:
        return whole_or_absent(code, target, lambda found: found.stat())
    return f"refused {code}" if code else "taken"


_ASSISTANCE = """municipality,quarter,contacted,status,accepted_on,kinds
Ishøj,2021-Q3,2021-07-15,in_progress,2021-08-01,workflow_analysis;data_analysis
Køge,2021-Q3,2021-07-15,declined,,
183,2021-Q2,2021-04-15,undecided,,
"""


def assistance(chosen: Random, folder: Path) -> str:
    """The assistance offered, into the report to the committee."""
    samples = _tables(SAMPLES / "committee-2021-09" / "assistance", ".csv")
    said = _text(chosen, chosen.choice((_ASSISTANCE, "status,count\nin_progress,3\ndeclined,1\n", *samples)))  # fmt: skip
    target = folder / "report"
    code = run("report", "committee", "--source", SAMPLES / "committee-2021-09" / "statements.csv", "--on", "2021-09-01",
               "--assistance", _put(folder / "assistance.csv", said), "--format", "html", "--out", target)  # fmt: skip
    return whole_or_absent(code, target, lambda found: next(found.iterdir()))


_WORKLIST = ",".join(ENTRY) + "\n" + "\n".join(
    ",".join({"first_day": "2024-03-04", "last_day": "2024-03-08", "person": f"p{n}", "measures": "conversations_6m;conversations_12m",
              "week": "2024-W10", "kind": "conversation"}.get(name, "x") for name in ENTRY) for n in range(3)
) + "\n"  # fmt: skip
_PLAN = {"municipality": "183", "first": dt.date(2024, 3, 4), "weeks": 26, "goal": "lines", "content": "x",
         "plan": {"conversations": 3}, "line": [{"measure": "conversations_6m"}]}  # fmt: skip


def worklist(chosen: Random, folder: Path) -> str:
    """A plan's worklist, record and milestones, and the list of people who stand behind its pseudonyms."""
    match chosen.randrange(4):
        case 0:
            file = _put(folder / "worklist.csv", _text(chosen, _WORKLIST))
            return refused_or(lambda: read_worklist(file))
        case 1:
            _put(folder / record.FILE, hostile.toml(chosen, _PLAN))
            return refused_or(lambda: record.read(folder))
        case 2:
            good = {"milestones": [{"measure": "conversations_6m", "group": "total", "month": "2023-09", "population": 9, "unmet": 1, "share": 11}]}  # fmt: skip
            file = _put(folder / "milestones.toml", hostile.toml(chosen, good))
            return refused_or(lambda: milestones.read(file))
    named = "cpr;reference;name\n620190-1111;22/1;A. A.\n6201902222;22/2;B. B.\n"
    target = folder / "out" / "named.csv"
    secret = _put(folder / "secret", hostile.text(chosen) if chosen.random() < 0.1 else "a secret of more than thirty-two bytes")  # fmt: skip
    code = run("worklist", "identify", _put(folder / "worklist.csv", _text(chosen, _WORKLIST)), "--people",
               _put(folder / "people.csv", _text(chosen, named)), "--out", target, "--purpose", "x",
               "--secret-file", secret, "--log", folder / "looks.jsonl")  # fmt: skip
    target.parent.mkdir(exist_ok=True)
    return whole_or_absent(code, target, lambda found: found.stat())


def register(chosen: Random, folder: Path) -> str:
    """A register's tables and coverage."""
    good = _register(folder.parent / "good-register")
    changed = chosen.choice(list(good))
    place = folder / "register"
    for name, content in good.items():
        if name != changed:
            _put(place / name, content)
        elif name.endswith("toml"):
            _put(place / name, hostile.toml(chosen, tomllib.loads(content)))
        elif chosen.random() < 0.9:
            _put(place / name, _text(chosen, content))
        else:
            _put(place / name.replace(".csv", ".parquet"), hostile.data(chosen, _as_parquet(content)))  # fmt: skip
    return _register_into(chosen, folder, place)


def _register_into(chosen: Random, folder: Path, place: Path) -> str:
    aside = ("--set-aside", folder / "aside.csv")
    if chosen.random() < 0.8:
        code = run("register", "check", place, *aside)
        nothing_unfinished(folder)
        return f"refused {code}" if code else "taken"
    store = folder / "store"
    code = run("register", "load", place, "--store", store, *aside)
    return whole_or_absent(code, store, lambda found: found.stat())


def _as_parquet(content: str) -> bytes:
    made = io.BytesIO()
    pl.read_csv(content.encode(), infer_schema_length=0, separator=";" if ";" in content.split("\n")[0] else ",").write_parquet(made)  # fmt: skip
    return made.getvalue()


_DELIVERED = {
    "ydelsesrefusion": "Uge;CPR nummer;Ydelse;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;Refusionssats;"
    "Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb;Finansiering Kommunenavn\n"
    '2024-01-01;620190-1111;"Kontanthjælp";;1.234,50;30,00;370,35;70;0,00;Ishøj\n'
    '2024-01-08;620190-1111;"Kontanthjælp";;1.234,50;30,00;370,35;70;0,00;Ishøj\n',
    "dfdg": "CPR-nr;Samtaledato;Samtaletype;Registreret\n620190-1111;2023-02-01;4;2023-02-02\n6201902222;2023-03-01;7;2023-03-02\n",
    "eindkomst": "CPR;Periode;Timer\n6201901111;202301;37,5\n6201902222;202302;12\n",
}  # fmt: skip


def delivery(chosen: Random, folder: Path) -> str:
    """A municipal delivery, and maps of one's own."""
    source = chosen.choice(tuple(_DELIVERED))
    file = _put(folder / "delivery.csv", _text(chosen, _DELIVERED[source]))
    words: list[object] = []
    if chosen.random() < 0.4:
        maps = {"columns.csv": "source,column,name\nconversations,person,CPR-nr\nconversations,held,Samtaledato\n",
                "benefits.csv": "benefit,group\nKontanthjælp,kontanthjaelp\n", "interviews.csv": "code,type\n4,4\n"}  # fmt: skip
        name = chosen.choice(tuple(maps))
        _put(folder / "codes" / name, _text(chosen, maps[name]))
        words = ["--codes", folder / "codes"]
    target = folder / "out" / "register"
    code = run("register", "from", source, file, "--out", target, *words)
    target.parent.mkdir(exist_ok=True)
    return whole_or_absent(code, target, lambda found: found.stat())


def upload(chosen: Random, folder: Path) -> str:
    """A file sent to the site: heads and packages that are not what they say."""
    return refused_or(lambda: checked_upload(*sent(chosen)))


def sent(chosen: Random) -> tuple[str, bytes]:
    """The name and bytes of an upload."""
    end = chosen.choice((".pdf", ".docx", ".xlsx", ".PDF", ".exe", "", ".docx.pdf"))
    stem = chosen.choice(("svar", hostile.text(chosen), "010190-1234", "a" * 250))
    match chosen.randrange(4):
        case 0:
            data = hostile.data(chosen, PDF)
        case 1:
            data = chosen.choice((b"", b"PK\x03\x04", b"%PDF-", b"MZ", chosen.randbytes(60)))
        case _:
            data = hostile.package(chosen, office(chosen.choice(("word/document.xml", "xl/workbook.xml"))))  # fmt: skip
    return f"{stem}{end}", data


@cache
def office(part: str) -> bytes:
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("[Content_Types].xml", "_rels/.rels", part):
            packed.writestr(name, "<x>a b c 1</x>\n" * 20)
    return made.getvalue()


_SIGN_IN = tomllib.loads(
    openid.FILE.format(url="https://a.example")
    + saml.FILE.format(entity="https://b.example", certificate="x", key="x")
)


def sign_in(chosen: Random, folder: Path) -> str:
    """The settings of sign-in providers."""
    file = _put(folder / "sign-in.toml", hostile.toml(chosen, _SIGN_IN))
    return refused_or(lambda: read_sign_in(str(file)).as_allauth_has_them())


def options(chosen: Random, folder: Path) -> str:
    """Good files and options nobody means."""
    sample = SAMPLES / "hedensted-2022-05" / "tables.csv"
    target = folder / "out" / "o"
    template: tuple[object, ...] = chosen.choice((
        ("judge", sample, "--on", "2022-05-15", "-m", "Hedensted", "-r", "early_effort"),
        ("follow-up", sample, "--on", "2022-05-15", "-m", "Hedensted", "--months", "2022-01..2022-02"),
        ("figures", "show", sample, "-m", "Hedensted", "--measure", "conversations_6m", "--months", "2021-12..2022-02", "--known-on", "2022-06-01"),
        ("figures", "audit", sample, "--smallest", "3", "--zeros", "seen"),
        ("figures", "export", sample, "--out", target, "--format", "csv"),
        ("rules", "show", "early_effort", "--on", "2022-05-15"),
        ("rules", "diff", "early_effort", "2022-05-15", "2024-05-15"),
        ("letter", "facts", "--source", sample, "-m", "Hedensted", "--on", "2022-05-15", "--reference", "22/1", "--out", target),
        ("register", "make", target, "--persons", "5", "--from", "2023-01", "--to", "2023-02", "--seed", "1", "-m", "Ishøj"),
        ("register", "reconstruct", sample, "-m", "Hedensted", "--month", "2022-01", "--out", target),
        ("measure", folder, "--from", "2023-01", "--to", "2023-02", "--known-on", "2024-01-01", "--out", target),
        ("explain", folder, "-m", "Ishøj", "--measure", "conversations_6m", "--month", "2023-01"),
        ("plan", folder, "-m", "Ishøj", "--from", "2024-01-08", "--capacity", sample, "--weeks", "4", "--what-if", "capacity+20%", "--out", target),
        ("outlook", folder, "-m", "Ishøj", "--on", "2024-01-08"),
        ("documents", "seal", sample, "--into", target, "--on", "2024-01-01"),
        ("note", "status", "--source", sample, "-m", "Hedensted", "--on", "2022-05-15", "--out", target, "--format", "html"),
        ("looks", "--log", folder / "looks.jsonl"),
    ))  # fmt: skip
    words = list(template)
    for _ in hostile.some(chosen):
        at = chosen.randrange(1, len(words))
        if not str(words[at - 1]).startswith("--persons"):
            words[at] = hostile.text(chosen)
    os.chdir(folder)
    code = run(*_argued(words))
    nothing_unfinished(folder)
    return f"refused {code}" if code else "taken"


KINDS: dict[str, tuple[int, Kind]] = {
    "letter": (26, letter), "table": (26, table), "workbook": (14, workbook), "answer": (12, answer),
    "archived": (4, archived), "statistics": (9, statistics), "parquet": (7, parquet), "rule": (10, rule),
    "definition": (10, definition), "goal": (8, goal), "capacity": (8, capacity), "facts": (6, facts),
    "lists": (4, lists), "release": (8, release), "assistance": (3, assistance), "worklist": (8, worklist),
    "register": (5, register), "delivery": (6, delivery), "upload": (10, upload), "sign_in": (4, sign_in),
    "options": (8, options),
}  # fmt: skip
"""By name: its share, and what makes and tries an input."""
