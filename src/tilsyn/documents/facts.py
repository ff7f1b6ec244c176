"""The facts of a supervision course that no figure holds: dates, months, addressee, reference.

They come from a file (``--facts FILE.toml``) or from the case system; rule data proposes the
follow-up months, a human fixes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import tomli_w
from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    model_validator,
)

from tilsyn.errors import InputError
from tilsyn.planning.record import Milestone
from tilsyn.records import Record, Unfit, read_toml
from tilsyn.vocabulary import GROUPS, MEASURES, TOTAL, MonthRange, YearMonth
from tilsyn.vocabulary.groups import BenefitGroup
from tilsyn.vocabulary.names import CodeList, Named
from tilsyn.words import Message, gettext_noop

T = TypeVar("T")

SUBJECTS: CodeList[BenefitGroup] = CodeList("benefit group", [TOTAL, *GROUPS])
"""What a letter may be about: a benefit group, or all of them together."""


NAMES = {
    "date": gettext_noop("The letter's date"),
    "reference": gettext_noop("Reference"),
    "addressee": gettext_noop("Addressee (role and authority)"),
    "salutation": gettext_noop("Salutation"),
    "notice": gettext_noop("The notice's months"),
    "notice.date": gettext_noop("The notice was sent on"),
    "follow_up": gettext_noop("Follow-up"),
    "restore_by": gettext_noop("Restored by"),
    "reply_by": gettext_noop("Reply by"),
    "next_follow_up": gettext_noop("New follow-up"),
    "next_letter": gettext_noop("Next letter"),
    "contact": gettext_noop("Contact (office, telephone, e-mail)"),
}
"""What the facts are called where they are asked for, and where one is missing or wrong."""


def _text_as(parse: Callable[[str], T], kind: type[T], example: str) -> Callable[[Any], T]:
    def read(value: Any) -> T:
        if isinstance(value, kind):
            return value
        if not isinstance(value, str):
            raise ValueError(f"write it as text, as in {example}")
        return parse(value)

    return read


def _code_of(codes: CodeList[Any]) -> Callable[[str], str]:
    def read(text: str) -> str:
        member: Named = codes.read(text)
        return member.code

    return read


def _deadline(value: Any) -> YearMonth | dt.date:
    if isinstance(value, YearMonth | dt.date) and not isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str):
        raise ValueError('write a month as text ("2023-01") or a date as 2023-01-31')
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return YearMonth.parse(value)


Months = Annotated[
    MonthRange,
    PlainValidator(_text_as(MonthRange.parse, MonthRange, '"2022-07..2022-09"')),
    PlainSerializer(str),
]
Deadline = Annotated[
    YearMonth | dt.date,
    PlainValidator(_deadline),
    PlainSerializer(lambda value: str(value) if isinstance(value, YearMonth) else value),
]


def _said(text: str) -> str:
    if not text.strip(" ,\t\r\n"):
        raise Unfit(Message("nothing is said; write it or leave it out"))
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_said)]


class Subject(Record):
    """A measure and a benefit group (or "total") that a letter is about; codes or any spelling."""

    measure: Annotated[str, AfterValidator(_code_of(MEASURES))]
    group: Annotated[str, AfterValidator(_code_of(SUBJECTS))]


class NoticeFacts(Record):
    """What the course's notice was about.

    Attributes:
        date: when it was sent; None in the notice itself, which bears the letter's date.
        months: the measurement months it rests on.
        subjects: the measures and groups it names; only they are followed up.
    """

    months: Months
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1)]
    date: dt.date | None = None


class DecisionFacts(Record):
    """An earlier decision of the course that demanded a plan.

    Attributes:
        date: when it was sent.
        subjects: what it found not restored; only that is followed up again.
    """

    date: dt.date
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1)]


class EarlierLetter(Record):
    """A letter already sent in the course: when, and what it was ("henvendelse")."""

    date: dt.date
    what: Text


class CourseFacts(Record):
    """The facts of a course, as the letters in it need them; each kind of letter says which.

    Attributes:
        date: the letter's date.
        reference: the case's reference number.
        addressee: who it is to; a role and an authority, lines parted by ", ".
        salutation: how they are greeted ("Kære ..."); of a letter to somebody else than the head of the job
            centre it stands only where it is given.
        email: where it is sent; without it the addressee's mail program is left to know.
        cc: who gets a copy, each a role, or a role and an address: "Kontoret <kontor@example.org>".
        notice: months, measures and groups of the notice; may be left out in the notice itself,
            where the findings say it.
        follow_up: the measurement months the follow-up looks at.
        restore_by: by when the effort must be restored: a month, or a date.
        decision: the earlier decision, where a restoration plan was demanded before.
        reply_by: by when an answer is asked for.
        plan_months: how long a restoration plan may last (decision of 20 February 2023: at most six
            months).
        next_follow_up: the months looked at after a decision.
        next_letter: when the office writes again after a decision.
        earlier_letters: what was sent before.
        contact: whom to ask: an office or a function, with telephone or e-mail.
        milestones: what a call-in plan lets the municipality promise (`milestones.toml`); the
            restoration plan takes them.
    """

    date: dt.date
    reference: Text | None = None
    addressee: Text | None = None
    salutation: Text | None = None
    email: Text | None = None
    cc: tuple[Text, ...] = ()
    follow_up: Months | None = None
    restore_by: Deadline | None = None
    notice: NoticeFacts | None = None
    decision: DecisionFacts | None = None
    reply_by: dt.date | None = None
    plan_months: Annotated[int, Field(ge=1, le=12)] = 6
    next_follow_up: Months | None = None
    next_letter: Deadline | None = None
    earlier_letters: tuple[EarlierLetter, ...] = ()
    contact: Text | None = None
    milestones: tuple[Milestone, ...] = ()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What a follow-up looks at: what the latest letter of the course demanded."""
        latest = self.decision or self.notice
        return latest.subjects if latest else ()

    def wanting(self, names: Iterable[str]) -> list[str]:
        """Those of the facts "follow_up", "notice.date" … that are not given."""
        return [name for name in names if self._given(name) is None]

    def demand(self, names: Iterable[str], what: str) -> None:
        """Refuse to write without these facts.

        Args:
            what: what is to be written, in English: "the notice".

        Raises:
            InputError: some are not given; all of them are named, by key and in words.
        """
        if missing := self.wanting(names):
            error = InputError(f"{what} needs these facts: {', '.join(missing)}")
            first, *others = (Message("“{name}”", name=Message(NAMES[name])) for name in missing)
            for one in others:
                first = Message("{one}, {other}", one=first, other=one)
            error.words = Message("The letter lacks {facts}.", facts=first)
            raise error

    def _given(self, name: str) -> Any:
        value: Any = self
        for part in name.split("."):
            value = None if value is None else getattr(value, part)
        return value

    @model_validator(mode="after")
    def _in_order(self) -> CourseFacts:
        if self.notice and self.notice.months.last.first > self.date:
            raise Unfit(
                Message("notice.months ends after the letter's date {day}", day=str(self.date))
            )
        if self.notice and self.follow_up and self.follow_up.first <= self.notice.months.last:
            raise Unfit(Message("follow_up begins before the months of the notice have ended"))
        by = self.restore_by
        if by and self.follow_up and _end(by) <= self.follow_up.last.last:
            raise Unfit(Message("restore_by must lie after the last month of follow_up"))
        if self.next_follow_up and self.follow_up:
            if self.next_follow_up.first <= self.follow_up.last:
                raise Unfit(Message("next_follow_up begins before follow_up has ended"))
            if self.next_letter and _end(self.next_letter) <= self.next_follow_up.last.last:
                raise Unfit(Message("next_letter must lie after the last month of next_follow_up"))
        sent = [("notice.date", self.notice.date)] if self.notice and self.notice.date else []
        sent += [("decision.date", self.decision.date)] if self.decision else []
        sent += [("earlier_letters:", letter.date) for letter in self.earlier_letters]
        if late := [f"{name} {day}" for name, day in sent if day > self.date]:
            raise Unfit(Message("{fact} is later than the letter itself", fact=late[0]))
        self._nothing_in_the_past()
        return self

    def _nothing_in_the_past(self) -> None:
        """What is asked for lies ahead: of this letter, or of the notice that asked and that it tells of."""
        asked = (self.notice and self.notice.date) or self.date
        for name, letter in (
            ("follow_up", asked),
            ("restore_by", asked),
            ("reply_by", self.date),
            ("next_follow_up", self.date),
            ("next_letter", self.date),
        ):
            value = getattr(self, name)
            # What is to be restored cannot have been so before it was asked for; where nothing is to
            # be, a follow-up may look at a half-year that has begun.
            if name == "follow_up" and value and self.restore_by:
                value = value.first
            if value is not None and _end(value) < letter:
                raise before_the_letter(name, value, letter)


def before_the_letter(name: str, value: Any, letter: dt.date) -> Unfit:
    """That a fact lies before the letter that asks for it."""
    return Unfit(
        Message(
            "{fact} lies before the letter of {day}, which asks for it; correct it or the date",
            fact=name,
            day=letter,
        ),
        Message(
            "“{name}” ({value}) lies before the letter of {day}.",
            name=Message(NAMES[name]),
            value=str(value),
            day=letter,
        ),
    )


def _end(by: MonthRange | YearMonth | dt.date) -> dt.date:
    if isinstance(by, MonthRange):
        by = by.last
    return by.last if isinstance(by, YearMonth) else by


def read_facts(path: Path) -> CourseFacts:
    """Read a course's facts from a TOML file.

    Raises:
        InputError: the file or a fact in it cannot be used; says which and how to mend it.
    """
    return read_toml(path, CourseFacts)


def to_toml(facts: CourseFacts) -> str:
    """The facts as TOML, such that `read_facts` gives them back."""
    return tomli_w.dumps(facts.model_dump(exclude_none=True, exclude_defaults=True))
