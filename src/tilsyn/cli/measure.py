"""The commands ``measure`` and ``explain``: from a store to figures, and what is behind them."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tilsyn.cli import admission as door
from tilsyn.cli import arguments, engines
from tilsyn.cli.arguments import read_month
from tilsyn.cli.terminal import out, progress, remark
from tilsyn.errors import UsageError
from tilsyn.register.limits import MOST_SET_ASIDE
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.work.files import folder_beside

if TYPE_CHECKING:
    from tilsyn.register.mapping import RegisterMapping
    from tilsyn.register.store import Store as Opened

# The engine's libraries take a while to start: commands import them when they are called.


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no date; write it as 2023-09-04") from None


Store = Annotated[Path, typer.Argument(help="Store made by *tilsyn register load*.")]
KnownOn = Annotated[
    dt.date | None,
    typer.Option(
        parser=_day,
        metavar="DATE",
        help="Leave out what was registered later. Months that had not ended then (without it: "
        "today) are refused.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command("measure")(measure)
    app.command("explain")(explain)


def measure(
    *,
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="STORE",
            help="Store made by *tilsyn register load*; or a register's own files, which are then "
            "read for this once (with *--mapping*: the folder of the files it names).",
        ),
    ] = None,
    mapping: door.MappingFile = None,
    first: Annotated[
        YearMonth, typer.Option("--from", parser=read_month, metavar="MONTH", help="First month.")
    ],
    last: Annotated[
        YearMonth, typer.Option("--to", parser=read_month, metavar="MONTH", help="Last month.")
    ],
    release: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Release to write; must not exist.")
    ],
    known_on: KnownOn = None,
    engine: engines.Option = engines.Name.local,
    master: engines.Master = None,
    persons: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Also write the persons behind unmet counts (.csv or .parquet)."
        ),
    ] = None,
    update_from: Annotated[
        Path | None,
        typer.Option(metavar="RELEASE", help="Recompute only what changed since this release."),
    ] = None,
    published: Annotated[
        dt.date | None,
        typer.Option(
            parser=_day,
            metavar="DATE",
            help="Day the figures count from (default: --known-on, else today).",
        ),
    ] = None,
    secret_file: door.Secret = None,
    set_aside: door.SetAside = None,
    empty: door.Empty = None,
    most_set_aside: door.MostSetAside = MOST_SET_ASIDE,
) -> None:
    """Measure a register, month by month, and write the figures as a release.

    From a register's own files (CSV or Parquet) nothing is kept but the release; load them into a
    store when they are measured more than once. *--mapping* and the last five options are for such files.

    Example: **tilsyn measure store --from 2022-01 --to 2024-12 --out releases/2025-01**
    """
    from tilsyn.measures import definitions as defined
    from tilsyn.measures import measurement
    from tilsyn.measures.coverage import left_out
    from tilsyn.measures.earlier import earlier
    from tilsyn.register import looks
    from tilsyn.register.store import is_store, opened

    if last < first:
        raise UsageError(f"--to {last} lies before --from {first}")
    if release.exists():
        raise UsageError(
            f"{release} exists already; a release is never changed, choose another name"
        )
    if persons:
        measurement.persons_writer(persons)
    rules = defined.load()
    counter = engines.sharing(engine, master)
    if mapping is None and source is not None and (is_store(source) or not source.is_dir()):
        place = opened(source)
    else:
        source, how = door.register_of(source, mapping)
        place = _loaded_for_this_once(
            source, how, release, secret_file, set_aside, empty, most_set_aside
        )
    with place as read, progress() as bar:
        asked = MonthRange(first, last)
        plan = measurement.plan_of(read, rules, asked, known_on)
        for said in left_out(plan, read.coverage, asked, read.absent):
            remark(said)
        begun = earlier(update_from, read, plan) if update_from else None
        if isinstance(begun, str):
            remark(f"{begun}: everything is measured anew")
            begun = None
        _say_if_compiling()
        task = bar.add_task("measuring", total=len(read.parts))
        counts = measurement.measure(
            read, plan, engine=counter, earlier=begun, done=lambda: bar.advance(task)
        )
        bar.add_task("writing the release", total=None)
        measurement.write(
            counts,
            read,
            release,
            published=published or known_on or dt.date.today(),
            engine=counter.name,
        )
        if persons:
            looks.note(
                looks.log_file(),
                look="list",
                store=str(source.absolute()),
                into=str(persons.absolute()),
            )
            task = bar.add_task("writing persons", total=len(read.parts))
            measurement.write_unmet_persons(read, plan, persons, done=lambda: bar.advance(task))
        if used := measurement.own_of(read):
            remark(f"measured by data of your own, as the manifest says: {', '.join(used)}")
    if rules.left_out:
        remark(f"not measured, since {defined.SENIORITY} is your own: {', '.join(rules.left_out)}")
    out.print(f"{release}: {plan.months}")


@contextmanager
def _loaded_for_this_once(
    files: Path,
    mapping: RegisterMapping | None,
    release: Path,
    secret_file: Path | None,
    set_aside: Path | None,
    empty: list[str] | None,
    most_set_aside: Decimal,
) -> Iterator[Opened]:
    """A store of a register's files that goes when the block ends, made beside the release."""
    from tilsyn.register.pseudonyms import read_secret
    from tilsyn.register.store import load, opened

    with folder_beside(release.absolute()) as place:
        admission = door.admitted(files, place, read_secret(secret_file), empty, mapping=mapping)
        door.report(admission, set_aside, door.Output.text, fingerprint=False)
        load(admission.folder, place / "store", most_set_aside=most_set_aside)
        with opened(place / "store") as store:
            yield store


def _say_if_compiling() -> None:
    from tilsyn.measures.kernel.compiled import is_compiled
    from tilsyn.measures.kernel.count import count

    if not is_compiled(count):
        remark("compiling the kernel for this machine, once: about ten seconds")


def explain(
    store: Store,
    person: Annotated[str, typer.Option(metavar="PSEUDONYM", help="Whom to explain.")],
    month: Annotated[
        YearMonth, typer.Option(parser=read_month, metavar="MONTH", help="The measured month.")
    ],
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="TEXT", help="Why; it is logged.")
    ] = "",
    known_on: KnownOn = None,
    language: arguments.LanguageOption = "da",
    form: Annotated[
        door.Output, typer.Option("--format", help="Words or JSON.")
    ] = door.Output.text,
) -> None:
    """Explain how one person counts in a month: runs, placement, what was counted, what is missing.

    The look is logged: who, when, why, at whom (*tilsyn looks* shows the log).

    Example: **tilsyn explain store --person 3f2a... --month 2023-08 --purpose "klage 24/0001"**
    """
    from tilsyn.measures import definitions as defined
    from tilsyn.measures.explanation import explanation, in_words
    from tilsyn.register import looks
    from tilsyn.register.store import opened

    with opened(store) as read:
        told = explanation(read, defined.load(), person, month, known_on)
    looks.note(
        looks.log_file(),
        look="explain",
        purpose=purpose,
        persons=1,
        store=str(store.absolute()),
        person=person,
        month=str(month),
    )
    if form is door.Output.json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        for line in in_words(told, language):
            out.print(line, markup=False, soft_wrap=True)
