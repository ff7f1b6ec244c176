"""The reference on the reform's measures, and the kernel on the same registers, point by point."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.measures import reference
from tests.measures.handwritten import counted, months, register
from tests.measures.reference import counts, judged
from tests.measures.registers import HUNT, Scene, random_scene
from tests.measures.test_agreement import engine_counts, reference_counts
from tilsyn.measures import definitions


def found(text: str, measure: str, month: str) -> list[str]:
    """Who is counted; the kernel must count the same."""
    told = register(text)
    first = dt.date.fromisoformat(month + "-01")
    scene = Scene(told, first, first, None)
    assert engine_counts(scene) == counts(judged(told, first, first))
    return counted(told, measure, month)


TALKS, OFFERS, FIRST = "conversations_6m_2026", "offers_6m_2026", "first_conversation"
SICK, DUTY = "sick_followup_6m", "arbejdspligt_effort"
READY = "spell Ane 101 kontanthjaelp jobparat 2026-06-15 .. \n"
"""Reaches six months on 15 December; the last day counted is the 14th."""


def talks(*days: str) -> str:
    return "\n".join(f"conversation Ane 4 {day}" for day in days) + "\n"


# --- C: three outcomes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("", "missed"),
        ("exemption Ane conversations 2026-12-01 .. flex25 2026-12-14", "exempted"),
        ("exemption Ane conversations 2026-12-01 .. flex25 2026-12-15", "missed"),
        ("exemption Ane conversations 2026-12-01 .. flex25 -", "exempted"),
        ("exemption Ane conversations 2026-12-14 .. flex25 2026-07-01", "exempted"),
        ("exemption Ane conversations 2026-12-15 .. flex25 2026-07-01", "missed"),
        ("exemption Ane conversations 2026-05-01 .. 2026-06-15 flex25 2026-05-01", "exempted"),
        ("exemption Ane conversations 2026-05-01 .. 2026-06-14 flex25 2026-05-01", "missed"),
        ("exemption Ane offers 2026-12-01 .. flex25 2026-12-01", "missed"),
    ],
)
def test_a_decision_in_time_that_overlaps_the_window_exempts(line, outcome):
    assert found(READY + line, TALKS, "2026-12") == [f"Ane 101 kontanthjaelp jobparat 0 {outcome}"]


def test_who_has_met_is_not_exempted_and_one_decision_must_do_both_by_itself():
    met = READY + talks("2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01")
    line = "exemption Ane conversations 2026-07-01 .. flex25 2026-07-01"
    assert found(met + line, TALKS, "2026-12") == ["Ane 101 kontanthjaelp jobparat 4 met"]
    late = "exemption Ane conversations 2026-07-01 .. flex25 2026-12-20\n"
    after = "exemption Ane conversations 2026-12-20 .. flex25 2026-07-01"
    assert found(READY + late + after, TALKS, "2026-12") == [
        "Ane 101 kontanthjaelp jobparat 0 missed"
    ]


def test_a_statutory_exemption_comes_first_and_the_old_measures_read_no_decision():
    by_decision = READY + "exemption Ane conversations 2026-07-01 .. flex25 2026-07-01\n"
    assert counted(register(by_decision), "conversations_6m", "2026-12") == [
        "Ane 101 kontanthjaelp jobparat 0 unmet"
    ]
    both = by_decision + "exemption Ane conversations 2026-12-14 .. 2026-12-14"
    assert found(both, TALKS, "2026-12") == []
    assert counted(register(both), "conversations_6m", "2026-12") == []


def test_the_last_day_counted_is_the_windows_also_where_the_placement_is_earlier():
    text = """
        spell Ane 101 kontanthjaelp jobparat 2026-06-15 .. 2026-11-20
        spell Ane 101 kontanthjaelp jobparat 2026-12-20 ..
        exemption Ane conversations 2026-12-01 .. flex25 2026-12-14
    """
    assert found(text, TALKS, "2026-12") == ["Ane 101 kontanthjaelp jobparat 0 exempted"]


@pytest.mark.parametrize("measure", [FIRST, SICK, DUTY])
def test_no_decision_exempts_in_the_other_measures(measure):
    text = """
        spell Ane 101 kontanthjaelp jobparat 2026-07-01 .. 2026-12-31
        spell Ane 101 sygedagpenge  -        2026-02-01 .. 2026-07-31
        duty Ane 2026-07-01 ..
        exemption Ane offers        2026-01-01 .. flex25 2026-01-01
        exemption Ane conversations 2026-01-01 .. flex25 2026-01-01
    """
    month = "2026-08" if measure == SICK else "2026-07"
    [line] = found(text, measure, month)
    assert line.endswith("0 missed")


# --- D.1–D.3: months, placement, runs that share their beginning ----------------------------------


def test_there_is_nothing_before_july_2026():
    text = register("""
        spell Ane 101 kontanthjaelp jobparat 2025-12-10 .. 2026-12-31
        spell Bo  101 kontanthjaelp jobparat 2026-01-01 .. 2026-12-31
        spell Eva 101 kontanthjaelp jobparat 2026-06-24 .. 2026-12-31
        spell Ib  101 kontanthjaelp jobparat 2026-06-23 .. 2026-12-31
        duty Ane 2026-01-01 ..
    """)
    assert months(text, TALKS, "2026-01", "2026-08") == ["2026-07"]
    assert counted(text, FIRST, "2026-06") == []
    assert counted(text, FIRST, "2026-07") == ["Eva 101 kontanthjaelp jobparat 0 missed"]
    assert months(text, DUTY, "2026-01", "2026-08") == ["2026-07", "2026-08"]


@pytest.mark.parametrize(
    ("visitation", "in_talks", "in_offers"),
    [
        ("jobparat", True, True),
        ("aktivitetsparat", False, False),
        ("uddannelsesparat", False, True),
        ("aabenlys_uddannelsesparat", False, True),
        ("uoplyst", False, False),
        ("-", False, False),
    ],
)
def test_placed_as_is_the_visitation_of_the_placement_not_of_the_beginning(
    visitation, in_talks, in_offers
):
    text = f"""
        spell Ane 101 kontanthjaelp jobparat     2026-02-01 .. 2026-07-30
        spell Ane 101 kontanthjaelp {visitation} 2026-07-31 ..
    """
    assert bool(found(text, TALKS, "2026-08")) == in_talks
    assert bool(found(text, OFFERS, "2026-08")) == in_offers


def test_of_a_tie_the_empty_visitation_comes_first():
    text = """
        spell Ane 101 kontanthjaelp jobparat 2026-02-01 ..
        spell Ane 101 kontanthjaelp -        2026-02-01 ..
    """
    assert found(text, TALKS, "2026-08") == []


def test_a_run_from_overgangsydelse_has_its_deadline_and_its_window_from_there():
    text = """
        spell Ane 101 overgangsydelse jobparat 2026-07-01 .. 2026-07-05
        spell Ane 101 kontanthjaelp   jobparat 2026-07-06 ..
        conversation Ane 4 2026-07-01
    """
    assert found(text, FIRST, "2026-07") == ["Ane 101 kontanthjaelp jobparat 1 met"]
    assert found(text, TALKS, "2027-01") == ["Ane 101 kontanthjaelp jobparat 1 missed"]
    later = text.replace("07-05", "07-20").replace("07-06", "07-21")
    assert found(later, FIRST, "2026-07") == []


# --- D.4–D.5: the deadline and the take-over ------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "held", "told"),
    [
        ("2026-07-08", "2026-07-08", "1 met"),
        ("2026-07-08", "2026-07-01", "1 met"),
        ("2026-07-08", "2026-07-09", "0 missed"),
        ("2026-07-08", "2026-06-30", "0 missed"),
        ("2026-07-07", "2026-07-01", None),
    ],
)
def test_both_ends_count_and_the_run_lasts_to_the_deadline(end, held, told):
    text = f"""
        spell Ane 101 kontanthjaelp jobparat 2026-07-01 .. {end}
        conversation Ane 7 {held}
    """
    expected = [f"Ane 101 kontanthjaelp jobparat {told}"] if told else []
    assert found(text, FIRST, "2026-07") == expected


FUND = "spell Ane 101 a_dagpenge - 2026-07-01 .. 2027-07-01 takeover {}\n"


def test_a_dagpenge_count_from_the_take_over():
    text = FUND.format("2026-10-01") + talks("2026-09-30", "2026-10-01", "2026-12-30")
    # 183 benefit days end on 30 December.
    assert found(text, TALKS, "2026-12") == ["Ane 101 a_dagpenge - 2 met"]
    assert found(text, FIRST, "2026-10") == ["Ane 101 a_dagpenge - 1 met"]
    late = FUND.format("2026-10-01") + talks("2026-10-16")
    assert found(late, FIRST, "2026-10") == ["Ane 101 a_dagpenge - 0 missed"]


def test_a_take_over_that_is_not_known_counts_from_the_start_and_has_no_deadline():
    unknown = "spell Ane 101 a_dagpenge - 2026-07-01 .. 2027-07-01\n" + talks("2026-07-01")
    before = FUND.format("2026-06-30") + talks("2026-07-01")
    for text in (unknown, before):
        assert found(text, TALKS, "2026-12") == ["Ane 101 a_dagpenge - 1 missed"]
        assert found(text, FIRST, "2026-07") == []


def test_a_take_over_after_the_last_day_leaves_conversations_but_not_offers():
    on_the_day, after = FUND.format("2026-12-30"), FUND.format("2026-12-31")
    assert found(on_the_day, TALKS, "2026-12") == ["Ane 101 a_dagpenge - 0 missed"]
    assert found(after, TALKS, "2026-12") == []
    assert found(after, OFFERS, "2026-12") == ["Ane 101 a_dagpenge - 0 missed"]


def test_of_several_take_overs_the_earliest_that_the_month_knows_counts_once():
    text = register("""
        spell Ane 101 a_dagpenge - 2026-07-01 .. 2026-08-31 takeover 2026-10-01
        spell Ane 101 a_dagpenge - 2026-09-01 .. 2027-03-31 takeover 2026-09-10
    """)
    assert months(text, FIRST, "2026-07", "2027-03") == ["2026-09"]
    later = register("""
        spell Ane 101 a_dagpenge - 2026-07-01 .. 2026-10-31 takeover 2026-10-01
        spell Ane 101 a_dagpenge - 2026-11-01 .. 2027-03-31 takeover 2026-09-10
    """)
    assert months(later, FIRST, "2026-07", "2027-03") == ["2026-10"]


# --- D.6–D.9 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("type", "number"), [("17", 1), ("19", 1), ("20", 0), ("12", 0)])
def test_joint_conversations_are_held_by_the_municipality(type, number):
    text = f"""
        spell Ane 101 kontanthjaelp jobparat 2026-07-01 ..
        conversation Ane {type} 2026-07-02
    """
    [line] = found(text, FIRST, "2026-07")
    assert line.split()[4] == str(number)


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("job yes weeks 25.99", False),
        ("job yes weeks 26", True),
        ("job no weeks 12", True),
        ("job yes", True),
        ("", True),
    ],
)
def test_who_is_soon_back_is_left_out(said, there):
    text = f"spell Ane 101 sygedagpenge - 2026-02-01 .. 2026-12-31 {said}"
    assert bool(found(text, SICK, "2026-08")) == there


def test_of_spells_that_tie_all_must_say_so():
    one = "spell Ane 101 sygedagpenge - 2026-02-01 .. 2026-12-31 job yes weeks 12\n"
    same = "spell Ane 101 sygedagpenge - 2026-02-01 .. 2027-01-31 job yes weeks 20\n"
    other = "spell Ane 101 sygedagpenge - 2026-02-01 .. 2027-01-31\n"
    elsewhere = "spell Ane 147 sygedagpenge - 2026-02-01 .. 2027-01-31\n"
    assert found(one + same, SICK, "2026-08") == []
    assert found(one + other, SICK, "2026-08") == ["Ane 101 sygedagpenge - 0 missed"]
    assert found(one + elsewhere, SICK, "2026-08") == []


def test_the_effort_of_those_under_a_duty():
    text = "spell Ane 101 revalidering - 2026-01-01 ..\nduty Ane 2026-07-31 ..\n"
    assert found(text, DUTY, "2026-07") == ["Ane 101 revalidering - 0 missed"]
    assert found(text, DUTY, "2026-08") == ["Ane 101 revalidering - 0 missed"]
    hours = text + "hours Ane 2026-07 5\nhours Ane 2026-07 -4.99\n"
    assert found(hours, DUTY, "2026-07") == ["Ane 101 revalidering - 0 met"]
    assert found(hours + "hours Ane 2026-07 -0.01", DUTY, "2026-07") == [
        "Ane 101 revalidering - 0 missed"
    ]
    offer = text + "offer Ane oevrig_vejledning_opkvalificering 2026-01-01 .. 2026-07-01\n"
    assert found(offer, DUTY, "2026-07") == ["Ane 101 revalidering - 1 met"]
    assert found(text + "exemption Ane offers 2026-07-31 ..", DUTY, "2026-07") == []
    assert found(text + "exemption Ane conversations 2026-07-31 ..", DUTY, "2026-07") != []


def test_those_under_a_duty_on_the_placement_day_are_outside_the_flexibility():
    text = "spell Ane 101 kontanthjaelp jobparat 2026-02-01 .. 2026-07-31\n"
    assert found(text + "duty Ane 2026-07-31 ..", OFFERS, "2026-08") == []
    assert found(text + "duty Ane 2026-08-01 ..", OFFERS, "2026-08") != []


# --- the requirement by the run's start -----------------------------------------------------------


def by_run_start() -> definitions.Definitions:
    shipped = definitions.load()
    measures = [
        d.model_copy(update={"requirement_picked_by": "run_start"})
        if d.valid_from and d.population != "at_least"
        else d
        for d in shipped.measures
    ]
    return definitions.Definitions(tuple(measures), shipped.seniority, shipped.hashes)


def test_by_the_runs_start_runs_begun_before_july_are_in_the_old_measures_only(monkeypatch):
    monkeypatch.setattr(reference, "PICKED_BY", "run_start")
    text = register("""
        spell Ane 101 kontanthjaelp jobparat 2026-06-30 ..
        spell Bo  101 kontanthjaelp jobparat 2026-07-01 ..
        duty Ane 2026-07-01 ..
    """)
    assert months(text, TALKS, "2026-07", "2027-03") == ["2027-01"]
    assert counted(text, FIRST, "2026-07") == ["Bo 101 kontanthjaelp jobparat 0 missed"]
    assert counted(text, "conversations_6m", "2026-12") == [
        "Ane 101 kontanthjaelp jobparat 0 unmet"
    ]
    assert months(text, DUTY, "2026-07", "2026-08") == ["2026-07", "2026-08"]
    different = 0
    for seed in range(150 * HUNT):
        scene = random_scene(seed)
        ours = engine_counts(scene, by_run_start())
        assert ours == reference_counts(scene), f"random_scene({seed})"
        different += ours != engine_counts(scene)
    assert different > 0
