"""The commands cases open, list and show, and tick: supervision cases from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from tilsyn.cli import arguments, installation
from tilsyn.cli.terminal import out
from tilsyn.errors import InputError, UsageError
from tilsyn.parsing import whole_number
from tilsyn.words import gettext, gettext_noop, pgettext, pgettext_noop

if TYPE_CHECKING:
    from tilsyn.cases.models import Case, Event

app = typer.Typer(no_args_is_help=True, help="Supervision cases of an installation.")

DONE = {
    "opened": gettext_noop("opened"),
    "data": gettext_noop("data have come"),
    "milestones": gettext_noop("milestones"),
    "reminded": gettext_noop("deadlines passed"),
    "lapsed": gettext_noop("roles lapsed"),
    "sent": gettext_noop("messages sent"),
    "planned": gettext_noop("plans made"),
    "forgotten": gettext_noop("expired sign-in attempts removed"),
    "busy": gettext_noop("busy, taken next time"),
}
"""What a tick has done."""

HEADS = (
    pgettext_noop("column of a command", "Case"),
    pgettext_noop("column of a command", "Municipality"),
    pgettext_noop("column of a command", "Course"),
    pgettext_noop("column of a command", "About"),
    pgettext_noop("column of a command", "Status"),
    pgettext_noop("column of a command", "Step"),
    pgettext_noop("column of a command", "Due"),
)

EVENT_HEADS = (
    pgettext_noop("column of a command", "Day"),
    pgettext_noop("column of a command", "What"),
    pgettext_noop("column of a command", "Step"),
    pgettext_noop("column of a command", "Outcome"),
    pgettext_noop("column of a command", "Who"),
    pgettext_noop("column of a command", "Document"),
)

STATUS = {
    "proposed": pgettext_noop("status of a case", "proposed"),
    "open": pgettext_noop("status of a case", "open"),
    "closed": pgettext_noop("status of a case", "closed"),
}


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="cases")
    root.command("tick")(_tick)


@app.command("open", no_args_is_help=True)
def _open(
    source: Annotated[
        str, typer.Option("--from", metavar="RELEASE", help="A release in use, by its name.")
    ],
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="Day of the judgement; it picks the rules.")
    ],
    language: arguments.LanguageOption = "da",
) -> None:
    """Propose cases from the findings that rest on a release; asking again proposes nothing more.

    Example: `tilsyn cases open --from hedensted-2022-05 --on 2022-05-15`
    """
    day = arguments.day(on, "--on")
    installation.ready()
    from tilsyn.cases import actions
    from tilsyn.cases.models import ReleaseRecord

    name = Path(source).name
    release = ReleaseRecord.objects.filter(name=name).first()
    if release is None:
        raise InputError(
            f"the installation knows no release {name}; `tilsyn site take-in` makes it known"
        )
    opened = actions.open_cases(release=release, on=day, by=None)
    out.print(gettext("{count} new cases", language, count=len(opened)))
    if opened:
        out.print(_table(opened, language))


@app.command("list")
def _list(
    municipality: arguments.MunicipalityName = None,
    every: Annotated[bool, typer.Option("--all", help="Closed cases too.")] = False,
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """List cases, the nearest deadline first.

    Example: `tilsyn cases list --municipality Hedensted`
    """
    area = arguments.municipality(municipality) if municipality else None
    installation.ready()
    from tilsyn.cases.models import Case

    cases = Case.objects.by_deadline() if every else Case.objects.under_way().by_deadline()
    shown = [case for case in cases if area is None or case.area == area]
    if output == "json":
        out.print_json(json.dumps([_record(case) for case in shown], ensure_ascii=False))
    else:
        out.print(_table(shown, language))


@app.command("show", no_args_is_help=True)
def _show(
    number: Annotated[str, typer.Argument(metavar="ID", help='A case: "7" or "2022-7".')],
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """Show a case: what it is about, and everything that has happened in it.

    Example: `tilsyn cases show 1`
    """
    plain = whole_number(number.rpartition("-")[2])
    if plain is None:
        raise UsageError(f"'{number}' is no case number; write it as 7 or 2022-7")
    installation.ready()
    from tilsyn.cases.models import Case

    case = Case.objects.filter(pk=plain).first()
    if case is None:
        raise InputError(f"there is no case {number}; `tilsyn cases list --all` lists them")
    events = list(case.events.select_related("by"))
    if output == "json":
        record = {**_record(case), "events": [_event_record(event) for event in events]}
        out.print_json(json.dumps(record, ensure_ascii=False))
        return
    out.print(_table([case], language))
    shown = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for head in EVENT_HEADS:
        shown.add_column(pgettext("column of a command", head, language))
    for event in events:
        shown.add_row(*_event_row(event, language))
    out.print(shown)


def _tick(
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day it is (default: today).")
    ] = None,
    language: arguments.LanguageOption = "da",
) -> None:
    """Move what time moves: deadlines passed, figures that have come, what recurs; send the outbox.

    Run it daily. Running it twice changes nothing more.

    Example: `tilsyn tick --on 2023-02-20`
    """
    day = arguments.day(on, "--on") if on else None
    installation.ready()
    from tilsyn.cases.clock import today
    from tilsyn.cases.tick import tick
    from tilsyn.site import attempts

    done = tick(on=day or today())
    done["forgotten"] = attempts.forget()
    told = [f"{gettext(DONE[what], language)}: {count}" for what, count in done.items() if count]
    out.print("; ".join(told) or gettext("nothing new", language))


def _table(cases: list[Case], language: arguments.Language) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for head in HEADS:
        table.add_column(pgettext("column of a command", head, language))
    for case in cases:
        step = case.step_data
        table.add_row(
            case.number,
            case.place,
            case.course_data.title[language],
            "; ".join(_about(case, language)),
            pgettext("status of a case", STATUS[case.status], language),
            step.title[language] if step else "",
            str(case.due_on or ""),
        )
    return table


def _about(case: Case, language: str) -> list[str]:
    from tilsyn.vocabulary import MEASURES, ROWS

    return [
        f"{MEASURES[matter.measure].name(language)}, {ROWS[matter.grp].name(language)}"
        if matter.measure
        else matter.through
        for matter in case.matters.all()
    ]


def _record(case: Case) -> dict[str, Any]:
    return {
        "case": case.pk,
        "number": case.number,
        "course": case.course,
        "version": case.version,
        "area": case.area,
        "status": case.status,
        "step": case.step,
        "opened_on": str(case.opened_on),
        "due_on": str(case.due_on) if case.due_on else None,
        "matters": [[m.measure, m.grp, m.through] for m in case.matters.all()],
    }


def _event_record(event: Event) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "kind": event.kind,
        "step": event.step,
        "outcome": event.outcome,
        "on": str(event.on_date),
        "at": event.at.isoformat(),
        "by": str(event.by) if event.by else None,
        "release": event.release_id,
        "document": event.document_sha256 or None,
        "payload": event.payload,
    }


def _event_row(event: Event, language: arguments.Language) -> list[str]:
    from tilsyn.cases.state import KINDS

    step = event.case.version_data[event.step]
    outcome = next((o.title[language] for o in step.outcome if o.name == event.outcome), "")
    who = str(event.by) if event.by else gettext("by itself", language)
    return [
        str(event.on_date),
        gettext(KINDS[event.kind], language),
        step.title[language],
        outcome,
        who,
        event.document_sha256[:12],
    ]
