"""The rules at hand: shipped ones and a user's own, and which version is in force on a date."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file
from pathlib import Path

from tilsyn import own
from tilsyn.errors import InputError, NoRuleError, UsageError
from tilsyn.law import FOLDER
from tilsyn.measures import definitions
from tilsyn.records import read_toml
from tilsyn.rules.model import Rule, Threshold, Version

# Findings and lists follow this order; a user's own rules come after.
_ORDER = (
    "early_effort",
    "early_effort_follow_up",
    "early_effort_requirement",
    "focus_conversations",
    "focus_offers",
    "result_goal",
)


class Catalogue:
    """Rules by their code.

    Args:
        rules: in any order; a later one replaces an earlier one with the same code.
    """

    def __init__(self, rules: list[Rule]):
        by_code = {rule.rule: rule for rule in rules}
        order = [*_ORDER, *sorted(set(by_code) - set(_ORDER))]
        self._rules = {code: by_code[code] for code in order if code in by_code}

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __getitem__(self, code: str) -> Rule:
        """The rule with this code.

        Raises:
            UsageError: there is none; the message names the nearest.
        """
        if code not in self._rules:
            near = difflib.get_close_matches(code, self._rules, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise UsageError(f"no rule '{code}'{hint} Rules are: {', '.join(self._rules)}")
        return self._rules[code]

    def __contains__(self, code: str) -> bool:
        return code in self._rules

    def line(self, measure: str, day: dt.date) -> Threshold | None:
        """The line that the first rule in force on a day holds against a measure's share; or None."""
        versions = (in_force(rule, day) for rule in self)
        lines = (v.criterion for v in versions if v is not None and measure in v.measures)
        return next((line for line in lines if isinstance(line, Threshold)), None)

    def version(self, code: str, day: dt.date) -> Version:
        """The version of a rule in force on a day.

        Raises:
            NoRuleError: none is; the message names the nearest in time.
        """
        rule = self[code]
        if found := in_force(rule, day):
            return found
        nearest = min(rule.version, key=lambda version: _distance(version, day))
        raise NoRuleError(
            f"no version of the rule {code} is in force on {day}; the nearest is {nearest.name}, "
            f"in force {nearest.interval}"
        )


def in_force(rule: Rule, day: dt.date) -> Version | None:
    """The version in force on a day, or None."""
    return next((version for version in rule.version if version.in_force(day)), None)


def _distance(version: Version, day: dt.date) -> int:
    if day < version.valid_from:
        return (version.valid_from - day).days
    return (day - (version.valid_to or day)).days


def read_rule(file: Path) -> Rule:
    """One rule file.

    Raises:
        InputError: names the file, the key and the mend.
    """
    return read_toml(file, Rule)


@cache
def shipped() -> Catalogue:
    """The rules that come with the program."""
    with as_file(FOLDER / "rules") as folder:
        return Catalogue([read_rule(file) for file in sorted(folder.glob("*.toml"))])


def at_hand() -> Catalogue:
    """The shipped rules with those of the folder of one's own: the same code replaces, others are added.

    Raises:
        InputError: one of them is not sound.
    """
    if not (files := own.files("rules")):
        return shipped()
    definitions.load()  # a rule may be about a measure of one's own
    return with_own(*files)


def with_own(*places: Path) -> Catalogue:
    """The shipped rules with a user's own rule files or folders of them.

    Raises:
        InputError: a folder holds no rule file, or one that is not sound or changes an official rule
            and keeps its name.
    """
    rules = list(shipped())
    for place in places:
        files = [place] if place.is_file() else sorted(place.glob("*.toml"))
        if not files:
            raise InputError(
                "no rule files (*.toml) here; name a rule file or its folder", file=place
            )
        rules += map(own_rule, files)
    return Catalogue(rules)


def own_rule(file: Path) -> Rule:
    """A rule file of one's own.

    Raises:
        InputError: it is not sound, or says something else than the official rule of its code under
            the official title.
    """
    rule = read_rule(file)
    if rule.rule not in shipped() or rule == (official := shipped()[rule.rule]):
        return rule
    if any(rule.title[language] == title for language, title in official.title.items()):
        raise InputError(
            f"'{rule.rule}' is an official rule, and this file differs from it; give it a title of "
            "its own in both languages",
            file=file,
            place="title",
        )
    return rule
