"""How much figures usually move until they are settled, kept ready beside the snapshot of the day."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache

import polars as pl

from tilsyn.cases.derived import derived_folder, making, prune
from tilsyn.cases.snapshots import snapshot, vintages
from tilsyn.figures.files import put_whole
from tilsyn.figures.revisions import Movement, movements
from tilsyn.vocabulary import MEASURES

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
    return _kept(snapshot(on).key, on)


@lru_cache(maxsize=4)
def _kept(key: str, on: dt.date) -> tuple[Movement, ...]:
    file = derived_folder() / "movements" / f"{key}.json"
    with making(file) as missing:
        if missing:
            # A measure at a time, so that little is held at once.
            found = [
                movement.record()
                for measure in MEASURES.codes
                for movement in movements(vintages(on, _SHARES & (pl.col("measure") == measure)))
                if movement.enough
            ]
            put_whole(file, json.dumps(found).encode())
            prune(file.parent, keep=KEPT)
    return tuple(Movement(**record) for record in json.loads(file.read_bytes()))
