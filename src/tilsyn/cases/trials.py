"""How good outlooks on the installation's own register were in its past; tried once per content and day.

Trying takes some seconds for each municipality, so the daily run does it and no page waits for it. The
file in DATA_DIR/derived/trials is named by all it follows from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import tilsyn
from tilsyn.cases import outlooks
from tilsyn.cases.derived import derived_folder, making, prune
from tilsyn.cases.outlooks import Ahead
from tilsyn.figures.files import put_whole
from tilsyn.records import Record

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
        return Trials.model_validate_json(_file(ahead).read_bytes())
    except FileNotFoundError:
        return None


def prepare(found: Iterable[Ahead]) -> None:
    """Try what these outlooks are worth, unless that has been done.

    Raises:
        InputError: the register cannot be read.
    """
    for ahead in found:
        file, register = _file(ahead), outlooks.register_folder()
        if register is None or not ahead.cells:
            continue
        with making(file) as missing:
            if missing:
                put_whole(file, _tried(register, ahead).model_dump_json().encode())
                prune(file.parent, keep=KEPT)


def _file(ahead: Ahead) -> Path:
    told = json.dumps([tilsyn.__version__, ahead.content, ahead.municipality, str(ahead.on)])
    name = hashlib.sha256(told.encode()).hexdigest()[:32]
    return derived_folder() / "trials" / f"{name}.json"


def _tried(register: Path, ahead: Ahead) -> Trials:
    from tilsyn.measures import definitions
    from tilsyn.planning.outlook.backtest import backtest
    from tilsyn.planning.outlook.figures import SEED, SIMULATIONS
    from tilsyn.register.store import opened

    with opened(register) as store:
        found = backtest(
            store, ahead.on, outlooks.MONTHS, definitions.load(), [int(ahead.municipality)],
            simulations=SIMULATIONS, seed=SEED,
        ).trials  # fmt: skip
    off = [(one.ahead <= NEAR, abs(one.expected - one.came)) for one in found]
    return Trials(
        count=len(found),
        covered=_mean([one.covered for one in found]) or 0.0,
        near=_mean([distance for near, distance in off if near]),
        far=_mean([distance for near, distance in off if not near]),
    )


def _mean(numbers: list[float] | list[bool]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None
