"""What the command tells of one municipality's outlook, without what was simulated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tilsyn.vocabulary import YearMonth

if TYPE_CHECKING:
    from tilsyn.outlook.verdicts import Chance


@dataclass(frozen=True)
class Told:
    """One municipality's outlook in numbers.

    Attributes:
        on: the day.
        municipality: its code.
        months: the coming ones.
        rows: as `Outlook.rows` gives them.
        chances: what the rules will say.
    """

    on: dt.date
    municipality: int
    months: tuple[YearMonth, ...]
    rows: list[dict[str, Any]]
    chances: list[Chance]
