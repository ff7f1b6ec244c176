"""The options of commands whose work can be spread over a cluster."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tilsyn.errors import UsageError

if TYPE_CHECKING:
    from tilsyn.work.spark import Spark
    from tilsyn.work.spreading import Sharing


class Name(StrEnum):
    """Where to work."""

    local = "local"
    spark = "spark"


Option = Annotated[
    Name,
    typer.Option("--engine", help="Where to work: on this machine's cores or on a Spark cluster."),
]
Master = Annotated[
    str | None, typer.Option(metavar="URL", help="Spark master (spark://host:7077).")
]


def spark(engine: Name, master: str | None) -> Spark | None:
    """The cluster that was asked for; None: this machine.

    Raises:
        UsageError: a master without Spark, or Spark is not installed.
    """
    if engine is Name.local:
        if master:
            raise UsageError("--master needs --engine spark")
        return None
    from tilsyn.work.spark import Spark

    return Spark(master or "local[*]")


def sharing(engine: Name, master: str | None) -> Sharing:
    """The cluster that was asked for, else this machine's threads; raises as `spark`."""
    from tilsyn.work.spreading import Threads

    return spark(engine, master) or Threads()
