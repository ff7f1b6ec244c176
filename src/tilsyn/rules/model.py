"""What a rule file says: whole versions of a rule with dates, criterion, sources and boundary examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    field_validator,
    model_validator,
)

from tilsyn.records import Record, Unfit
from tilsyn.rules.requirement import counted, ordinary_hours
from tilsyn.rules.slots import SLOTS, slots_of
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, MonthRange, YearMonth
from tilsyn.vocabulary.measures import Part
from tilsyn.words import Language, Message

Months = Annotated[
    MonthRange,
    BeforeValidator(lambda v: MonthRange.parse(v) if isinstance(v, str) else v),
    PlainSerializer(str),
]


def _in_both(text: dict[str, str]) -> dict[str, str]:
    if unknown := [one for one in text if one not in get_args(Language)]:
        raise ValueError(f"'{unknown[0]}' is no language; say it in da and en")
    if missing := [one for one in get_args(Language) if not text.get(one, "").strip()]:
        raise Unfit(
            Message(
                "say it in both languages, da and en; '{language}' is missing", language=missing[0]
            )
        )
    return text


Text = Annotated[dict[str, str], AfterValidator(_in_both)]
Verdict = Literal[
    "flagged",
    "over_line",
    "near_line",
    "met",
    "missed",
    "at_risk",
    "suspended",
    "restored",
    "not_restored",
    "not_judged",
]
PickedBy = Literal["judgement_date", "measured_month", "letter_date"]


def _known_measure(code: str) -> str:
    if code not in MEASURES:
        raise Unfit(
            Message(
                "'{code}' is no measure; measures are {known}",
                code=str(code),
                known=", ".join(MEASURES.codes),
            )
        )
    return code


MeasureCode = Annotated[str, BeforeValidator(_known_measure)]


def _known_group(code: str) -> str:
    if code not in ROWS:
        raise ValueError(f"'{code}' is no benefit group; groups are {', '.join(ROWS.codes)}")
    return code


GroupCode = Annotated[str, AfterValidator(_known_group)]


STATE = "state"
"""The owner of the law's rules."""


def _known_owner(owner: str) -> str:
    if owner != STATE and owner not in MUNICIPALITIES:
        raise ValueError(f"'{owner}' owns no rules; write \"{STATE}\" or a municipality's code")
    return owner


class Threshold(Record):
    """A line that a share in per cent is held against."""

    threshold: Decimal = Field(ge=0, lt=100)
    met_at_threshold: bool
    near_line: Decimal = Field(default=Decimal(1), ge=0)
    smallest_population: int | None = Field(default=None, ge=1)

    def over(self, share: Fraction | Decimal | float) -> bool:
        """Whether a share, exact or as printed, is over the line, which itself may be good enough."""
        line = Fraction(self.threshold)
        if isinstance(share, float):
            share = Fraction(str(share))
        return share > line or (share == line and not self.met_at_threshold)

    def over_counts(self, unmet: Any, population: Any) -> Any:
        """As `over`, of arrays of whole persons; nobody has no share and is over nothing."""
        line = Fraction(self.threshold)
        share, limit = 100 * unmet * line.denominator, population * line.numerator
        over = share > limit if self.met_at_threshold else share >= limit
        return over & (population > 0)

    def over_means(self, means: Any) -> Any:
        """As `over`, of an array of means in per cent; what lies on the line but for rounding lies on it."""
        far = means - float(self.threshold)
        on_it = abs(far) < 1e-9
        return (on_it & (not self.met_at_threshold)) | (~on_it & (far > 0))

    def _near(self) -> set[str]:
        """The sentences of a share that is not over the line."""
        near = {"near_line"} if self.near_line else set()
        return {"met", *near} | ({"near_line_exactly"} if self.met_at_threshold else set())


