"""Goals: lines by rule or of one's own, judged on whole persons, with a margin."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.errors import InputError, NoRuleError, UsageError
from tilsyn.planning import goals
from tilsyn.planning.aims import aims, left_out
from tilsyn.planning.goals import Goal, Target, targets
from tilsyn.rules import shipped
from tilsyn.vocabulary import MonthRange

DAY = dt.date(2023, 9, 4)
MONTHS = tuple(MonthRange.parse("2023-09..2023-11"))
GROUPS = ("sygedagpenge", "kontanthjaelp")


def goal(*lines, **more) -> Goal:
    return Goal.model_validate(
        {"name": "own", "title": {"da": "egen", "en": "own"}, "duty": True, "line": lines, **more}
    )


def target(**more) -> Target:
    return Target(
        **{
            "measure": "conversations_6m",
            "group": "total",
            "month": MONTHS[0],
            "threshold": Fraction(20),
            "margin": Fraction(0),
            "strict": False,
            "smallest": 1,
            **more,
        }
    )


def test_a_rule_that_judges_each_group_gives_a_line_for_each():
    found = targets(goals.shipped()["early"], shipped(), DAY, MONTHS, GROUPS)
    assert {(t.measure, t.group) for t in found} == {
        (measure, group) for measure in ("conversations_6m", "offers_6m") for group in GROUPS
    }
    assert {t.smallest for t in found} == {10}


def test_a_rule_that_judges_all_together_gives_one_line():
    found = targets(goals.shipped()["early"], shipped(), dt.date(2023, 12, 4), MONTHS, GROUPS)
    assert {t.group for t in found} == {"total"}


def test_the_focus_goals_have_their_own_thresholds():
    found = targets(goals.shipped()["focus"], shipped(), DAY, MONTHS, GROUPS)
    assert {(t.measure, int(t.threshold)) for t in found} == {
        ("conversations_12m", 20),
        ("offers_12m", 30),
    }


def test_a_day_without_a_rule_is_an_error_that_names_the_nearest():
    with pytest.raises(NoRuleError, match="focus_conversations"):
        targets(goals.shipped()["focus"], shipped(), dt.date(2026, 9, 1), MONTHS, GROUPS)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (
            dt.date(2023, 12, 4),
            {"conversations_6m", "offers_6m", "conversations_12m", "offers_12m"},
        ),
        (dt.date(2026, 6, 29), {"conversations_6m", "offers_6m"}),
        (dt.date(2026, 7, 6), {"conversations_6m_2026", "offers_6m_2026"}),
    ],
)
def test_the_goal_of_every_line_goes_by_the_rules_in_force_on_its_day(day, expected):
    found = targets(goals.shipped()["lines"], shipped(), day, MONTHS, GROUPS)
    assert {t.measure for t in found} == expected


def test_a_line_that_does_not_say_that_it_falls_away_is_refused_beside_one_that_does():
    lines = ({"rule": "early_effort", "while_in_force": True}, {"rule": "focus_offers"})
    with pytest.raises(NoRuleError, match="focus_offers"):
        targets(goal(*lines), shipped(), dt.date(2026, 9, 1), MONTHS, GROUPS)


def test_what_a_plan_does_not_hold_of_its_goal_is_said():
    early = goals.shipped()["early"]
    before, after = (
        list(left_out(early, shipped(), day, "en"))
        for day in (dt.date(2023, 12, 4), dt.date(2026, 11, 30))
    )
    assert len(before) == 1 and before[0].startswith("Early effort from July 2026: not in force")
    assert after[0].startswith("Early statutory effort: not in force")
    assert after[1].startswith("Early effort from July 2026: not held by the plan")


def test_a_line_of_ones_own_needs_no_rule():
    line = {"measures": ["conversations_12m"], "threshold": 15, "groups": ["sygedagpenge"],
            "months": "2023-10..2023-11"}  # fmt: skip
    found = targets(goal(line), shipped(), DAY, MONTHS, GROUPS)
    assert [(t.group, str(t.month)) for t in found] == [
        ("sygedagpenge", "2023-10"),
        ("sygedagpenge", "2023-11"),
    ]


def test_of_two_equal_lines_the_lower_holds():
    lines = [{"measures": ["conversations_12m"], "threshold": t} for t in (30, 20, 25)]
    assert {t.threshold for t in targets(goal(*lines), shipped(), DAY, MONTHS, GROUPS)} == {20}


def test_months_outside_the_plan_are_refused():
    line = {"measures": ["conversations_12m"], "threshold": 15, "months": "2024-01"}
    with pytest.raises(InputError, match="2024-01 is not wholly within the plan"):
        targets(goal(line), shipped(), DAY, MONTHS, GROUPS)


@given(
    st.integers(0, 3000),
    st.integers(1, 99),
    st.integers(0, 5),
    st.booleans(),
)
def test_so_many_are_allowed_and_not_one_more(population, threshold, margin, strict):
    of = target(threshold=Fraction(threshold), margin=Fraction(margin), strict=strict)
    most = of.allowed(population)
    line = threshold - margin

    def good(unmet):
        share = 100 * unmet
        return share < line * population if strict and not margin else share <= line * population

    assert good(most) or most == 0
    assert not good(most + 1)


def test_exactly_the_threshold_is_too_much_where_the_rule_is_strict():
    assert target(strict=True).allowed(50) == 9
    assert target(strict=False).allowed(50) == 10


@pytest.mark.parametrize(
    ("lines", "more", "said"),
    [
        ([{"threshold": 20}], {}, "needs 'measures' and 'threshold'"),
        ([{"measures": ["durations"], "threshold": 20}], {}, "not met by conversations"),
        ([{"measures": ["offers_6m"], "threshold": 20, "groups": ["x"]}], {}, "no benefit group"),
        ([{"measures": [{}], "threshold": 20}], {}, "is no measure"),
        ([{"measures": ["offers_6m"], "threshold": 20, "groups": [[]]}], {}, "string"),
        ([], {"duty": False}, "needs at least one"),
        ([], {"title": {"da": "egen"}}, "in both languages"),
        ([], {"title": {"da": "egen", "en": ""}}, "in both languages"),
        ([], {"margin": "1e-999999"}, "decimal places"),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(lines, more, said):
    with pytest.raises(ValueError, match=said):
        goal(*lines, **more)


def test_a_goal_that_is_nowhere_is_named_with_those_there_are():
    with pytest.raises(UsageError, match="duty, early, focus, lines"):
        goals.find("nowhere")


def test_a_rule_without_a_line_is_refused():
    with pytest.raises(InputError, match="no line to stay under"):
        targets(goal({"rule": "result_goal"}), shipped(), DAY, MONTHS, GROUPS)


LINES = st.fixed_dictionaries(
    {"measures": st.lists(st.sampled_from(["conversations_12m", "offers_6m"]), min_size=1, max_size=2),
     "threshold": st.decimals("0.5", "99", places=1)},
    optional={"groups": st.lists(st.sampled_from(["total", "sygedagpenge"]), max_size=2),
              "months": st.just("2023-09..2023-11"),
              "met_at_threshold": st.booleans(),
              "smallest_population": st.integers(1, 50)},
)  # fmt: skip


@given(
    st.lists(LINES | st.just({"rule": "focus_offers"}), min_size=1, max_size=4),
    st.booleans(),
    st.decimals(0, 15, places=1),
)
def test_a_goal_written_as_a_file_is_the_same_goal_again(lines, duty, margin):
    written = goal(*lines, duty=duty, margin=margin)
    assert goals.parse(goals.to_toml(written).encode(), "goal.toml") == written


@pytest.mark.parametrize("data", [b"name = ", b"\xff"], ids=["half", "bytes"])
def test_what_is_no_file_of_toml_is_refused_by_its_name(data):
    with pytest.raises(InputError, match=r"^goal\.toml, (end of document|line 1): not "):
        goals.parse(data, "goal.toml")


def test_what_a_goal_asks_for_is_said_line_by_line():
    asked = goal(
        {"rule": "focus_offers"},
        {"measures": ["offers_6m", "conversations_6m"], "threshold": "17.5", "months": "2023-09",
         "groups": ["sygedagpenge"], "met_at_threshold": False, "smallest_population": 10},
        {"measures": ["conversations_12m"], "threshold": 20},
        margin="1.5",
    )  # fmt: skip
    assert [said.replace("\xa0", " ") for said in aims(asked, shipped(), "da")] == [
        "Enhver får det, vedkommende har krav på, så vidt der er plads.",
        "Fokusmål for tilbud: højst reglens grænse i hver hel måned.",
        "»Tilbud, tidlig indsats« og »Samtaler, tidlig indsats« for sygedagpenge: under 17,5 % i "
        "september 2023. Grænsen gælder fra 10 borgere.",
        "»Samtaler, langvarige« for alle grupper under ét: højst 20 % i hver hel måned.",
        "Der holdes en afstand på 1,5 procentpoint til hver grænse.",
    ]
    bare = list(aims(goal({"rule": "focus_offers"}, duty=False), shipped(), "en"))
    assert bare[0].startswith("Only what the lines need") and bare[-1].startswith("Nothing is kept")
