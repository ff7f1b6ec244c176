"""Readers of published figures: letters, notes, workbooks, tidy tables and figure tables."""

from tilsyn.figures.reading.model import PRINTED, Reading
from tilsyn.figures.reading.published import read_published

__all__ = ["PRINTED", "Reading", "read_published"]
