"""`tilsyn plan` and `tilsyn worklist`: from a store to a worklist, its people and its progress."""

from __future__ import annotations

import csv
import datetime as dt
import json
import stat
import tomllib
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from tilsyn.planning import sheets

FIRST = dt.date(2024, 3, 4)
SECRET = "a secret of more than thirty-two bytes"
CPR = [f"010180{1000 + n}" for n in range(12)]

CAPACITY = """
[[unit]]
conversations_per_week = {number}
offers_per_week = {number}
"""
PLENTY = CAPACITY.format(number=20)
TEAMS = """
[[unit]]
team = "north"
conversations_per_week = 1

[[unit]]
team = "south"
conversations_per_week = 5
"""
GOAL = """
name = "own"
title = { da = "egen", en = "own" }
duty = true
margin = 1

[[line]]
measures = ["conversations_12m", "conversations_6m"]
threshold = 20
"""


def table(folder: Path, name: str, header: str, rows: list[str]) -> None:
    (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


@pytest.fixture
def register(tmp_path):
    """Twelve persons: six for years on kontanthjælp, six new on sygedagpenge in January."""
    folder = tmp_path / "register"
    folder.mkdir()
    table(
        folder,
        "spells",
        "person,municipality,group,visitation,start,end",
        [f"{p},183,kontanthjaelp,jobparat,2021-05-01," for p in CPR[:6]]
        + [f"{p},183,sygedagpenge,,2024-01-{10 + n},".strip() for n, p in enumerate(CPR[6:])],
    )
    table(
        folder,
        "conversations",
        "person,held,type,registered",
        [f"{CPR[0]},2023-{m:02d}-10,4," for m in (6, 8, 10, 12)] + [f"{CPR[6]},2024-02-20,4,"],
    )
    table(folder, "offers", "person,kind,start,end,registered", [])
    table(folder, "hours", "person,month,hours", [])
    table(folder, "exemptions", "person,scope,start,end", [])
    table(
        folder,
        "bookings",
        "person,date,type,status",
        [f"{CPR[1]},2024-03-12,4,booked", f"{CPR[2]},2024-02-28,4,no_show"],
    )
    table(
        folder,
        "caseworkers",
        "person,team,caseworker,start,end",
        [f"{p},{'north' if n < 6 else 'south'},A. A.,2023-01-01," for n, p in enumerate(CPR)],
    )
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "goal.toml").write_text(GOAL)
    return folder


@pytest.fixture
def store(register, tmp_path, tilsyn):
    place = tmp_path / "store"
    ended = tilsyn("register", "load", register, "--store", place,
                   "--secret-file", tmp_path / "secret")  # fmt: skip
    assert ended.code == 0, ended.err
    return place


@pytest.fixture
def planned(store, tmp_path, tilsyn):
    def run(*more, capacity=PLENTY, out="plan", weeks=26, goal="goal.toml"):
        file = tmp_path / "capacity.toml"
        file.write_text(capacity)
        return tilsyn(
            "plan", store, "-m", "Ishøj", "--from", FIRST, "--weeks", weeks,
            "--capacity", file, "--goal", tmp_path / goal if goal.endswith("toml") else goal,
            "--out", tmp_path / out, *more,
        )  # fmt: skip

    return run


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def name_of(cpr: str) -> str:
    from tilsyn.register.pseudonyms import pseudonym

    return pseudonym(SECRET.encode(), cpr)


def test_the_worklist_says_whom_when_by_when_and_why(planned, tmp_path):
    ended = planned()
    assert ended.code == 0, ended.err
    entries = rows(tmp_path / "plan" / "worklist.csv")
    new = [e for e in entries if e["person"] == name_of(CPR[7])]
    assert [e["kind"] for e in new if e["kind"] == "conversations"] == ["conversations"] * 4
    assert "Tidlig indsats: 0 af 4 samtaler er holdt" in new[0]["reason"]
    assert new[0]["measures"] == "conversations_6m"
    for entry in entries:
        assert entry["first_day"] <= entry["last_day"]
        assert dt.date.fromisoformat(entry["first_day"]) >= FIRST


