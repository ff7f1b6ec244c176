"""Municipal deliveries become a register's tables; what cannot be read is set aside and counted.

All persons are made up: their numbers have a day that no calendar has.
"""

import csv
import datetime as dt
import json
import os
import random
import tempfile
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tilsyn.errors import InputError
from tilsyn.register.door import Count
from tilsyn.register.sources import SOURCES, mapping_of, read
from tilsyn.tables import lines, reading
from tilsyn.work.files import written_whole

QUICKLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEAD = (
    "Uge;CPR nummer;Ydelse;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;Refusionssats;"
    "Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb;Finansiering Kommunenavn\n"
)
MONDAY = dt.date(2024, 1, 1)
ONE, TWO = "620190-1111", "6201902222"


def paid(week, person=ONE, benefit="Kontanthjælp", amount="1.234,50", municipality="Ishøj"):
    day = MONDAY + dt.timedelta(weeks=week) if isinstance(week, int) else week
    return f'{day};{person};"{benefit}";;{amount};30,00;370,35;70;0,00;{municipality}\n'


def run(source, tmp_path, *texts, most=Decimal(1)):
    """The tables made of texts, by name, and what came of their rows, by the table delivered."""
    files = []
    for number, text in enumerate(texts):
        file = tmp_path / f"delivery-{number}.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(file)
    folder = tmp_path / "out"
    with written_whole(folder) as unfinished:
        admission, _ = read(source, files, unfinished, most)
    tables = {
        file.stem: list(csv.DictReader(file.read_text("utf-8").splitlines()))
        for file in folder.glob("*.csv")
        if file.stem != "set_aside"
    }
    return tables, {name: count for name, count in admission.tables.items() if count.rows}


def spells(tmp_path, *rows, head=HEAD):
    tables, counts = run("ydelsesrefusion", tmp_path, head + "".join(rows))
    found = [(s["person"], s["group"], s["start"], s["end"]) for s in tables.get("spells", [])]
    return found, counts.get("payments", Count())


def test_weeks_without_a_gap_are_one_spell(tmp_path):
    found, report = spells(tmp_path, *(paid(week) for week in (3, 0, 1, 2, 5)))
    assert found == [
        (ONE, "kontanthjaelp", "2024-01-01", "2024-01-28"),
        (ONE, "kontanthjaelp", "2024-02-05", "2024-02-11"),
    ]
    assert (report.rows, report.good) == (5, 5)


def test_corrections_add_up_and_what_comes_to_nothing_was_not_paid(tmp_path):
    found, report = spells(
        tmp_path,
        paid(0, amount="1.000,00"),
        paid(0, amount="-400,00"),
        paid(1, amount="1000"),
        paid(1, amount="-1000,00"),
        paid(2, amount="0,10"),
        paid(2, amount="-0,20"),
    )
    assert found == [(ONE, "kontanthjaelp", "2024-01-01", "2024-01-07")]
    assert report.remarks["negative_weeks"] == 1


def test_benefit_municipality_and_person_part_spells(tmp_path):
    found, _ = spells(
        tmp_path,
        paid(0),
        paid(1, benefit="Sygedagpenge"),
        paid(1, municipality="Høje-Taastrup"),
        paid(1, person=TWO, benefit="RESSOURCEFORLØBSYDELSE  under jobafklaring"),
    )
    assert [(person, group) for person, group, _, _ in found] == [
        (ONE, "kontanthjaelp"),
        (ONE, "sygedagpenge"),
        (ONE, "kontanthjaelp"),
        (TWO, "jobafklaringsforloeb"),
    ]


def test_unknown_codes_are_set_aside_and_counted_and_known_others_are_outside(tmp_path):
    found, report = spells(
        tmp_path,
        paid(0),
        paid(1, benefit="Ny ydelse"),
        paid(2, benefit="Ny ydelse"),
        paid(3, benefit="Fleksbidrag fra staten"),
        paid(4, municipality="Andeby"),
        paid("2024-01-02"),
        paid("snart"),
        paid(5, amount="mange"),
        paid(6, person=""),
        paid("1889-01-07"),
    )
    assert len(found) == 1
    assert report.set_aside == {
        "group": 2,
        "municipality": 1,
        "monday": 1,
        "date": 1,
        "date_range": 1,
        "amount": 1,
        "no_person": 1,
    }
    assert (report.rows, report.good, report.left_out) == (10, 1, 1)
    aside = (tmp_path / "out" / "set_aside.csv").read_text("utf-8")
    rows = list(csv.DictReader(aside.splitlines()))
    assert [row["row"] for row in rows] == ["3", "4", "6", "7", "8", "9", "10", "11"]
    assert (rows[0]["column"], rows[0]["value"]) == ("group", "Ny ydelse")
    assert rows[0]["file"].endswith("delivery-0.csv")


