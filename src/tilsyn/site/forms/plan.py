"""What a plan is to be: its goal and weeks, room a week, and what is tried beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from tilsyn.cases.plans.wishes import LESS, MORE, Wish, demand_lines, goal_key, with_room
from tilsyn.errors import TilsynError
from tilsyn.parsing import whole_number
from tilsyn.planning.capacity import Capacity, Unit
from tilsyn.planning.goals import Goal
from tilsyn.planning.record import Selection
from tilsyn.site.forms.goal import MOST_MARGIN, GoalForm, PointsField
from tilsyn.site.language import language, said
from tilsyn.site.refusals import explained

MOST_ROOM = 100_000
NOBODY = Capacity(unit=(Unit(conversations_per_week=0),))
"""Where nothing is known: one unit for everybody, whose numbers must be written."""


class PlanForm(GoalForm):
    """A wish. Each unit of the capacity has its own two numbers."""

    spacing = forms.IntegerField(min_value=1, max_value=92, initial=NOBODY.least_spacing_days)
    percent = forms.IntegerField(
        min_value=LESS, max_value=MORE, initial=0, required=False,
        widget=forms.NumberInput(attrs={"type": "range"}),
    )  # fmt: skip
    other_goal = forms.ChoiceField(required=False)
    other_margin = PointsField(required=False, min_value=0, max_value=MOST_MARGIN, decimal_places=1)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        usual: Wish | None,
        known: Mapping[str, Goal],
        first: Any = None,
    ):
        self.base = usual.capacity if usual else NOBODY
        initial = {"first": usual.first if usual else first}
        if usual:
            initial |= {
                "weeks": usual.weeks,
                "spacing": usual.capacity.least_spacing_days,
                "goal": goal_key(usual.goal),
                "margin": usual.goal.margin,
                "percent": usual.percent,
                "other_goal": goal_key(usual.other_goal) if usual.other_goal else "",
                "other_margin": usual.other_margin,
            }
        super().__init__(data, files, initial=initial, known=known)
        for place, unit in enumerate(self.base.unit):
            for kind, number in (
                ("conversations", unit.conversations_per_week),
                ("offers", unit.offers_per_week),
            ):
                self.fields[f"{kind}_{place}"] = forms.IntegerField(
                    min_value=0, max_value=MOST_ROOM, initial=number if usual else None
                )
        for name, da, en in (
            ("spacing", "Mindst så mange dage mellem to samtaler", "At least so many days between two conversations"),
            ("percent", "Prøv også med mere eller mindre kapacitet (%)", "Also try more or less capacity (%)"),
            ("other_goal", "Prøv også med et andet mål", "Also try another goal"),
            ("other_margin", "Prøv også med en anden afstand (procentpoint)", "Also try another margin (percentage points)"),
        ):  # fmt: skip
            self.fields[name].label = said(da, en)
        self.fields["other_goal"].choices = [  # type: ignore[attr-defined]
            ("", said("nej", "no")),
            *self.fields["goal"].choices,  # type: ignore[attr-defined]
        ]

    def units(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        """Each unit's name (empty for everybody without one) and its two fields."""
        for place, unit in enumerate(self.base.unit):
            yield unit.name, self[f"conversations_{place}"], self[f"offers_{place}"]

    def wish(self) -> Wish:
        """What was asked for; the form must be valid."""
        given = self.cleaned_data
        units = tuple(
            with_room(unit, given[f"conversations_{place}"], given[f"offers_{place}"])
            for place, unit in enumerate(self.base.unit)
        )
        return Wish(
            first=given["first"],
            weeks=given["weeks"],
            goal=self.chosen,
            capacity=self.base.model_copy(
                update={"unit": units, "least_spacing_days": given["spacing"]}
            ),
            percent=given["percent"] or 0,
            other_goal=self._other_goal(given["other_goal"]),
            other_margin=given["other_margin"],
        )

    def clean(self) -> dict[str, Any]:
        """Also the goal that is tried beside must fit the weeks."""
        given = super().clean()
        if not self.errors and (other := self._other_goal(given["other_goal"])):
            try:
                demand_lines(other, given["first"], given["weeks"])
            except TilsynError as error:
                self.add_error("other_goal", explained(error))
        return given

    def _other_goal(self, name: str) -> Goal | None:
        """Another goal to try, with the plan's margin."""
        if not name:
            return None
        return self.known[name].model_copy(update={"margin": self.chosen.margin})

    @property
    def percent_words(self) -> str:
        """The share the slider stands at, in words."""
        given = str(self["percent"].value() or "")
        percent = whole_number(given.removeprefix("-")) or 0
        return percent_words(-percent if given.startswith("-") else percent)


def percent_words(percent: int) -> str:
    """More or less capacity: "20 % mere"."""
    if not percent:
        return said("det samme", "the same")
    sign = "" if language() == "en" else " "
    more = said("mere", "more") if percent > 0 else said("mindre", "less")
    return f"{abs(percent)}{sign}% {more}"


TEAM = "="
"""Before a team's name in an answer, so that nobody's team is another answer than no choice."""


class PurposeForm(forms.Form):
    """Why somebody looks at persons, and at which of them."""

    purpose = forms.CharField(
        min_length=3, max_length=200, widget=forms.TextInput(attrs={"list": "purposes"})
    )
    week = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)

    def __init__(
        self, data: Any = None, *, weeks: list[tuple[str, str]], week: str, teams: Sequence[str]
    ):
        super().__init__(data, initial={"week": week})
        self.fields["team"].label = said("Team", "Team")
        self.fields["team"].choices = [  # type: ignore[attr-defined]
            ("", said("alle", "all")),
            *((f"{TEAM}{name}", name or said("uden team", "no team")) for name in teams),
        ]
        self.fields["purpose"].label = said("Formål", "Purpose")
        self.fields["week"].label = said("Uge", "Week")
        self.fields["week"].choices = [("", said("alle", "all")), *weeks]  # type: ignore[attr-defined]

    def selection(self) -> Selection:
        """Which call-ins."""
        team: str = self.cleaned_data["team"]
        return Selection(self.cleaned_data["week"], team.removeprefix(TEAM) if team else None)
