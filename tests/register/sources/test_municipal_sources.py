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

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tilsyn.errors import InputError
from tilsyn.register.sources import delivery, dfdg, eindkomst, ydelsesrefusion
from tilsyn.register.sources.maps import maps
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


def run(reader, tmp_path, *texts, own=None):
    """The tables a reader makes of texts, by name, and its report."""
    files = []
    for number, text in enumerate(texts):
        file = tmp_path / f"delivery-{number}.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(file)
    folder = tmp_path / "out"
    with written_whole(folder) as unfinished:
        report = reader.read(files, unfinished, maps(own))
    return {
        file.stem: list(csv.DictReader(file.read_text("utf-8").splitlines()))
        for file in folder.glob("*.csv")
    }, report


def spells(tmp_path, *rows, head=HEAD, **other):
    tables, report = run(ydelsesrefusion, tmp_path, head + "".join(rows), **other)
    found = [(s["person"], s["group"], s["start"], s["end"]) for s in tables.get("spells", [])]
    return found, report


def test_weeks_without_a_gap_are_one_spell(tmp_path):
    found, report = spells(tmp_path, *(paid(week) for week in (3, 0, 1, 2, 5)))
    assert found == [
        (ONE, "kontanthjaelp", "2024-01-01", "2024-01-28"),
        (ONE, "kontanthjaelp", "2024-02-05", "2024-02-11"),
    ]
    assert (report.read, report.taken, report.written) == (5, 5, {"spells": 2})


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
    assert report.remarks == {"weeks that add up to less than nothing, not counted": 1}


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
        (ONE, "kontanthjaelp"),
        (ONE, "sygedagpenge"),
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
    assert report.aside == {
        ("unknown benefit", "Ny ydelse"): 2,
        ("unknown municipality", "Andeby"): 1,
        ("a week that does not begin on a Monday", ""): 1,
        ("unparsable week (write the Monday, 2024-01-01)", ""): 2,
        ("unparsable amount (write 1234,50)", ""): 1,
        ("missing person", ""): 1,
    }
    assert report.outside == {
        ("benefit that is not measured", "Fleksbidrag fra staten"): 1,
    }
    assert report.read == 10 == report.taken + 8 + 1
    aside = (tmp_path / "out" / "set_aside" / "ydelsesrefusion.csv").read_text("utf-8")
    rows = list(csv.DictReader(aside.splitlines()))
    assert [row["row"] for row in rows] == ["3", "4", "6", "7", "8", "9", "10", "11"]
    assert rows[0]["fault"] == "unknown benefit"
    assert rows[0]["file"] == "delivery-0.csv"


def test_own_codes_replace_the_shipped_ones(tmp_path):
    own = tmp_path / "codes"
    own.mkdir()
    (own / "benefits.csv").write_text(
        "benefit;group;visitation\nNy ydelse;kontanthjaelp;jobparat\n", encoding="utf-8"
    )
    found, report = spells(tmp_path, paid(0, benefit="ny ydelse."), paid(1), own=own)
    assert found == [(ONE, "kontanthjaelp", "2024-01-01", "2024-01-07")]
    assert report.aside == {("unknown benefit", "Kontanthjælp"): 1}


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("benefits.csv", "benefit,group,visitation\nx,penge,\n", "line 2.*no group 'penge'"),
        ("benefits.csv", "benefit,group\nx,\n", "column visitation is missing"),
        ("benefits.csv", "benefit,group,visitation\nx,,\nX.,,\n", "line 3.*stands twice"),
        ("interviews.csv", "code,type\nx,samtale\n", "line 2.*no conversation type"),
        ("activities.csv", "code,kind\nx,kursus\n", "line 2.*no kind 'kursus'"),
    ],
)
def test_own_codes_that_are_wrong_are_named(tmp_path, name, text, says):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        maps(tmp_path)


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
    assert report.read == len(rows)
    assert report.taken + sum(report.aside.values()) + sum(report.outside.values()) == len(rows)


def test_reading_in_parts_gives_the_same_spells(tmp_path, monkeypatch):
    rows = [paid(w, person=f"620190-{p:04d}") for w in range(6) for p in range(40) if (w + p) % 4]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole, _ = spells(tmp_path / "a", *rows)
    monkeypatch.setattr(delivery, "BUCKET_BYTES", 2000)
    parts, report = spells(tmp_path / "b", *rows)
    assert sorted(parts) == sorted(whole)
    assert report.written == {"spells": len(whole)}


