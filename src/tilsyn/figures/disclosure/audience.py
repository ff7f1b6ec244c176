"""The one door through which figures leave for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from tilsyn.figures.disclosure.audit import audit
from tilsyn.figures.disclosure.model import Parameters, Recovered
from tilsyn.figures.disclosure.protection import protected

Audience = Literal["own", "public"]
"""Inside the walls of the authority whose register it is, or anybody else."""

_PASS = object()


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures as an audience may see them; only `for_audience` makes them.

    What writes a document, an export, a page or an answer for others takes a `Shown`, so that it
    cannot be given figures that did not pass.

    Attributes:
        figures: a figure table.
        audience: for whom.
        hidden: what was hidden and why, by counts; empty for the own audience.
        remarks: published hidden cells that can be computed all the same.
    """

    figures: pl.DataFrame
    audience: Audience
    hidden: dict[str, int]
    remarks: tuple[Recovered, ...]
    _key: object

    def __post_init__(self) -> None:
        if self._key is not _PASS:
            raise TypeError("figures are shown through for_audience only")


def for_audience(
    figures: pl.DataFrame,
    audience: Audience = "public",
    *,
    parameters: Parameters | None = None,
    against: Sequence[pl.DataFrame] = (),
) -> Shown:
    """Figures as an audience may see them.

    Inside the own walls they are exact. For anybody else figures measured from a register are
    protected; published ones pass as printed, with a remark where a hidden one can be computed.

    Args:
        figures: a figure table, one vintage a cell.
        audience: "own" or "public"; anything not "own" is public.
        parameters: how figures are protected.
        against: what was published earlier.

    Raises:
        InputError: as `protected`.
    """
    if audience == "own":
        return Shown(figures, "own", {}, (), _PASS)
    made = protected(figures, parameters=parameters, against=against)
    printed = made.figures.filter(pl.col("provenance") == "published")
    remarks = tuple(one for one in audit(printed) if one.exact)
    return Shown(made.figures, "public", made.hidden, remarks, _PASS)
