"""What a plan is to reach: a goal to choose, a line of one's own beside it, or a goal from a file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args

from django import forms

from tilsyn.cases.plans.wishes import USUAL_GOAL, USUAL_WEEKS, demand_lines
from tilsyn.errors import TilsynError
from tilsyn.planning import goals
from tilsyn.planning.aims import group_names, places
from tilsyn.planning.goals import LONGEST_TITLE, Goal, Line
from tilsyn.planning.weeks import MOST_WEEKS
from tilsyn.records import build
from tilsyn.site.forms.dates import MonthField, day, span
from tilsyn.site.language import gettext, language, of
from tilsyn.site.refusals import explained
from tilsyn.vocabulary import GROUPS, MEASURES, ROWS, TOTAL
from tilsyn.vocabulary.wording import percent
from tilsyn.words import Language, Message

USUAL_MARGIN, MOST_MARGIN = Decimal(1), Decimal(15)
"""Percentage points below a line."""
LARGEST = 64 * 1024
"""Bytes of a goal file; one with every line there is has a tenth of it."""
OWN = "own"
"""The name of a goal that is put together here."""

LINE = ("line_measures", "line_groups", "line_threshold", "line_first", "line_last")
"""The fields of the line of one's own."""


class PointsField(forms.DecimalField):
    """Per cent or percentage points, written with the reader's decimal sign."""

    def __init__(self, **more: Any):
        super().__init__(localize=True, max_digits=4, **more)


class GoalForm(forms.Form):
    """What a plan is to reach, and in which weeks.

    Attributes:
        known: the goals to choose from, by what the form calls them.
        chosen: the goal; there when the form is valid.
    """

    first = day()
    weeks = forms.IntegerField(min_value=1, max_value=MOST_WEEKS, initial=USUAL_WEEKS)
    goal = forms.ChoiceField(initial=USUAL_GOAL)
    margin = PointsField(min_value=0, max_value=MOST_MARGIN, decimal_places=1, initial=USUAL_MARGIN)
    line_measures = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    line_groups = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    line_threshold = PointsField(required=False, min_value=1, max_value=99, decimal_places=1)
    line_first = MonthField(required=False)
    line_last = MonthField(required=False)
    goal_file = forms.FileField(required=False, widget=forms.FileInput(attrs={"accept": ".toml"}))

    chosen: Goal

    def __init__(self, *args: Any, known: Mapping[str, Goal], **more: Any):
        super().__init__(*args, **more)
        self.known = known
        key = language()
        choices: dict[str, Any] = {
            "goal": [(name, of(goal.title)) for name, goal in known.items()],
            "line_measures": [(m.code, m.name(key)) for m in MEASURES if m.event],
            "line_groups": [(c, ROWS[c].name(key)) for c in (TOTAL.code, *GROUPS.codes)],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        for name, words in (
            ("first", gettext("From")),
            ("weeks", gettext("Number of weeks")),
            ("goal", gettext("Goal")),
            ("margin", gettext("Margin to the lines (percentage points)")),
            ("line_measures", gettext("Measures")),
            ("line_groups", gettext("Groups")),
            ("line_threshold", gettext("Line (%)")),
            ("line_first", gettext("From the month")),
            ("line_last", gettext("To the month")),
            ("goal_file", gettext("Goal file (TOML)")),
        ):  # fmt: skip
            self.fields[name].label = words
        for name, words in (
            (
                "margin",
                gettext("So far below the lines the shares must stay, because not everything can be foreseen. 0: up to the line."),
            ),
            (
                "line_threshold",
                gettext("At most so many may lack the required effort."),
            ),
            (
                "line_groups",
                gettext("None chosen: all groups together."),
            ),
            (
                "line_first",
                gettext("Without months the line holds in each whole month of the plan."),
            ),
            (
                "goal_file",
                gettext("The file says everything of the goal, its margin too; what is chosen above does not count then."),
            ),
        ):  # fmt: skip
            self.fields[name].help_text = words

    @property
    def composes(self) -> bool:
        """Whether something of an own line is written, rightly or not."""
        return any(self[name].value() for name in LINE)

    def clean(self) -> dict[str, Any]:
        """The goal that was meant, tried against the plan's months."""
        given = super().clean() or {}
        if self.composes:
            self._demand_whole_line(given)
        if self.errors:
            return given
        field = "goal_file" if given["goal_file"] else "line_first" if self.composes else "goal"
        try:
            goal = self._goal(given)
            demand_lines(goal, given["first"], given["weeks"])
        except TilsynError as error:
            self.add_error(field, _told(error) if given["goal_file"] else explained(error))
        else:
            self.chosen = goal
        return given

    def _demand_whole_line(self, given: dict[str, Any]) -> None:
        """Where something of a line is written, so is the rest of it."""
        first, last = given.get("line_first"), given.get("line_last")
        for field, wrong, words in (
            ("line_measures", not given.get("line_measures"),
             gettext("Choose which measures the line is for.")),
            ("line_threshold", given.get("line_threshold") is None,
             gettext("Write the line, for instance 20.")),
            ("line_last", (first is None) != (last is None),
             gettext("Write both the first and the last month, or neither.")),
            ("line_last", bool(first and last and last < first),
             gettext("The last month comes before the first.")),
        ):  # fmt: skip
            if wrong and field not in self.errors:
                self.add_error(field, words)

    def _goal(self, given: dict[str, Any]) -> Goal:
        if file := given["goal_file"]:
            return goals.parse(file.read(), "")
        goal = self.known[given["goal"]]
        if self.composes:
            goal = _with(goal, _line(given))
        return goal.model_copy(update={"margin": given["margin"]})

    def clean_goal_file(self) -> Any:
        """A file of a size a goal can have, and not beside a line of one's own."""
        file = self.cleaned_data["goal_file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(
                gettext("The file is larger than 64 kB; it is no goal.")
            )  # fmt: skip
        if file and self.composes:
            raise forms.ValidationError(
                gettext(
                    "Choose either a file or a line of your own; the file says everything of the goal."
                )
            )
        return file


def _line(given: dict[str, Any]) -> Line:
    return Line(
        measures=tuple(given["line_measures"]),
        groups=tuple(given["line_groups"]),
        threshold=given["line_threshold"],
        months=span(given["line_first"], given["line_last"]),
    )


def _with(goal: Goal, line: Line) -> Goal:
    """A goal and one line more, with a title that says so."""
    title: dict[Language, str] = {}
    for key in get_args(Language):
        groups = group_names(line.groups or (TOTAL.code,), key)
        assert line.threshold is not None
        shown = percent(line.threshold, key, places(line.threshold))
        whole = Message(
            "{title}, and {groups} under {line}", title=goal.title[key], groups=groups, line=shown
        ).said(key)
        title[key] = whole if len(whole) <= LONGEST_TITLE else f"{whole[: LONGEST_TITLE - 1]}…"
    values = {"name": OWN, "title": title, "duty": goal.duty, "line": (*goal.line, line)}
    return build(Goal, values, file="")


def _told(error: TilsynError) -> str:
    """What is wrong with a goal file, and at which key."""
    place = getattr(error, "place", None)
    begin = gettext("The file cannot be used")
    return f"{begin}{f' ({place})' if place else ''}: {explained(error)}"
