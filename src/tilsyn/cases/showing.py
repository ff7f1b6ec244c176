"""What an audience is shown of the figures known on a day: of some places exact, of all others protected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
from django.conf import settings

from tilsyn.cases.judgements import judgements
from tilsyn.cases.knowledge import places_of
from tilsyn.cases.snapshots import Base, Snapshot, bases, snapshot
from tilsyn.protection import Audience, Shown, shown_of
from tilsyn.rules import Finding
from tilsyn.vocabulary import YearMonth


@dataclass(frozen=True)
class Showing:
    """The figures known on a day as an audience may see them, and the judgements on these.

    Attributes:
        exact: the figures as they are.
        public: as anybody may see them; the same where nothing was measured from a register.
        audience: who sees them.
    """

    exact: Snapshot
    public: Snapshot
    audience: Audience

    @property
    def nothing_hidden(self) -> bool:
        """Whether the audience sees everything exactly."""
        return self.audience.inside or self.exact is self.public

    @property
    def own(self) -> frozenset[str]:
        """The municipalities seen exactly while others are not."""
        return frozenset() if self.nothing_hidden else self.audience.own or frozenset()

    @property
    def common(self) -> Snapshot:
        """What is seen of places that are not the audience's own."""
        return self.exact if self.nothing_hidden else self.public

    def of(self, kind: str, area: str) -> Snapshot:
        """Where an area's figures are taken from."""
        return self.exact if kind == "municipality" and area in self.own else self.common

    def area(self, kind: str, area: str, *, split: bool = False) -> pl.DataFrame:
        """An area's figures; arguments as `Snapshot.area`."""
        return self.of(kind, area).area(kind, area, split=split)

    def shown(self, *places: tuple[str, str]) -> Shown:
        """The figures of these places (kind and code), split ones too; of all, unsplit, where none is named."""
        exact, public = (_read(face, places) for face in (self.exact, self.common))
        return shown_of(exact, public, self.audience)

    def scan(self) -> pl.LazyFrame:
        """All areas' unsplit figures, to filter before they are read."""
        if not self.own:
            return self.common.scan()
        theirs = (pl.col("area_kind") == "municipality") & pl.col("area").is_in(sorted(self.own))
        return pl.concat([self.public.scan().filter(~theirs), self.exact.scan().filter(theirs)])

    @property
    def months(self) -> dict[str, list[YearMonth]]:
        """The months with figures, by measure, newest first."""
        return self.common.months

    @property
    def groups(self) -> dict[str, frozenset[str]]:
        """The benefit groups with figures, by measure."""
        return self.common.groups

    def findings(self, on: dt.date) -> tuple[Finding, ...]:
        """Every judgement by the rules in force on a day on the figures as they are seen."""
        found = judgements(self.common, on)
        if not self.own:
            return found
        theirs = [f for f in judgements(self.exact, on) if f.municipality in self.own]
        others = [f for f in found if f.municipality not in self.own]
        return tuple(sorted([*others, *theirs], key=lambda finding: finding.municipality))


def showing(on: dt.date, audience: Audience, resting: Sequence[Base] | None = None) -> Showing:
    """What an audience is shown of a day.

    Args:
        on: the day.
        audience: who is to see it.
        resting: only these releases (`bases`); by default those in use now.

    Raises:
        InputError: as `snapshot`; figures measured from a register contradict each other.
    """
    resting = bases() if resting is None else resting
    exact = snapshot(on, resting)
    public = exact if audience.inside else snapshot(on, resting, protection=settings.PROTECTION)
    return Showing(exact, public, audience)


def shown(
    on: dt.date,
    audience: Audience,
    names: Iterable[str] | None = None,
    *,
    area: str | None = None,
) -> Shown:
    """The figures of a day as an audience may see them.

    Args:
        on: the day.
        audience: who is to see them.
        names: only these releases; by default those in use now.
        area: only this municipality and the areas it lies in, split figures too; by default all
            areas, without the split ones, which are many.

    Raises:
        InputError: as `showing`.
    """
    return showing(on, audience, bases(names)).shown(*(places_of(area) if area else ()))


def _read(face: Snapshot, places: Iterable[tuple[str, str]]) -> pl.DataFrame:
    parts = [face.area(*place, split=split) for place in places for split in (False, True)]
    return pl.concat(parts) if parts else face.scan().collect()