class Consecutive(Threshold):
    """Breached when every one of the latest months is over the line, or the sum of a whole period is.

    Attributes:
        months: how many consecutive months.
        summed: the counts of a calendar half-year or year are added up and judged as one.
        level: "group" judges each benefit group, "pooled" the row over all groups.
        share_of: the part of the population whose share is held against the line.
        missed_at_most: so many may have missed the effort without a decision; None: not asked.
        breach: what a breach is called.
        smallest_population_in: the population must be large enough in every month or in the latest.
    """

    kind: Literal["consecutive"]
    months: int = Field(ge=1)
    summed: bool = False
    level: Literal["group", "pooled"]
    share_of: Part = "unmet"
    missed_at_most: int | None = Field(default=None, ge=0)
    breach: Literal["flagged", "missed"] = "flagged"
    smallest_population_in: Literal["every_month", "latest_month"] = "every_month"

    @property
    def by_unmet_alone(self) -> bool:
        """Whether months are judged one by one, by population and unmet and nothing else."""
        return not self.summed and self.share_of == "unmet" and self.missed_at_most is None

    @model_validator(mode="after")
    def _whole_periods(self) -> Consecutive:
        if self.summed and 12 % self.months:
            raise ValueError("summed: a year holds whole periods of 1, 2, 3, 4, 6 or 12 months")
        return self

    def sentences(self) -> set[str]:
        """Which sentences its findings need, by verdict and reason."""
        some = {"not_judged_stale", "not_judged_months_missing"}
        if self.missed_at_most is None:
            some |= {self.breach, *self._near()}
        else:
            some |= {f"{self.breach}_{why}" for why in ("exempted", "persons")}
            some |= {f"{key}_decided" for key in ("met", "near_line") if key in self._near()}
        if self.months > 1 and not self.summed:
            ways = [""] if self.missed_at_most is None else ["_exempted", "_persons"]
            some |= {f"over_line{why}" for why in ways}
        some |= {"not_judged_not_over"} if self.summed else set()
        small = {"not_judged_too_small", "not_judged_population_unknown"}
        return some | small if self.smallest_population else some


class Mean(Threshold):
    """Missed when the plain mean of the latest monthly shares is over the line.

    Attributes:
        not_counted: months left out of the mean.
        warning_months: how many latest months, all over the line, are a warning.
        gate: the rule whose goal must be missed too before the municipality is at risk.
        gate_max_age_months: how old, counted from the judgement, the gate's figure may be.
        ordinary_hours: hours in an ordinary job that stand in for an offer, as the measure counts
            them.
    """

    kind: Literal["mean"]
    months: int = Field(ge=1)
    not_counted: tuple[Months, ...] = ()
    warning_months: int = Field(ge=1)
    gate: MeasureCode | None = None
    gate_max_age_months: int = Field(default=12, ge=1)
    ordinary_hours: int | None = None

    def sentences(self) -> set[str]:
        """Which sentences its findings need, by verdict and reason."""
        some = {"over_line", *self._near(), "met_stated"}
        some |= {"not_judged_stale", "not_judged_months_missing"}
        if self.gate is None:
            return some | {"missed", "missed_stated"}
        known = {
            f"missed{how}_goal_{goal}" for how in ("", "_stated") for goal in ("met", "unknown")
        }
        return some | known | {"at_risk", "at_risk_stated"}

    def counts(self, month: YearMonth) -> bool:
        """Whether a month is part of the mean."""
        return not any(month in span for span in self.not_counted)


class Comparison(Record):
    """Missed when the actual share is larger than the expected one.

    Attributes:
        near_line: percentage points below the expected share that still are near the line.
    """

    kind: Literal["comparison"]
    near_line: Decimal = Field(default=Decimal("0.2"), ge=0)

    def sentences(self) -> set[str]:
        """Which sentences its findings need, by verdict and reason."""
        some = {"missed", "missed_stated", "near_line", "met", "met_stated"}
        return some | {"not_judged_stale", "not_judged_months_missing"}


class AnyMonth(Threshold):
    """Restored when at least one of the named months is under the line or has too few persons."""

    kind: Literal["any_month"]
    months: int = Field(ge=1)

    def sentences(self) -> set[str]:
        """Which sentences its findings need, by verdict and reason."""
        some = {"restored", "not_restored", "not_judged_months_missing"}
        return some | ({"restored_too_small"} if self.smallest_population else set())


class Requirement(Record):
    """What the law requires of each group; not judged by itself.

    Attributes:
        conversations, offers: how many are required, as the measures count them; `default` and the
            groups that differ.
        offers_groups: the groups an offer is required for.
    """

    kind: Literal["requirement"]
    conversations: dict[str, int]
    offers: dict[str, int]
    offers_groups: tuple[GroupCode, ...]

    @field_validator("conversations", "offers")
    @classmethod
    def _groups(cls, value: dict[str, int]) -> dict[str, int]:
        for code in value.keys() - {"default"}:
            _known_group(code)
        if "default" not in value:
            raise ValueError("a 'default' is missing")
        return value

    def sentences(self) -> set[str]:
        """None: it is not judged by itself."""
        return set()

    def conversations_for(self, group: str) -> int:
        """How many conversations the law requires for a group."""
        return self.conversations.get(group, self.conversations["default"])


