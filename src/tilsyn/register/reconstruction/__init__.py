"""Reconstruction: a person-level register whose measures equal published tables."""

from tilsyn.register.reconstruction.choosing import Choice
from tilsyn.register.reconstruction.rebuild import Rebuilt, reconstruct

__all__ = ["Choice", "Rebuilt", "reconstruct"]