OWN = """
[[table]]
table = "payments"
files = "*.csv"
separator = ";"
decimals = ","
thousands = "."
by_name = ["municipality"]
[table.columns]
person = "CPR nummer"
week = "Uge"
group = "Ydelse"
visitation = "Ydelse"
benefit = "Ydelse"
amount = "Beregnet udbetalingsbeløb"
municipality = "Finansiering Kommunenavn"
[table.values.group]
"Ny ydelse" = "kontanthjaelp"
[table.values.visitation]
"Ny ydelse" = "jobparat"
"""


def test_a_mapping_of_ones_own_stands_in_place_of_the_shipped_one(tmp_path, own_data):
    own_data({"sources/ydelsesrefusion.toml": OWN})
    found, report = spells(tmp_path, paid(0, benefit="ny ydelse."), paid(1))
    assert found == [(ONE, "kontanthjaelp", "2024-01-01", "2024-01-07")]
    assert report.set_aside == {"group": 1}
    assert "column group ('Kontanthjælp')" in report.first["group"]


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("payments", "penge", "there is no table 'penge'; there are: spells, "),
        ("week =", "uge =", "payments has no column uge; it has: person, "),
        ('week = "Uge"', "", "payments: nothing is said of the column week"),
        ("values.visitation", "values.registered", "registered is none of the columns"),
        ('thousands = "."', 'thousands = ","', "decimals and thousands are one mark"),
        ('files = "*.csv"', "", "give files, or a database and a query"),
        ("[table.values.group]", '[table.values.group]\n"ny  ydelse" = ""', "are one value"),
    ],
)
def test_a_mapping_that_is_wrong_is_named(tmp_path, own_data, wrong, right, says):
    own_data({"sources/ydelsesrefusion.toml": OWN.replace(wrong, right, 1)})
    with pytest.raises(InputError, match=says):
        mapping_of("ydelsesrefusion")


def test_the_shipped_mappings_are_sound():
    assert {one.table for source in SOURCES for one in mapping_of(source).tables} == {
        "payments", "pay_periods", "conversations", "offers",
    }  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ONE, TWO, ""]),
            st.integers(0, 12),
            st.sampled_from(["Kontanthjælp", "Hjælp til forsørgelse", "Sygedagpenge", "Andet"]),
            st.integers(-3, 3),
        ),
        max_size=60,
    )
)
@QUICKLY
def test_weeks_paid_are_exactly_the_weeks_of_the_spells(rows):
    sums = defaultdict(int)
    for person, week, benefit, amount in rows:
        if person and benefit != "Andet":
            sums[person, week, benefit] += amount
    groups = {"Kontanthjælp": "kontanthjaelp", "Hjælp til forsørgelse": "kontanthjaelp"}
    expected = {
        (person, groups.get(benefit, "sygedagpenge"), MONDAY + dt.timedelta(weeks=week))
        for (person, week, benefit), amount in sums.items()
        if amount > 0
    }
    with tempfile.TemporaryDirectory() as folder:
        found, report = spells(
            Path(folder), *(paid(w, person=p, benefit=b, amount=f"{a},00") for p, w, b, a in rows)
        )
    weeks = Counter()
    for person, group, start, end in found:
        day = dt.date.fromisoformat(start)
        while day <= dt.date.fromisoformat(end):
            weeks[person, group, day] += 1
            day += dt.timedelta(weeks=1)
    assert weeks == Counter(expected)
    assert report.rows == report.good + report.aside == len(rows)


# eIndkomst

PAY = "CPR nummer;Lønperiode start;Lønperiode slut;011;096\n"


def hours(tmp_path, *rows):
    tables, counts = run("eindkomst", tmp_path, PAY + "".join(rows))
    found = [(h["person"], h["month"], h["hours"]) for h in tables["hours"]]
    return found, counts.get("pay_periods", Count())


def test_reversals_are_taken_back_whatever_their_sign(tmp_path):
    found, report = hours(
        tmp_path,
        f"{ONE};2024-01-01;2024-01-31;I;160,33\n",
        f"{ONE};2024-01-01;2024-01-31;T;160,33\n",
        f"{ONE};2024-01-01;2024-01-31;I;150\n",
        f"{ONE};2024-02-01;2024-02-29;I;37,5\n",
        f"{ONE};2024-02-01;2024-02-29;t;-37,5\n",
        f"{TWO};2024-02-01;2024-02-29;T;10\n",
    )
    assert found == [(ONE, "2024-01", "150.00"), (TWO, "2024-02", "-10.00")]
    assert report.remarks == {"negative_months": 1}