# eIndkomst

PAY = "CPR nummer;Lønperiode start;Lønperiode slut;011;096\n"


def hours(tmp_path, *rows):
    tables, report = run(eindkomst, tmp_path, PAY + "".join(rows))
    return [(h["person"], h["month"], h["hours"]) for h in tables.get("hours", [])], report


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
    assert report.remarks == {"months where more hours are taken back than were reported": 1}


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
    assert (report.taken, sum(report.aside.values()), sum(report.outside.values())) == (1, 7, 1)
    assert ("unknown kind of report (I or T)", "X") in report.aside


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
    assert report.taken == len(rows)


# The common data model

TALKS = "civilRegistrationIdentifier;interviewTypeIdentifier;samtaleafholdelsesDato;registreringstidspunkt\n"
ACTS = "civilRegistrationIdentifier;aktivitetIdentifier;activationTypeIdentifier;startdato;slutdato;registreringstidspunkt\n"


def test_conversations_keep_the_day_they_were_held_and_the_day_they_were_registered(tmp_path):
    tables, report = run(
        dfdg,
        tmp_path,
        TALKS + f"{ONE};7;2024-05-01T10:00:00;2024-06-15T08:12:44.123\n"
        f"{ONE};4;2024-05-02;\n"
        f"{TWO};19;2024-04-30T22:30:00Z;2024-05-01T01:00:00+02:00\n",
    )
    assert [tuple(row.values()) for row in tables["conversations"]] == [
        (ONE, "2024-05-01", "7", "2024-06-15"),
        (ONE, "2024-05-02", "4", ""),
        (TWO, "2024-05-01", "19", "2024-05-01"),
    ]
    assert report.taken == 3


def test_activities_become_offers_and_unknown_codes_are_set_aside(tmp_path):
    tables, report = run(
        dfdg,
        tmp_path,
        ACTS + f"{ONE};a;Privat virksomhedspraktik;2024-05-01;;2024-05-03T10:00:00Z\n"
        f"{ONE};b;4711;2024-05-01;2024-05-31;\n"
        f"{ONE};c;nytteindsats;2024-05-31;2024-05-01;\n",
        TALKS + f"{ONE};99;2024-05-01;\n{ONE};7;i går;\n",
    )
    assert [tuple(row.values()) for row in tables["offers"]] == [
        (ONE, "virksomhedspraktik", "2024-05-01", "", "2024-05-03")
    ]
    assert report.aside == {
        ("unknown kind of activity", "4711"): 1,
        ("end before start", ""): 1,
        ("unknown conversation type", "99"): 1,
        ("unparsable day of the conversation (write 2024-05-01)", ""): 1,
    }
    assert (report.read, report.taken) == (5, 1)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("dfdg,held,Samtaledato", "no source 'dfdg'; there are: activities, conversations, eind"),
        ("conversations,date,Samtaledato", "no column 'date'; there are: held, person, regis"),
    ],
)
def test_own_columns_name_a_source_and_a_column_there_are(tmp_path, row, says):
    (tmp_path / "columns.csv").write_text(f"source,column,name\n{row}\n")
    with pytest.raises(InputError, match=f"columns.csv, line 2: {says}"):
        maps(tmp_path)


def test_own_columns_name_every_column_of_the_source_that_is_read(tmp_path):
    rows = "source,column,name\nconversations,person,CPR\nconversations,type,Type\n"
    (tmp_path / "columns.csv").write_text(rows)
    with pytest.raises(InputError, match="no name for the column held of conversations"):
        maps(tmp_path)
    (tmp_path / "columns.csv").write_text("source,column,name\n")
    with pytest.raises(
        InputError, match=r"columns.csv of your own names no columns of ydelsesrefusion"
    ):
        spells(tmp_path, paid(0), own=tmp_path)


def test_a_file_that_is_neither_names_the_column_that_is_missing(tmp_path):
    with pytest.raises(InputError, match=r"no column for type .*columns are: CPR nummer, Dato"):
        run(dfdg, tmp_path, "CPR nummer;Dato\n1;2\n")


