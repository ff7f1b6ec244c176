"""A block of simulations: those known now, and those who come."""

from __future__ import annotations

from typing import Any

from tilsyn.outlook.kernel.arrays import Common, Found, Odds, Room
from tilsyn.outlook.kernel.compiled import compiled
from tilsyn.outlook.kernel.entering import follow_entrants
from tilsyn.outlook.kernel.known import follow_known


@compiled
def simulation_kernel(
    odds: Odds,
    common: Common,
    courses: Any,
    standing: Any,
    low: int,
    high: int,
    found: Found,
    room: Room,
) -> None:
    """Fill what is found in the simulations from `low` to `high`."""
    at = follow_known(odds, common, courses, standing, low, high, found, room)
    follow_entrants(odds, common, low, high, found, room, at)
