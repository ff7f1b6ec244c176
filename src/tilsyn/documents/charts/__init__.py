"""Charts: what a picture shows as data, its specification, its drawing, and what it shows in words."""

from tilsyn.documents.charts.drawing import Picture, draw, drawn_as
from tilsyn.documents.charts.grouped import Grouped
from tilsyn.documents.charts.lines import Lines
from tilsyn.documents.charts.load import Load
from tilsyn.documents.charts.multiples import Multiples
from tilsyn.documents.charts.series import Series
from tilsyn.documents.charts.settling import settling
from tilsyn.documents.charts.stacks import Stacks

__all__ = [
    "Grouped",
    "Lines",
    "Load",
    "Multiples",
    "Picture",
    "Series",
    "Stacks",
    "draw",
    "drawn_as",
    "settling",
]