def test_a_booking_takes_room_and_counts_and_whoever_stayed_away_comes_first(planned, tmp_path):
    assert planned(capacity=CAPACITY.format(number=2)).code == 0
    entries = rows(tmp_path / "plan" / "worklist.csv")
    booked = [e for e in entries if e["status"] == "booked"]
    assert [(e["person"], e["first_day"]) for e in booked] == [(name_of(CPR[1]), "2024-03-12")]
    first = [e for e in entries if e["week"] == "2024-W10"]
    assert name_of(CPR[2]) in {e["person"] for e in first}
    (again,) = [e for e in first if e["person"] == name_of(CPR[2]) and e["kind"] == "conversations"]
    assert again["reason"].startswith("Udeblev 28. februar 2024")
    taken = [e for e in entries if e["week"] == "2024-W11" and e["kind"] == "conversations"]
    assert len(taken) <= 2
    assert name_of(CPR[1]) in {e["person"] for e in taken}


def test_each_team_has_its_own_room(planned, tmp_path):
    assert planned(capacity=TEAMS).code == 0
    load = rows(tmp_path / "plan" / "load.csv")
    for row in load:
        assert int(row["planned_anew"]) + int(row["booked"]) <= int(row["room"])
    north = sum(
        int(r["planned_anew"]) for r in load if (r["unit"], r["kind"]) == ("north", "conversations")
    )
    assert north > 0
    teams = {e["person"]: e["team"] for e in rows(tmp_path / "plan" / "worklist.csv")}
    assert teams[name_of(CPR[2])] == "north"


def test_a_team_without_room_in_the_file_is_named(planned):
    ended = planned(capacity='[[unit]]\nteam = "north"\nconversations_per_week = 1\n')
    assert ended.code == 3
    assert "no unit for the team 'south'" in ended.err


def test_the_folder_is_whole_private_and_never_overwritten(planned, tmp_path):
    assert planned().code == 0
    folder = tmp_path / "plan"
    names = {file.name for file in folder.iterdir()}
    assert {"worklist.csv", "worklist.xlsx", "worklist.ics", "duty.csv", "load.csv", "outlook.csv",
            "milestones.toml", "plan.toml", "load-conversations.png"} <= names  # fmt: skip
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    again = planned()
    assert again.code == 3
    assert "exists already" in again.err
    assert not list(tmp_path.glob(".plan*"))


def test_the_same_store_gives_the_same_files(planned, tmp_path):
    assert planned(out="one").code == planned(out="other").code == 0
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes(), file.name


def test_the_duty_list_holds_everybody_planned_or_not(planned, tmp_path):
    assert planned(capacity=CAPACITY.format(number=0)).code == 0
    duty = rows(tmp_path / "plan" / "duty.csv")
    assert {d["person"] for d in duty} >= {name_of(p) for p in CPR[1:]}
    assert {d["state"] for d in duty} == {"no_room"}
    assert not [e for e in rows(tmp_path / "plan" / "worklist.csv") if e["status"] == "planned"]


def test_no_room_at_all_is_said_and_is_no_error(planned):
    ended = planned(capacity=CAPACITY.format(number=0))
    assert ended.code == 0
    assert "Der er ingen plads i kapaciteten" in ended.out


def test_what_is_missing_and_what_would_help_is_said(planned, tmp_path):
    ended = planned(capacity=CAPACITY.format(number=1))
    assert ended.code == 0
    assert "for mange (højst" in ended.out
    found = tomllib.loads((tmp_path / "plan" / "plan.toml").read_text())
    assert found["plan"]["over"] > 0
    percent = found["advice"]["capacity_percent"]
    assert found["advice"]["least_capacity_percent"] <= percent
    assert f"{percent} %" in ended.out
    held = planned("--what-if", f"capacity+{percent}%", out="more")
    assert held.code == 0
    with (tmp_path / "more" / "plan.toml").open("rb") as file:
        more = tomllib.load(file)["what_if"][0]
    assert more["over"] == more["lost"]


