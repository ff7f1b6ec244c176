"""The reference on met and unmet, durations and figures, against cases worked out by hand (§ 4-5)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from tests.measures.handwritten import counted, register, table
from tests.measures.reference import duration_band, figures, judged

# On the same benefit since 2020: in every twelve-month population from January 2021 on.
LONG = "spell Ane 101 kontanthjaelp jobparat 2020-01-15 .."

# Six months on 31 July 2022; the window of the 6-month measures is 31 January to 30 July.
EARLY = "spell Ane 101 kontanthjaelp jobparat 2022-01-31 .."


def outcome(measure: str, month: str, *texts: str, known_on: str | None = None) -> str:
    """The category of the one person counted, and whether met: "3 unmet"."""
    (line,) = counted(register(*texts), measure, month, known_on)
    return " ".join(line.split()[4:])


def conversations(*held: str, type: int = 4) -> str:
    return "\n".join(f"conversation Ane {type} {day}" for day in held)


# --- conversations --------------------------------------------------------------------------------

NUMBERS = table("""
held on different days | outcome
0                      | 0 unmet
1                      | 1 unmet
3                      | 3 unmet
4                      | 4 met
5                      | 5+ met
6                      | 5+ met
""")


@pytest.mark.parametrize(("number", "expected"), NUMBERS)
def test_four_conversations_are_required(number, expected):
    held = conversations(*(f"2022-06-{day:02}" for day in range(1, int(number) + 1)))
    assert outcome("conversations_12m", "2022-12", LONG, held) == expected
    assert outcome("conversations_6m", "2022-07", EARLY, held) == expected


WINDOW_12 = table("""
held       | counts for March 2023
2022-03-31 | 0
2022-04-01 | 1
2023-03-31 | 1
2023-04-01 | 0
""")


@pytest.mark.parametrize(("held", "number"), WINDOW_12)
def test_twelve_calendar_months_are_looked_at(held, number):
    assert outcome("conversations_12m", "2023-03", LONG, conversations(held)) == f"{number} unmet"


def test_the_window_goes_on_after_the_placement_day():
    ended = "spell Ane 101 kontanthjaelp - 2020-01-15 .. 2023-03-05"
    held = conversations("2023-03-31")
    assert outcome("conversations_12m", "2023-03", ended, held) == "1 unmet"


WINDOW_6 = table("""
held       | counts at six months
2022-01-30 | 0
2022-01-31 | 1
2022-07-30 | 1
2022-07-31 | 0
""")


@pytest.mark.parametrize(("held", "number"), WINDOW_6)
def test_from_the_runs_first_day_to_the_day_before_six_months(held, number):
    assert outcome("conversations_6m", "2022-07", EARLY, conversations(held)) == f"{number} unmet"


def test_after_overgangsydelse_the_window_begins_where_that_began():
    ane = """
        spell Ane 101 overgangsydelse - 2022-01-31 .. 2022-03-31
        spell Ane 101 kontanthjaelp   - 2022-04-01 ..
    """
    assert outcome("conversations_6m", "2022-07", ane, conversations("2022-01-31")) == "1 unmet"


def test_two_conversations_of_one_day_count_once():
    held = conversations("2022-06-01", "2022-06-02", "2022-06-03")
    again = conversations("2022-06-01", "2022-06-03", type=7)
    assert outcome("conversations_12m", "2022-12", LONG, held, again) == "3 unmet"
    assert outcome("conversations_6m", "2022-07", EARLY, held, again) == "3 unmet"


@pytest.mark.parametrize(("type", "number"), [(4, 1), (7, 1), (17, 1), (19, 1), (12, 0), (15, 0)])
def test_only_some_types_count(type, number):
    held = conversations("2022-06-01", type=type)
    assert outcome("conversations_12m", "2022-12", LONG, held) == f"{number} unmet"


def test_three_suffice_on_unemployment_benefit_from_january_2024():
    # From 1 June 2023 the 183rd day is 30 November, from 2 July it is 31 December.
    december = "spell Ane 101 a_dagpenge - 2023-06-01 .."
    january = "spell Ane 101 a_dagpenge - 2023-07-02 .."
    elapsed = "spell Ane 101 kontanthjaelp - 2023-07-02 .."
    three = conversations("2023-08-01", "2023-08-02", "2023-08-03")
    assert outcome("conversations_6m", "2023-12", december, three) == "3 unmet"
    assert outcome("conversations_6m", "2024-01", january, three) == "3 met"
    assert outcome("conversations_6m", "2024-01", elapsed, three) == "3 unmet"


def test_four_are_still_required_after_twelve_months():
    ane = "spell Ane 101 a_dagpenge - 2022-01-01 .."
    three = conversations("2024-01-01", "2024-01-02", "2024-01-03")
    assert outcome("conversations_12m", "2024-06", ane, three) == "3 unmet"


# --- known on -------------------------------------------------------------------------------------

KNOWN = table("""
registered            | known on   | seen?
registered 2022-07-05 | 2022-07-04 | 0
registered 2022-07-05 | 2022-07-05 | 1
registered 2022-07-05 |            | 1
                      | 2000-01-01 | 1
