"""What a letter says of a rule beyond the numbers that its findings carry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from tilsyn.errors import InputError
from tilsyn.rules import Catalogue
from tilsyn.rules.model import AnyMonth, Consecutive, Requirement
from tilsyn.vocabulary import YearMonth


@dataclass(frozen=True)
class RuleWording:
    """What the notice says of the early-effort rule.

    Attributes:
        required: by measure, how many conversations or offers the law requires.
        seniority: months the requirement covers.
        population_every_month: whether the smallest population is required in every month (else
            in the latest).
        restored_at_threshold: whether a share exactly at the threshold counts as restored.
    """

    required: Mapping[str, int]
    seniority: int = 6
    population_every_month: bool = True
    restored_at_threshold: bool = False

    @classmethod
    def of(cls, catalogue: Catalogue, *, letter: dt.date, month: YearMonth) -> RuleWording:
        """The wording that the rules in force call for.

        Args:
            catalogue: the rules at hand.
            letter: the letter's date, which picks the versions of the rule and its follow-up.
            month: the latest measured month, which picks what the law requires.

        Raises:
            NoRuleError: one of the rules has no version on its date.
            InputError: a rule is of another kind than the letter can put in words.
        """
        rule = catalogue.version("early_effort", letter).criterion
        follow_up = catalogue.version("early_effort_follow_up", letter).criterion
        law = catalogue.version("early_effort_requirement", month.first).criterion
        if not (
            isinstance(rule, Consecutive)
            and isinstance(follow_up, AnyMonth)
            and isinstance(law, Requirement)
        ):
            raise InputError(
                "the notice has no wording for these kinds of criterion: "
                f"{rule.kind}, {follow_up.kind}, {law.kind}"
            )
        return cls(
            required={
                "conversations_6m": law.conversations["default"],
                "offers_6m": law.offers["default"],
            },
            population_every_month=rule.smallest_population_in == "every_month",
            restored_at_threshold=follow_up.met_at_threshold,
        )
