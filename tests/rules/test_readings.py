"""The requirement of July 2026 in every reading: they differ exactly where they should."""

import datetime as dt
from decimal import Decimal

import pytest

from tilsyn.errors import InputError
from tilsyn.records import build
from tilsyn.rules import judge, shipped
from tilsyn.rules.catalogue import Catalogue, in_force
from tilsyn.rules.examples import read_table
from tilsyn.rules.model import Rule

RULE = "early_effort_2026"
MEASURE = "conversations_6m_2026"
ON = dt.date(2027, 3, 10)


def verdicts(text, *, on=ON, catalogue=None):
    """Verdict and reason by reading, period and group."""
    found = judge(
        read_table(text, MEASURE),
        on=on,
        catalogue=catalogue or shipped(),
        rule=RULE,
        otherwise=True,
    )
    return {
        (f.alternative["reading"], f.alternative["period"], f.grp): (f.verdict, f.reason)
        for f in found
    }


def month(total, dagpenge, ledighed):
    """January 2027 by group: (population, exempted, missed)."""
    lines = ["group | statistic | 2027-01"]
    for grp, (population, exempted, missed) in {
        "total": total, "a_dagpenge": dagpenge, "ledighedsydelse": ledighed,
    }.items():  # fmt: skip
        counts = {
            "population": population,
            "unmet": exempted + missed,
            "exempted": exempted,
            "missed": missed,
        }
        lines += [f"{grp} | {statistic} | {count}" for statistic, count in counts.items()]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("total", "dagpenge", "ledighed", "r1", "r2", "r3"),
    [
        # All decided within a quarter, and alike in both groups: every reading is content.
        ((100, 20, 0), (80, 16, 0), (20, 4, 0), "met", "met", {"met"}),
        # Two persons without a decision: R2 alone objects.
        ((100, 8, 2), (80, 8, 0), (20, 0, 2), "met", "missed", {"met"}),
        # A quarter pooled, but half of one group: R3 alone objects.
        ((100, 22, 0), (80, 12, 0), (20, 10, 0), "met", "met", {"met", "missed"}),
        # 30 of 100 exempted, nobody missed: R1 and R2 object, R3 to both groups.
        ((100, 30, 0), (80, 24, 0), (20, 6, 0), "missed", "missed", {"missed"}),
        # 30 missed, none exempted: R1 by the share, R2 by the persons.
        ((100, 0, 30), (80, 0, 24), (20, 0, 6), "missed", "missed", {"missed"}),
    ],
)
def test_the_readings_differ_exactly_where_they_should(total, dagpenge, ledighed, r1, r2, r3):
    found = verdicts(month(total, dagpenge, ledighed))
    assert found["R1", "month", "total"][0] == r1
    assert found["R2", "month", "total"][0] == r2
    assert {found["R3", "month", grp][0] for grp in ("a_dagpenge", "ledighedsydelse")} == r3
    assert ("R3", "month", "total") not in found
    assert ("R1", "month", "a_dagpenge") not in found


def test_the_periods_differ_in_one_series():
    months = ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01"]
    unmet = [40, 30, 30, 30, 30, 20, 30]
    text = "\n".join(
        [
            f"group | statistic | {' | '.join(months)}",
            f"total | population | {' | '.join(['100'] * 7)}",
            f"total | unmet | {' | '.join(map(str, unmet))}",
        ]
    )
    found = {
        period: said for (reading, period, _), said in verdicts(text).items() if reading == "R1"
    }
    assert found == {
        "month": ("missed", ""),
        # December broke the row.
        "six_months": ("over_line", ""),
        # 180 of 600 in the second half of 2026.
        "half_year": ("missed", ""),
        "year": ("not_judged", "not_over"),
    }


def test_a_period_with_a_month_unknown_is_not_judged():
    text = """
group | statistic  | 2026-07 | 2026-08 | 2026-09 | 2026-10 | 2026-11 | 2026-12
total | population | 100     | 100     |         | 100     | 100     | 100
total | unmet      | 30      | 30      |         | 30      | 30      | 30
"""
    assert verdicts(text)["R1", "half_year", "total"] == ("not_judged", "months_missing")


def test_without_the_two_counts_the_second_reading_is_not_judged():
    text = "group | statistic | 2027-01\ntotal | population | 100\ntotal | unmet | 20"
    assert verdicts(text)["R2", "month", "total"] == ("not_judged", "months_missing")


def test_only_the_criterions_own_reading_is_judged_unless_asked():
    found = judge(
        read_table(month((100, 8, 2), (80, 8, 0), (20, 0, 2)), MEASURE), on=ON, catalogue=shipped()
    )
    assert [(f.rule, dict(f.alternative)) for f in found] == [
        (RULE, {"reading": "R1", "period": "six_months"})
    ]
    assert found[0].version.status == "unverified"
    assert "Ikke bekræftet i en officiel kilde" in found[0].explanation["da"]


@pytest.mark.parametrize("year", range(2020, 2027))
@pytest.mark.parametrize("day", [(1, 1), (3, 1), (7, 1), (11, 30)])
def test_a_rule_is_in_force_on_every_day_since_2020(year, day):
    on = dt.date(year, *day)
    assert any(in_force(rule, on) for rule in shipped())


def service_level(owner):
    rule = shipped()[RULE]
    version = rule.version[0].model_dump(exclude_defaults=True)
    version |= {
        "alternatives": {},
        "example": [one.model_dump() for one in rule.version[0].example[:1]],
    }
    version["criterion"] |= {"threshold": Decimal(10), "months": 1}
    return build(
        Rule,
        {
            "rule": "service_level", "owner": owner, "version": [version],
            "title": {"da": "Serviceniveau", "en": "Service level"},
            "sentences": {k: dict(v) for k, v in rule.sentences.items()},
        },
        file="service_level.toml",
    )  # fmt: skip


def test_a_councils_rule_is_for_its_own_municipality_and_says_whose_it_is():
    table = read_table(month((100, 8, 4), (80, 8, 0), (20, 0, 4)), MEASURE)
    rules = Catalogue([*shipped(), service_level("101")])
    mine = [f for f in judge(table, on=ON, catalogue=rules) if f.rule == "service_level"]
    assert [(f.owner, f.verdict, f.record()["owner"]) for f in mine] == [("101", "missed", "101")]
    others = Catalogue([*shipped(), service_level("183")])
    assert not [f for f in judge(table, on=ON, catalogue=others) if f.rule == "service_level"]
    with pytest.raises(InputError, match="owns no rules"):
        service_level("Ishøj")
