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
from tilsyn.figures.disclosure.audit import audit, dropped
from tilsyn.figures.disclosure.derivation import in_words
from tilsyn.figures.disclosure.model import (
    SOURCES,
    Discretion,
    Parameters,
    Protected,
    Recovered,
    failing,
)
from tilsyn.figures.disclosure.neighbours import known_by_neighbours
from tilsyn.figures.disclosure.protection import protected
from tilsyn.figures.disclosure.relations import families

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
    "dropped",
    "failing",
    "families",
    "for_audience",
    "in_words",
    "known_by_neighbours",
    "protected",
    "readers",
    "shown_of",
]
