"""How an input may end, and how it was: a guard of time, the refusals that are meant, and what is left behind."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import typer.main

from tilsyn.cli import main, terminal
from tilsyn.errors import TilsynError

REFUSALS = frozenset({2, 3, 4, 5, 6})
SECONDS = 60
"""No input is meant to take so long; what does, hangs."""


class Broken(AssertionError):
    """An input ended in a way that no input may."""


class Hung(BaseException):
    """An input was not done in time; no handler of errors takes it for one."""


@dataclass
class Tally:
    """What came of the inputs: by kind how many ended how, and the failures with what makes them again."""

    ended: dict[str, Counter[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def told(self) -> Iterator[str]:
        """The counts by kind, then every failure."""
        for kind, ends in sorted(self.ended.items()):
            yield f"{kind:12} {ends.total():6}  " + ", ".join(f"{n} {end}" for end, n in sorted(ends.items()))  # fmt: skip
        yield f"{'all':12} {sum(e.total() for e in self.ended.values()):6}  {len(self.failures)} failures"
        yield from self.failures


def tried(tally: Tally, kind: str, number: int, seed: int, one: Callable[[Random], str]) -> None:
    """Put one input in and write down how it ended.

    Args:
        one: makes the input from its chance and puts it in; returns how it ended, or raises `Broken`.
    """
    ends = tally.ended.setdefault(kind, Counter())
    try:
        with guarded():
            ends[one(Random(f"{seed} {kind} {number}"))] += 1
    except (Exception, Hung) as error:  # noqa: BLE001
        ends["FAILED"] += 1
        told = "".join(traceback.format_exception(error, limit=-6))
        tally.failures.append(f"--seed {seed} --only {kind}:{number}\n{told}")


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """End what hangs."""

    def late(*_: Any) -> None:
        raise Hung(f"not done in {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def refused_or(call: Callable[[], object]) -> str:
    """Call something that may refuse in words."""
    try:
        call()
    except TilsynError as error:
        if "\n" in str(error).strip() or not str(error).strip():
            raise Broken(f"not one line: {str(error)!r}") from error
        str(error).encode(errors="backslashreplace")
        return f"refused {error.exit_code}"
    return "taken"


@cache
def _command(asked: str | None) -> Any:
    return typer.main.get_command(_program(asked))


_program = main.program


def run(*words: object) -> int:
    """Run the command as the shell would; it ends well or is refused in one line.

    Raises:
        Broken: with a traceback, another exit code, or other than one line.
    """
    told = io.TextIOWrapper(io.BytesIO(), "utf-8")
    # As Python has it: what cannot be written of an error stands there as its escape.
    said = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace")
    before, main.program = (sys.argv, main.program), _command
    sys.argv = ["tilsyn", *map(str, words)]
    own = os.environ.get("OWN", "")
    try:
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(said):
            main.run()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        sys.argv, main.program = before
        os.environ["OWN"] = own
        for console in (terminal.out, terminal.err):
            # What a failure left unprinted is not the next one's.
            console.begin_capture()
            console.end_capture()
    said.flush()
    error = said.buffer.getvalue().decode()  # type: ignore[attr-defined]
    if code and code not in REFUSALS:
        raise Broken(f"exit code {code}: {error}")
    lines = error.rstrip("\n").split("\n")
    if code and not (lines[-1].startswith("Error: ") or "─ Error ─" in error):
        raise Broken(f"exit code {code} without one line that says why: {error!r}")
    if "Traceback" in error:
        raise Broken(error)
    return code


def nothing_unfinished(folder: Path) -> None:
    """Nothing half written is left, under whatever name."""
    left = [str(p) for p in folder.rglob("*") if p.name.endswith(".unfinished")]
    if left:
        raise Broken(f"left behind: {left}")


def whole_or_absent(code: int, target: Path, read: Callable[[Path], object]) -> str:
    """A target is there and can be read, where the command says so; else nothing is there."""
    nothing_unfinished(target.parent)
    if code == 0:
        try:
            read(target)
        except TilsynError as error:
            raise Broken(f"written, but cannot be read: {error}") from error
        return "taken"
    if os.path.lexists(target):
        raise Broken(f"refused with {code}, but {target.name} is there")
    return f"refused {code}"