def test_what_ifs_stand_side_by_side(planned):
    ended = planned("--what-if", "capacity+50%", "--what-if", "goal=duty,spacing=7", "-l", "en",
                    capacity=CAPACITY.format(number=2))  # fmt: skip
    assert ended.code == 0
    assert "Side by side" in ended.out
    assert "capacity+50%" in ended.out
    assert "goal=duty,spacing=7" in ended.out


@pytest.mark.parametrize(
    "text", ["capacity", "capacity+x%", "goal=nowhere", "margin=-1", "spacing=0", "spacing=x"]
)
def test_a_what_if_that_is_not_understood_is_refused(planned, text):
    ended = planned("--what-if", text)
    assert ended.code == 2
    assert "--" in ended.err


def test_everybody_already_met_is_a_plan_of_nothing(planned, tmp_path, tilsyn, register):
    held = [f"{p},2024-0{m}-{d},4," for p in CPR for m, d in ((1, 22), (1, 29), (2, 12), (2, 26))]
    table(register, "conversations", "person,held,type,registered", held)
    table(register, "bookings", "person,date,type,status", [])
    goal = tmp_path / "talks.toml"
    goal.write_text(GOAL.replace("duty = true", "duty = false"))
    load = tilsyn("register", "load", register, "--store", tmp_path / "store",
                  "--secret-file", tmp_path / "secret")  # fmt: skip
    assert load.code == 0
    ended = planned(goal="talks.toml")
    assert ended.code == 0
    assert "Alle mål holdes i hver måned." in ended.out
    assert rows(tmp_path / "plan" / "worklist.csv") == []


def test_nobody_in_the_municipality_is_said(store, tmp_path, tilsyn):
    (tmp_path / "capacity.toml").write_text(CAPACITY.format(number=1))
    ended = tilsyn("plan", store, "-m", "Læsø", "--from", FIRST, "--goal", "duty",
                   "--capacity", tmp_path / "capacity.toml", "--out", tmp_path / "p")  # fmt: skip
    assert ended.code == 3
    assert "nobody in Læsø is on a benefit on 2024-03-03" in ended.err


def test_too_many_weeks_are_refused(planned):
    ended = planned(weeks=45)
    assert ended.code == 2
    assert "at most 44 weeks" in ended.err


def test_a_plan_is_not_written_into_a_store(planned, store):
    ended = planned(out="store/plan")
    assert ended.code == 5
    assert "lies in the store" in ended.err


def test_the_workbook_has_worklist_duty_list_load_and_outlook(planned, tmp_path):
    assert planned().code == 0
    book = CalamineWorkbook.from_path(tmp_path / "plan" / "worklist.xlsx")
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert list(sheets) == ["Indkaldelser", "Hvad der er krav på", "Belastning", "Udsigt"]
    assert len(sheets["Indkaldelser"]) == 1 + len(rows(tmp_path / "plan" / "worklist.csv"))
    assert sheets["Indkaldelser"][0][:4] == ["Person", "Hvad", "Uge", "Fra"]


def test_the_calendar_has_an_entry_for_each_call_in(planned, tmp_path):
    assert planned().code == 0
    text = (tmp_path / "plan" / "worklist.ics").read_text()
    assert text.count("BEGIN:VEVENT") == len(rows(tmp_path / "plan" / "worklist.csv"))
    assert all(len(line.encode()) <= 75 for line in text.splitlines())


