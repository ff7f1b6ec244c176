"""The command's entry: its sub-commands, and how errors and exit codes reach the shell."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import tilsyn
from tilsyn.cli import cases, demo, figures, judge, letter, rules, site
from tilsyn.cli.terminal import complain
from tilsyn.errors import TilsynError

app = typer.Typer(
    name="tilsyn",
    help="Supervision of the municipalities' employment effort: figures, dated judgements, letters.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


for part in (demo, figures, judge, letter, rules, cases, site):
    part.register(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"tilsyn {tilsyn.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def run() -> None:
    """Run the command; an error of the input or the user is one line and its kind's exit code."""
    try:
        app()
    except TilsynError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
