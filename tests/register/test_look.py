"""`register look`: extracts of any form become a mapping, and what is wrong is said all at once."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import tomllib

import polars as pl
import pytest

from tests.register.extracts import extract, write_text
from tilsyn import open_register
from tilsyn.register.pseudonyms import pseudonym
from tilsyn.register.store import open_store

MONTHS = ("--from=2022-01", "--to=2022-12", "--known-on=2023-02-15")
CPR = "070761-4285"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TILSYN_SECRET", raising=False)
    return tmp_path


def files(folder, **texts):
    """Files of a folder in Windows-1252, by stem."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_bytes(text.encode("cp1252"))
    return folder


def looked(tilsyn, folder):
    ended = tilsyn("register", "look", folder, "--format", "json")
    assert ended.code == 0, ended
    return ended.json, tomllib.loads((folder / "mapping.toml").read_text("utf-8"))


def test_an_extract_in_danish_gives_the_cells_of_the_clean_register(tilsyn, here):
    assert not tilsyn(
        *"register make clean --persons 900 --from 2022-01 --to 2022-12 -m Ishøj".split()
    ).code
    assert not tilsyn("measure", "clean", *MONTHS, "--out", "of-clean").code
    folder = extract(here / "clean", here / "udtræk")
    said, mapping = looked(tilsyn, folder)
    assert said["wrong"] == said["not_recognised"] == said["missing"] == []
    assert not any(table["unplaced"] for table in said["tables"])
    assert [(t["table"], t["unused"]) for t in said["tables"]] == [
        (name, []) for name in ("spells", "conversations", "offers", "hours", "exemptions")
    ]
    assert {t.get("encoding", "utf-8") for t in mapping["table"]} == {"utf-8", "utf-16", "cp1252"}
    ended = tilsyn("measure", "--mapping", folder / "mapping.toml", *MONTHS, "--out", "of-extract")
    assert ended.code == 0, ended
    clean, mapped = (
        pl.read_parquet(f"{name}/figures.parquet").drop("release")
        for name in ("of-clean", "of-extract")
    )
    assert clean.height > 1000 and mapped.equals(clean)
    library = open_register(folder / "mapping.toml").measure("2022-12", known_on="2023-02-15")
    assert library.frame["value"].equals(
        clean.filter(pl.col("month") == dt.date(2022, 12, 1))["value"]
    )


def test_what_has_no_known_meaning_waits_for_a_human(tilsyn, here):
    folder = files(
        here / "udtræk",
        ydelser="CPR;Kommune;Ydelse;Fra;Til\n"
        "0707614285;183 Ishøj;Kontanthjælp;01-02-2021;31-12-9999\n"
        "0707614285;Ishøj;Førtidspension;01-02-2020;31-01-2021\n",
        samtaler="CPR;Dato;Samtaletype;Status\n"
        "0707614285;05-03-2021 10:30;1. jobsamtale;Afholdt\n"
        "0707614285;05-03-2021 10:30;Jobsamtale;Aflyst\n",
    )
    said, mapping = looked(tilsyn, folder)
    spells, talks = mapping["table"]
    assert spells["values"]["group"] == {"Kontanthjælp": "kontanthjaelp", "Førtidspension": "?"}
    assert spells["values"]["municipality"] == {"183 Ishøj": "183"}
    assert talks["values"]["type"]["1. jobsamtale"] == "?"
    assert talks["keep"] == {"Status": ["Afholdt"]}
    assert said["missing"] == ["offers", "hours", "exemptions"]
    absent = ("--empty=offers", "--empty=hours", "--empty=exemptions")
    asked = ("register", "load", "--mapping", folder / "mapping.toml", "--store", "store", *absent)
    (here / "secret").write_bytes(b"s" * 32)
    refused = tilsyn(*asked, "--secret-file", "secret")
    assert refused.code == 3 and not (here / "store").exists()
    assert "2 values wait for a meaning, first 'Førtidspension' of spells.group" in refused.err
    text = (folder / "mapping.toml").read_text("utf-8")
    text = re.sub(r'^"1\. jobsamtale" = .*', '"1. jobsamtale" = "7"', text, flags=re.M)
    text = re.sub(r'^"Førtidspension" = .*', "", text, flags=re.M)
    text = text.replace("[table.values.group]", '[table.leave_out]\nYdelse = "Førtidspension"\n[table.values.group]')  # fmt: skip
    (folder / "mapping.toml").write_text(text, "utf-8")
    loaded = tilsyn(*asked, "--secret-file", "secret")
    assert loaded.code == 0, loaded
    assert re.search(r"spells +2 +1 +0 +1", loaded.out), loaded.out
    assert re.search(r"conversations +2 +1 +0 +1", loaded.out), loaded.out


