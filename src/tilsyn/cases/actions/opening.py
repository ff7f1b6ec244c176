"""Opening cases: proposed from findings, or by the calendar; a human takes them up or drops them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction

from tilsyn.cases import judging, ledger
from tilsyn.cases.access import areas
from tilsyn.cases.judgements import judgements
from tilsyn.cases.models import Case, Matter, ReleaseRecord, User
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import DRAFT
from tilsyn.cases.snapshots import snapshot
from tilsyn.errors import ConflictError, NoRuleError, NotAllowedError
from tilsyn.rules import Finding
from tilsyn.rules.course import Course, CourseVersion, courses
from tilsyn.vocabulary import COUNTRY, YearMonth


def open_cases(*, release: ReleaseRecord, on: dt.date, by: User | None) -> list[Case]:
    """Propose cases from the findings that rest on a release; asking again proposes nothing more.

    A matter (course, municipality, measure, group) that has a case under way, or had one from the same
    months, is left out: the database holds to that also when two ask at once.

    Args:
        release: one in use.
        on: the day of the judgement; it picks rules and courses.
        by: who asks; None for the installation itself.

    Returns:
        The cases proposed now.

    Raises:
        ConflictError: the release is not in use.
        NotAllowedError: the user opens cases nowhere.
    """
    if release.status != "approved":
        raise refused(ConflictError, "release_not_approved", release=release.name)
    where = None if by is None else areas(by, DRAFT)
    if where is not None and not where:
        raise refused(NotAllowedError, "may_not_open", user=by)
    findings = judgements(snapshot(on), on)
    opened: list[Case] = []
    for course, version in _in_force(on):
        for area, opening in judging.opening(version, findings).items():
            resting = [f for f in opening if release.name in f.release]
            if resting and (where is None or area in where):
                opened += _open(course, version, area, resting, release, on, by)
    return opened


def open_recurring(*, on: dt.date) -> list[Case]:
    """Open what recurs by the calendar and has begun: once for each period."""
    opened: list[Case] = []
    for course, version in _in_force(on):
        if begins := version.opened_by.months:
            period = YearMonth.of(on)
            while period.month not in begins:
                period -= 1
            if version.in_force(period.first):
                matter = Matter(measure="", grp=str(period), through=str(period))
                opened += _opened(course, version, COUNTRY, [matter], period.first, None, None)
    return opened


def _in_force(on: dt.date) -> Iterable[tuple[Course, CourseVersion]]:
    for course in courses().values():
        try:
            yield course, course.on(on)
        except NoRuleError:
            continue


def _open(
    course: Course,
    version: CourseVersion,
    area: str,
    findings: Sequence[Finding],
    release: ReleaseRecord,
    on: dt.date,
    by: User | None,
) -> list[Case]:
    """One case for the findings whose matter is free."""
    free = [f for f in findings if _is_free(course.course, f)]
    matters = [Matter(measure=f.measure, grp=f.grp, through=str(f.span[-1])) for f in free]
    records = [finding.record() for finding in free]
    return _opened(course, version, area, matters, on, by, release, records) if free else []


def _is_free(course: str, finding: Finding) -> bool:
    same = Matter.objects.filter(
        course=course, area=finding.municipality, measure=finding.measure, grp=finding.grp
    )
    through = str(finding.span[-1])
    return not any(matter.is_open or matter.through == through for matter in same)


def _opened(
    course: Course,
    version: CourseVersion,
    area: str,
    matters: Sequence[Matter],
    on: dt.date,
    by: User | None,
    release: ReleaseRecord | None,
    finding: list[dict[str, object]] | None = None,
) -> list[Case]:
    try:
        with transaction.atomic():
            case = Case.objects.create(
                course=course.course,
                version=version.name,
                area=area,
                opened_on=on,
                opened_from=release,
                step=version.first.name,
            )
            for matter in matters:
                matter.case, matter.course, matter.area = case, course.course, area
                matter.save()
            ledger.add(case, "opened", by=by, on=on, finding=finding, release=release)
    except IntegrityError:
        # Somebody opened it in the same moment, or it was opened before: that is what was wanted.
        return []
    return [case]
