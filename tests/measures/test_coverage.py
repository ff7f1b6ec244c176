"""What is not over, or not covered by the register, is not measured; and it is said."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.measures.handwritten import register
from tests.measures.reference import Register
from tests.measures.register_files import write_admitted
from tests.measures.registers import together
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.measures import definitions
from tilsyn.measures.coverage import left_out
from tilsyn.measures.earlier import Earlier, earlier
from tilsyn.measures.explanation import explanation, in_words
from tilsyn.measures.measurement import measure, plan_of, write
from tilsyn.measures.tabulation import figures
from tilsyn.register.coverage import Coverage
from tilsyn.register.store import Store, load, open_store
from tilsyn.vocabulary import AREA_KINDS, MUNICIPALITIES, MonthRange, YearMonth
from tilsyn.work.spreading import Threads

DEFINED = definitions.load()
ON = dt.date(2024, 2, 15)
RAR = f"rar {MUNICIPALITIES['400'].rar}"
"""The area of Bornholm alone."""
ROWS = register("""
    spell        Ane  400  kontanthjaelp  jobparat  2021-01-10 ..
    spell        Bo   101  sygedagpenge   -         2023-03-01 ..
    spell        Eva  400  a_dagpenge     -         2022-12-05 ..
    conversation Ane  4    2022-09-01
    conversation Ane  4    2023-09-01