class FollowUp(Record):
    """What the rule proposes for the course after a notice; a human fixes it.

    Attributes:
        begins_months_after: the first follow-up month, counted from the month of the letter.
        months: how many follow-up months.
        restore_months: how long the municipality has to restore the effort, from the notice.
        figures_months_after: how long after a month its figures come out, at the latest.
    """

    begins_months_after: int = Field(ge=0)
    months: int = Field(ge=1)
    restore_months: int = Field(ge=1)
    figures_months_after: int = Field(default=3, ge=1)

    def months_after(self, letter: dt.date) -> MonthRange:
        """The follow-up months proposed for a letter of that day."""
        first = YearMonth.of(letter) + self.begins_months_after
        return MonthRange(first, first + (self.months - 1))

    def proposed(self, letter: dt.date) -> dict[str, Any]:
        """The facts proposed for a letter of that day: the follow-up months, and by when it is restored.

        The deadline lies after the last of those months has come out: nobody can judge before.
        """
        months = self.months_after(letter)
        judged = months.last + self.figures_months_after + 1
        restored = max(YearMonth.of(letter) + self.restore_months, judged)
        return {"follow_up": months, "restore_by": restored}


class Source(Record):
    """Where a rule stands, with the words that say so.

    Attributes:
        confidence: H read in an official source, M one secondary source or inference, L weak.
    """

    title: str
    date: dt.date | None = None
    quote: str = ""
    confidence: Literal["H", "M", "L"]


class Example(Record):
    """A boundary case the tests execute: a small table and the verdicts it must give.

    Attributes:
        figures: an ASCII table: group | statistic | month | month ...; "." is hidden, empty absent.
        expect: verdict by group ("total" for the pooled row).
        reason: the finding's reason, where it has one.
        mean: the mean it must give.
        goal_met: the result goal beside it, in the newest month.
        under: which alternative of each open question; left out: the criterion's own.
    """

    name: str
    on: dt.date
    measure: MeasureCode
    figures: str
    expect: dict[GroupCode, Verdict]
    reason: str | None = None
    mean: Decimal | None = None
    goal_met: bool | None = None
    under: dict[str, str] = Field(default_factory=dict)


class Alternative(Record):
    """Another reading of a criterion that is not settled.

    Attributes:
        criterion: what differs in it.
    """

    title: Text
    criterion: dict[str, Any]


