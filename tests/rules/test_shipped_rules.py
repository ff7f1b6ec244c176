"""Every boundary example of every shipped rule gives the verdict it says."""

import datetime as dt

import pytest

from tilsyn.errors import NoRuleError
from tilsyn.figures.reading import read_published
from tilsyn.figures.vintages import known_on
from tilsyn.measures.definitions import load
from tilsyn.rules import judge, shipped
from tilsyn.rules.examples import faults
from tilsyn.rules.model import Version

EXAMPLES = [
    pytest.param(rule, version, example, id=f"{rule.rule}, {version.name}: {example.name}")
    for rule in shipped()
    for version in rule.version
    for example in version.example
]


@pytest.mark.parametrize(("rule", "version", "example"), EXAMPLES)
def test_the_example_gives_its_verdict(rule, version, example):
    assert list(faults(example, rule, version, shipped())) == []


@pytest.mark.parametrize("rule", list(shipped()), ids=lambda rule: rule.rule)
def test_every_version_names_a_source(rule):
    assert all(version.source for version in rule.version)


@pytest.mark.parametrize("rule", list(shipped()), ids=lambda rule: rule.rule)
def test_every_judged_version_has_an_example_at_its_line(rule):
    for version in rule.version:
        threshold = getattr(version.criterion, "threshold", None)
        if threshold is not None and not version.suspended:
            assert version.example


def test_model_a_ends_the_day_model_b_begins():
    rules = shipped()
    assert rules.version("early_effort", dt.date(2023, 11, 13)).name == "model-a"
    assert rules.version("early_effort", dt.date(2023, 11, 14)).name == "model-b"


def test_no_rule_lives_on_past_its_end():
    with pytest.raises(
        NoRuleError, match=r"2026-07-01; the nearest is model-b, in force 2023-11-14 to 2026-06-30"
    ):
        shipped().version("early_effort", dt.date(2026, 7, 1))


def test_before_the_first_version_the_error_names_the_nearest():
    with pytest.raises(NoRuleError, match="the nearest is model-a"):
        shipped().version("early_effort", dt.date(2019, 1, 1))


def test_the_law_requires_three_job_centre_conversations_of_unemployment_benefit_from_2024():
    before = shipped().version("early_effort_requirement", dt.date(2023, 12, 31)).criterion
    after = shipped().version("early_effort_requirement", dt.date(2024, 1, 1)).criterion
    assert (before.conversations_for("a_dagpenge"), after.conversations_for("a_dagpenge")) == (4, 3)
    assert after.conversations_for("sygedagpenge") == 4


def test_a_finding_says_the_last_day_its_rule_is_in_force(samples):
    figures = read_published(samples / "hedensted-2022-05" / "tables.csv").figures
    day = dt.date(2022, 5, 15)
    flagged = next(
        finding
        for finding in judge(known_on(figures, day), on=day, catalogue=shipped())
        if finding.verdict == "flagged"
    )
    assert "fra 1. marts 2022 til og med 13. november 2023" in flagged.explanation["da"]
    assert "from 1 March 2022 to 13 November 2023" in flagged.explanation["en"]


def test_what_the_law_requires_is_what_is_measured_all_the_while_a_version_is_in_force():
    """The numbers stand in the measure definitions: none changes within a version of the law."""
    definitions = {d.measure: d for d in load().measures}
    for rule in ("early_effort_requirement", "focus_offers", "focus_conversations"):
        for version in shipped()[rule].version:
            for code in version.measures:
                for record in (*definitions[code].required, *definitions[code].hours):
                    within = version.valid_from < record.since.first
                    assert not (within and version.in_force(record.since.first)), (
                        rule,
                        version.name,
                    )


def test_a_rule_that_requires_another_number_than_is_measured_is_refused():
    version = (
        shipped()["early_effort_requirement"].version[0].model_dump(exclude={"source", "example"})
    )
    told = {**version, "source": [{"title": "x", "confidence": "H"}]}
    told["criterion"] = {"kind": "requirement", "conversations": {"default": 3}}
    with pytest.raises(ValueError, match=r"criterion\.conversations: the measure definitions say"):
        Version.model_validate(told)
