"""How much figures usually move until they are settled, kept ready beside the snapshot of the day."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache

import polars as pl

from tilsyn.cases.snapshots import snapshot, vintages
from tilsyn.cases.storage import derived_folder
from tilsyn.figures.revisions import Movement, movements
from tilsyn.vocabulary import MEASURES
from tilsyn.work.kept import code, kept

KEPT = 100
"""So many days' movements stay; those used longest ago go first."""

_SHARES = (
    (pl.col("statistic") == "share")
    & (pl.col("area_kind") == "municipality")
    & (pl.col("visitation") == "")
    & (pl.col("category") == "")
)


def usual_movements(on: dt.date) -> tuple[Movement, ...]:
    """How much shares of each age had moved by a day, over all municipalities and groups together.

    Medians of at least twenty movements; nothing of one municipality shows in them.
    """
    return _movements(snapshot(on).key, on)


@lru_cache(maxsize=4)
def _movements(key: str, on: dt.date) -> tuple[Movement, ...]:
    def found() -> bytes:
        # A measure at a time, so that little is held at once.
        records = [
            movement.record()
            for measure in MEASURES.codes
            for movement in movements(vintages(on, _SHARES & (pl.col("measure") == measure)))
            if movement.enough
        ]
        return json.dumps(records).encode()

    rests_on = [key, code(__name__, "tilsyn.figures.revisions")]
    records = json.loads(kept(derived_folder("movements"), rests_on, found, keep=KEPT))
    return tuple(Movement(**record) for record in records)
