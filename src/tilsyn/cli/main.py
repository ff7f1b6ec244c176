"""The command's entry: its sub-commands, and how errors and exit codes reach the shell."""

from __future__ import annotations

import os
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

import tilsyn
from tilsyn import own
from tilsyn.cli import installation
from tilsyn.cli.terminal import complain
from tilsyn.errors import InputError, TilsynError, UsageError
from tilsyn.work.files import reason_of

PARTS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Published tables → dated judgements → the letter, on real figures."),
    "samples": ("demo", "Copy the sample documents into a folder, to try the program on."),
    "figures": ("figures", "Published tables and releases of figures."),
    "judge": ("judge", "Judge figures by the rules in force on a day."),
    "follow-up": (
        "judge",
        "Judge whether a group's effort is restored in the months named in the notice.",
    ),
    "rules": ("rules", "What the rules say on a day, and own rule files."),
    "letter": ("letter", "Letters from judgements, as PDF, Word, HTML, e-mail."),
    "note": (
        "letter",
        "Write the status note: result goal, focus goals and early effort, with the sentences they bear.",
    ),
    "report": ("letter", "Reports on all municipalities."),
    "documents": ("documents", "Many documents at once, and final originals."),
    "jobindsats": ("jobindsats", "Official figures from Jobindsats (API version 3)."),
    "register": ("register", "Person-level registers: check, load, make, reconstruct."),
    "measure": (
        "measure",
        "Measure a register, month by month, and write the figures as a release.",
    ),
    "explain": (
        "measure",
        "Explain how one person counts in a month: runs, placement, what was counted, what is missing.",
    ),
    "outlook": (
        "outlook",
        "Say what the coming months' figures will be: at best, likely, and if nothing more is done.",
    ),
    "plan": (
        "plan",
        "Plan conversations and offers week by week: worklist, duty list, load, outlook, milestones.",
    ),
    "ledger": (
        "ledger",
        "Say who is exempted by decision, how many more may be, and who misses the effort without "
        "a decision.",
    ),
    "worklist": ("worklist", "What is done with a plan's worklist."),
    "looks": (
        "worklist",
        "Show who looked at persons, when and why, and whether the log is whole.",
    ),
    "cases": ("cases", "Supervision cases of an installation."),
    "tick": (
        "cases",
        "Move what time moves: deadlines passed, figures that have come, what recurs; send the outbox.",
    ),
    "site": ("site", "An installation of the site; its settings are environment variables."),
    "doctor": (
        "site",
        "Look an installation over: settings, key, folders, database, releases, documents, mail, tick.",
    ),
    "own": ("own", "One folder for your own rules, measures, texts …"),
}
"""The module of this room that makes each command, and what the command does, as its own help begins."""


def program(asked: str | None = None) -> typer.Typer:
    """The program with all its commands.

    Args:
        asked: the command that will be run: the others' libraries are not loaded; "" where none will,
            as for the list of commands; None makes them all.
    """
    app = typer.Typer(
        name="tilsyn",
        help="Supervision of the municipalities' employment effort: figures, dated judgements, "
        "letters.",
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    if asked is None or asked in PARTS:
        wanted = PARTS if asked is None else [asked]
        for module in dict.fromkeys(PARTS[name][0] for name in wanted):
            import_module(f"tilsyn.cli.{module}").register(app)
    else:
        # Only their names and what they do are asked for.
        for name, (_, about) in PARTS.items():
            app.command(name, help=about)(lambda: None)
    _each_once(app)
    return app


class _Once(TyperCommand):
    """A command that refuses an option given twice where it takes one value: the last would hide the first."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, as always.

        Raises:
            UsageError: an option stands more than once.
        """
        if args:
            _, _, given = self.make_parser(ctx).parse_args(args=list(args))
            for one, times in Counter(given).items():
                single = not (getattr(one, "multiple", True) or getattr(one, "is_flag", True))
                if times > 1 and single:
                    name = max(one.opts, key=len)
                    raise UsageError(f"{name} is given {times} times; it takes one value, once")
        return super().parse_args(ctx, args)


def _each_once(app: typer.Typer) -> None:
    for command in app.registered_commands:
        command.cls = _Once
    for group in app.registered_groups:
        if group.typer_instance is not None:
            _each_once(group.typer_instance)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"tilsyn {tilsyn.__version__}")
        raise typer.Exit


def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    _own: Annotated[
        Path | None,
        typer.Option(
            "--own",
            metavar="DIR",
            envvar=own.VARIABLE,
            help="The folder of your own data; may stand anywhere on the line (`tilsyn own`).",
        ),
    ] = None,
) -> None:
    pass


GONE = {
    "--rules": ("rule files", "rules"),
    "--definitions": ("measure definitions", "measures"),
    "--codes": ("code lists", "vocabulary (a source's: into DIR/sources)"),
    "--tables": ("supervision.toml", "tables"),
    "--templates": ("texts", "templates"),
}
"""Options there were: what they named, and the kind of `tilsyn.own` it is now."""


def _taken(given: list[str]) -> list[str]:
    """The words of the command without the folder of one's own, which is put into the environment.

    Nothing that reads the vocabulary may be imported before.

    Raises:
        UsageError: it is named twice or without a folder; or an option is one that is gone.
    """
    kept: list[str] = []
    words, found = iter(given), None
    for word in words:
        name, is_joined, value = word.partition("=")
        if word == "--":
            kept += [word, *words]
        elif name in GONE:
            what, kind = GONE[name]
            raise UsageError(
                f"{name} is gone: put {what} into DIR/{kind} and name DIR with --own DIR"
            )
        elif name == "--own":
            if found is not None:
                raise UsageError("--own is given 2 times; it takes one folder, once")
            found = value if is_joined else next(words, "")
            if not found or (found.startswith("-") and not is_joined):
                raise UsageError("--own: name a folder (--own DIR)")
        else:
            kept.append(word)
    if kept[:2] == ["own", "check"] and len(kept) == 3 and not kept[2].startswith("-"):
        if found is not None:
            raise UsageError("own check: name the folder once, as DIR or with --own DIR")
        found = kept.pop()
    if found is not None:
        os.environ[own.VARIABLE] = str(Path(found).absolute())
    return kept


def run() -> None:
    """Run the command; an error of the input or the user is one line and its kind's exit code."""
    try:
        sys.argv[1:] = _taken(sys.argv[1:])
        if sys.argv[1:3] != ["own", "new"]:
            own.named()
        completing = any(name.endswith("_COMPLETE") for name in os.environ)
        asked = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
        program(None if completing else asked)()
    except TilsynError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        # What no room has put in words: a disk that is full, a folder or a database that is not there.
        reason = reason_of(error)
        if reason is None and isinstance(error, installation.database_errors()):
            reason = (
                "the installation's database does not answer, or is not made yet; `tilsyn site "
                "migrate` makes it, and `tilsyn doctor` says what is wrong"
            )
        if reason is None:
            raise
        place = getattr(error, "filename2", None) or getattr(error, "filename", None)
        complain(f"{f'{place}: ' if place else ''}{reason}")
        sys.exit(InputError.exit_code)
