"""What the terminal shows: one console for results, one for progress and complaints."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from tilsyn.errors import on_one_line

# Piped tables are not squeezed into 80 columns.
_WIDE = 200


class _Results(Console):
    """A console whose JSON a program gets as it is: to colour a country takes longer than to audit it."""

    def print_json(self, json_text: str | None = None, **options: Any) -> None:  # type: ignore[override]
        if self.is_terminal:
            super().print_json(json_text, **options)
        else:
            data = json.loads(json_text or "null")
            self.file.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


out = _Results(highlight=False)
if not out.is_terminal:
    out.width = _WIDE
"""Results: may be piped or read by a program."""

err = Console(stderr=True, highlight=False)
"""Progress, remarks and errors: never mixed into results."""


def complain(message: str) -> None:
    """Print an error as one line on stderr."""
    err.print(Text.assemble(("Error: ", "bold red"), on_one_line(message)), soft_wrap=True)


def remark(message: str) -> None:
    """Print something worth knowing on stderr."""
    err.print(Text.assemble(("Note: ", "bold yellow"), on_one_line(message)), soft_wrap=True)


def progress() -> Progress:
    """A progress display on stderr; silent where stderr is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