def test_everything_that_is_wrong_is_said_at_once_by_column_and_reason(tilsyn, here):
    folder = files(
        here / "udtræk",
        ydelser="Borger;Kommune;Ydelse;Startdato;Slutdato\n"
        + "a;Ishøj;Kontanthjælp;01-02-2021;NULL\n" * 6
        + "b;Andeby;Ukendt;31-02-2021;snart\n" * 2
        + ";Ishøj;Kontanthjælp;01-02-2021;01-01-2021\n"
        + "c;Ishøj;Kontanthjælp\n",
    )
    said, mapping = looked(tilsyn, folder)
    assert mapping["table"][0]["values"]["end"] == {"NULL": ""}
    found = {(one["column"], one["reason"]): (one["rows"], one["first"]) for one in said["wrong"]}
    where = "ydelser.csv, row "
    assert found == {
        ("", "columns"): (1, where + "11"),
        ("person", "no_person"): (1, where + "10"),
        ("municipality", "unplaced"): (2, where + "8, column municipality ('Andeby')"),
        ("group", "unplaced"): (2, where + "8, column group ('Ukendt')"),
        ("start", "date"): (2, where + "8, column start ('31-02-2021')"),
        ("end", "date"): (2, where + "8, column end ('snart')"),
    }


def test_a_file_that_is_no_table_is_named_and_the_others_are_read(tilsyn, here):
    folder = files(
        here / "udtræk", samtaler="Borger;Samtaledato;Samtaletype\na;01-02-2021;Jobsamtale\n"
    )
    (folder / "billede.png").write_bytes(b"\x89PNG")
    (folder / "tom.csv").write_bytes(b"")
    (folder / "andet.csv").write_text("Farve;Antal\nrød;1\n")
    said, _ = looked(tilsyn, folder)
    reasons = {one["extract"]: one["reason"] for one in said["not_recognised"]}
    assert "a picture (PNG)" in reasons["billede.png"]
    assert reasons["tom.csv"] == "the file is empty"
    assert "but no column is" in reasons["andet.csv"]
    assert [table["table"] for table in said["tables"]] == ["conversations"]


def test_a_mapping_is_never_written_over_and_none_is_written_of_nothing(tilsyn, here):
    folder = files(here / "udtræk", andet="Farve;Antal\nrød;1\n")
    ended = tilsyn("register", "look", folder)
    assert (ended.code, (folder / "mapping.toml").exists()) == (3, False)
    (folder / "mapping.toml").write_text("mine")
    ended = tilsyn("register", "look", folder)
    assert ended.code == 3 and "exists already" in ended.err
    assert (folder / "mapping.toml").read_text() == "mine"


def test_no_cpr_number_is_written_into_a_mapping_or_printed(tilsyn, here):
    folder = files(
        here / "udtræk",
        samtaler=f"CPR;Samtaledato;Samtaletype;{CPR}\n"
        f"{CPR};01-02-2021;Jobsamtale;x\n{CPR};01-02-2021;om {CPR};y\n{CPR};{CPR};Jobsamtale;z\n",
    )
    for form in ("json", "text"):
        ended = tilsyn("register", "look", folder, "--format", form, "--out", f"{form}.toml")
        assert ended.code == 0, ended
        for text in (ended.out, ended.err, (here / f"{form}.toml").read_text("utf-8")):
            assert "4285" not in text


def test_tables_of_a_database_are_extracts(tilsyn, here):
    with sqlite3.connect(here / "fag.sqlite") as database:
        database.execute("CREATE TABLE tilbud (borger, redskab, startdato, slutdato)")
        rows = [("a", "Nytteindsats", "2021-03-01", None), ("b", "Nytteindsats", "2021-13-01", "x")]
        database.executemany("INSERT INTO tilbud VALUES (?, ?, ?, ?)", [rows[0], *rows])
    database.close()
    said, mapping = looked(tilsyn, here)
    (table,) = mapping["table"]
    assert (table["table"], table["database"]) == ("offers", "fag.sqlite")
    assert {(one["column"], one["rows"]) for one in said["wrong"]} == {("start", 1), ("end", 1)}


def test_months_and_hours_in_other_forms_are_found(tilsyn, here):
    folder = here / "udtræk"
    folder.mkdir()
    write_text(
        folder / "timer.csv",
        "Borger;Lønmåned;Løntimer",
        [("a", "202103", "1.000,5"), ("a", "202104", "12,25"), ("b", "202104", "7")],
    )
    said, mapping = looked(tilsyn, folder)
    (table,) = mapping["table"]
    assert (table["dates"], table["decimals"], table["thousands"]) == (["yyyymm"], ",", ".")
    assert [(one["column"], one["reason"]) for one in said["wrong"]] == [("hours", "hours_range")]


