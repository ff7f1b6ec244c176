"""The one door through which figures leave: what an audience may see of what is known.

What is protected for the public is protected for everybody. A municipality sees its own figures
exactly as they are in place of their protected ones, and nothing else that the public does not see:
it knows them anyhow, and what were hidden from it alone it could look up among what all can see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

import polars as pl

from tilsyn.figures.vintages import known_on
from tilsyn.protection.audit import audit
from tilsyn.protection.history import protected_on
from tilsyn.protection.model import Parameters, Protected, Recovered

Wall = Literal["own", "public"]
"""As commands have it: for those whose figures they are, or for anybody."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is to see figures, told by whose figures they may see exactly as they are.

    Attributes:
        own: codes of municipalities; none for anybody at all; None for those inside the walls of the
            authority whose register it is, who see everything.
    """

    own: frozenset[str] | None = frozenset()

    @classmethod
    def of(cls, *municipalities: str) -> Audience:
        """Those who belong to these municipalities."""
        return cls(frozenset(municipalities))

    @property
    def inside(self) -> bool:
        """Whether nothing is hidden."""
        return self.own is None

    @property
    def name(self) -> str:
        """For manifests: "own", "public", or the municipalities."""
        if self.own is None:
            return "own"
        return ", ".join(sorted(self.own)) or "public"


OWN, PUBLIC = Audience(None), Audience()


def readers(wall: Wall, municipality: str) -> Audience:
    """Who reads a document about a municipality: those there ("own"), or anybody."""
    return Audience.of(municipality) if wall == "own" else PUBLIC


_PASS = object()


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures as an audience may see them; only this module makes them.

    What writes a document, an export, a page or an answer takes a `Shown`, so that it cannot be given
    figures that did not pass.

    Attributes:
        figures: a figure table, one vintage a cell.
        audience: for whom.
        hidden: what was hidden and why, by counts; empty where nothing was.
    """

    figures: pl.DataFrame
    audience: Audience
    hidden: dict[str, int]
    _key: object

    def __post_init__(self) -> None:
        if self._key is not _PASS:
            raise TypeError("figures are shown through for_audience only")

    def part(self, *wanted: pl.Expr) -> Shown:
        """Those of the figures that satisfy all of this."""
        return replace(self, figures=self.figures.filter(*wanted)) if wanted else self

    def remarks(self) -> tuple[Recovered, ...]:
        """The published hidden cells that can be computed all the same; they pass as printed."""
        if self.audience.inside:
            return ()
        printed = self.figures.filter(pl.col("provenance") == "published")
        return tuple(one for one in audit(printed) if one.exact)


class Door:
    """What is known on a day, on its way out: protected once, then shown to one audience or many.

    Args:
        vintages: a figure table, every vintage kept.
        on: the day.
        parameters: how figures are protected.
        against: what others were given besides: known to everybody too.
        kept: a folder of tables protected before; what is made anew is kept there.
    """

    def __init__(
        self,
        vintages: pl.DataFrame,
        on: dt.date = dt.date.max,
        *,
        parameters: Parameters | None = None,
        against: Sequence[pl.DataFrame] = (),
        kept: Path | None = None,
    ) -> None:
        self._known = known_on(vintages, on)
        self._protect = partial(
            protected_on, vintages, on, parameters or Parameters(), tuple(against), kept
        )

    @cached_property
    def one_for_all(self) -> bool:
        """Whether everybody sees the same, because nothing was measured from a register."""
        return not (self._known["provenance"] == "register").any()

    @cached_property
    def _public(self) -> Protected:
        return self._protect()

    def prepare(self) -> None:
        """Protect now what will be shown."""
        if not self.one_for_all:
            self._public  # noqa: B018

    def shown(self, audience: Audience = PUBLIC) -> Shown:
        """What an audience may see, of every cell the latest vintage.

        Inside the walls figures are exact. For anybody else figures measured from a register are
        protected, and what was shown of earlier vintages is reckoned with; published figures pass as
        printed.

        Raises:
            InputError: as `protected_on`.
        """
        if audience.inside or self.one_for_all:
            return Shown(self._known, audience, {}, _PASS)
        return replace(
            shown_of(self._known, self._public.figures, audience), hidden=self._public.hidden
        )


def shown_of(exact: pl.DataFrame, public: pl.DataFrame, audience: Audience) -> Shown:
    """What an audience may see of figures whose public form (`protected_on`) is at hand."""
    if audience.own is None:
        return Shown(exact, audience, {}, _PASS)
    theirs = (pl.col("area_kind") == "municipality") & pl.col("area").is_in(sorted(audience.own))
    return Shown(pl.concat([public.filter(~theirs), exact.filter(theirs)]), audience, {}, _PASS)


def for_audience(
    vintages: pl.DataFrame,
    audience: Audience = PUBLIC,
    *,
    on: dt.date = dt.date.max,
    parameters: Parameters | None = None,
    against: Sequence[pl.DataFrame] = (),
    kept: Path | None = None,
) -> Shown:
    """What an audience may see of what is known on a day: through a `Door` of its own."""
    door = Door(vintages, on, parameters=parameters, against=against, kept=kept)
    return door.shown(audience)
