"""Courses: what follows a finding, as data. Steps, who acts, deadlines, which outcome leads where.

A course is a list of whole dated versions like a rule; the day a case opens picks the version, and
the case keeps it. Rules say what is so; courses say what is done. They are carried out elsewhere.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import as_file
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from tilsyn import own
from tilsyn.errors import NoRuleError
from tilsyn.law import FOLDER
from tilsyn.records import Record, read_toml
from tilsyn.rules.model import Source, Text
from tilsyn.rules.verdicts import VERDICTS

CLOSED = "closed"
"""The step an outcome leads to when the course ends."""

Actor = Literal["office", "municipality", "agency", "minister", "time"]


class Due(Record):
    """When a step should be done.

    Attributes:
        after: the step it is counted from ("opening" for the day the case opened, "arrival" for the
            day it came to this step, "data" for the day the awaited data arrived).
        workdays, days, months: how long; workdays skip weekends and public holidays, and a
            deadline that falls on one moves to the next workday.
        month, day: instead, the next such date in the year ("the coming April": month 4, day 30).
        fact: a date among the course's facts ("restore_by", "reply_by"), fixed by a human; where
            it is fixed it goes before the rest.
    """

    after: str = "opening"
    workdays: int | None = Field(default=None, ge=0)
    days: int | None = Field(default=None, ge=0)
    months: int | None = Field(default=None, ge=0)
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    fact: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Due:
        ways = sum(w is not None for w in (self.workdays, self.days, self.months, self.month))
        if ways > 1 or (ways == 0 and self.fact is None):
            raise ValueError("say one of workdays, days, months, month and day; or a fact; or both")
        if (self.month is None) != (self.day is None):
            raise ValueError("month and day go together")
        return self


class Outcome(Record):
    """How a step may end.

    Attributes:
        name: what is recorded ("sent", "restored", "declined").
        title: what it is called; left out where a verdict's own name says it.
        leads_to: the next step, or "closed".
    """

    name: str
    title: Text
    leads_to: str

    @model_validator(mode="before")
    @classmethod
    def _called(cls, given: Any) -> Any:
        name = given.get("name") if isinstance(given, dict) else None
        if not isinstance(name, str) or name not in VERDICTS:
            return given
        return {"title": {"da": VERDICTS[name].da, "en": VERDICTS[name].en}} | given


class Step(Record):
    """One step of a course.

    Attributes:
        actor: who must act; "time" when the step only waits for data or a date.
        document: the kind of document the step sends, if any.
        approval: whether another than the drafter must approve before it leaves the house.
        awaits: what ends the waiting: "follow_up_months" (a release holds the months named in the
            letter), "half_year" (data to the end of the next half year), "calendar_year" (data for
            the whole year before the step is due), "documents" (something is received).
        months: the fact that names the follow-up months.
        judged_by: the rule that decides the outcome when the data are there; its verdict is the
            outcome's name. A human approves.
        receives: kinds of document the step waits for.
        checklist: points a received document must hold, by code.
        checklist_of: the kind of document that must hold them; empty for every one.
        assistance: whether help is offered at this step, and its kinds are recorded with the answer.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    actor: Actor
    document: str | None = None
    approval: bool = False
    due: Due | None = None
    awaits: Literal["follow_up_months", "half_year", "calendar_year", "documents"] | None = None
    months: str = "follow_up"
    judged_by: str | None = None
    receives: tuple[str, ...] = ()
    checklist: dict[str, Text] = Field(default_factory=dict)
    checklist_of: str = ""
    assistance: bool = False
    outcome: tuple[Outcome, ...] = Field(min_length=1)

    def leads_to(self, outcome: str) -> str:
        """The step an outcome leads to.

        Raises:
            KeyError: the step has no such outcome.
        """
        return {one.name: one.leads_to for one in self.outcome}[outcome]