def test_the_plan_can_be_had_by_a_program(planned):
    ended = planned("--format", "json")
    assert ended.json["municipality"] == "183"
    assert ended.json["plan"]["conversations"] > 0


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "people.csv"
    listed = [f"{cpr[:6]}-{cpr[6:]};24/{n:04d};Person {n}" for n, cpr in enumerate(CPR)]
    file.write_text("\n".join(["cpr;reference;name", *listed]) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def identify(tilsyn, people, tmp_path, monkeypatch):
    monkeypatch.setenv("TILSYN_LOOKS_LOG", str(tmp_path / "log" / "seen.jsonl"))

    def run(file, *more, out="named.csv", purpose="indkaldelse, uge 10"):
        return tilsyn("worklist", "identify", file, "--people", people, "--purpose", purpose,
                      "--secret-file", tmp_path / "secret", "--out", tmp_path / out, *more)  # fmt: skip

    return run


def test_pseudonyms_become_references_and_names_and_it_is_logged(planned, identify, tmp_path):
    assert planned().code == 0
    ended = identify(tmp_path / "plan" / "worklist.csv")
    assert ended.code == 0, ended.err
    entries, named = rows(tmp_path / "plan" / "worklist.csv"), rows(tmp_path / "named.csv")
    who = {name_of(cpr): (f"24/{n:04d}", f"Person {n}") for n, cpr in enumerate(CPR)}
    assert [(n["reference"], n["name"], n["week"]) for n in named] == [
        (*who[e["person"]], e["week"]) for e in entries
    ]
    text = (tmp_path / "named.csv").read_text()
    assert "person" not in text.splitlines()[0].split(",")
    assert not any(cpr in text.replace("-", "") for cpr in CPR)
    assert stat.S_IMODE((tmp_path / "named.csv").stat().st_mode) == 0o600
    log = tmp_path / "log" / "seen.jsonl"
    made, line = map(json.loads, log.read_text().splitlines())
    assert (made["look"], made["persons"]) == ("plan", len(CPR))
    assert line["look"] == "identify"
    assert line["purpose"] == "indkaldelse, uge 10"
    assert line["persons"] == len({e["person"] for e in entries})
    assert line["file"].endswith("worklist.csv")
    assert line["by"]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_nobody_is_named_where_the_log_cannot_be_written(planned, identify, tmp_path, monkeypatch):
    assert planned().code == 0
    monkeypatch.setenv("TILSYN_LOOKS_LOG", str(tmp_path / "secret" / "log.jsonl"))
    ended = identify(tmp_path / "plan" / "worklist.csv")
    assert ended.code == 3
    assert "nobody is shown" in ended.err
    assert not (tmp_path / "named.csv").exists()


def test_names_are_not_written_into_a_store(planned, identify, tmp_path):
    assert planned().code == 0
    ended = identify(tmp_path / "plan" / "worklist.csv", out="store/named.csv")
    assert ended.code == 5
    assert "identify" not in (tmp_path / "log" / "seen.jsonl").read_text()


def test_another_secret_names_nobody(planned, identify, tmp_path):
    assert planned().code == 0
    (tmp_path / "secret").write_text("another secret, also of more than 32 bytes")
    ended = identify(tmp_path / "plan" / "worklist.csv")
    assert ended.code == 2
    assert "is the secret the store's?" in ended.err


def test_a_purpose_is_asked_for(planned, identify, tmp_path):
    assert planned().code == 0
    assert identify(tmp_path / "plan" / "worklist.csv", purpose=" ").code == 2


def test_who_is_not_on_the_list_of_people_is_counted(planned, identify, people, tmp_path):
    assert planned().code == 0
    lines = people.read_text().splitlines()
    people.write_text("\n".join(lines[:-1]) + "\n")
    ended = identify(tmp_path / "plan" / "duty.csv")
    assert ended.code == 0
    assert "not on the list" in ended.err
    assert [n["name"] for n in rows(tmp_path / "named.csv")].count("") >= 1


def test_progress_says_what_was_planned_and_what_was_held(planned, register, tmp_path, tilsyn):
    assert planned().code == 0
    calls = [e for e in rows(tmp_path / "plan" / "worklist.csv") if e["kind"] == "conversations"]
    by_name = {name_of(cpr): cpr for cpr in CPR}
    first = [e for e in calls if e["week"] == "2024-W10"]
    done = first[:-1]
    with (register / "conversations.csv").open("a") as file:
        for e in done:
            file.write(f"{by_name[e['person']]},{e['last_day']},4,\n")
    load = tilsyn("register", "load", register, "--store", tmp_path / "store",
                  "--secret-file", tmp_path / "secret")  # fmt: skip
    assert load.code == 0
    ended = tilsyn("worklist", "progress", tmp_path / "plan", tmp_path / "store",
                   "--on", "2024-03-08", "--format", "json")  # fmt: skip
    assert ended.code == 0, ended.err
    week = next(w for w in ended.json["weeks"] if w["kind"] == "conversations")
    assert week == {"week": "2024-W10", "kind": "conversations", "planned": len(first),
                    "held": len(done), "late": 0, "left": 0, "missing": 1}  # fmt: skip
    shown = tilsyn("worklist", "progress", tmp_path / "plan", tmp_path / "store",
                   "--on", "2024-03-08")  # fmt: skip
    assert "missing" in shown.out


def test_progress_before_the_plan_begins_is_refused(planned, tmp_path, tilsyn):
    assert planned().code == 0
    ended = tilsyn(
        "worklist", "progress", tmp_path / "plan", tmp_path / "store", "--on", "2024-03-01"
    )
    assert ended.code == 2
    assert "begins on 2024-03-04" in ended.err


@pytest.mark.parametrize("day", ["first_day", "last_day"])
def test_the_worklist_carried_out_and_measured_gives_the_outlook_with_the_plan(
    planned, register, tmp_path, tilsyn, day
):
    ended = planned(capacity=CAPACITY.format(number=1))
    assert ended.code == 0, ended.err
    by_name = {name_of(cpr): cpr for cpr in CPR}
    with (
        (register / "conversations.csv").open("a") as talks,
        (register / "offers.csv").open("a") as offers,
    ):
        for e in rows(tmp_path / "plan" / "worklist.csv"):
            cpr = by_name[e["person"]]
            if e["kind"] == "conversations":
                talks.write(f"{cpr},{e[day]},4,\n")
            else:
                offers.write(f"{cpr},virksomhedspraktik,{e[day]},,\n")
    done = tmp_path / "done"
    load = tilsyn("register", "load", register, "--store", done,
                  "--secret-file", tmp_path / "secret")  # fmt: skip
    assert load.code == 0, load.err
    measured = tilsyn("measure", done, "--from", "2024-03", "--to", "2024-08",
                      "--out", tmp_path / "release", "--published", "2024-09-01")  # fmt: skip
    assert measured.code == 0, measured.err
    figures = pl.read_parquet(tmp_path / "release" / "figures.parquet").filter(
        (pl.col("area") == "183") & (pl.col("visitation") == "") & (pl.col("category") == "")
    )
    found = {
        (r["measure"], r["grp"], f"{r['month']:%Y-%m}", r["statistic"]): r["value"]
        for r in figures.iter_rows(named=True)
    }
    outlook = rows(tmp_path / "plan" / "outlook.csv")
    assert len(outlook) > 20
    for row in outlook:
        key = (row["measure"], row["group"], row["month"])
        assert found.get((*key, "unmet"), 0) == int(row["planned"]), key
        assert found.get((*key, "population"), 0) == int(row["population"]), key


def test_what_a_spreadsheet_takes_for_a_formula_is_marked():
    assert sheets.as_csv(pl.DataFrame({"a": ["=1+1", "-2", "plain"]})).decode().splitlines() == [
        "a",
        "'=1+1",
        "'-2",
        "plain",
    ]
