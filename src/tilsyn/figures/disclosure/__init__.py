"""Disclosure control: what can be computed from published figures, and how to prevent it.

Every figure measured from a register that others get to see goes through `for_audience`; what
writes for others takes the `Shown` that it returns.
"""

from tilsyn.figures.disclosure.audience import Audience, Shown, for_audience
from tilsyn.figures.disclosure.audit import audit
from tilsyn.figures.disclosure.model import SOURCES, Discretion, Parameters, Protected, Recovered
from tilsyn.figures.disclosure.protection import protected

__all__ = [
    "SOURCES",
    "Audience",
    "Discretion",
    "Parameters",
    "Protected",
    "Recovered",
    "Shown",
    "audit",
    "for_audience",
    "protected",
]