def test_a_pay_period_across_months_is_shared_out_by_days(tmp_path):
    found, _ = hours(tmp_path, f"{ONE};2024-01-15;2024-02-14;I;31,00\n")
    assert found == [(ONE, "2024-01", "17.00"), (ONE, "2024-02", "14.00")]


def test_pay_periods_that_cannot_be_are_set_aside(tmp_path):
    found, report = hours(
        tmp_path,
        f"{ONE};2024-01-31;2024-01-01;I;10\n",
        f"{ONE};2024-01-01;2026-01-01;I;10\n",
        f"{ONE};2024-01-01;2024-01-02;I;49\n",
        f"{ONE};2024-01-01;2024-01-31;X;10\n",
        f"{ONE};2024-01-01;2024-01-31;I;mange\n",
        f"{ONE};2024-01-01;2024-01-31;I;\n",
        f"{ONE};;2024-01-31;I;10\n",
        ";2024-01-01;2024-01-31;I;10\n",
        f"{ONE};01-01-2024;31-01-2024;I;10\n",
    )
    assert found == [(ONE, "2024-01", "10.00")]
    assert (report.good, report.aside, report.left_out) == (1, 7, 1)
    assert report.set_aside == {
        "end_before_start": 1,
        "too_long_span": 1,
        "more_than_days": 1,
        "report": 1,
        "amount": 1,
        "no_value": 1,
        "no_person": 1,
    }


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ONE, TWO]),
            st.dates(dt.date(2023, 11, 1), dt.date(2024, 3, 31)),
            st.integers(0, 100),
            st.sampled_from("IT"),
            st.integers(0, 2400),
        ),
        max_size=25,
    )
)
@QUICKLY
def test_no_hundredth_of_an_hour_is_lost(rows):
    expected = defaultdict(Decimal)
    for person, _, _, kind, amount in rows:
        expected[person] += Decimal(amount if kind == "I" else -amount) / 100
    lines = [
        f"{person};{start};{start + dt.timedelta(days=days)};{kind};{amount // 100},{amount % 100:02d}\n"
        for person, start, days, kind, amount in rows
    ]
    with tempfile.TemporaryDirectory() as folder:
        found, report = hours(Path(folder), *lines)
    sums = defaultdict(Decimal)
    for person, _, amount in found:
        sums[person] += Decimal(amount)
    assert {p: a for p, a in sums.items() if a} == {p: a for p, a in expected.items() if a}
    assert report.good == len(rows)


# The common data model

TALKS = "civilRegistrationIdentifier;interviewTypeIdentifier;samtaleafholdelsesDato;registreringstidspunkt\n"
ACTS = "civilRegistrationIdentifier;aktivitetIdentifier;activationTypeIdentifier;startdato;slutdato;registreringstidspunkt\n"


def test_conversations_keep_the_day_they_were_held_and_the_day_they_were_registered(tmp_path):
    tables, counts = run(
        "dfdg",
        tmp_path,
        TALKS + f"{ONE};7;2024-05-01T10:00:00;2024-06-15T08:12:44.123\n"
        f"{ONE};4;2024-05-02;\n"
        f"{TWO};19;2024-04-30T22:30:00Z;2024-05-01T01:00:00+02:00\n",
    )
    assert sorted(tuple(row.values()) for row in tables["conversations"]) == [
        (ONE, "2024-05-01", "7", "2024-06-15"),
        (ONE, "2024-05-02", "4", ""),
        (TWO, "2024-05-01", "19", "2024-05-01"),
    ]
    assert counts["conversations"].good == 3


def test_activities_become_offers_and_unknown_codes_are_set_aside(tmp_path):
    tables, counts = run(
        "dfdg",
        tmp_path,
        ACTS + f"{ONE};a;Privat virksomhedspraktik;2024-05-01;;2024-05-03T10:00:00Z\n"
        f"{ONE};b;4711;2024-05-01;2024-05-31;\n"
        f"{ONE};c;nytteindsats;2024-05-31;2024-05-01;\n",
        TALKS + f"{ONE};99;2024-05-01;\n{ONE};7;i går;\n",
    )
    assert [tuple(row.values()) for row in tables["offers"]] == [
        (ONE, "virksomhedspraktik", "2024-05-01", "", "2024-05-03")
    ]
    assert counts["offers"].set_aside == {"kind": 1, "end_before_start": 1}
    assert counts["conversations"].set_aside == {"type": 1, "date": 1}
    assert sum(count.good for count in counts.values()) == 1


def test_a_file_that_is_neither_names_the_column_that_is_missing(tmp_path):
    with pytest.raises(
        InputError, match=r"the column interviewTypeIdentifier is missing; it has: CPR nummer, Dato"
    ):
        run("dfdg", tmp_path, "CPR nummer;Dato\n1;2\n")


