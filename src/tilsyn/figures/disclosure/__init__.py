"""Disclosure control: what can be computed from published figures, and how to prevent it.

Every figure measured from a register that others get to see goes through a `Door`; what writes
for others takes the `Shown` that it gives.
"""

from tilsyn.figures.disclosure.audience import (
    OWN,
    PUBLIC,
    Audience,
    Door,
    Shown,
    Wall,
    for_audience,
    readers,
    shown_of,
)
from tilsyn.figures.disclosure.audit import audit
from tilsyn.figures.disclosure.model import SOURCES, Discretion, Parameters, Protected, Recovered
from tilsyn.figures.disclosure.neighbours import known_by_neighbours
from tilsyn.figures.disclosure.protection import protected

__all__ = [
    "OWN",
    "PUBLIC",
    "SOURCES",
    "Audience",
    "Discretion",
    "Door",
    "Parameters",
    "Protected",
    "Recovered",
    "Shown",
    "Wall",
    "audit",
    "for_audience",
    "known_by_neighbours",
    "protected",
    "readers",
    "shown_of",
]
