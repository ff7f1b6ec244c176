"""Sentences that figures support: each rule says on which readings which sentence stands.

A rule holds conditions on what was read of the figures ("run >= 2") and names a template. It is
written only where every condition holds and every slot of its template is known, so no sentence can
say more than the numbers do. Rules stand in ``sentences.toml``, templates beside the other texts.
"""

from __future__ import annotations

import operator
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import Field, field_validator

from tilsyn.documents.contents.templates import Texts
from tilsyn.errors import InputError
from tilsyn.records import Record, build

Fact = int | float | Fraction | str | None

_FILE = "sentences.toml"
_SLOT = re.compile(r"\{([a-z_]+)\}")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
_CONDITION = re.compile(r"(?P<left>[a-z_]+)(?: (?P<sign><=|>=|!=|=|<|>) (?P<right>[-\w.]+))?")


@dataclass
class Reading:
    """What was read of figures.

    Attributes:
        facts: what conditions ask about; None where it cannot be told.
        slots: texts for templates; None where there is nothing to say.
    """

    facts: dict[str, Fact] = field(default_factory=dict)
    slots: dict[str, str | None] = field(default_factory=dict)

    def __or__(self, other: Reading) -> Reading:
        return Reading(self.facts | other.facts, self.slots | other.slots)


class Rule(Record):
    """A sentence and when it stands.

    Attributes:
        say: the template's key, after the section's name.
        when: conditions, all of which must hold: "run >= 2", "verdict = at_risk", "driver < limit".
    """

    say: str
    when: tuple[str, ...] = Field(default=())

    @field_validator("when")
    @classmethod
    def _readable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if bad := [condition for condition in value if not _CONDITION.fullmatch(condition)]:
            raise ValueError(f"'{bad[0]}' is no condition; write 'run >= 2' or 'verdict = at_risk'")
        return value

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        """Whether every condition holds; what is not known holds nothing."""
        return all(_holds(condition, facts) for condition in self.when)


class Rules(Record):
    """The rules of a section, in the order their sentences stand."""

    rule: tuple[Rule, ...]


def sentences(section: str, reading: Reading, words: Texts) -> list[str]:
    """The sentences of a section that its reading supports.

    Args:
        section: its name in ``sentences.toml``, and before the templates' keys.
        reading: what was read of its figures.
        words: the texts.

    Raises:
        InputError: there is no such section or template, or a template has a slot that is never read.
    """
    if section not in rules():
        raise InputError(f"there are no sentence rules for '{section}'", file=_FILE)
    said = []
    for rule in rules()[section]:
        if not rule.holds(reading.facts):
            continue
        key = f"{section}.{rule.say}"
        if key not in words.entries:
            raise InputError("is missing; add the text", file=words.file, place=key)
        names = set(_SLOT.findall(words.entries[key]))
        if unread := sorted(names - reading.slots.keys()):
            raise InputError(
                f"the slot {{{unread[0]}}} is not read from any figure", file=words.file, place=key
            )
        slots = {name: reading.slots[name] for name in names}
        if None not in slots.values():
            said.append(tidy(words.fill(key, **{n: t for n, t in slots.items() if t is not None})))
    return said


def tidy(sentence: str) -> str:
    """The sentence without a second full stop after "pct.", its figure numbers never broken off."""
    return re.sub(r"([Ff]igure?) (\d)", "\\1\N{NO-BREAK SPACE}\\2", re.sub(r"\.\.$", ".", sentence))


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """All sentence rules, by section."""
    text = files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    return {
        section: build(Rules, {"rule": listed}, file=_FILE).rule
        for section, listed in tomllib.loads(text).items()
    }


def _holds(condition: str, facts: Mapping[str, Fact]) -> bool:
    match = _CONDITION.fullmatch(condition)
    assert match
    left = facts.get(match["left"])
    if match["sign"] is None:
        return bool(left)
    right = _operand(match["right"], facts)
    if left is None or right is None:
        return False
    return _COMPARISONS[match["sign"]](left, right)


def _operand(text: str, facts: Mapping[str, Fact]) -> Fact:
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return Fraction(text)
    # A name that is read is that reading; any other word stands for itself ("at_risk").
    return facts.get(text, text)
