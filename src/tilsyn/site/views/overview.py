"""The country at a glance: tiles, map and table of one choice, and what has changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from tilsyn.cases.models import Case, ReleaseRecord
from tilsyn.figures.printing import HIDDEN
from tilsyn.figures.series import MonthFigure
from tilsyn.rules.finding import Finding, Flip
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.site import map as country
from tilsyn.site.board import before_latest, judged_measures, turned
from tilsyn.site.choices import Choice, chosen, groups_of
from tilsyn.site.language import gettext, language, pgettext
from tilsyn.site.listing import Column, Filter, Listing, municipality_named, places, seen
from tilsyn.site.views.worklist import restored
from tilsyn.vocabulary import MUNICIPALITIES, ROWS, TOTAL, YearMonth
from tilsyn.vocabulary.areas import Municipality

CHANGES = 12
"""So many changed judgements are listed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A municipality in the table: its month, its class on the map, and the judgement on the choice.

    Attributes:
        finding: on the group chosen; of all groups the gravest, where each is judged by itself.
    """

    place: Municipality
    figure: MonthFigure | None
    shade: str
    finding: Finding | None

    @property
    def over(self) -> bool:
        """Whether the share is over the line."""
        return self.shade in country.OVER

    @property
    def judged_through(self) -> YearMonth | None:
        """The last month judged, which is an earlier one where the newest is not known of the place."""
        return self.finding.months[-1].month if self.finding and self.finding.months else None

    @property
    def shown(self) -> str:
        """The share as printed."""
        return country.shown(self.figure)

    @property
    def share(self) -> Fraction | None:
        """The share in per cent."""
        return self.figure.exact if self.figure else None


def show(request: HttpRequest) -> HttpResponse:
    """The overview."""
    choice = chosen(request)
    lines = _lines(choice)
    listing = _listing(request, choice, lines)
    if (file := listing.file()) is not None:
        return file
    of_places = [line for line in lines if _lies(listing, line)]
    cases = Case.objects.visible_to(request.user)
    before = before_latest(choice.board)
    changed = (
        [flip for flip in turned(before, choice.board) if _about(choice, flip)] if before else []
    )
    context = {
        "choice": choice,
        "listing": listing,
        "measures": [m for m in judged_measures() if m in choice.board.months],
        "groups": groups_of(choice.board, choice.measure),
        "months": choice.board.months.get(choice.measure, []),
        "map": mark_safe(  # drawn from codes and numbers only
            country.drawing(
                {line.place.code: line.figure for line in listing.rows},
                choice.line,
                lambda code: reverse("municipality", args=[code]),
            )
        ),
        "key": country.key(choice.line, some=listing.filtered),
        "tiles": _tiles(choice, of_places),
        "under_way": cases.under_way().count(),
        "restored": cases.filter(restored(request.user)).count(),
        "changed": changed[:CHANGES],
        "more_changed": max(0, len(changed) - CHANGES),
        "latest": choice.board.releases and _latest(choice),
    }
    return render(request, "overview.html", context)


def _about(choice: Choice, flip: Flip) -> bool:
    """Whether a changed judgement is on the measure chosen, and on the group where one is."""
    after = flip.after
    return after.measure == choice.measure and choice.grp in (TOTAL.code, after.grp)


def _lines(choice: Choice) -> list[Line]:
    if choice.month is None:
        return [Line(place, None, "absent", None) for place in MUNICIPALITIES]
    across = choice.board.across(choice.measure, choice.grp, choice.month)
    line, judged = choice.line, choice.judged
    return [
        Line(
            place,
            figure := across.get(place.code),
            country.shade(figure, line),
            _judged(choice, place.code) if judged else None,
        )
        for place in sorted(MUNICIPALITIES, key=lambda place: place.name)
    ]


def _judged(choice: Choice, area: str) -> Finding | None:
    """The judgement on the group chosen; of all groups, where each is judged by itself, the gravest."""
    rule, any_group = choice.rule, choice.by_group and choice.grp == TOTAL.code
    found = [
        finding
        for finding in choice.board.by_area[area]
        if finding.rule == rule
        and finding.measure == choice.measure
        and (any_group or finding.grp == choice.grp)
    ]
    return min(found, key=lambda finding: finding.gravity, default=None)


def _listing(request: HttpRequest, choice: Choice, lines: list[Line]) -> Listing[Line]:
    columns: list[Column[Line]] = [
        Column("name", gettext("Municipality"), lambda line: line.place.name),
        _count("population", gettext("Persons")),
        _count("unmet", pgettext("column of figures", "Without the required effort")),
        Column(
            "share",
            gettext("Share"),
            lambda line: line.shown if line.share is None else seen(line.share),
            numeric=True,
            order=lambda line: line.share,
        ),
    ]
    if choice.judged:
        columns.append(
            Column(
                "verdict",
                gettext("Judgement"),
                _verdict_in_words,
                order=lambda line: -line.finding.gravity if line.finding else None,
            )
        )
    return Listing(
        request,
        lines,
        columns,
        name=f"{choice.measure}-{choice.grp}-{choice.month}",
        filters=[*places(lambda line: line.place.code), *_filters(choice, lines)],
        sort="-share",
    )


def _count(name: str, words: str) -> Column[Line]:
    """A column of persons; what is hidden is told so and sorts as not known."""

    def number(line: Line) -> int | None:
        return getattr(line.figure, name, None)

    def told(line: Line) -> int | str | None:
        return HIDDEN if line.figure and name in line.figure.hidden else number(line)

    return Column(name, words, told, numeric=True, order=number)


def _verdict_in_words(line: Line) -> str:
    if line.finding is None:
        return ""
    verdict = VERDICTS[line.finding.verdict].name(language())
    grp = line.finding.grp
    return verdict if grp == TOTAL.code else f"{verdict}: {ROWS[grp].name(language())}"


def _filters(choice: Choice, lines: list[Line]) -> list[Filter[Line]]:
    found = {line.finding.verdict for line in lines if line.finding}
    if choice.judged:
        found.add(choice.gravest)
    verdicts = [(one.code, one.name(language())) for one in VERDICTS if one.code in found]
    bands = [
        ("over", gettext("over the line")),
        ("near", gettext("near the line ({span})", span=country.near(choice.line))),
    ]
    filters: list[Filter[Line]] = [Filter("band", gettext("Share"), _in_band, bands)]
    if verdicts:
        filters.append(
            Filter(
                "verdict",
                gettext("Judgement"),
                lambda line, chosen: bool(line.finding and line.finding.verdict == chosen),
                verdicts,
            )
        )
    return [*filters, municipality_named(lambda line: line.place.code)]


def _in_band(line: Line, band: str) -> bool:
    return line.over if band == "over" else line.shade == band


def _lies(listing: Listing[Line], line: Line) -> bool:
    """Whether a municipality lies in the office and region chosen, whatever else is."""
    return all(listing.chosen[kind] in ("", line.place.area(kind)) for kind in ("amk", "region"))


@dataclass(frozen=True, slots=True)
class Tile:
    """How many municipalities a filter leaves.

    Attributes:
        choice: the filter's key and what is chosen of it, by which the tile's list is reached.
    """

    tone: str
    count: int
    words: str
    choice: tuple[str, str]


def _tiles(choice: Choice, lines: list[Line]) -> list[Tile]:
    tiles = []
    verdicts = Counter(line.finding.verdict for line in lines if line.finding)
    if choice.judged:
        grave = choice.gravest
        tiles.append(
            Tile("bad", verdicts[grave], VERDICTS[grave].name(language()), ("verdict", grave))
        )
    month = choice.month.name(language()) if choice.month else ""
    near = gettext("near the line ({span})", span=country.near(choice.line))
    for band, words in (
        ("over", gettext("over the line in {month}", month=month)),
        ("near", near),
    ):
        count = sum(_in_band(line, band) for line in lines)
        tiles.append(Tile("warn", count, words, ("band", band)))
    return tiles


def _latest(choice: Choice) -> ReleaseRecord | None:
    return ReleaseRecord.objects.filter(
        name__in=choice.board.releases, published__lte=choice.on
    ).first()
