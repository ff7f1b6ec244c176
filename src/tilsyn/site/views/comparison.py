"""Municipalities beside each other: the funnel, quartiles and peers of a measure, month and group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilsyn.charts import Funnel
from tilsyn.charts.funnel import standing, standing_name
from tilsyn.charts.months import subject
from tilsyn.errors import InputError
from tilsyn.rules.comparison import Comparison, Place, compare
from tilsyn.rules.peers import LIKENESSES, NAMES, Peers, expected_shares, likeness, peers_of
from tilsyn.site.board import judged_measures
from tilsyn.site.charts import answered, embedded
from tilsyn.site.choices import Choice, chosen, groups_of
from tilsyn.site.language import gettext, language
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES

TONES = {None: "none", 95.0: "warn", 99.8: "bad"}
"""How it is marked that a municipality is over a limit."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for, and what there is to show of it."""

    choice: Choice
    of: str
    by: str
    named: tuple[str, ...]
    expected: dict[str, float]
    peers: Peers | None
    held: Comparison | None
    why: str

    @property
    def chart(self) -> Funnel | None:
        """The funnel; None where too few counts are known."""
        if self.held is None:
            return None
        dark = frozenset(self.peers.areas) if self.peers and self.of else frozenset()
        month = self.held.month.name(language())
        unit = f"{subject(self.choice.measure, self.choice.grp, language())}, {month}"
        return Funnel(self.held, self.of, dark, unit, self.choice.line)

    @property
    def query(self) -> dict[str, object]:
        """What the chart's address says to show the same."""
        choice = self.choice
        return {
            "measure": choice.measure,
            "group": choice.grp,
            "month": choice.month,
            "on": choice.on,
            "municipality": self.of,
            "peers": self.by,
            "with": ",".join(self.named),
        }


def _asked(request: HttpRequest) -> _Asked:
    choice = chosen(request)
    of = request.GET.get("municipality", "")
    of = of if of in MUNICIPALITIES else ""
    told = [one for text in request.GET.getlist("with") for one in text.split(",")]
    named = tuple(dict.fromkeys(one for one in told if one in MUNICIPALITIES))
    by = request.GET.get("peers", "")
    if by not in (*LIKENESSES, "hand") or not of:
        by = LIKENESSES[0]
    if choice.month is None:
        return _Asked(choice, of, by, named, {}, None, None, "")
    months = choice.board.across(choice.measure, choice.grp, choice.month)
    goals = choice.board.known.scan().filter(pl.col("measure") == "result_goal").collect()
    expected = expected_shares(goals, choice.month)
    why = ""
    try:
        peers = peers_of(of, by, months, expected, named=named)
    except InputError:
        why = gettext(
            "What these peers are found by is not known of the municipality; all are shown instead."
        )
        by = LIKENESSES[0]
        peers = peers_of(of, by, months, expected)
    held = compare(months, choice.measure, choice.grp, choice.month)
    return _Asked(choice, of, by, named, expected, peers, held, why)


def show(request: HttpRequest) -> HttpResponse:
    """The page."""
    asked = _asked(request)
    choice, chart, held, peers = asked.choice, asked.chart, asked.held, asked.peers
    near = set(peers.everybody) if peers and asked.of else set(MUNICIPALITIES.codes)
    context: dict[str, Any] = {
        "choice": choice,
        "of": asked.of,
        "by": asked.by,
        "named": asked.named,
        "why": asked.why,
        "places": sorted(MUNICIPALITIES, key=lambda one: one.name),
        "likenesses": [(one, gettext(NAMES[one])) for one in LIKENESSES],
        "measures": [m for m in judged_measures() if m in choice.board.months],
        "groups": groups_of(choice.board, choice.measure),
        "months": choice.board.months.get(choice.measure, []),
        "held": held,
        "chart": chart and embedded(chart, "wide", "comparison-chart", **asked.query),
        "rows": [_row(one) for one in reversed(held.places) if one.area in near] if held else [],
        "peers": peers and peers.sentence(language()),
        "likeness": peers and asked.of and likeness(asked.of, peers, asked.expected, language()),
        "sentences": held.sentences(language()) if held else [],
        "not_said": MEASURES[choice.measure].not_said(language()),
    }
    return render(request, "comparison.html", context)


def _row(one: Place) -> tuple[Place, str, str]:
    tone = TONES[one.outside] if one.high else "good" if one.outside else "none"
    return one, standing_name(one, language()), tone if standing(one) != "within" else ""


def chart(request: HttpRequest, form: str) -> HttpResponse:
    """The funnel, as a picture or a table."""
    asked = _asked(request)
    choice = asked.choice
    name = f"{choice.measure}-{choice.grp}-{choice.month}"
    return answered(request, asked.chart, form, name)
