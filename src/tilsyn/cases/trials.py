"""How good outlooks on the installation's own register were in its past; tried once per content and day.

Trying takes some seconds for each municipality, so the daily run does it and no page waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from tilsyn.cases import outlooks
from tilsyn.cases.outlooks import Ahead
from tilsyn.cases.storage import derived_folder
from tilsyn.records import Record
from tilsyn.work.kept import code, kept, place

NEAR = 3
"""Months ahead that count as the first."""

KEPT = 100
"""So many stay; those used longest ago go first."""


class Trials(Record):
    """What came, against what the outlooks had said; all groups together, over all measures.

    Attributes:
        count: how many figures were held against what came; with none the others say nothing.
        covered: of these, how many lay in the interval, as a share.
        near, far: mean distance from the expected share in percentage points, in the first months
            and in the later ones; None where none was tried.
    """

    count: int
    covered: float
    near: float | None
    far: float | None


def trials(ahead: Ahead) -> Trials | None:
    """How good outlooks on the register of this one were; None where that has not been tried yet."""
    try:
        return Trials.model_validate_json(place(*_named(ahead)).read_bytes())
    except FileNotFoundError:
        return None


def prepare(found: Iterable[Ahead]) -> None:
    """Try what these outlooks are worth, unless that has been done.

    Raises:
        InputError: the register cannot be read.
    """
    for ahead in found:
        register = outlooks.register_folder()
        if register is not None and ahead.cells:
            kept(*_named(ahead), partial(_tried, register, ahead), keep=KEPT)


def _named(ahead: Ahead) -> tuple[Path, list[Any]]:
    made_by = code(__name__, *outlooks.FORETOLD_BY)
    return derived_folder("trials"), [ahead.content, ahead.municipality, ahead.on, made_by]


def _tried(register: Path, ahead: Ahead) -> bytes:
    from tilsyn.measures import definitions
    from tilsyn.outlook.backtest import backtest
    from tilsyn.outlook.figures import SEED, SIMULATIONS
    from tilsyn.register.store import opened

    with opened(register) as store:
        found = backtest(
            store, ahead.on, outlooks.MONTHS, definitions.load(), [int(ahead.municipality)],
            simulations=SIMULATIONS, seed=SEED,
        ).trials  # fmt: skip
    off = [(one.ahead <= NEAR, abs(one.expected - one.came)) for one in found]
    tried = Trials(
        count=len(found),
        covered=_mean([one.covered for one in found]) or 0.0,
        near=_mean([distance for near, distance in off if near]),
        far=_mean([distance for near, distance in off if not near]),
    )
    return tried.model_dump_json().encode()


def _mean(numbers: list[float] | list[bool]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None
