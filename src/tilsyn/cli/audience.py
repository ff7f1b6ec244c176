"""For whom a command writes figures: the option, and the door they pass through."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from tilsyn.cli.terminal import err
from tilsyn.figures.vintages import gather
from tilsyn.protection import OWN, PUBLIC, Door, Parameters, Shown, Wall

Addressee = Annotated[
    Wall,
    typer.Option(
        "--audience",
        help="own: the municipality it is about sees its own figures as they are, others' protected; "
        "public: everything measured from a register is protected.",
    ),
]
WithinWalls = Annotated[
    Wall,
    typer.Option(
        "--audience",
        help="public hides what must be hidden of figures measured from a register; own is for "
        "within the walls of the authority whose register it is.",
    ),
]
Against = Annotated[
    list[Path] | None,
    typer.Option(
        "--against",
        metavar="SOURCE",
        help="What others were given before: what it tells is reckoned with; may be repeated.",
    ),
]


def kept() -> Path:
    """Where protected tables are kept: in the installation's DATA_DIR, else in the user's cache."""
    if folder := os.environ.get("DATA_DIR"):
        return Path(folder) / "shown"
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "tilsyn" / "shown"


def door(vintages: pl.DataFrame, day: dt.date, against: Sequence[Path] | None = None) -> Door:
    """The door for figures as they were known on a day."""
    beside = [gather([source]) for source in against or ()]
    way = Door(vintages, day, parameters=Parameters.chosen(), against=beside, kept=kept())
    if not way.one_for_all:
        with err.status("Protecting figures measured from a register ..."):
            way.prepare()
    return way


def seen(
    vintages: pl.DataFrame, day: dt.date, audience: Wall, against: Sequence[Path] | None = None
) -> Shown:
    """The figures of a day as those within the walls see them, or anybody."""
    if audience == "own":
        return Door(vintages, day).shown(OWN)
    return door(vintages, day, against).shown(PUBLIC)