# Hostile files


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\x1f\x8b\x08\x00" + os.urandom(99), "packed file"),
        (b"PK\x03\x04" + os.urandom(99), "packed file or workbook"),
        ("Uge;CPR\n".encode("utf-16"), "UTF-16"),
        (b"x" * (3 << 20), "line of more than 1 MB"),
        (HEAD.encode() + b"x" * (4 << 20) + b"\n", "line of more than 1 MB"),
        (HEAD.encode() + b"\0\0\0", "not a text file"),
        (HEAD.encode() + b'a;"b;c\n' + paid(0).encode() * 3, "row 2.*quotation mark"),
        (HEAD.encode("cp1252"), "not UTF-8"),
        (HEAD.encode() + paid(0).encode("cp1252"), "not all UTF-8"),
        (b"Uge;Uge;CPR nummer;Ydelse\n", "two columns are week"),
        (b"A;B\n1;2\n", "no column for week"),
    ],
)
def test_a_hostile_file_is_refused_in_one_line(tmp_path, content, says):
    with pytest.raises(InputError, match=says) as error:
        run(ydelsesrefusion, tmp_path, content)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_rows_too_short_or_too_long_are_set_aside(tmp_path):
    found, report = spells(
        tmp_path, f"2024-01-01;{ONE}\n", paid(0), paid(1).strip() + ";more\n", "\n"
    )
    assert len(found) == 1
    assert report.aside == {
        ("unparsable amount (write 1234,50)", ""): 1,
        ("more cells than the header (quote a cell that holds the delimiter)", ""): 1,
        ("missing person", ""): 1,
    }


def test_a_formula_in_a_row_set_aside_is_neutralised(tmp_path):
    spells(tmp_path, paid(0, benefit="=cmd|' /C calc'!A0"), paid(1, benefit="x", amount="-12,50"))
    aside = (tmp_path / "out" / "set_aside" / "ydelsesrefusion.csv").read_text("utf-8")
    rows = list(csv.DictReader(aside.splitlines()))
    assert rows[0]["benefit"].startswith("'=cmd")
    assert rows[1]["amount"] == "-12,50"


def test_reading_in_blocks_gives_the_same_spells(tmp_path, monkeypatch):
    """Blocks and parts of persons much smaller than the file; 2 GB need 1 GB of memory so."""
    monkeypatch.setattr(delivery, "BLOCK_BYTES", 100_000)
    monkeypatch.setattr(delivery, "BUCKET_BYTES", 3_000_000)
    rng = random.Random(7)
    file = tmp_path / "yr.csv"
    with file.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        for _ in range(20):
            stream.write(
                "".join(
                    paid(rng.randrange(100), f"62{rng.randrange(10**8):08d}") for _ in range(5000)
                )
            )
    with written_whole(tmp_path / "out") as unfinished:
        report = ydelsesrefusion.read([file], unfinished, maps())
    assert report.read == report.taken == 100_000


# The command


def test_the_command_tells_what_went_where(tilsyn, tmp_path):
    file = tmp_path / "yr-ydelsesrefusion-beregning-2024-03-01.csv"
    file.write_text(HEAD + paid(0) + paid(1, benefit="Ny ydelse"), encoding="utf-8")
    asked = ("register", "from", "ydelsesrefusion", file, "--out", tmp_path / "register")
    stopped = tilsyn(*asked)
    assert stopped.code == 3
    assert "1 of 2 rows set aside, more than 5 % (1: unknown benefit 'Ny ydelse')" in stopped.err
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    ended = tilsyn(*asked, "--most-set-aside", 0.5)
    assert ended.code == 0, ended.err
    assert "2 rows read: 1 taken, 0 outside, 1 set aside" in ended.out
    assert "unknown benefit 'Ny ydelse'" in ended.err
    report = json.loads((tmp_path / "register" / "report.json").read_text("utf-8"))
    assert report["set_aside"] == [{"reason": "unknown benefit", "code": "Ny ydelse", "rows": 1}]
    again = tilsyn(*asked)
    assert again.code == 3
    assert "choose another name" in again.err


def test_what_cannot_be_split_is_masked_before_it_is_cut(tmp_path, monkeypatch):
    for before in range(180, 200):

        def failing(*_args, before=before, **_options):
            raise pl.exceptions.ComputeError("y" * before + " 070761-4285")

        monkeypatch.setattr(pl, "scan_csv", failing)
        with pytest.raises(InputError) as told:
            run(ydelsesrefusion, tmp_path, HEAD + paid(0))
        assert "cannot be split" in told.value.message and "0707" not in told.value.message
