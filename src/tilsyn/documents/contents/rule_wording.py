"""What a letter says of a rule beyond the numbers that its findings carry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tilsyn.errors import InputError
from tilsyn.rules import Catalogue
from tilsyn.rules.catalogue import in_force
from tilsyn.rules.model import AnyMonth, Consecutive, Requirement, Version
from tilsyn.vocabulary import GROUPS, MEASURES, YearMonth


@dataclass(frozen=True)
class RuleWording:
    """The versions of the early-effort rules that a letter puts in words.

    Attributes:
        rule: the version by which municipalities are flagged.
        follow_up: the version by which the effort counts as restored; None where the rule has no
            follow-up.
        law: the version that says what the law requires.
    """

    rule: Version
    follow_up: Version | None
    law: Version

    @classmethod
    def of(cls, catalogue: Catalogue, *, letter: dt.date, month: YearMonth) -> RuleWording:
        """The wording that the rules in force call for.

        Args:
            catalogue: the rules at hand.
            letter: the notice's date, which picks the versions of the rule and its follow-up.
            month: the latest measured month, which picks what the law requires.

        Raises:
            NoRuleError: one of the rules has no version on its date.
            InputError: a rule is of another kind than the letter can put in words.
        """
        rule = catalogue.version("early_effort", letter)
        follow_up = in_force(catalogue["early_effort_follow_up"], letter)
        if getattr(rule.criterion, "level", "") == "group":
            follow_up = catalogue.version("early_effort_follow_up", letter)
        law = catalogue.version("early_effort_requirement", month.first)
        if not (
            isinstance(rule.criterion, Consecutive)
            and (follow_up is None or isinstance(follow_up.criterion, AnyMonth))
            and isinstance(law.criterion, Requirement)
        ):
            raise InputError(
                "there are no words for rules of these kinds: "
                f"{rule.criterion.kind}, {law.criterion.kind}"
            )
        return cls(rule, follow_up, law)

    @property
    def criterion(self) -> Consecutive:
        """By what a municipality is flagged."""
        assert isinstance(self.rule.criterion, Consecutive)
        return self.rule.criterion

    @property
    def restoration(self) -> AnyMonth | None:
        """By what the effort counts as restored."""
        criterion = self.follow_up.criterion if self.follow_up else None
        return criterion if isinstance(criterion, AnyMonth) else None

    @property
    def requirement(self) -> Requirement:
        """What the law requires."""
        assert isinstance(self.law.criterion, Requirement)
        return self.law.criterion

    @property
    def pooled(self) -> bool:
        """Whether all benefit groups are judged together."""
        return self.criterion.level == "pooled"

    @property
    def population_every_month(self) -> bool:
        """Whether the smallest population is required in every month (else in the latest)."""
        return self.criterion.smallest_population_in == "every_month"

    @property
    def seniority(self) -> int:
        """The months the requirement covers."""
        return max(MEASURES[code].seniority_months for code in MEASURES.of_effort("early"))

    def required(self, measure: str, group: str) -> int:
        """How many conversations or offers the law requires for a group ("default": for most)."""
        numbers = self._numbers(measure)
        return numbers.get(group, numbers["default"])

    def apart(self, measure: str) -> dict[str, int]:
        """The groups that the law requires another number for."""
        numbers = self._numbers(measure)
        return {g: n for g, n in numbers.items() if g != "default" and n != numbers["default"]}

    def common(self, measure: str, groups: Iterable[str]) -> int | None:
        """The number required for all of these groups; None where it differs among them.

        All groups together ("total") have one number only where no group stands apart.
        """
        numbers = {
            number
            for group in groups
            for number in (
                [self.required(measure, group)]
                if group in GROUPS
                else {self._numbers(measure)["default"], *self.apart(measure).values()}
            )
        }
        return numbers.pop() if len(numbers) == 1 else None

    def _numbers(self, measure: str) -> dict[str, int]:
        event = MEASURES[measure].event
        if not event:
            raise InputError(f"the rule does not say how many {measure} requires")
        numbers: dict[str, int] = getattr(self.requirement, event)
        return numbers
