"""The outlook of a municipality on its own register, kept ready: made once per content and day.

No pseudonym is in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from tilsyn.cases import knowledge
from tilsyn.cases.judgements import digest
from tilsyn.cases.models import Membership
from tilsyn.cases.storage import derived_folder
from tilsyn.errors import NoRuleError
from tilsyn.outlook.record import Chance
from tilsyn.records import Record
from tilsyn.vocabulary import YearMonth
from tilsyn.work.kept import code, kept

MONTHS = 12
"""Coming months."""

PAST = 12
"""Months that have been, told before the coming ones."""

KEPT = 100
"""So many outlooks stay; those used longest ago go first."""


FORETOLD_BY = ("tilsyn.outlook", "tilsyn.measures")
"""The code an outlook follows from."""


class Cell(Record):
    """One measure, group and coming month; shares in per cent.

    The first ones are `Outlook.rows`; those of a line are None where no line judges the group.

    Attributes:
        threshold, smallest: the line, and the fewest persons it holds for.
        persons: known persons who must get what they lack, so that the line is held; None where
            fewer than `smallest` are known.
        events: the fewest conversations or offers that takes; None with `persons` above 0: too few
            can still be met.
    """

    measure: str
    group: str
    month: str
    known: int
    met: int
    open: int
    lost: int
    last_day: dt.date | None
    expected_population: float
    expected_unmet: float
    best_share: float | None
    expected_share: float | None
    nothing_more_share: float | None
    share_low: float | None
    share_high: float | None
    threshold: float | None = None
    persons: int | None = None
    events: int | None = None
    smallest: int = 1

    @property
    def holds(self) -> bool:
        """Whether the line will hold: there are, or are expected to be, enough persons."""
        return max(self.known, self.expected_population) >= self.smallest

    @property
    def over(self) -> bool:
        """Whether it is expected to be over the line."""
        return (
            self.holds
            and None not in (self.threshold, self.expected_share)
            and self.expected_share > self.threshold  # type: ignore[operator]
        )

    @property
    def out_of_reach(self) -> bool:
        """Whether too few can still be met for the line to be held."""
        return bool(self.persons) and self.events is None


class Past(Record):
    """The months that are over, as known on the day: population and unmet, by month."""

    measure: str
    group: str
    months: tuple[str, ...]
    population: tuple[int, ...]
    unmet: tuple[int, ...]


class Ahead(Record):
    """A municipality's outlook.

    Attributes:
        content: of the store it was made from.
        on: the newest day the register tells of, at latest the day asked for: nothing is reckoned
            as not done that the register cannot know yet.
    """

    municipality: str
    content: str
    on: dt.date
    cells: tuple[Cell, ...]
    past: tuple[Past, ...]
    verdicts: tuple[Chance, ...]

    @property
    def months(self) -> tuple[str, ...]:
        """The coming months."""
        return tuple(dict.fromkeys(cell.month for cell in self.cells))

    def of(self, measure: str, group: str) -> tuple[Cell, ...]:
        """One measure and group, month by month."""
        return tuple(c for c in self.cells if c.measure == measure and c.group == group)

    def lines(self, month: str) -> tuple[Cell, ...]:
        """What a line judges in a month; groups that nobody is expected in are left out."""
        return tuple(
            c
            for c in self.cells
            if c.month == month and c.threshold is not None and c.expected_share is not None
        )


def register_folder() -> Path | None:
    """Where the installation's own register is; None where it has none."""
    return Path(settings.REGISTER) if settings.REGISTER else None


def content() -> str | None:
    """What names the content of the installation's own register; None where it has none.

    Raises:
        InputError: there is no store where the register is said to be, or it is damaged.
    """
    folder = register_folder()
    if folder is None:
        return None
    from tilsyn.register.store import opened

    with opened(folder) as store:
        return store.content


