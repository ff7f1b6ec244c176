"""My cases by the next deadline, the overdue first; filters; one click to the step at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tilsyn.cases.access import audience
from tilsyn.cases.actions import open_cases
from tilsyn.cases.clock import today
from tilsyn.cases.models import Case, Document, Event, ReleaseRecord
from tilsyn.cases.models.case import CaseQuerySet, waiting_for_time
from tilsyn.cases.roles import APPROVE, DRAFT
from tilsyn.errors import TilsynError
from tilsyn.rules.course import courses
from tilsyn.rules.finding import Finding, distance
from tilsyn.site.board import Board, board, rule_of
from tilsyn.site.choices import line_of
from tilsyn.site.language import gettext, language, of, pgettext
from tilsyn.site.listing import Column, Filter, Listing, municipality_named, places, seen
from tilsyn.site.refusals import explained
from tilsyn.vocabulary import MEASURES, ROWS

PAGE = 50
SOON = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a case is about, with its newest figure.

    Attributes:
        finding: by the course's rule, where it judges the group by itself today.
        share: what it judges, or the newest month's, in per cent; None where not known.
        distance: of it from the line in percentage points.
    """

    measure: str
    grp: str
    finding: Finding | None
    share: Fraction | None
    distance: Fraction | None


@dataclass(frozen=True, slots=True)
class Line:
    """A case with what it is about; the farthest over its line is sorted by and shown."""

    case: Case
    matters: tuple[Matter, ...]

    @property
    def farthest(self) -> Matter | None:
        """The matter that is farthest over its line, or nearest to it."""
        known = [one for one in self.matters if one.distance is not None]
        return max(known, key=lambda one: one.distance or 0, default=None)


def show(request: HttpRequest) -> HttpResponse:
    """The list."""
    user: Any = request.user
    seen = Case.objects.visible_to(user)
    works = user.may(DRAFT)
    whose = request.GET.get("whose", "mine" if works else "all")
    state = request.GET.get("state", "open")
    cases = seen.filter(_whose(whose, user)) if works else seen
    states = {**_states(today()), "restored": restored(user)}
    cases = cases.filter(states.get(state, states["open"]))
    listing = _listing(request, cases)
    if (file := listing.file()) is not None:
        return file
    theirs = seen.filter(_whose(whose, user)) if works else seen
    context = {
        "page": Paginator(listing.rows, PAGE).get_page(request.GET.get("page")),
        "listing": listing,
        "whose": whose,
        "state": state,
        "works": works,
        "approves": user.may(APPROVE),
        "count": theirs.aggregate(
            **{name: Count("pk", filter=one) for name, one in states.items()}
        ),
        "newest": ReleaseRecord.objects.in_use().order_by("-published").first() if works else None,
    }
    return render(request, "cases/worklist.html", context)


def _listing(request: HttpRequest, cases: CaseQuerySet) -> Listing[Line]:
    now = board(today(), audience(request.user))
    lines = [
        Line(case, tuple(_matters(now, case)))
        for case in cases.by_deadline().select_related("assignee").prefetch_related("matters")
    ]
    columns: list[Column[Line]] = [
        Column(
            "due",
            gettext("Due"),
            lambda line: line.case.due_on and line.case.due_on.isoformat(),
        ),
        Column(
            "name", gettext("Municipality"), lambda line: f"{line.case.place} {line.case.number}"
        ),
        Column("step", gettext("Next step"), _step),
        Column("matters", gettext("About"), _about),
        _of_farthest("share", gettext("Share")),
        _of_farthest("distance", pgettext("column of cases", "From the line")),
        Column("course", gettext("Course"), lambda line: of(line.case.course_data.title)),
        Column("with", gettext("With"), lambda line: str(line.case.assignee or "")),
    ]
    filters: list[Filter[Line]] = [
        Filter(
            "course",
            gettext("Course"),
            lambda line, chosen: line.case.course == chosen,
            [(one.course, of(one.title)) for one in courses().values()],
        ),
        *places(lambda line: line.case.area),
        municipality_named(lambda line: line.case.area),
    ]
    return Listing(request, lines, columns, name=f"cases-{today()}", filters=filters, sort="due")


def _step(line: Line) -> str:
    step = line.case.step_data
    return of(step.title) if step else gettext("closed")


def _about(line: Line) -> str:
    return "; ".join(
        f"{MEASURES[one.measure].name(language())}, {ROWS[one.grp].name(language()).lower()}"
        for one in line.matters
    )


def _of_farthest(name: str, words: str) -> Column[Line]:
    def exact(line: Line) -> Fraction | None:
        return getattr(line.farthest, name, None)

    return Column(name, words, lambda line: seen(exact(line)), numeric=True, order=exact)


def _matters(now: Board, case: Case) -> Iterator[Matter]:
    rule = case.version_data.opened_by.rule
    found = {(f.measure, f.grp): f for f in now.by_area.get(case.area, ()) if f.rule == rule}
    for matter in case.matters.all():
        if not matter.measure:
            continue
        finding = found.get((matter.measure, matter.grp))
        if finding is not None and finding.distance is not None:
            share = finding.mean if finding.mean is not None else finding.months[-1].exact
            far: Fraction | None = finding.distance
        else:
            share = _newest(now, case.area, matter.measure, matter.grp)
            held = rule_of(matter.measure)
            far = distance(share, line_of(matter.measure, now.on).threshold) if held else None
        yield Matter(matter.measure, matter.grp, finding, share, far)


def _newest(now: Board, area: str, measure: str, grp: str) -> Fraction | None:
    months = now.months.get(measure)
    figure = now.across(measure, grp, months[0]).get(area) if months else None
    return figure.exact if figure else None


def _states(on: dt.date) -> dict[str, Q]:
    """What a case may be asked to be, as the tiles count it and the list is filtered by it."""
    under_way = ~Q(status="closed")
    to_do = under_way & ~waiting_for_time()
    return {
        "open": under_way,
        "overdue": to_do & Q(due_on__lt=on),
        "soon": to_do & Q(due_on__gte=on, due_on__lte=on + SOON),
        "waiting": under_way & waiting_for_time(),
        "proposed": Q(status="proposed"),
        "draft": under_way & Q(pk__in=Document.objects.filter(status="drafted").values("case")),
        "closed": Q(status="closed"),
    }


def restored(user: Any) -> Q:
    """Cases in which the effort was found to be restored, as far as a user may know."""
    told = Event.objects.visible_to(user).filter(kind="concluded", outcome="restored")
    return Q(pk__in=told.values("case"))


def _whose(whose: str, user: Any) -> Q:
    if whose == "mine":
        # What nobody has taken is everybody's in the area.
        return Q(assignee=user) | Q(assignee__isnull=True)
    if whose == "nobody":
        return Q(assignee__isnull=True)
    return Q()


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose cases from the newest release in use; again is the same as once."""
    release = ReleaseRecord.objects.in_use().order_by("-published").first()
    user: Any = request.user
    if release is not None:
        try:
            opened = open_cases(release=release, on=today(), by=user)
        except TilsynError as error:
            messages.error(request, explained(error))
        else:
            messages.success(
                request,
                gettext(
                    "{count} new cases proposed from {release}.", count=len(opened), release=release
                ),
            )
    return redirect("worklist")
