"""The command doctor: what is the matter with an installation."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer
from rich.text import Text

from tilsyn.cli import arguments, installation
from tilsyn.cli.terminal import out

_LOOKS = {"ok": "green", "remark": "yellow", "wrong": "bold red"}


def register(root: typer.Typer) -> None:
    """Add the command to the program."""
    root.command("doctor")(_doctor)


def _doctor(output: arguments.FormatOption = "table") -> None:
    """Look an installation over: settings, key, folders, database, releases, documents, mail, tick.

    One line a thing, with the mend where something is wrong; then the command ends with exit code 3.

    Example: `tilsyn doctor`
    """
    installation.ready()
    from tilsyn.site.doctor import examine

    found = []
    for one in examine():
        found.append(one)
        if output != "json":
            line = Text.assemble(
                (f"{one.status:<6}", _LOOKS[one.status]), f"  {one.what}: {one.words}"
            )
            if one.mend:
                line.append(f"; {one.mend}", style="bold")
            out.print(line, soft_wrap=True)
    if output == "json":
        out.print_json(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    if any(one.status == "wrong" for one in found):
        raise typer.Exit(3)