""")


def said(municipalities: object, first: str, last: str) -> Coverage:
    return Coverage.model_validate({"municipalities": municipalities, "from": first, "to": last})


def stored(folder: Path, covers: Coverage | None, of: Register = ROWS, **how: bool) -> Store:
    number = len(list(folder.glob("rows-*")))
    return load(write_admitted(of, folder / f"rows-{number}", covers), folder / "store", **how)


def measured(store: Store, months: str, on: dt.date = ON) -> pl.DataFrame:
    counts = measure(store, plan_of(store, DEFINED, MonthRange.parse(months), on))
    return figures(counts, release="r", published=on)


def areas(frame: pl.DataFrame) -> set[str]:
    return {f"{kind} {area}" for kind, area in frame.select("area_kind", "area").iter_rows()}


def months(frame: pl.DataFrame, measure: str) -> list[str]:
    mine = frame.filter(pl.col("measure") == measure)["month"].unique().sort()
    return [f"{month:%Y-%m}" for month in mine]


# --- months that are not over ---------------------------------------------------------------------


def test_a_month_that_had_not_ended_is_refused_with_the_last_month_possible(tmp_path):
    store = stored(tmp_path, None)
    with pytest.raises(InputError, match=r"2024-02 had not ended on 2024-02-15; .* is 2024-01$"):
        plan_of(store, DEFINED, MonthRange.parse("2023-01..2024-02"), ON)
    assert plan_of(store, DEFINED, MonthRange.parse("2024-02"), dt.date(2024, 2, 29))
    with pytest.raises(InputError, match="2090-01 had not ended on"):
        plan_of(store, DEFINED, MonthRange.parse("2090-01"))


def test_no_way_into_measuring_takes_months_that_are_not_over(tmp_path):
    store = stored(tmp_path, None)
    plan = plan_of(store, DEFINED, MonthRange.parse("2024-01"), ON)
    early = replace(plan, known_on=dt.date(2024, 1, 30))
    with pytest.raises(InputError, match="had not ended on 2024-01-30"):
        measure(store, early)
    with pytest.raises(InputError, match="had not ended on 2024-01-30"):
        write(measure(store, plan), store, tmp_path / "r", published=dt.date(2024, 1, 30))
    with pytest.raises(InputError, match="had not ended on 2024-02-15"):
        explanation(store, DEFINED, "Ane", YearMonth(2024, 2), ON)


# --- what is covered ------------------------------------------------------------------------------


def test_without_a_statement_areas_are_those_whose_municipalities_all_have_spells(tmp_path):
    store = stored(tmp_path, None)
    assert areas(measured(store, "2023-12")) == {"municipality 101", "municipality 400", RAR}
    asked = MonthRange.parse("2012-01..2023-12")
    plan = plan_of(store, DEFINED, asked, ON)
    assert (plan.months, plan.since) == (asked, {})
    assert "does not state its coverage" in next(left_out(plan, None, asked))


def test_an_area_is_measured_only_where_all_its_municipalities_are_covered(tmp_path):
    covers = said(["400"], "2020-01-01", "2023-12-31")
    found = measured(stored(tmp_path / "some", covers), "2023-12")
    assert areas(found) == {"municipality 400", RAR}
    plan = plan_of(open_store(tmp_path / "some/store"), DEFINED, MonthRange.parse("2023-12"), ON)
    told = " ".join(left_out(plan, covers, plan.months))
    assert "does not cover them: København" in told
    assert "the whole country is not" in told
    every = measured(stored(tmp_path / "all", said("all", "2020-01-01", "2023-12-31")), "2023-12")
    assert {area.split()[0] for area in areas(every)} == set(AREA_KINDS)


@pytest.mark.parametrize(
    ("first", "long", "early"),
    [
        ("2022-01-01", "2022-12", "2022-07"),
        ("2022-01-02", "2023-01", "2022-08"),
        ("2010-01-01", "2022-06", "2022-06"),
    ],
)
def test_a_month_is_measured_from_where_the_measures_window_is_covered(
    tmp_path, first, long, early
):
    asked = MonthRange.parse("2022-06..2024-01")
    covers = said("all", first, "2024-01-30")
    store = stored(tmp_path, covers)
    plan = plan_of(store, DEFINED, asked, ON)
    assert plan.months == MonthRange.parse("2022-06..2023-12")
    found = measured(store, str(asked))
    assert months(found, "conversations_12m")[0] == months(found, "offers_12m")[0] == long
    # Bo and Eva reach six months later than every line here.
    assert str(plan.since.get("conversations_6m", asked.first)) == early
    assert months(found, "conversations_6m") == ["2023-06", "2023-09"]
    assert months(found, "durations")[0] == "2022-06"
    assert months(found, "durations")[-1] == "2023-12"
    told = list(left_out(plan, covers, asked))
    assert any(line.startswith("2024-01..2024-01 not measured") for line in told)
    assert any(line.startswith("conversations_12m, 2022-06..") for line in told) == (
        long != "2022-06"
    )


def test_nothing_covered_is_refused_with_the_months_that_are(tmp_path):
    store = stored(tmp_path, said("all", "2022-01-01", "2023-12-31"))
    with pytest.raises(InputError, match=r"none of 2024-01..2024-01 can .* that can is 2023-12"):
        plan_of(store, DEFINED, MonthRange.parse("2024-01"), ON)
    with pytest.raises(InputError, match="the first 2022-12"):
        plan_of(store, DEFINED.only("offers_12m"), MonthRange.parse("2022-01..2022-03"), ON)


def test_persons_and_explanations_obey_the_coverage_too(tmp_path):
    from tilsyn.measures.measurement import write_unmet_persons

    store = stored(tmp_path, said("all", "2022-02-01", "2023-12-31"))
    plan = plan_of(store, DEFINED, MonthRange.parse("2022-12..2023-02"), ON)
    write_unmet_persons(store, plan, tmp_path / "unmet.parquet")
    rows = pl.read_parquet(tmp_path / "unmet.parquet")
    assert set(rows["month"]) == {dt.date(2023, 1, 1), dt.date(2023, 2, 1)}
    told = explanation(store, DEFINED, "Ane", YearMonth(2022, 12), ON)
    assert "does not cover the whole window" in "\n".join(in_words(told, "en"))


# --- updates --------------------------------------------------------------------------------------


def test_a_later_delivery_covers_more_and_an_update_equals_a_full_run(tmp_path):
    others = [f"spell N{n} 101 revalidering - 2021-01-01 .." for n in range(20)]
    many = together([ROWS, register("\n".join(others))])
    store = stored(tmp_path, said("all", "2022-01-01", "2023-11-30"), many)
    asked = MonthRange.parse("2022-06..2023-12")
    counts = measure(store, plan_of(store, DEFINED, asked, ON))
    assert counts.plan.months.last == YearMonth(2023, 11)
    begun = write(counts, store, tmp_path / "r1", published=ON)
    record = releases.read(begun).extra["measured"]
    assert (record["to"], record["since"]["offers_12m"]) == ("2023-11", "2022-12")
    news = register("spell Bo 101 sygedagpenge - 2023-03-01 .. 2023-10-31")
    # It begins earlier as well: months whose windows were not covered are measured now.
    store = stored(tmp_path, said("all", "2021-07-01", "2023-12-31"), news, update=True)
    plan = plan_of(store, DEFINED, asked, ON)
    start = earlier(begun, store, plan)
    assert isinstance(start, Earlier)
    assert [again for _, again in start.pieces(plan)] == [False, True, False]
    again = measure(store, plan, earlier=start)
    assert (again.values == measure(store, plan, engine=Threads()).values).all()
    assert again.values.any()
    fewer = stored(tmp_path, said(["400"], "2021-07-01", "2023-12-31"), news, update=True)
    answer = earlier(begun, fewer, plan_of(fewer, DEFINED, asked, ON))
    assert answer == "the register covers other municipalities since"


def test_an_update_without_a_statement_keeps_the_earlier_one(tmp_path):
    covers = said(["400"], "2022-01-01", "2023-11-30")
    stored(tmp_path, covers)
    assert stored(tmp_path, None, register("spell Bo 101 sygedagpenge - 2023-03-01 .."),
                  update=True).coverage == covers  # fmt: skip