class Version(Record):
    """One version of a rule, whole: nothing is carried over from the version before it.

    Attributes:
        valid_from, valid_to: in force from the first, up to but not on the second (None: until
            further notice).
        picked_by: which date picks the version.
        status: "unverified" when something in it is not read in an official source.
        unverified: what is not verified, in Danish and English.
        stale_after_months: newest month older than this, counted from the judgement: not judged.
        suspended: the goal is not enforced while this version is in force, or for months in it.
        alternatives: of each open question (reading, period …) its answers by name; the criterion
            itself is one of each, and every combination can be judged beside it.
    """

    name: str
    title: Text
    valid_from: dt.date
    valid_to: dt.date | None = None
    picked_by: PickedBy
    status: Literal["verified", "unverified"]
    unverified: Text = Field(default_factory=dict)
    measures: tuple[MeasureCode, ...]
    stale_after_months: int = Field(default=6, ge=1)
    suspended: bool = False
    suspended_because: Text = Field(default_factory=dict)
    criterion: Consecutive | Mean | Comparison | AnyMonth | Requirement = Field(
        discriminator="kind"
    )
    alternatives: dict[str, dict[str, Alternative]] = Field(default_factory=dict)
    follow_up: FollowUp | None = None
    source: tuple[Source, ...] = Field(min_length=1)
    example: tuple[Example, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _as_measured(cls, given: Any) -> Any:
        """What is required is taken from the measure definitions; another number is refused."""
        criterion = given.get("criterion") if isinstance(given, dict) else None
        if not isinstance(criterion, dict) or not isinstance(given.get("valid_from"), dt.date):
            return given
        measures, on = given.get("measures", ()), given["valid_from"]
        derived: dict[str, Any] = {}
        if criterion.get("kind") == "requirement":
            derived = counted(measures, on)
        elif criterion.get("kind") == "mean":
            derived = {"ordinary_hours": ordinary_hours(measures, on)}
        for key, value in derived.items():
            if key in criterion and criterion[key] != value:
                raise ValueError(
                    f"criterion.{key}: the measure definitions say {value}; leave it out"
                )
        return {**given, "criterion": {**criterion, **derived}}

    @model_validator(mode="after")
    def _whole(self) -> Version:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is not after valid_from {self.valid_from}")
        if (self.status == "unverified") != bool(self.unverified):
            raise ValueError(
                "status and 'unverified' disagree: say what is not verified, or neither"
            )
        if self.suspended != bool(self.suspended_because):
            raise ValueError("'suspended' needs 'suspended_because', and only then")
        if self.alternatives and self.status == "verified":
            raise ValueError("'alternatives' are of what is not settled: status is \"unverified\"")
        if self.alternatives and self.answers is None:
            raise ValueError("the criterion must be one of its alternatives")
        if not self.example and self.criterion.kind != "requirement":
            raise ValueError("a boundary example is missing: add at least one [[version.example]]")
        return self

    @cached_property
    def answers(self) -> dict[str, str] | None:
        """Which alternative the criterion itself is, of each open question; None where it is none."""
        return next(
            (
                chosen
                for chosen, other in self.read_otherwise()
                if other.criterion == self.criterion
            ),
            None,
        )

    def read_otherwise(self) -> Iterator[tuple[dict[str, str], Version]]:
        """The version under every combination of alternatives, its own among them, with their names."""
        kind = type(self.criterion)
        for named in product(*(answers.items() for answers in self.alternatives.values())):
            changes = {k: v for _, answer in named for k, v in answer.criterion.items()}
            criterion = kind.model_validate({**self.criterion.model_dump(), **changes})
            chosen = dict(zip(self.alternatives, (name for name, _ in named), strict=True))
            yield chosen, self.model_copy(update={"criterion": criterion})

    def in_force(self, day: dt.date) -> bool:
        """Whether the version is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def last_day(self) -> dt.date | None:
        """The last day it is in force; None where no end is known."""
        return self.valid_to and self.valid_to - dt.timedelta(days=1)

    @property
    def interval(self) -> str:
        """When it is in force: "2022-03-01 to 2023-11-13"."""
        return (
            f"{self.valid_from} to {self.last_day}" if self.last_day else f"from {self.valid_from}"
        )


class Rule(Record):
    """A rule: its versions in order of time, and the sentences its findings are explained with.

    Attributes:
        owner: whose rule it is: the state's, or the code of the municipality that it is for.
        sentences: by language, then by verdict (for `not_judged` by reason); `{slots}` are filled
            with the finding's own numbers.
    """

    rule: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    owner: Annotated[str, AfterValidator(_known_owner)] = STATE
    sentences: dict[Language, dict[str, str]] = Field(default_factory=dict)
    version: tuple[Version, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Rule:
        for earlier, later in zip(self.version, self.version[1:], strict=False):
            if earlier.valid_to is None or later.valid_from < earlier.valid_to:
                raise ValueError(f"the versions {earlier.name} and {later.name} overlap in time")
        names = [version.name for version in self.version]
        if len(set(names)) < len(names):
            raise ValueError("two versions have the same name")
        needed = {
            key
            for version in self.version
            for _, read in version.read_otherwise()
            for key in read.criterion.sentences()
        }
        if any(version.suspended for version in self.version):
            needed |= {"suspended", "suspended_stated"}
        told = needed | {key for texts in self.sentences.values() for key in texts}
        if missing := [
            f"{language}.{key}"
            for language in get_args(Language)
            for key in sorted(told)
            if not self.sentences.get(language, {}).get(key, "").strip()
        ]:
            raise ValueError(f"sentences are missing: {', '.join(missing)}")
        for language, sentences in self.sentences.items():
            for verdict, sentence in sentences.items():
                try:
                    if unknown := slots_of(sentence) - SLOTS:
                        raise ValueError(f"there is no slot {{{min(unknown)}}}")
                except ValueError as error:
                    raise ValueError(f"sentences.{language}.{verdict}: {error}") from None
        return self
