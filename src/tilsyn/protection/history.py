"""What others were shown as releases came, one after another, each table protected once and kept.

Nothing follows by arithmetic between months, and between measures only in families that count the same
persons, so each family and month is a table of its own: a release that adds a month costs that month, and what has not moved costs nothing.
Protected tables are kept by what they were made from (the figures, what others knew, the parameters,
and the method), so that what is kept can be neither stale nor wrong.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.table import CELL, SCHEMA
from tilsyn.figures.vintages import known_on
from tilsyn.protection.model import Parameters, Protected
from tilsyn.protection.protection import protected, split
from tilsyn.work.kept import code, kept, place
from tilsyn.work.spreading import Threads

_KEYS = list(CELL)
_CONTENT = [*_KEYS, "value", "status", "provenance"]
_COUNTS = "hidden"
KEPT = 5000
"""So many protected tables stay; those used longest ago go first."""


def protected_on(
    vintages: pl.DataFrame,
    on: dt.date,
    parameters: Parameters,
    against: Sequence[pl.DataFrame] = (),
    kept: Path | None = None,
) -> Protected:
    """What was known on a day as anybody may see it, given what they saw before.

    Args:
        vintages: a figure table, every vintage kept.
        on: the day.
        parameters: how.
        against: what others were given besides.
        kept: a folder of tables protected before; None keeps nothing.

    Raises:
        InputError: as `protected`; a kept table is damaged; the folder cannot be written.
    """
    tables = split(vintages.filter(pl.col("published") <= on))
    beside = split(pl.concat([SCHEMA.to_frame(), *against]))
    history = [_History(table, beside.get(key), parameters, kept) for key, table in tables.items()]
    made = list(Threads().over(history, _History.walk))
    hidden: Counter[str] = Counter()
    for one in made:
        hidden.update(one.hidden)
    figures = pl.concat([SCHEMA.to_frame(), *(one.figures for one in made)])
    return Protected(figures, dict(hidden), parameters)


class _History:
    """One table's vintages, protected in the order they were published."""

    def __init__(
        self,
        vintages: pl.DataFrame,
        beside: pl.DataFrame | None,
        parameters: Parameters,
        kept: Path | None,
    ) -> None:
        self.vintages, self.parameters, self.kept = vintages, parameters, kept
        self.seen = [] if beside is None else [beside]

    def walk(self) -> Protected:
        """The table as it was last shown."""
        if not _measured(self.vintages):
            return Protected(known_on(self.vintages, dt.date.max), {}, self.parameters)
        shown = Protected(SCHEMA.to_frame(), {}, self.parameters)
        before = pl.DataFrame()
        for day in self.vintages["published"].unique().sort().to_list():
            known = known_on(self.vintages, day)
            content = known.select(_CONTENT).sort(_KEYS)
            if content.equals(before):
                # Nothing moved: the same cells as before, under their newer names.
                shown = _as_before(known, shown)
                continue
            if shown.figures.height:
                self.seen.append(shown.figures)
            shown, before = self._protected(known, content), content
        return shown

    def _protected(self, known: pl.DataFrame, content: pl.DataFrame) -> Protected:
        """One vintage protected, from the folder where it is kept."""
        if not _measured(known):
            return Protected(known, {}, self.parameters)
        if self.kept is None:
            return protected(known, parameters=self.parameters, against=self.seen)

        def made() -> bytes:
            found = protected(known, parameters=self.parameters, against=self.seen)
            buffer = io.BytesIO()
            found.figures.select(*_KEYS, "value", "status").write_parquet(
                buffer, metadata={_COUNTS: json.dumps(found.hidden)}
            )
            return buffer.getvalue()

        rests_on = self._rests_on(content)
        table_kept = io.BytesIO(kept(self.kept, rests_on, made, keep=KEPT))
        try:
            table = pl.read_parquet(table_kept)
            hidden = json.loads(pl.read_parquet_metadata(table_kept)[_COUNTS])
        except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
            raise InputError(
                "a damaged table; remove it and it is made again", file=place(self.kept, rests_on)
            ) from error
        return _as_before(known, Protected(table, hidden, self.parameters))

    def _rests_on(self, content: pl.DataFrame) -> list[Any]:
        digest = hashlib.sha256()
        for frame in (content, *self.seen):
            buffer = io.BytesIO()
            frame.select(_CONTENT).sort(*_KEYS, "value", "status", "provenance").write_ipc(buffer)
            digest.update(buffer.getvalue())
        key = hmac.digest(self.parameters.secret(), b"tilsyn: kept", "sha256").hex()
        return [method(), self.parameters.record(), key, digest.hexdigest()]


def _measured(figures: pl.DataFrame) -> bool:
    return bool((figures["provenance"] == "register").any())


def method() -> str:
    """A hash of this package: what is kept by another version of the method is not used."""
    return code(__package__)


def _as_before(known: pl.DataFrame, shown: Protected) -> Protected:
    """The cells known now with the values and statuses they were shown with."""
    values = shown.figures.select(*_KEYS, "value", "status")
    figures = known.drop("value", "status").join(
        values, on=_KEYS, how="left", maintain_order="left", validate="1:1"
    )
    return Protected(figures.select(SCHEMA.names()), shown.hidden, shown.parameters)