class Opening(Record):
    """What opens a case.

    Attributes:
        rule: the rule whose findings do; None for a course that recurs by the calendar.
        verdicts: which verdicts.
        months: for a recurring course, the months of the year it begins in.
    """

    rule: str | None = None
    verdicts: tuple[str, ...] = ()
    months: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Opening:
        if bool(self.rule) == bool(self.months) or bool(self.rule) != bool(self.verdicts):
            raise ValueError("a course opens by a rule and its verdicts, or by months of the year")
        return self


class CourseVersion(Record):
    """One version of a course, whole.

    Attributes:
        letters_a_year: how many letters a municipality gets at most within a year; None: as many as there
            is reason for.
    """

    name: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    status: Literal["verified", "unverified"]
    unverified: Text = Field(default_factory=dict)
    opened_by: Opening
    scope: Literal["municipality", "country"] = "municipality"
    recipients: tuple[Text, ...] = ()
    letters_a_year: int | None = Field(default=None, ge=1)
    step: tuple[Step, ...] = Field(min_length=1)
    source: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> CourseVersion:
        names = [step.name for step in self.step]
        if len(set(names)) < len(names):
            raise ValueError("two steps have the same name")
        for step in self.step:
            for outcome in step.outcome:
                if outcome.leads_to not in (*names, CLOSED):
                    raise ValueError(f"step {step.name}: '{outcome.leads_to}' is no step")
            if step.due and step.due.after not in ("opening", "arrival", "data", *names):
                raise ValueError(
                    f"step {step.name}: due after '{step.due.after}', which is no step"
                )
        reached = {names[0]}
        while (
            more := {o.leads_to for s in self.step if s.name in reached for o in s.outcome}
            - reached
        ):
            reached |= more
        if unreached := [name for name in names if name not in reached]:
            raise ValueError(f"the step {unreached[0]} is never reached")
        if CLOSED not in reached:
            raise ValueError("the course never ends")
        if self.scope == "country" and not self.recipients:
            raise ValueError(
                "a course of the whole country says who its documents are to: recipients"
            )
        if (self.status == "unverified") != bool(self.unverified):
            raise ValueError(
                "status and 'unverified' disagree: say what is not verified, or neither"
            )
        return self

    @property
    def first(self) -> Step:
        """The step a case begins with."""
        return self.step[0]

    def __getitem__(self, name: str) -> Step:
        return next(step for step in self.step if step.name == name)

    def in_force(self, day: dt.date) -> bool:
        """Whether a case opened that day follows this version."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Course(Record):
    """A kind of course, with its versions in order of time."""

    course: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    version: tuple[CourseVersion, ...] = Field(min_length=1)

    def on(self, day: dt.date) -> CourseVersion:
        """The version for a case opened that day.

        Raises:
            NoRuleError: there is none; the message names the nearest.
        """
        if found := next((v for v in self.version if v.in_force(day)), None):
            return found
        near = min(self.version, key=lambda v: abs((v.valid_from - day).days))
        raise NoRuleError(
            f"no version of the course {self.course} is in force on {day}; the nearest is "
            f"{near.name}, from {near.valid_from}"
            + (f" to {near.valid_to - dt.timedelta(days=1)}" if near.valid_to else "")
        )

    def named(self, name: str) -> CourseVersion:
        """The version of this name, for a case that already follows it."""
        return next(version for version in self.version if version.name == name)


def read_course(file: Path) -> Course:
    """One course file.

    Raises:
        InputError: names the file, the key and the mend.
    """
    return read_toml(file, Course)


def courses() -> dict[str, Course]:
    """The courses at hand by code: those that come with the program, and one's own before them."""
    return _courses(tuple(own.files("courses")))


@cache
def _courses(more: tuple[Path, ...]) -> dict[str, Course]:
    with as_file(FOLDER / "courses") as folder:
        read = [read_course(file) for file in (*sorted(folder.glob("*.toml")), *more)]
    return {course.course: course for course in read}
