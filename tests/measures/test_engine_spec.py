"""The same cases on every engine: compiled, plain Python, and Spark.

Each row of the table is a person; what is counted of them in the month is worked out by hand.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.measures.handwritten import register, table
from tests.measures.register_files import EVERYWHERE, write_admitted
from tests.work.spark_cluster import cluster, spark_or_skip
from tilsyn import law
from tilsyn.errors import InputError
from tilsyn.measures import definitions
from tilsyn.measures.measurement import measure, plan_of
from tilsyn.measures.tabulation import figures
from tilsyn.register.coverage import Coverage
from tilsyn.register.store import Store, load
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.work.spreading import Sharing, Threads

CASES = table("""
person | spells, conversations, offers, hours, exemptions          | conversations_12m | offers_12m | durations
Ada    | spell Ada 101 sygedagpenge - 2022-07-01 ..                | 0 unmet           | 0 unmet    | 53-104
Bo     | spell Bo 101 sygedagpenge - 2022-07-02 ..                 | 0 unmet           | 0 unmet    | 53-104
Cai    | spell Cai 101 sygedagpenge - 2022-08-01 ..                | -                 | -          | 27-52
Dan    | spell Dan 101 sygedagpenge - 2021-01-01 .. 2023-06-30     | -                 | -          | -
Eli    | spell Eli 101 sygedagpenge - 2021-01-01 .. 2023-07-01     | 0 unmet           | 0 unmet    | 105+
Fie    | spell Fie 101 kontanthjaelp jobparat 2021-01-01 ..; conversation Fie 4 2022-08-01; conversation Fie 7 2023-07-31; conversation Fie 17 2023-01-01; conversation Fie 19 2023-01-02 | 4 met | 0 unmet | 105+
Gry    | spell Gry 101 kontanthjaelp jobparat 2021-01-01 ..; conversation Gry 4 2022-07-31; conversation Gry 7 2023-07-31; conversation Gry 7 2023-07-30; conversation Gry 10 2023-01-02 | 2 unmet | 0 unmet | 105+
Hal    | spell Hal 101 kontanthjaelp - 2021-01-01 ..; hours Hal 2022-08 99.99; hours Hal 2023-07 0.01 | 0 unmet | 0 met | 105+
Ib     | spell Ib 101 kontanthjaelp - 2021-01-01 ..; hours Ib 2022-08 120; hours Ib 2022-08 -20.01 | 0 unmet | 0 unmet | 105+
Jo     | spell Jo 101 revalidering - 2021-01-01 ..; offer Jo loentilskud 2022-01-01 .. 2022-08-01   | 0 unmet | 1 met | 105+
Ida    | spell Ida 101 kontanthjaelp jobparat 2021-01-01 ..; conversation Ida 4 2023-01-02; conversation Ida 7 2023-01-02 | 1 unmet | 0 unmet | 105+
Kaj    | spell Kaj 101 revalidering - 2021-01-01 ..; exemption Kaj offers 2023-07-31 ..             | 0 unmet | -     | 105+
Kim    | spell Kim 101 revalidering - 2021-01-01 ..; exemption Kim offers 2023-07-01 .. 2023-07-31 | 0 unmet | -   | 105+
Leo    | spell Leo 101 revalidering - 2021-01-01 ..; exemption Leo offers 2023-07-01 .. 2023-07-30 | 0 unmet | 0 unmet | 105+
Liv    | spell Liv 101 a_dagpenge - 2022-01-01 .. 2022-06-30; spell Liv 101 a_dagpenge - 2023-01-16 .. | 0 unmet | 0 unmet | 53-104
Mia    | spell Mia 101 overgangsydelse - 2022-06-01 .. 2022-12-15; spell Mia 101 kontanthjaelp - 2023-01-20 .. | 0 unmet | 0 unmet | 53-104
Nor    | spell Nor 101 a_dagpenge - 2022-07-27 .. 2022-12-31; spell Nor 101 a_dagpenge - 2022-12-31 .. | 0 unmet | 0 unmet | 27-52
""")
MONTH = MonthRange(YearMonth(2023, 7), YearMonth(2023, 7))
WIDE = MonthRange(YearMonth(2021, 1), YearMonth(2024, 6))
NAMES = ("conversations_12m", "offers_12m", "durations")


def stored(rows: list[str], folder: Path, covers: Coverage = EVERYWHERE) -> Store:
    lines = "\n".join(rows).replace(";", "\n")
    admitted = write_admitted(register(lines), folder / "rows", covers)
    return load(admitted, folder / "store", buckets=3)


def counts(store: Store, months: MonthRange, engine: Sharing | None = None) -> Any:
    return measure(store, plan_of(store, definitions.load(), months), engine=engine)


PLAIN = """
import sys, numpy as np
from pathlib import Path
from tilsyn.measures import definitions
from tilsyn.measures.measurement import measure, plan_of
from tilsyn.register.store import open_store
from tilsyn.vocabulary import MonthRange
store = open_store(Path(sys.argv[1]))
plan = plan_of(store, definitions.load(), MonthRange.parse(sys.argv[2]))
np.save(sys.argv[3], measure(store, plan).values)
"""


def counted_in_plain_python(store: Store, months: MonthRange, folder: Path) -> Any:
    subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", PLAIN, str(store.folder.parent),
         str(months), str(folder / "plain.npy")],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        check=True,
    )  # fmt: skip
    return np.load(folder / "plain.npy")


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_each_person_counts_as_worked_out_by_hand(tmp_path, case):
    _, rows, *expected = case
    found = figures(
        counts(stored([rows], tmp_path), MONTH), release="r", published=MONTH.first.first
    ).filter(
        pl.col("area_kind") == "municipality",
        pl.col("grp") == "total",
        pl.col("visitation") == "",
        pl.col("value") == 1,
    )
    shown = []
    for measure_name in NAMES:
        mine = found.filter(pl.col("measure") == measure_name)
        category = mine.filter(pl.col("statistic") == "persons")["category"].to_list()
        unmet = mine.filter(pl.col("statistic") == "unmet").height
        verdict = [] if measure_name == "durations" else ["unmet" if unmet else "met"]
        shown.append(" ".join([*category, *verdict]) if category else "-")
    assert shown == expected


def counted(rows, folder, measure_name, known_on=None):
    """The groups somebody is counted in, with the category."""
    known = None if known_on is None else dt.date.fromisoformat(known_on)
    store = stored(rows, folder)
    plan = plan_of(store, definitions.load(), MONTH, known)
    found = figures(measure(store, plan), release="r", published=MONTH.first.first)
    persons = found.filter(
        (pl.col("measure") == measure_name) & (pl.col("statistic") == "persons"),
        pl.col("area_kind") == "municipality",
        (pl.col("grp") != "total") & (pl.col("visitation") == "") & (pl.col("value") == 1),
    )
    return persons.select("grp", "category").rows()


@pytest.mark.parametrize(("known_on", "number"), [("2023-08-05", "1"), ("2023-08-04", "0")])
def test_what_was_registered_on_the_day_is_known_that_day(tmp_path, known_on, number):
    rows = [
        "spell Ada 101 kontanthjaelp jobparat 2021-01-01 ..",
        "conversation Ada 4 2023-07-10 registered 2023-08-05",
    ]
    found = counted(rows, tmp_path, "conversations_12m", known_on)
    assert found == [("kontanthjaelp", number)]


@pytest.mark.parametrize(("end", "there"), [("2023-06-30", True), ("2023-06-29", False)])
def test_six_months_are_reached_on_the_first_by_who_had_benefit_to_the_day_before(
    tmp_path, end, there
):
    found = counted(
        [f"spell Ada 101 sygedagpenge - 2023-01-01 .. {end}"], tmp_path, "conversations_6m"
    )
    assert found == [("sygedagpenge", "0")] * there


def test_of_two_benefits_on_a_day_the_first_in_published_order_counts(tmp_path):
    rows = [
        f"spell Ada 101 {grp} - 2021-01-01 .." for grp in ("sygedagpenge", "jobafklaringsforloeb")
    ]
    assert counted(rows, tmp_path, "conversations_12m") == [("sygedagpenge", "0")]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """All cases, in a register that does not cover the windows of the first months."""
    said = EVERYWHERE.record() | {"from": "2021-03-10"}
    folder = tmp_path_factory.mktemp("spec")
    return stored([case[1] for case in CASES], folder, Coverage.model_validate(said))


def test_plain_python_counts_the_same(store, tmp_path):
    plain = counted_in_plain_python(store, WIDE, tmp_path)
    assert plain.sum() > 500
    counted = counts(store, WIDE)
    assert counted.plan.since
    assert (plain == counted.values).all()


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    spark_or_skip()
    with cluster(tmp_path_factory.mktemp("spark")) as address:
        yield address


def in_spark(master: str, store: Store, folder: Path) -> Any:
    """Counted by a process of its own, as by the command: its JVM ends with it."""
    script = PLAIN.replace(
        "measure(store, plan)", f"measure(store, plan, engine=Spark('{master}'))"
    )
    script = "from tilsyn.work.spark import Spark\n" + script
    run = subprocess.run(
        [sys.executable, "-c", script, str(store.folder.parent), str(WIDE), str(folder / "s.npy")],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return np.load(folder / "s.npy")


def test_spark_counts_the_same(master, store, tmp_path):
    assert (in_spark(master, store, tmp_path) == counts(store, WIDE, Threads()).values).all()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("spark://127.0.0.1:1", "no Spark master answered within 5 seconds"),
        ("spark://nowhere", "is no Spark master; write it as spark://host:7077"),
    ],
)
def test_a_master_that_cannot_be_reached_is_one_line(store, address, said):
    spark_or_skip()
    from tilsyn.errors import TilsynError
    from tilsyn.work.spark import Spark

    with pytest.raises(TilsynError, match=said):
        counts(store, MONTH, Spark(address))


# --- own definitions ------------------------------------------------------------------------------

WORDS = """
[words]
da = "Samtaler, fem"
en = "Conversations, five"
da_unmet = "færre end 5 samtaler"
en_unmet = "fewer than 5 conversations"
"""


def test_a_stricter_requirement_is_a_changed_file_not_code(tmp_path, store):
    shipped = Path(law.__file__).parent / "measures" / "conversations_12m.toml"
    own = tmp_path / "own"
    own.mkdir()
    text = shipped.read_text().replace("events = 4", "events = 5")
    text = text.replace('"conversations_12m"', '"conversations_12m_five"')
    (own / "five.toml").write_text(text + WORDS)

    def unmet(rules: definitions.Definitions) -> dict[str, float]:
        plan = plan_of(store, rules, MONTH)
        frame = figures(measure(store, plan), release="r", published=MONTH.first.first)
        country = frame.filter(
            pl.col("statistic") == "unmet",
            pl.col("area") == "dk",
            pl.col("grp") == "total",
            pl.col("visitation") == "",
        )
        return dict(zip(country["measure"], country["value"], strict=True))

    before, after = unmet(definitions.load()), unmet(definitions.load(own))
    assert after == before | {"conversations_12m_five": before["conversations_12m"] + 1}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("window_months", "windowmonths", "windowmonths"),
        ("seniority_months = 12", "seniority_months = 9", "an official measure, and this"),
        ("events = 4", "events = 5", "give it a code and a name of its own"),
        ("\n[events]", '\n[words]\nda = "A"\nen = "B"\n[events]', "an official measure, and this"),
        ("events = 4", "events = -1", "required 1, events: must be at least 0, not -1"),
        ("[4, 7, 17, 19]", '["4"]', "'4' is no conversation type"),
        ("[4, 7, 17, 19]", "[40000]", "types are numbers from 0 to 32767"),
        ('"conversations_12m"', '"conversations_9m"', 'da = "…", en = "…", da_unmet = "…", en_u'),
        ('"conversations_12m"', '"result_goal"', "an official measure, and this"),
        ('"conversations_12m"', '"Samtaler 9"', "'Samtaler 9' is not written as it must be"),
        ("[[required]]\n", '[[required]]\nfrom = "2024-01"\n', "in force since ever"),
        ('"distinct_days"', '"overlapping"', "counted by distinct_days"),
        ("measure =", "measure", "not valid TOML"),
    ],
)
def test_a_definition_that_says_nothing_sensible_is_refused(tmp_path, old, new, said):
    shipped = Path(law.__file__).parent / "measures" / "conversations_12m.toml"
    text = shipped.read_text()
    assert old in text
    (tmp_path / "conversations_12m.toml").write_text(text.replace(old, new))
    with pytest.raises(InputError, match=said):
        definitions.load(tmp_path)


def test_the_reference_of_a_definition_is_its_hash():
    hashes = definitions.load().hashes
    assert json.dumps(hashes)
    assert all(len(value) == 64 for value in hashes.values())
