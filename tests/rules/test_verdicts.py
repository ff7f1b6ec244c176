"""Verdicts have one name each, wherever they are told."""

from typing import get_args

from tilsyn.rules.course import courses
from tilsyn.rules.model import Verdict
from tilsyn.rules.verdicts import GRAVITY, VERDICTS


def test_every_verdict_of_the_judge_has_a_name_and_no_other():
    assert sorted(GRAVITY) == sorted(get_args(Verdict))
    assert all(
        one.da and one.en and one.tone in ("bad", "warn", "good", "none") for one in VERDICTS
    )


def test_a_step_that_ends_by_a_verdict_calls_it_by_its_name():
    step = courses()["early_effort"].on(courses()["early_effort"].version[0].valid_from)
    titles = {o.name: o.title["da"] for s in step.step if s.judged_by for o in s.outcome}
    assert titles["not_restored"] == VERDICTS["not_restored"].da


def test_a_course_of_the_whole_country_says_who_its_documents_are_to():
    for course in courses().values():
        for version in course.version:
            assert bool(version.recipients) == (version.scope == "country")
