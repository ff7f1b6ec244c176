"""Reference pages on courses, access and settings, written from the code."""

from __future__ import annotations

from collections.abc import Iterator

from tilsyn.cases import roles
from tilsyn.rules.course import Course, CourseVersion, Due, Step, courses
from tilsyn.site import settings
from tilsyn.vocabulary.wording import joined
from tilsyn.vocabulary.workdays import CLOSED


def course_pages() -> str:
    """The page on every course, its steps, deadlines and outcomes."""
    parts = [
        "# Courses\n",
        "What follows a finding, step by step. The day a case opens picks the version, and the case "
        "keeps it. A deadline that falls on a weekend, a public holiday, "
        f"{joined((day['en'] for day in CLOSED.values()), 'en', 'or')} moves to the next workday.\n",
    ]
    for course in courses().values():
        parts += [f"## {course.course}: {course.title['en']} ({course.title['da']})\n"]
        parts += [part for version in course.version for part in _version(course, version)]
    return "\n".join(parts)


def _version(course: Course, version: CourseVersion) -> Iterator[str]:
    until = f" to {version.valid_to} (not included)" if version.valid_to else ""
    opened = (
        f"by the rule `{version.opened_by.rule}`: {', '.join(version.opened_by.verdicts)}"
        if version.opened_by.rule
        else f"each year in the months {', '.join(map(str, version.opened_by.months))}"
    )
    yield f"### {course.course}, {version.name}\n"
    yield f"For cases opened from {version.valid_from}{until}; opened {opened}.\n"
    if version.letters_a_year:
        yield f"At most {version.letters_a_year} letters to a municipality within a year.\n"
    if version.unverified:
        yield f"Not verified: {version.unverified['en']}\n"
    yield "| step | who acts | document | due | ends with → next |\n|---|---|---|---|---|"
    for step in version.step:
        ends = "; ".join(f"{one.title['en']} → {one.leads_to}" for one in step.outcome)
        yield f"| `{step.name}` {step.title['en']} | {step.actor} | {step.document or ''} | {_due(step)} | {ends} |"
    yield ""


def _due(step: Step) -> str:
    waits = {
        "follow_up_months": f"waits for the months of `{step.months}`",
        "half_year": "waits for data to the end of the next half-year",
        "calendar_year": "waits for data for the calendar year before",
        "documents": f"waits for {' and '.join(step.receives)}",
        None: "",
    }[step.awaits]
    return "; ".join(filter(None, (_when(step.due) if step.due else "", waits)))


def _when(due: Due) -> str:
    after = {"arrival": "coming to it", "data": "the data"}.get(due.after, due.after)
    count = {"workdays": due.workdays, "days": due.days, "months": due.months}
    parts = [
        f"{number} {unit} after {after}" for unit, number in count.items() if number is not None
    ]
    if due.month:
        parts = [f"next {due.day}/{due.month}"]
    return " or ".join([*([f"`{due.fact}`"] if due.fact else []), *parts])


def access() -> str:
    """The page on what each role may do."""
    parts = [
        "# Access\n",
        "A role is held for an area, and says what may be done there. The authority's roles are held "
        "for the country or an office; a municipality's for itself. Whoever drafted a document may "
        "not approve it, whatever his roles.\n",
    ]
    for title, table in (("The authority", roles.AUTHORITY), ("A municipality", roles.MUNICIPAL)):
        parts += [f"## {title}\n", f"| | {' | '.join(roles.ROLES)} |", "|---|" + "---|" * 4]
        for permission in dict.fromkeys(one for held in table.values() for one in held):
            ticks = " | ".join("yes" if permission in table[role] else "" for role in roles.ROLES)
            parts.append(f"| {permission.replace('_', ' ')} | {ticks} |")
        parts.append("")
    parts += [
        "## What a municipality sees of its own case\n",
        "Nothing until the first letter is sent; then its deadlines, what was sent to it and what "
        "was received from it. Proposals, drafts, notes and who works on it are the office's.\n",
    ]
    return "\n".join(parts)


def settings_page() -> str:
    """The page on the environment variables an installation reads."""
    return f"# Settings\n\n{settings.__doc__}"