""")


@pytest.mark.parametrize(("registered", "known_on", "number"), KNOWN)
def test_what_is_registered_later_is_not_seen(registered, known_on, number):
    ane = (
        LONG,
        f"conversation Ane 4 2022-06-01 {registered}",
        f"offer Ane loentilskud 2022-06-01 .. 2022-06-30 {registered}",
    )
    known = known_on or None
    assert outcome("conversations_12m", "2022-12", *ane, known_on=known) == f"{number} unmet"
    assert outcome("offers_12m", "2022-12", *ane, known_on=known) == (
        f"{number} {'met' if number == '1' else 'unmet'}"
    )


# --- offers and hours -----------------------------------------------------------------------------

OVERLAPS = table("""
offer                    | March 2023 (from 1 April 2022)
2020-01-01 .. 2022-03-31 | 0 unmet
2020-01-01 .. 2022-04-01 | 1 met
2023-03-31 .. 2024-01-01 | 1 met
2023-04-01 .. 2024-01-01 | 0 unmet
2020-01-01 ..            | 1 met
2022-10-05 .. 2022-10-05 | 1 met
""")


@pytest.mark.parametrize(("offer", "expected"), OVERLAPS)
def test_an_offer_counts_when_it_overlaps_the_twelve_months(offer, expected):
    ane = LONG, f"offer Ane virksomhedspraktik {offer}"
    assert outcome("offers_12m", "2023-03", *ane) == expected


STARTS = table("""
offer                    | at six months (31 January to 30 July 2022)
2022-01-30 .. 2022-07-30 | 0 unmet
2022-01-31 .. 2022-01-31 | 1 met
2022-07-30 ..            | 1 met
2022-07-31 ..            | 0 unmet
""")


@pytest.mark.parametrize(("offer", "expected"), STARTS)
def test_an_early_offer_counts_when_it_starts_in_the_window(offer, expected):
    ane = EARLY, f"offer Ane virksomhedspraktik {offer}"
    assert outcome("offers_6m", "2022-07", *ane) == expected


def test_guidance_counts_as_an_early_offer_from_july_2026_only():
    # 183 days from 1 December 2025 end on 1 June 2026, from 30 December on 30 June.
    guidance = "offer Ane oevrig_vejledning_opkvalificering 2026-02-01 .. 2026-02-28"
    june = "spell Ane 101 a_dagpenge - 2025-12-01 .."
    july = "spell Ane 101 a_dagpenge - 2025-12-30 .."
    assert outcome("offers_6m", "2026-06", june, guidance) == "0 unmet"
    assert outcome("offers_6m", "2026-07", july, guidance) == "1 met"


def test_guidance_counts_as_an_offer_of_the_long_term_measure():
    guidance = "offer Ane oevrig_vejledning_opkvalificering 2022-06-01 .. 2022-06-30"
    assert outcome("offers_12m", "2022-12", LONG, guidance) == "1 met"


def test_early_offers_are_measured_for_four_groups_only():
    for group, number in {
        "a_dagpenge": 1,
        "kontanthjaelp": 1,
        "uddannelseshjaelp": 1,
        "overgangsydelse": 1,
        "sygedagpenge": 0,
        "ressourceforloeb": 0,
        "revalidering": 0,
    }.items():
        # 183 days from 20 January 2022 end on 21 July; so six months fall in July either way.
        ane = register(f"spell Ane 101 {group} - 2022-01-20 ..")
        assert len(counted(ane, "offers_6m", "2022-07")) == number
        assert len(counted(ane, "conversations_6m", "2022-07")) == 1


def test_offers_that_differ_only_in_registered_are_two():
    offer = "offer Ane nytteindsats 2022-06-01 .. 2022-06-30"
    assert (
        outcome("offers_12m", "2022-12", LONG, offer, f"{offer} registered 2022-07-01") == "2+ met"
    )
    assert (
        outcome("offers_6m", "2022-07", EARLY, offer, f"{offer} registered 2022-07-01") == "2+ met"
    )


def test_identical_offers_are_one():
    offer = "offer Ane nytteindsats 2022-06-01 .. 2022-06-30"
    assert outcome("offers_12m", "2022-12", LONG, offer, offer) == "1 met"


HOURS = table("""
hours                                       | month   | outcome
2021-12 224.99                              | 2021-12 | 0 unmet
2021-12 225                                 | 2021-12 | 0 met
2021-12 99.99                               | 2022-01 | 0 unmet
2021-12 100                                 | 2022-01 | 0 met
2022-02 60.10 & 2022-03 39.90               | 2022-12 | 0 met
2022-02 60.10 & 2022-03 39.89               | 2022-12 | 0 unmet
2022-02 100 & 2022-02 -0.01                 | 2022-12 | 0 unmet
2022-02 100 & 2022-03 50 & 2022-04 -50      | 2022-12 | 0 met
2022-02 50 & 2022-02 50                     | 2022-12 | 0 met
2022-02 -20.5                               | 2022-12 | 0 unmet
2021-12 500                                 | 2022-12 | 0 unmet
2022-01 100                                 | 2022-12 | 0 met
2022-12 100                                 | 2022-12 | 0 met
2023-01 100                                 | 2022-12 | 0 unmet
""")


@pytest.mark.parametrize(("hours", "month", "expected"), HOURS)
def test_enough_hours_stand_for_an_offer(hours, month, expected):
    ane = LONG, *(f"hours Ane {row}" for row in hours.split("&"))
    assert outcome("offers_12m", month, *ane) == expected


def test_an_offer_stands_whatever_the_hours():
    ane = LONG, "hours Ane 2022-02 -100", "offer Ane loentilskud 2022-06-01 ..2022-06-01"
    assert outcome("offers_12m", "2022-12", *ane) == "1 met"


def test_hours_do_not_stand_for_an_early_offer():
    assert outcome("offers_6m", "2022-07", EARLY, "hours Ane 2022-02 500") == "0 unmet"


# --- durations ------------------------------------------------------------------------------------

BANDS = table("""
from 1 January 2022 to | days between | elapsed | days on benefit | accumulated
2022-01-01             | 0            | 0-8     | 1               | 0-8
2022-03-03             | 61           | 0-8     | 62              | 0-8
2022-03-04             | 62           | 0-8     | 63              | 9-13
2022-03-05             | 63           | 9-13    | 64              | 9-13
2022-04-07             | 96           | 9-13    | 97              | 9-13
2022-04-08             | 97           | 9-13    | 98              | 14-26
2022-04-09             | 98           | 14-26   | 99              | 14-26
2022-07-08             | 188          | 14-26   | 189             | 27-52
2022-07-09             | 189          | 27-52   | 190             | 27-52
2023-01-06             | 370          | 27-52   | 371             | 53-104
2023-01-07             | 371          | 53-104  | 372             | 53-104
2024-01-05             | 734          | 53-104  | 735             | 105+
2024-01-06             | 735          | 105+    | 736             | 105+
""")


@pytest.mark.parametrize(("end", "between", "elapsed", "on_benefit", "accumulated"), BANDS)
def test_completed_weeks(end, between, elapsed, on_benefit, accumulated):
    assert (dt.date.fromisoformat(end) - dt.date(2022, 1, 1)).days == int(between)
    assert duration_band(int(between) // 7) == elapsed
    assert duration_band(int(on_benefit) // 7) == accumulated
    for group, band in (("kontanthjaelp", elapsed), ("a_dagpenge", accumulated)):
        ane = register(f"spell Ane 101 {group} - 2022-01-01 .. {end}")
        assert counted(ane, "durations", end[:7]) == [f"Ane 101 {group} - {band}"]


def test_a_gap_is_part_of_elapsed_weeks_but_not_of_accumulated_ones():
    # From 1 January to 9 April 2022 are 98 days: fourteen weeks. On the benefit are 41 + 40 = 81:
    # eleven weeks.
    for group, band in (("kontanthjaelp", "14-26"), ("a_dagpenge", "9-13")):
        ane = register(f"""
            spell Ane 101 {group} - 2022-01-01 .. 2022-02-10
            spell Ane 101 {group} - 2022-03-01 .. 2022-04-09
        """)
        assert counted(ane, "durations", "2022-04") == [f"Ane 101 {group} - {band}"]


def test_who_went_on_from_overgangsydelse_has_its_weeks_too():
    # 98 days from 1 January to 9 April.
    ane = register("""
        spell Ane 101 overgangsydelse - 2022-01-01 .. 2022-03-31
        spell Ane 101 kontanthjaelp   - 2022-04-01 .. 2022-04-09
    """)
    assert counted(ane, "durations", "2022-04") == ["Ane 101 kontanthjaelp - 14-26"]


# --- figures --------------------------------------------------------------------------------------


def test_the_figures_of_a_small_register():
    """Two in Ishøj (183), one of them with four conversations, and one in Aalborg (851)."""
    small = register(
        """
        spell Ane 183 kontanthjaelp jobparat 2020-01-01 ..
        spell Bo  183 kontanthjaelp -        2020-01-01 ..
        spell Eva 851 sygedagpenge  -        2020-01-01 ..
        """,
        conversations("2022-06-01", "2022-06-02", "2022-06-03", "2022-06-04"),
    )
    december = dt.date(2022, 12, 1)
    shown = figures(judged(small, december, december))

    def value(statistic, kind, area, group, visitation="", category=""):
        cell = ("conversations_12m", statistic, kind, area, group, visitation, category, december)
        return shown.get(cell)

    ishoej = "municipality", "183"
    assert value("population", *ishoej, "kontanthjaelp") == (Fraction(2), "value")
    assert value("unmet", *ishoej, "kontanthjaelp") == (Fraction(1), "value")
    assert value("share", *ishoej, "kontanthjaelp") == (Fraction(50), "value")
    assert value("persons", *ishoej, "kontanthjaelp", category="4") == (Fraction(1), "value")
    assert value("persons", *ishoej, "kontanthjaelp", category="3") == (Fraction(0), "zero")
    assert value("share", *ishoej, "kontanthjaelp", "jobparat") == (Fraction(0), "zero")
    assert value("population", *ishoej, "kontanthjaelp", "uoplyst") == (Fraction(1), "value")
    assert value("population", *ishoej, "total", "uoplyst") == (Fraction(1), "value")
    assert value("population", "municipality", "851", "sygedagpenge", "uoplyst") is None
    assert value("population", *ishoej, "sygedagpenge") == (Fraction(0), "zero")
    assert value("share", *ishoej, "sygedagpenge") == (None, "not_available")
    assert value("population", *ishoej, "total") == (Fraction(2), "value")
    assert value("share", "country", "dk", "total") == (Fraction(200, 3), "value")
    assert value("population", "amk", "oest", "total") == (Fraction(2), "value")
    assert value("population", "region", "1081", "total") == (Fraction(1), "value")
    assert value("population", "region", "1082", "total") is None
    assert value("population", "municipality", "101", "total") is None
