"""The ledger of exemptions by decision: who, by whom, the room left, and what is too late."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import polars as pl
import pytest

from tests.measures.handwritten import register
from tests.measures.register_files import write_admitted
from tilsyn.measures import definitions
from tilsyn.measures.measurement import measure, plan_of
from tilsyn.measures.tabulation import figures
from tilsyn.planning.ledger import Ledger, ledger
from tilsyn.register.door import admit
from tilsyn.register.looks import log_file, noted
from tilsyn.register.store import load
from tilsyn.register.synthetic import make
from tilsyn.rules import at_hand
from tilsyn.vocabulary import MonthRange, YearMonth

ISHOEJ = 183
ON = dt.date(2026, 11, 30)
MEASURE = "conversations_6m_2026"

# Ane, Bo, Cay and Dan reach six months in January 2027.
FOUR = """
    spell Ane 183 kontanthjaelp jobparat 2026-07-14 ..
    spell Bo  183 kontanthjaelp jobparat 2026-07-14 ..
    spell Cay 183 kontanthjaelp jobparat 2026-07-14 ..
    spell Dan 101 kontanthjaelp jobparat 2026-07-14 ..
    exemption Ane conversations 2026-09-01 .. flex25 2026-08-20
    conversation Bo 4 2026-07-20
    conversation Bo 4 2026-08-20
    conversation Bo 4 2026-09-20
    conversation Bo 4 2026-10-20
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    return load(write_admitted(register(FOUR), folder / "rows"), folder / "store")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A made-up register of one municipality with the reform in it."""
    folder = tmp_path_factory.mktemp("made")
    months = MonthRange.parse("2025-06..2026-12")
    make(folder / "register", 6000, months, 1, municipality="183")
    admit(folder / "register", folder / "admitted")
    return load(folder / "admitted", folder / "store")


def of(store, on=ON, months=3) -> Ledger:
    return ledger(store, on, ISHOEJ, months, definitions.load(), at_hand())


def test_each_person_stands_once_with_the_decision_that_exempts(store):
    found = of(store).persons.filter(pl.col("measure") == MEASURE)
    rows = {row["person"]: row for row in found.iter_rows(named=True)}
    assert {name: row["outcome"] for name, row in rows.items()} == {
        "Ane": "exempted",
        "Bo": "met",
        "Cay": "open",
    }
    assert rows["Ane"]["decided"] == dt.date(2026, 8, 20)
    assert rows["Cay"]["decided"] is None and rows["Cay"]["lacking"] == 4
    assert rows["Cay"]["last_day"] >= ON


def test_what_cannot_be_mended_any_more_is_missed(store):
    after = of(store, dt.date(2027, 2, 28)).persons
    late = after.filter(pl.col("measure") == MEASURE, pl.col("person") == "Cay")
    assert late["outcome"].to_list() == ["missed"]


def test_the_room_is_what_the_limit_leaves_of_those_known(store):
    rows = of(store).rows().filter(pl.col("measure") == MEASURE, pl.col("grp") == "total")
    (row,) = rows.iter_rows(named=True)
    # A quarter of three persons is none, and one is exempted.
    assert (row["population"], row["exempted"], row["open"], row["room"]) == (3, 1, 1, -1)


def test_months_that_are_over_are_counted_as_they_are_measured(made):
    on = dt.date(2026, 12, 31)
    found = of(made, on)
    over = MonthRange.parse("2026-10..2026-12")
    plan = plan_of(made, definitions.load().only(*found.limits), over, on)
    exact = figures(measure(made, plan), release="r", published=on).filter(
        pl.col("area") == "183", pl.col("visitation") == "", pl.col("category") == ""
    )
    measured = {
        (m, month, grp, statistic): int(value)
        for m, month, grp, statistic, value in exact.filter(
            pl.col("statistic").is_in(["population", "exempted", "missed"]), pl.col("value") > 0
        )
        .select("measure", "month", "grp", "statistic", "value")
        .iter_rows()
    }
    ours = {}
    for row in found.rows().filter(pl.col("month") <= over.last.first).iter_rows(named=True):
        ours[row["measure"], row["month"], row["grp"], "population"] = row["population"]
        ours[row["measure"], row["month"], row["grp"], "exempted"] = row["exempted"]
        ours[row["measure"], row["month"], row["grp"], "missed"] = row["missed"] + row["open"]
    assert {key: n for key, n in ours.items() if n} == measured
    assert sum(n for (*_, statistic), n in measured.items() if statistic == "exempted") > 0


def counted(month: str, exempted: int, population: int) -> list[dict]:
    outcomes = ["exempted"] * exempted + ["open"] * (population - exempted)
    return [
        {"person": f"{month}-{i}", "measure": MEASURE, "month": YearMonth.parse(month).first,
         "grp": "kontanthjaelp", "outcome": outcome}
        for i, outcome in enumerate(outcomes)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "ahead", "overrun"),
    [
        (0, (5, 4), None),  # exactly a quarter of twenty
        (0, (5, 6), "2027-01"),  # known already
        (6, (0, 0), "2026-12"),  # at the pace of six in twenty
        (5, (0, 0), None),
    ],
)
def test_the_limit_is_passed_by_those_known_or_at_the_present_pace(before, ahead, overrun):
    rows = counted("2026-11", before, 20) + counted("2026-12", ahead[0], 20)
    rows += counted("2027-01", ahead[1], 20)
    months = MonthRange.parse("2026-12..2027-01")
    found = Ledger(ON, ISHOEJ, months, {MEASURE: Decimal(25)}, pl.DataFrame(rows))
    month = found.overrun(MEASURE)
    assert (month and str(month)) == overrun


def test_the_command_says_the_room_and_lists_persons_for_their_owner_alone(tilsyn, store, tmp_path):
    asked = ["ledger", store.folder.parent, "--on", "2026-11-30", "-m", "Ishøj"]
    told = tilsyn(*asked, "--language", "en", "--persons", tmp_path / "persons.csv")
    assert told.code == 0
    assert "Room left" in told.out and "not verified" in told.err
    assert (tmp_path / "persons.csv").stat().st_mode & 0o077 == 0
    assert "Ane" in (tmp_path / "persons.csv").read_text("utf-8-sig")
    assert noted(log_file())[-1]["look"] == "list"
    record = json.loads(tilsyn(*asked, "--format", "json").out)
    assert record["measures"][MEASURE] == {"limit": 25.0, "pace": None, "overrun": "2027-01"}


def test_before_the_reform_there_is_no_limit_and_it_says_so(tilsyn, store):
    ended = tilsyn("ledger", store.folder.parent, "--on", "2026-06-01", "-m", "Ishøj", "-l", "en")
    assert ended.code != 0
    assert "No rule in force on 1 June 2026 limits who may be exempted." in ended.err
