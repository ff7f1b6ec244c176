"""What if: other capacity, another goal, another margin or spacing, said in a few letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tilsyn.errors import UsageError
from tilsyn.planning import goals
from tilsyn.planning.capacity import Capacity
from tilsyn.planning.goals import Goal

_CAPACITY = re.compile(r"capacity\s*([+-])\s*(\d{1,3})\s*%?")
_SET = re.compile(r"(goal|margin|spacing)\s*=\s*(.+)")


@dataclass(frozen=True)
class Setting:
    """What a plan is made with.

    Attributes:
        name: what it is called, as it was asked for; empty for the plan itself.
        factor: all room times this.
    """

    name: str
    goal: Goal
    capacity: Capacity
    factor: Fraction = Fraction(1)


def changed(setting: Setting, text: str) -> Setting:
    """The setting with what is asked for: "capacity+20%", "goal=focus", "margin=0", "spacing=7".

    Several changes stand with commas between.

    Raises:
        UsageError: it is not understood.
    """
    made = replace(setting, name=text)
    for part in filter(None, (part.strip() for part in text.split(","))):
        made = _changed(made, part)
    return made


def _changed(setting: Setting, part: str) -> Setting:
    if found := _CAPACITY.fullmatch(part):
        share = Fraction(int(found[2]), 100)
        return replace(
            setting, factor=max(1 + share if found[1] == "+" else 1 - share, Fraction(0))
        )
    if not (found := _SET.fullmatch(part)):
        raise UsageError(
            f"--what-if: '{part}' is not understood; write e.g. capacity+20%, goal=focus, margin=0 "
            "or spacing=7"
        )
    if found[1] == "goal":
        return replace(setting, goal=goals.find(found[2]))
    try:
        number = Decimal(found[2].replace(",", "."))
    except ArithmeticError:
        raise UsageError(f"--what-if: '{found[2]}' is no number") from None
    if found[1] == "margin" and 0 <= number < 100:
        return replace(setting, goal=setting.goal.model_copy(update={"margin": number}))
    if found[1] == "spacing" and number == int(number) and 1 <= number <= 92:
        capacity = setting.capacity.model_copy(update={"least_spacing_days": int(number)})
        return replace(setting, capacity=capacity)
    raise UsageError(f"--what-if: {found[1]} cannot be {number}")