# Hostile files


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\x1f\x8b\x08\x00" + os.urandom(99), "packed file"),
        (b"PK\x03\x04" + os.urandom(99), "damaged workbook"),
        (b"x" * (3 << 20), "is no CSV file: its first line is no line"),
        (b"Uge;Uge;CPR nummer;Ydelse\n", "the column Uge stands twice"),
        (b"A;B\n1;2\n", "the column CPR nummer is missing"),
    ],
)
def test_a_hostile_file_is_refused_in_one_line(tmp_path, content, says):
    with pytest.raises(InputError, match=says) as error:
        run("ydelsesrefusion", tmp_path, content)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"x" * (1 << 20) + b"\n", "too_long"),
        (b"\0\0\0\n", "nul"),
        (b'a;"b;c\n', "quotes"),
        (paid(0).encode("cp1252"), "not_utf8"),
    ],
)
def test_a_hostile_row_is_set_aside_alone(tmp_path, row, reason):
    delivery = HEAD.encode() + paid(0).encode() + row + paid(1).encode()
    tables, counts = run("ydelsesrefusion", tmp_path, delivery)
    assert len(tables["spells"]) == 1 and counts["payments"].good == 2
    assert counts["payments"].set_aside == {reason: 1}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_delivery_is_read_in_whatever_encoding_it_came(tmp_path, encoding):
    text = HEAD + paid(0, benefit="Uddannelseshjælp") + paid(1, municipality="Ærø")
    tables, counts = run("ydelsesrefusion", tmp_path, text.encode(encoding))
    assert sorted(row["group"] for row in tables["spells"]) == [
        "kontanthjaelp",
        "uddannelseshjaelp",
    ]
    assert counts["payments"].good == 2


def test_rows_too_short_or_too_long_are_set_aside(tmp_path):
    found, report = spells(
        tmp_path, f"2024-01-01;{ONE}\n", paid(0), paid(1).strip() + ";more\n", "\n"
    )
    assert len(found) == 1
    assert report.set_aside == {"columns": 2}


def test_a_formula_in_a_row_set_aside_is_neutralised(tmp_path):
    spells(tmp_path, paid(0, benefit="=cmd|' /C calc'!A0"), paid(1, benefit="x", amount="-12,50"))
    aside = (tmp_path / "out" / "set_aside.csv").read_text("utf-8")
    rows = list(csv.DictReader(aside.splitlines()))
    assert rows[0]["value"].startswith("'=cmd")


def test_reading_in_blocks_gives_the_same_spells(tmp_path, monkeypatch):
    rng = random.Random(7)
    rows = [paid(rng.randrange(100), f"62{rng.randrange(10**3):08d}") for _ in range(5000)]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole, report = spells(tmp_path / "a", *rows)
    assert report.rows == report.good == 5000
    monkeypatch.setattr(reading, "blocks", lambda stream: lines.blocks(stream, 1000))
    assert spells(tmp_path / "b", *rows)[0] == whole


def test_persons_stay_as_they_came_whatever_stands_in_their_names(tmp_path):
    named = ['"1,2"', '"a""b"', "=1+1", "x"]
    found, _ = spells(tmp_path, *(paid(0, person=name) for name in named))
    assert sorted(person for person, *_ in found) == ["1,2", "=1+1", 'a"b', "x"]


# The command


def test_the_command_tells_what_went_where(tilsyn, tmp_path):
    file = tmp_path / "yr-ydelsesrefusion-beregning-2024-03-01.csv"
    file.write_text(HEAD + paid(0) + paid(1, benefit="Ny ydelse"), encoding="utf-8")
    asked = ("register", "from", "ydelsesrefusion", file, "--out", tmp_path / "register")
    stopped = tilsyn(*asked)
    assert stopped.code == 3
    assert "payments: 1 of 2 rows set aside, more than 5 % (1 with unknown group" in stopped.err
    assert "column group ('Ny ydelse')" in stopped.err and "--own DIR" in stopped.err
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    ended = tilsyn(*asked, "--most-set-aside", 0.5)
    assert ended.code == 0, ended.err
    assert "2 rows read: 1 taken, 0 outside, 1 set aside" in ended.out
    assert "column group ('Ny ydelse')" in ended.err
    report = json.loads((tmp_path / "register" / "report.json").read_text("utf-8"))
    assert report["tables"]["payments"]["set_aside"] == {"group": 1}
    assert report["written"] == {"spells": 1}
    again = tilsyn(*asked)
    assert again.code == 3
    assert "choose another name" in again.err