def ahead(area: str, today: dt.date) -> Ahead | None:
    """The outlook of a municipality (code) as the register knows it today.

    The first to ask waits while it is made. None where the installation has no register.

    Raises:
        InputError: there is no store where the register is said to be, or it is damaged.
    """
    folder = register_folder()
    if folder is None:
        return None
    # The engine takes a while to start: only who asks for an outlook waits for it.
    from tilsyn.register.store import opened

    catalogue = knowledge.catalogue()
    with opened(folder) as store:
        rests_on = [store.content, area, today, digest(catalogue), code(__name__, *FORETOLD_BY)]

        def made() -> bytes:
            return _made(store, area, today).model_dump_json().encode()

        found = kept(derived_folder("outlooks"), rests_on, made, keep=KEPT)
    return Ahead.model_validate_json(found)


def prepare(today: dt.date) -> list[Ahead]:
    """The outlooks of the installation's municipalities, made ready."""
    return [found for area in areas() if (found := ahead(area, today)) is not None]


def areas() -> list[str]:
    """The municipalities whose own installation this is; none where it is an authority's."""
    if settings.INSTALLATION != "municipality":
        return []
    held = Membership.objects.filter(scope_kind="municipality").order_by("scope")
    return list(held.values_list("scope", flat=True).distinct())


def _made(store: Any, area: str, today: dt.date) -> Ahead:
    from tilsyn.measures import definitions
    from tilsyn.outlook.basis import gather
    from tilsyn.outlook.figures import outlook
    from tilsyn.outlook.situation import newest
    from tilsyn.outlook.verdicts import chances
    from tilsyn.planning.reach import reaches

    on = newest(store, today)
    if on is None or int(area) not in store.municipalities:
        nothing: dict[str, Any] = {"cells": (), "past": (), "verdicts": ()}
        return Ahead(municipality=area, content=store.content, on=on or today, **nothing)
    basis = gather(store, on, MONTHS, definitions.load())
    found = outlook(basis, int(area))
    lines = _lines(on, list(basis.months))
    far = {
        (one.measure, one.group, str(one.month)): {
            "threshold": float(one.threshold),
            "smallest": one.smallest,
        }
        for one in lines
    }
    for one in reaches(basis, int(area), lines):
        if one.holds:
            key = (one.target.measure, one.target.group, str(one.target.month))
            far[key] |= {"persons": one.persons, "events": one.events}
    fields = Cell.model_fields.keys()
    cells = [
        {k: v for k, v in row.items() if k in fields}
        | far.get((row["measure"], row["group"], row["month"]), {})
        for row in found.rows()
    ]
    return Ahead(
        municipality=area,
        content=store.content,
        on=on,
        cells=tuple(Cell.model_validate(cell) for cell in cells),
        past=tuple(_past(found)),
        verdicts=tuple(chances(found, knowledge.catalogue())),
    )


def _lines(on: dt.date, months: list[YearMonth]) -> list[Any]:
    """The lines of the rules in force, without a margin; none where no rule is in force."""
    from tilsyn.planning import goals
    from tilsyn.register.coding import GROUP_CODES

    whole = goals.shipped()["lines"]
    found: list[Any] = []
    for line in whole.line:
        goal = whole.model_copy(update={"line": (line,), "margin": 0})
        try:
            found += goals.targets(goal, knowledge.catalogue(), on, months, GROUP_CODES)
        except NoRuleError:
            continue
    return found


def _past(found: Any) -> Iterator[Past]:
    from tilsyn.outlook.figures import ROWS

    for k, measure in enumerate(found.measures):
        for g, group in enumerate(ROWS):
            numbers = found.past[k, g][-PAST:]
            months = tuple(str(found.months[0] - n) for n in range(len(numbers), 0, -1))
            if numbers.any():
                yield Past(
                    measure=measure,
                    group=group,
                    months=months,
                    population=tuple(int(n) for n in numbers[:, 0]),
                    unmet=tuple(int(n) for n in numbers[:, 1]),
                )
