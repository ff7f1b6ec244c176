"""The reference on who is counted and where, against cases worked out by hand (§ 3)."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.measures.handwritten import counted, months, register, table
from tests.measures.reference import judged

# --- placement ------------------------------------------------------------------------------------


def where(month: str, text: str) -> str:
    """Municipality, group and visitation of the one person placed in a month."""
    (line,) = counted(register(text), "durations", month)
    return " ".join(line.split()[1:4])


def test_the_latest_benefit_day_of_the_month_decides():
    assert (
        where(
            "2022-03",
            """
            spell Ane 101 a_dagpenge   - 2022-01-01 .. 2022-03-20
            spell Ane 101 sygedagpenge - 2022-03-21 .. 2022-03-25
            """,
        )
        == "101 sygedagpenge -"
    )


def test_who_has_no_benefit_day_in_the_month_is_not_counted():
    ane = register("spell Ane 101 a_dagpenge - 2022-01-01 .. 2022-02-28")
    assert counted(ane, "durations", "2022-03") == []


def test_who_moves_is_counted_where_the_month_ends():
    ane = """
        spell Ane 101 kontanthjaelp jobparat 2022-01-01 .. 2022-03-15
        spell Ane 851 kontanthjaelp jobparat 2022-03-16 .. 2022-12-31
    """
    assert where("2022-02", ane) == "101 kontanthjaelp jobparat"
    assert where("2022-03", ane) == "851 kontanthjaelp jobparat"


TIES = table("""
one spell                                               | the other                                                       | counted in
101 kontanthjaelp   jobparat 2022-03-01 .. 2022-04-30   | 101 a_dagpenge      -               2022-01-01 .. 2022-03-31    | 101 a_dagpenge -
101 overgangsydelse -        2022-03-01 .. 2022-04-30   | 101 uddannelseshjaelp -             2022-01-01 .. 2022-03-31    | 101 uddannelseshjaelp -
101 kontanthjaelp   jobparat 2022-03-01 .. 2022-04-30   | 147 kontanthjaelp   jobparat        2022-03-02 .. 2022-03-31    | 147 kontanthjaelp jobparat
147 kontanthjaelp   jobparat 2022-03-01 .. 2022-04-30   | 101 kontanthjaelp   uoplyst         2022-03-01 .. 2022-03-31    | 101 kontanthjaelp uoplyst
101 kontanthjaelp   jobparat 2022-03-01 .. 2022-04-30   | 101 kontanthjaelp   aktivitetsparat 2022-03-01 .. 2022-03-31    | 101 kontanthjaelp aktivitetsparat
101 kontanthjaelp   aktivitetsparat 2022-03-01 .. 2022-04-30 | 101 kontanthjaelp aabenlys_uddannelsesparat 2022-03-01 .. | 101 kontanthjaelp aabenlys_uddannelsesparat
101 kontanthjaelp   aabenlys_uddannelsesparat 2022-03-01 ..  | 101 kontanthjaelp -                2022-03-01 ..           | 101 kontanthjaelp -
""")


@pytest.mark.parametrize(("one", "other", "expected"), TIES)
def test_two_spells_on_the_day(one, other, expected):
    """First in published order, the latest start, the lowest municipality, the first visitation."""
    for spells in ((one, other), (other, one)):
        assert where("2022-03", "\n".join(f"spell Ane {spell}" for spell in spells)) == expected


def test_a_nested_spell_counts_only_while_it_lasts():
    ane = """
        spell Ane 101 kontanthjaelp - 2022-01-01 .. 2022-12-31
        spell Ane 147 kontanthjaelp - 2022-03-10 .. 2022-04-29
    """
    assert where("2022-03", ane) == "147 kontanthjaelp -"
    assert where("2022-04", ane) == "101 kontanthjaelp -"


def test_identical_spells_are_one():
    # 1 January to 31 March are 89 days: twelve weeks.
    once = "spell Ane 101 sygedagpenge - 2022-01-01 .."
    assert counted(register(once, once), "durations", "2022-03") == ["Ane 101 sygedagpenge - 9-13"]


# --- 12-month population --------------------------------------------------------------------------

TWELVE = table("""
spell                      | month   | counted?
2022-03-31 .. 2023-12-31   | 2023-03 | yes: reached on the month's last day
2022-04-01 .. 2023-12-31   | 2023-03 | no: reached the day after
2022-03-20 .. 2023-03-05   | 2023-03 | yes: reached within the month, though the benefit ended before
2022-03-20 .. 2023-02-28   | 2023-03 | no: no benefit day in the month
2020-02-29 .. 2022-12-31   | 2021-02 | yes: 29 February 2020 + 12 months = 28 February 2021
2020-03-01 .. 2022-12-31   | 2021-02 | no
""")


@pytest.mark.parametrize(("spell", "month", "answer"), TWELVE)
def test_the_twelve_month_population(spell, month, answer):
    ane = register(f"spell Ane 101 kontanthjaelp jobparat {spell}")
    expected = ["Ane 101 kontanthjaelp jobparat 0 unmet"] if answer.startswith("yes") else []
    assert counted(ane, "conversations_12m", month) == expected
    assert counted(ane, "offers_12m", month) == expected


def test_the_run_of_the_spell_placed_decides():
    # Long on sygedagpenge, but placed on a-dagpenge that has just begun (published order).
    ane = register("""
        spell Ane 101 sygedagpenge - 2020-01-01 .. 2023-12-31
        spell Ane 101 a_dagpenge   - 2023-03-31 .. 2023-04-02
    """)
    assert counted(ane, "conversations_12m", "2023-03") == []
    assert counted(ane, "conversations_12m", "2023-04") == ["Ane 101 sygedagpenge - 0 unmet"]


# --- 6-month population ---------------------------------------------------------------------------

SIX = table("""
spells                                              | month   | counted?
2022-01-10 .. 2022-07-09                            | 2022-07 | yes: lasts to the day before six months
2022-01-10 .. 2022-07-08                            | 2022-07 | no: ends a day too early
2022-01-10 .. 2022-05-31 & 2022-06-30 .. 2022-07-31 | 2022-07 | yes: a gap, but the same run, and it lasts
2022-01-10 .. 2022-06-01 & 2022-07-20 .. 2022-07-31 | 2022-07 | yes: goes on after a gap that holds the day itself
2022-01-10 .. 2022-06-30 & 2022-08-01 .. 2022-12-31 | 2022-07 | no: what starts after the month is not used
2021-08-31 .. 2022-02-27                            | 2022-02 | yes: six months are reached on 28 February
2021-08-31 .. 2022-02-26                            | 2022-02 | no
""")


@pytest.mark.parametrize(("spells", "month", "answer"), SIX)
def test_the_six_month_population(spells, month, answer):
    ane = register(
        *(f"spell Ane 101 kontanthjaelp jobparat {spell}" for spell in spells.split("&"))
    )
    expected = ["Ane 101 kontanthjaelp jobparat 0 unmet"] if answer.startswith("yes") else []
    assert counted(ane, "conversations_6m", month) == expected
    assert counted(ane, "offers_6m", month) == expected


def test_six_months_are_placed_by_the_day_before_also_in_another_month():
    # Reached on 1 July; on 30 June Ane lived in 101, all of July in 851.
    ane = register("""
        spell Ane 101 sygedagpenge - 2022-01-01 .. 2022-06-30
        spell Ane 851 sygedagpenge - 2022-07-01 .. 2022-12-31
    """)
    assert counted(ane, "conversations_6m", "2022-07") == ["Ane 101 sygedagpenge - 0 unmet"]


def test_six_months_are_placed_by_the_latest_benefit_day_before_a_gap():
    ane = register("""
        spell Ane 101 revalidering - 2022-01-01 .. 2022-04-30
        spell Ane 147 revalidering - 2022-05-01 .. 2022-06-01
        spell Ane 851 revalidering - 2022-07-20 .. 2022-12-31
    """)
    assert counted(ane, "conversations_6m", "2022-07") == ["Ane 147 revalidering - 0 unmet"]


def test_six_months_are_placed_inside_the_run():
    # A-dagpenge comes first in published order, but it is not this run.
    ane = register("""
        spell Ane 101 sygedagpenge - 2022-01-01 .. 2022-12-31
        spell Ane 851 a_dagpenge   - 2022-06-01 .. 2022-08-31
    """)
    assert counted(ane, "conversations_6m", "2022-07") == ["Ane 101 sygedagpenge - 0 unmet"]


def test_two_runs_of_a_person_may_reach_six_months_in_one_month():
    # 183 days from 2 January 2022 end on 3 July: both on 4 July and on 20 July.
    ane = register("""
        spell Ane 101 a_dagpenge   - 2022-01-02 .. 2022-12-31
        spell Ane 147 sygedagpenge - 2022-01-20 .. 2022-12-31
    """)
    assert counted(ane, "conversations_6m", "2022-07") == [
        "Ane 101 a_dagpenge - 0 unmet",
        "Ane 147 sygedagpenge - 0 unmet",
    ]


SHARED = table("""
overgangsydelse          | kontanthjaelp            | counted as, in July 2022
2022-01-10 .. 2022-12-31 | 2022-03-01 .. 2022-05-31 | overgangsydelse
2022-01-10 .. 2022-05-31 | 2022-03-01 .. 2022-12-31 | kontanthjaelp
2022-01-10 .. 2022-12-31 | 2022-03-01 .. 2022-12-31 | kontanthjaelp
2022-01-10 .. 2022-07-09 | 2022-03-01 .. 2022-07-08 | overgangsydelse
2022-01-10 .. 2022-07-08 | 2022-03-01 .. 2022-07-09 | kontanthjaelp
2022-01-10 .. 2022-07-08 | 2022-03-01 .. 2022-07-08 | -
2022-01-10 .. 2022-05-31 | 2022-07-10 .. 2022-12-31 | -
2022-01-10 .. 2022-06-30 | 2022-07-20 .. 2022-12-31 | overgangsydelse
""")
# The seventh: all of June is without, so kontanthjaelp begins anew on 10 July. The eighth: the run
# lasts by the spell from 20 July, and is placed by its latest benefit day up to 9 July, 30 June.


@pytest.mark.parametrize(("before", "after", "group"), SHARED)
def test_runs_that_share_their_beginning_are_counted_once(before, after, group):
    ane = register(
        f"spell Ane 101 overgangsydelse - {before}", f"spell Ane 101 kontanthjaelp - {after}"
    )
    expected = [] if group == "-" else [f"Ane 101 {group} - 0 unmet"]
    assert counted(ane, "conversations_6m", "2022-07") == expected
    assert counted(ane, "offers_6m", "2022-07") == expected


def test_three_runs_that_share_their_beginning_are_counted_once():
    ane = register("""
        spell Ane 101 overgangsydelse   - 2022-01-10 .. 2022-12-31
        spell Ane 147 kontanthjaelp     - 2022-02-01 .. 2022-12-31
        spell Ane 851 uddannelseshjaelp - 2022-03-01 .. 2022-12-31
    """)
    assert months(ane, "offers_6m", "2022-01", "2022-12") == ["2022-07"]
    assert counted(ane, "offers_6m", "2022-07") == ["Ane 147 kontanthjaelp - 0 unmet"]


# --- exemptions -----------------------------------------------------------------------------------

EXEMPT = table("""
exemption                            | conversations_12m | offers_12m
offers        2023-03-31 ..2023-03-31 | counted           | left out
offers        2023-04-01 ..           | counted           | counted
offers        2020-01-01 ..2023-03-30 | counted           | counted
offers        2020-01-01 ..           | counted           | left out
conversations 2023-03-31 ..2023-03-31 | left out          | counted
conversations 2023-03-01 ..2023-03-30 | counted           | counted
""")


@pytest.mark.parametrize(("exemption", "conversations", "offers"), EXEMPT)
def test_an_exemption_on_the_placement_day_leaves_out(exemption, conversations, offers):
    ane = register(
        "spell Ane 101 kontanthjaelp - 2022-01-01 .. 2023-12-31", f"exemption Ane {exemption}"
    )
    assert len(counted(ane, "conversations_12m", "2023-03")) == (conversations == "counted")
    assert len(counted(ane, "offers_12m", "2023-03")) == (offers == "counted")
    assert len(counted(ane, "durations", "2023-03")) == 1


def test_the_placement_day_is_the_latest_benefit_day_not_the_months_last():
    ane = register("""
        spell Ane 101 kontanthjaelp - 2022-01-01 .. 2023-03-20
        exemption Ane offers        2023-03-21 .. 2023-03-31
        exemption Ane conversations 2023-03-20 .. 2023-03-20
    """)
    assert counted(ane, "offers_12m", "2023-03") == ["Ane 101 kontanthjaelp - 0 unmet"]
    assert counted(ane, "conversations_12m", "2023-03") == []


@pytest.mark.parametrize(
    ("days", "number"),
    [
        ("2022-06-01 .. 2022-06-01", 0),  # the latest benefit day before six months
        ("2022-06-02 .. 2022-12-31", 1),  # the gap, and the day six months are reached
        ("2022-01-01 .. 2022-05-31", 1),
    ],
)
def test_an_exemption_at_six_months_goes_by_the_latest_benefit_day(days, number):
    ane = register(
        """
        spell Ane 101 kontanthjaelp - 2022-01-01 .. 2022-06-01
        spell Ane 101 kontanthjaelp - 2022-07-20 .. 2022-12-31
        """,
        f"exemption Ane offers {days}",
    )
    assert len(counted(ane, "offers_6m", "2022-07")) == number
    assert len(counted(ane, "conversations_6m", "2022-07")) == 1


# --- ongoing spells -------------------------------------------------------------------------------


def test_an_ongoing_spell_lasts_to_the_end_of_the_last_measured_month():
    ane = register("spell Ane 101 kontanthjaelp - 2022-01-31 ..")
    assert months(ane, "durations", "2021-11", "2022-04") == [
        "2022-01",
        "2022-02",
        "2022-03",
        "2022-04",
    ]


def test_a_months_figures_do_not_depend_on_how_far_the_run_goes():
    # Overgangsydelse is ongoing and begins with kontanthjaelp: whichever month is the last one
    # measured, kontanthjaelp (which ends) is taken first, and the two are runs of their own.
    ane = register("""
        spell Ane 101 overgangsydelse - 2022-01-10 ..
        spell Ane 101 kontanthjaelp   - 2022-01-10 .. 2022-10-31
    """)
    july = dt.date(2022, 7, 1)
    runs = [
        [c for c in judged(ane, july, last) if c.month == july]
        for last in (july, dt.date(2022, 10, 1), dt.date(2022, 11, 1))
    ]
    assert runs[0] == runs[1] == runs[2]
    assert len([c for c in runs[0] if c.measure == "conversations_6m"]) == 2
