"""What a reader has chosen, read from the address: measure, group, month, rule, and as known on which day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from tilsyn.cases import knowledge
from tilsyn.cases.access import audience
from tilsyn.cases.clock import today
from tilsyn.errors import NoRuleError
from tilsyn.rules.catalogue import in_force
from tilsyn.rules.model import Consecutive, Threshold, Verdict
from tilsyn.site.board import Board, board, judged_measures, rule_of
from tilsyn.site.language import gettext
from tilsyn.vocabulary import MUNICIPALITIES, ROWS, TOTAL, YearMonth
from tilsyn.vocabulary.areas import Municipality


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown.

    Attributes:
        board: the figures as known on the day chosen; on: that day.
        month: None where the measure has no figures at all.
    """

    board: Board
    on: dt.date
    measure: str
    grp: str
    month: YearMonth | None

    @property
    def rule(self) -> str:
        """The rule that judges the measure."""
        return rule_of(self.measure)

    @property
    def line(self) -> Threshold:
        """The line its rule holds the share against."""
        return line_of(self.measure, self.on)

    @property
    def by_group(self) -> bool:
        """Whether its rule judges each group by itself, not all together."""
        return getattr(self.line, "level", "pooled") == "group"

    @property
    def newest(self) -> YearMonth | None:
        """The newest month with figures of the measure."""
        return next(iter(self.board.months.get(self.measure, [])), None)

    @property
    def judged(self) -> bool:
        """Whether judgements are on what is chosen: the newest month, and a group the rule judges."""
        if self.month != self.newest:
            return False
        return self.by_group or self.grp == TOTAL.code

    @property
    def gravest(self) -> Verdict:
        """The gravest verdict its rule has."""
        line = self.line
        if isinstance(line, Consecutive):
            return line.breach
        return "at_risk" if getattr(self.line, "gate", None) else "missed"


def known_on(request: HttpRequest) -> dt.date:
    """The day whose knowledge is asked for; never later than today."""
    return min(asked_day(request, "on") or today(), today())


def asked_day(request: HttpRequest, name: str) -> dt.date | None:
    """A day the address names; None where it is none, or one before or after all months."""
    try:
        day = dt.date.fromisoformat(request.GET.get(name, ""))
        YearMonth.of(day)
    except ValueError:
        return None
    return day


def place_of(area: str) -> Municipality:
    """The municipality of an address.

    Raises:
        Http404: there is none.
    """
    if area not in MUNICIPALITIES:
        raise Http404(gettext("There is no such municipality."))
    return MUNICIPALITIES[area]


def chosen(request: HttpRequest) -> Choice:
    """What the address asks for; what it does not say, or says wrongly, is as usual."""
    on = known_on(request)
    shown = board(on, audience(request.user))
    judged = judged_measures()
    measures = [m for m in judged if m in shown.months]
    measure = request.GET.get("measure", "")
    if measure not in measures:
        measure = measures[0] if measures else judged[0]
    grp = request.GET.get("group", "")
    if grp not in shown.groups.get(measure, ()):
        grp = TOTAL.code
    months = shown.months.get(measure, [])
    month = next((m for m in months if str(m) == request.GET.get("month")), None)
    return Choice(shown, on, measure, grp, month or (months[0] if months else None))


def line_of(measure: str, on: dt.date) -> Threshold:
    """The line a rule holds against a measure on a day; where none is in force, the latest before."""
    rule = knowledge.catalogue()[rule_of(measure)]
    version = in_force(rule, on)
    if version is None:
        begun = [v for v in rule.version if v.valid_from <= on]
        version = begun[-1] if begun else rule.version[0]
    if not isinstance(version.criterion, Threshold):
        raise NoRuleError(f"the rule {rule.rule} holds no line against {measure}")
    return version.criterion


def groups_of(shown: Board, measure: str) -> list[str]:
    """The groups with figures, in published order."""
    return [code for code in ROWS.codes if code in shown.groups.get(measure, ())]
