"""Disclosure control: what can be computed from published figures, and how to prevent it.

Every figure measured from a register that others get to see goes through a `Door`; what writes
for others takes the `Shown` that it gives.
"""

from tilsyn.protection import keys
from tilsyn.protection.audience import (
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
from tilsyn.protection.audit import audit, dropped
from tilsyn.protection.derivation import in_words
from tilsyn.protection.model import (
    SOURCES,
    Discretion,
    Parameters,
    Protected,
    Recovered,
    failing,
)
from tilsyn.protection.neighbours import known_by_neighbours
from tilsyn.protection.protection import protected
from tilsyn.protection.relations import families

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
    "keys",
    "known_by_neighbours",
    "protected",
    "readers",
    "shown_of",
]