def test_extracts_that_are_read_alike_are_one_table_of_the_mapping(tilsyn, here):
    head = "Borger;Samtaledato;Samtaletype\n"
    folder = files(
        here / "udtræk",
        samtaler_1=head + "a;01-02-2021;Jobsamtale\n",
        samtaler_2=head + "a;01-03-2021;CV samtale\n",
        samtaler_3=head.replace("Borger", "CPR") + "a;01-04-2021;Jobsamtale\n",
    )
    _, mapping = looked(tilsyn, folder)
    assert [(table["files"], table["values"]["type"]) for table in mapping["table"]] == [
        (["samtaler_1.csv", "samtaler_2.csv"], {"Jobsamtale": "7", "CV samtale": "10"}),
        (["samtaler_3.csv"], {"Jobsamtale": "7"}),
    ]


def test_notes_may_run_over_lines_and_stand_beside_what_is_read(tilsyn, here):
    folder = files(
        here / "udtræk",
        samtaler='sep=;\nBorger CPR;"Note";Samtale dato;Samtale type\n'
        + 'a;"ringet\nto gange";01.02.2021;Jobsamtale\nb;;02.02.2021;7 - Jobsamtale\n',
    )
    said, mapping = looked(tilsyn, folder)
    (table,) = mapping["table"]
    assert (table["multiline"], table["header"]) == (True, 2)
    assert table["values"]["type"] == {"Jobsamtale": "7", "7 - Jobsamtale": "7"}
    assert (said["wrong"], said["tables"][0]["unused"]) == ([], ["Note"])


def test_an_end_that_is_not_found_is_told(tilsyn, here):
    folder = files(here / "udtræk", tilbud="Borger;Redskab;Tilbud start;Sidst\na;Nytteindsats;01-02-2021;x\n")  # fmt: skip
    said, _ = looked(tilsyn, folder)
    assert said["tables"][0]["absent"] == ["end", "registered"]
    assert (
        "offers: nothing found for the column end, registered"
        in tilsyn("register", "look", folder, "--out", "b.toml").err
    )


def test_json_holds_what_is_printed(tilsyn, here):
    folder = files(here / "a", samtaler="Borger;Samtaledato;Samtaletype\na;01-02-2021;Nyt\n")
    ended = tilsyn("register", "look", folder)
    assert "conversations, column type: 1 value to be filled in: 'Nyt' (1 row)" in ended.out
    assert json.loads(
        tilsyn("register", "look", folder, "--out", "b.toml", "--format", "json").out
    )["tables"][0]["unplaced"] == {"type": ["Nyt"]}


def test_a_mapping_reads_deliveries_of_other_systems_straight_into_a_store(tilsyn, here):
    folder = files(
        here / "udtræk",
        ydelsesrefusion="Uge;CPR nummer;Ydelse;Beregnet udbetalingsbeløb;Finansiering Kommunenavn\n"
        + f"2022-01-03;{CPR};Kontanthjælp;1.234,50;Ishøj\n"
        + f"2022-01-10;{CPR.replace('-', '')};Kontanthjælp;1.234,50;Ishøj\n",
        eindkomst="CPR;Lønperiode start;Lønperiode slut;011;096\n"
        + f"{CPR};2022-01-15;2022-02-14;I;31,00\n",
        samtaler=f"CPR;Samtaledato;Samtaletype\n{CPR};05-01-2022;Jobsamtale\n",
    )
    said, mapping = looked(tilsyn, folder)
    assert {one["table"] for one in said["tables"]} == {"payments", "pay_periods", "conversations"}
    assert said["missing"] == ["offers", "exemptions"]
    (payments,) = (one for one in mapping["table"] if one["table"] == "payments")
    assert payments["columns"]["benefit"] == "Ydelse"
    (here / "secret").write_bytes(b"s" * 32)
    loaded = tilsyn(
        "register", "load", "--mapping", folder / "mapping.toml", "--store", "store",
        "--secret-file", "secret", "--empty=offers", "--empty=exemptions",
    )  # fmt: skip
    assert loaded.code == 0, loaded
    (part,) = open_store(here / "store").parts
    rows = {name: len(columns["person"]) for name, columns in part.arrays().items()}
    # Two weeks of one person, however the number is written, are one spell; 31 hours are of two months.
    assert rows == {"spells": 1, "conversations": 1, "offers": 0, "hours": 2, "exemptions": 0}
    assert part.persons.to_pylist() == [pseudonym(b"s" * 32, CPR)]
