"""The reference on runs and seniority, against cases worked out by hand from the contract (§ 2)."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.measures.handwritten import counted, months, register, table
from tests.measures.reference import Run, add_months, in_order, runs_of


def runs(text: str) -> list[Run]:
    return runs_of(in_order(register(text).spells))[0]


def beginnings(text: str) -> list[str]:
    """The group and first day of each run, in the order in which the runs are made."""
    return [f"{run.group} {run.start}" for run in runs(text)]


# --- 2: no whole calendar month without the benefit -----------------------------------------------

GAPS = table("""
last day     | next day on  | days without | one run?
2022-01-31   | 2022-02-28   | 27           | yes: the last day of February is with
2022-01-30   | 2022-02-28   | 28           | yes
2022-01-31   | 2022-03-01   | 28           | no: all of February is without
2024-01-31   | 2024-02-29   | 28           | yes: the leap day is with
2024-01-31   | 2024-03-01   | 29           | no
2024-02-29   | 2024-03-31   | 30           | yes
2022-04-01   | 2022-05-01   | 29           | yes
2022-03-31   | 2022-05-01   | 30           | no: all of April
2022-03-30   | 2022-05-01   | 31           | no
2022-06-29   | 2022-07-31   | 31           | yes
2022-06-30   | 2022-08-01   | 31           | no: all of July
2022-12-31   | 2023-02-01   | 31           | no: also over New Year
2022-01-01   | 2022-02-28   | 57           | yes
2022-07-01   | 2022-08-31   | 60           | yes: the longest gap there is, no month whole
2022-12-01   | 2023-01-31   | 60           | yes: also over New Year
2022-07-01   | 2022-09-01   | 61           | no: all of August
2022-06-30   | 2022-09-01   | 62           | no: July and August
""")


@pytest.mark.parametrize(("last", "following", "without", "one"), GAPS)
def test_a_run_is_broken_by_a_whole_calendar_month(last, following, without, one):
    gap = dt.date.fromisoformat(following) - dt.date.fromisoformat(last)
    assert gap.days - 1 == int(without)
    found = beginnings(f"""
        spell Ane 101 revalidering - 2021-05-05 .. {last}
        spell Ane 101 revalidering - {following} ..2025-12-31
    """)
    new = [] if one.startswith("yes") else [f"revalidering {following}"]
    assert found == ["revalidering 2021-05-05", *new]


def test_the_last_day_so_far_counts_not_that_of_the_spell_before():
    # The nested spell ends in March; the one around it lasts to August, so September goes on.
    assert beginnings("""
        spell Ane 101 revalidering - 2022-01-01 .. 2022-08-31
        spell Ane 101 revalidering - 2022-03-01 .. 2022-03-05
        spell Ane 101 revalidering - 2022-09-30 .. 2022-10-31
    """) == ["revalidering 2022-01-01"]


def test_another_benefit_in_between_does_not_bridge_a_gap():
    assert beginnings("""
        spell Ane 101 revalidering        - 2022-01-01 .. 2022-01-31
        spell Ane 101 jobafklaringsforloeb - 2022-02-01 .. 2022-02-28
        spell Ane 101 revalidering        - 2022-03-01 .. 2022-03-31
    """) == [
        "revalidering 2022-01-01",
        "jobafklaringsforloeb 2022-02-01",
        "revalidering 2022-03-01",
    ]


def test_a_move_to_another_municipality_does_not_break_a_run():
    assert beginnings("""
        spell Ane 101 revalidering jobparat        2022-01-01 .. 2022-03-31
        spell Ane 851 revalidering aktivitetsparat 2022-04-01 .. 2022-12-31
    """) == ["revalidering 2022-01-01"]


# --- A.1: sygedagpenge, from the start to the end of the case -------------------------------------

CASES = table("""
last day   | next day on | one run?
2022-01-31 | 2022-02-01  | yes: the day after
2022-01-31 | 2022-01-31  | yes: the same day
2022-01-31 | 2022-02-02  | no: a day is without
2022-02-27 | 2022-03-01  | no: also where it ends a month
2024-02-29 | 2024-03-01  | yes
2022-12-31 | 2023-01-01  | yes: also over New Year
""")


@pytest.mark.parametrize(("last", "following", "one"), CASES)
def test_a_day_without_sygedagpenge_ends_the_case(last, following, one):
    found = beginnings(f"""
        spell Ane 101 sygedagpenge - 2021-05-05 .. {last}
        spell Ane 101 sygedagpenge - {following} .. 2025-12-31
    """)
    new = [] if one.startswith("yes") else [f"sygedagpenge {following}"]
    assert found == ["sygedagpenge 2021-05-05", *new]


def test_a_spell_inside_another_ends_no_case():
    assert beginnings("""
        spell Ane 101 sygedagpenge - 2022-01-01 .. 2022-08-31
        spell Ane 851 sygedagpenge - 2022-03-01 .. 2022-03-05
        spell Ane 101 sygedagpenge - 2022-09-01 .. 2022-10-31
        spell Ane 101 sygedagpenge - 2022-11-02 .. 2022-11-30
    """) == ["sygedagpenge 2022-01-01", "sygedagpenge 2022-11-02"]


# --- 3: elapsed months ----------------------------------------------------------------------------

REACHED = table("""
start      | months | reached
2021-12-31 | 6      | 2022-06-30
2022-03-31 | 6      | 2022-09-30
2021-08-28 | 6      | 2022-02-28
2021-08-29 | 6      | 2022-02-28
2021-08-31 | 6      | 2022-02-28
2023-08-29 | 6      | 2024-02-29
2023-08-31 | 6      | 2024-02-29
2024-02-29 | 6      | 2024-08-29
2024-02-29 | 12     | 2025-02-28
2023-02-28 | 12     | 2024-02-28
2022-01-31 | 12     | 2023-01-31
2022-07-01 | 6      | 2023-01-01
""")


@pytest.mark.parametrize(("start", "number", "reached"), REACHED)
def test_months_elapse_to_the_same_day_clipped_to_the_month(start, number, reached):
    assert str(add_months(dt.date.fromisoformat(start), int(number))) == reached


def test_six_months_are_reached_once():
    ane = register("spell Ane 101 sygedagpenge - 2021-08-31 ..")
    assert months(ane, "conversations_6m", "2021-06", "2023-06") == ["2022-02"]


def test_twelve_months_are_reached_and_stay_reached():
    # 1 April 2022 + 12 months = 1 April 2023.
    ane = register("spell Ane 101 sygedagpenge - 2022-04-01 .. 2023-06-30")
    assert months(ane, "conversations_12m", "2022-01", "2023-12") == [
        "2023-04",
        "2023-05",
        "2023-06",
    ]


# --- 4: accumulated days (a-dagpenge) -------------------------------------------------------------

BENEFIT_GAPS = table("""
last day   | next day on | one run?
2021-03-15 | 2022-03-31  | yes: April to February, eleven whole months
2021-03-31 | 2022-03-01  | yes: the same eleven
2021-03-31 | 2022-04-01  | no: April to March, twelve whole months
2021-03-01 | 2022-04-30  | no: the same twelve
2021-03-15 | 2021-05-01  | yes: one whole month breaks the other groups only
2020-02-29 | 2021-02-28  | yes
2020-02-29 | 2021-03-01  | no
""")


@pytest.mark.parametrize(("last", "following", "one"), BENEFIT_GAPS)
def test_unemployment_benefit_is_broken_by_twelve_whole_months(last, following, one):
    found = beginnings(f"""
        spell Ane 101 a_dagpenge - 2020-01-05 .. {last}
        spell Ane 101 a_dagpenge - {following} .. 2025-12-31
    """)
    new = [] if one.startswith("yes") else [f"a_dagpenge {following}"]
    assert found == ["a_dagpenge 2020-01-05", *new]


ACCUMULATED = table("""
spells                                               | 6 months   | 12 months
2022-01-01 .. 2023-12-31                             | 2022-07-03 | 2023-01-01
2024-01-01 .. 2025-12-31                             | 2024-07-02 | 2024-12-31
2022-01-30 .. 2022-07-31                             | 2022-08-01 | -
2022-01-30 .. 2022-07-30                             | -          | -
2022-01-01 .. 2022-04-10 & 2022-10-01 .. 2022-12-22  | 2022-12-23 | -
2022-01-01 .. 2022-04-10 & 2022-04-10 .. 2022-07-02  | 2022-07-03 | -
2022-01-01 .. 2022-07-01 & 2022-01-01 .. 2022-06-30  | -          | -
2022-01-01 .. 2022-07-01 & 2022-03-01 .. 2022-07-02  | 2022-07-03 | -
""")
# 1 January to 2 July 2022 are 181 + 2 = 183 days; 2024 has a leap day, so 1 July is the 183rd and
# 30 December the 365th. 30 January to 31 July 2022: 2 + 28 + 31 + 30 + 31 + 30 + 31 = 183.
# 1 January to 10 April are 100 days; October and November add 61, 22 December is the 183rd.


@pytest.mark.parametrize(("spells", "six", "twelve"), ACCUMULATED)
def test_days_on_the_benefit_accumulate_each_once(spells, six, twelve):
    (run,) = runs("\n".join(f"spell Ane 101 a_dagpenge - {days}" for days in spells.split("&")))
    until = dt.date(2026, 12, 31)
    assert [str(run.reaches(months, until) or "-") for months in (6, 12)] == [six, twelve]


def test_the_day_after_the_last_benefit_day_may_lie_in_the_next_month():
    # The 183rd and last benefit day is 31 July; six months are reached on 1 August.
    ane = register("spell Ane 101 a_dagpenge - 2022-01-30 .. 2022-07-31")
    assert months(ane, "conversations_6m", "2022-01", "2022-12") == ["2022-08"]


def test_a_gap_delays_twelve_months_of_unemployment_benefit():
    # 300 days to 27 October 2021, then a gap of eleven whole months (Nov .. Sep), then from
    # 1 October 2022: the 365th day is the 65th from there, 4 December; reached on 5 December.
    ane = register("""
        spell Ane 101 a_dagpenge - 2021-01-01 .. 2021-10-27
        spell Ane 101 a_dagpenge - 2022-10-01 .. 2023-01-31
    """)
    assert months(ane, "conversations_12m", "2021-01", "2023-12") == ["2022-12", "2023-01"]


def test_twelve_whole_months_begin_the_count_anew():
    ane = register("""
        spell Ane 101 a_dagpenge - 2021-01-01 .. 2021-10-27
        spell Ane 101 a_dagpenge - 2022-11-01 .. 2023-10-31
    """)
    assert months(ane, "conversations_12m", "2021-01", "2023-12") == []
    # The second run: November to April are 30 + 31 + 31 + 28 + 31 + 30 = 181, 2 May the 183rd.
    assert months(ane, "conversations_6m", "2021-01", "2023-12") == ["2021-07", "2023-05"]


# --- 2: from overgangsydelse to kontanthjaelp or uddannelseshjaelp --------------------------------


def test_kontanthjaelp_goes_on_from_overgangsydelse():
    ane = """
        spell Ane 101 overgangsydelse - 2022-01-10 .. 2022-03-31
        spell Ane 101 kontanthjaelp   - 2022-04-01 .. 2022-12-31
    """
    assert beginnings(ane) == ["overgangsydelse 2022-01-10", "kontanthjaelp 2022-01-10"]
    assert counted(register(ane), "conversations_6m", "2022-07") == [
        "Ane 101 kontanthjaelp - 0 unmet"
    ]
    assert months(register(ane), "conversations_6m", "2022-01", "2022-12") == ["2022-07"]


def test_uddannelseshjaelp_goes_on_from_overgangsydelse():
    assert beginnings("""
        spell Ane 101 overgangsydelse   - 2022-01-10 .. 2022-03-01
        spell Ane 101 uddannelseshjaelp - 2022-04-30 .. 2022-12-31
    """) == ["overgangsydelse 2022-01-10", "uddannelseshjaelp 2022-01-10"]


def test_a_whole_month_after_overgangsydelse_begins_anew():
    ane = """
        spell Ane 101 overgangsydelse - 2022-01-10 .. 2022-02-28
        spell Ane 101 kontanthjaelp   - 2022-04-01 .. 2022-12-31
    """
    assert beginnings(ane) == ["overgangsydelse 2022-01-10", "kontanthjaelp 2022-04-01"]
    assert months(register(ane), "conversations_6m", "2022-01", "2022-12") == ["2022-10"]


@pytest.mark.parametrize("other", ["sygedagpenge", "a_dagpenge", "overgangsydelse"])
def test_nothing_else_goes_on_from_another_benefit(other):
    before = "overgangsydelse" if other != "overgangsydelse" else "kontanthjaelp"
    assert beginnings(f"""
        spell Ane 101 {before} - 2022-01-10 .. 2022-03-31
        spell Ane 101 {other}  - 2022-04-01 .. 2022-12-31
    """) == [f"{before} 2022-01-10", f"{other} 2022-04-01"]


def test_of_two_candidates_the_groups_own_run():
    # On 15 February both kontanthjaelp (from the 5th) and overgangsydelse (from the 10th) go on.
    assert beginnings("""
        spell Ane 101 kontanthjaelp   - 2022-01-05 .. 2022-01-20
        spell Ane 101 overgangsydelse - 2022-01-10 .. 2022-02-28
        spell Ane 101 kontanthjaelp   - 2022-02-15 .. 2022-12-31
    """) == ["kontanthjaelp 2022-01-05", "overgangsydelse 2022-01-10"]


def test_an_own_run_that_is_broken_is_no_candidate():
    assert beginnings("""
        spell Ane 101 kontanthjaelp   - 2021-01-01 .. 2021-06-30
        spell Ane 101 overgangsydelse - 2022-01-10 .. 2022-03-31
        spell Ane 101 kontanthjaelp   - 2022-04-01 .. 2022-12-31
    """) == ["kontanthjaelp 2021-01-01", "overgangsydelse 2022-01-10", "kontanthjaelp 2022-01-10"]


def test_overgangsydelse_cannot_be_continued_through_kontanthjaelp():
    # In May no day of overgangsydelse lies in April: uddannelseshjaelp begins anew.
    assert beginnings("""
        spell Ane 101 overgangsydelse   - 2022-01-10 .. 2022-03-31
        spell Ane 101 kontanthjaelp     - 2022-04-01 .. 2022-04-30
        spell Ane 101 uddannelseshjaelp - 2022-05-01 .. 2022-12-31
    """) == [
        "overgangsydelse 2022-01-10",
        "kontanthjaelp 2022-01-10",
        "uddannelseshjaelp 2022-05-01",
    ]


def test_overgangsydelses_own_run_goes_on_beside_the_new_one():
    # July follows June of overgangsydelse; kontanthjaelp ended in March.
    chain = runs("""
        spell Ane 101 overgangsydelse   - 2022-01-10 .. 2022-02-28
        spell Ane 101 kontanthjaelp     - 2022-03-01 .. 2022-03-31
        spell Ane 101 overgangsydelse   - 2022-03-15 .. 2022-06-30
        spell Ane 101 uddannelseshjaelp - 2022-07-01 .. 2022-12-31
    """)
    assert [(run.group, str(run.start), str(run.last)) for run in chain] == [
        ("overgangsydelse", "2022-01-10", "2022-06-30"),
        ("kontanthjaelp", "2022-01-10", "2022-03-31"),
        ("uddannelseshjaelp", "2022-01-10", "2022-12-31"),
    ]


def test_of_two_benefits_that_begin_together_the_one_that_ends_first_is_taken_first():
    # Overgangsydelse ends first, so kontanthjaelp goes on from it: one beginning, counted once.
    ane = """
        spell Ane 101 overgangsydelse - 2022-01-10 .. 2022-09-30
        spell Ane 101 kontanthjaelp   - 2022-01-10 .. 2022-12-31
    """
    assert counted(register(ane), "conversations_6m", "2022-07") == [
        "Ane 101 kontanthjaelp - 0 unmet"
    ]


def test_two_benefits_that_begin_and_end_together_are_two_runs():
    # Kontanthjaelp is taken first (published order) and finds no overgangsydelse to go on from.
    ane = """
        spell Ane 101 overgangsydelse - 2022-01-10 .. 2022-12-31
        spell Ane 101 kontanthjaelp   - 2022-01-10 .. 2022-12-31
    """
    assert counted(register(ane), "conversations_6m", "2022-07") == [
        "Ane 101 kontanthjaelp - 0 unmet",
        "Ane 101 overgangsydelse - 0 unmet",
    ]


def test_a_later_gap_cannot_reach_back():
    # Beginning in April 2022 the second run has reached twelve months only in April 2023.
    ane = register("""
        spell Ane 101 ledighedsydelse - 2020-01-01 .. 2022-02-28
        spell Ane 101 ledighedsydelse - 2022-04-01 .. 2023-04-30
    """)
    assert months(ane, "conversations_12m", "2021-12", "2023-12") == [
        "2021-12",
        "2022-01",
        "2022-02",
        "2023-04",
    ]
