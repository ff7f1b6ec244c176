"""Charts: what a picture shows as data, its specification, its drawing, and what it shows in words.

One module a kind of chart; `months`, `outlook`, `plan` and `revisions` make them from the program's figures.
"""

from tilsyn.charts.description import Chart, Tabular, as_csv, described, tabulated
from tilsyn.charts.drawing import (
    Picture,
    compiled,
    draw,
    drawn_as,
    form_of,
    save,
    standalone,
)
from tilsyn.charts.funnel import Funnel
from tilsyn.charts.grouped import Grouped
from tilsyn.charts.lines import Lines, Series
from tilsyn.charts.load import Load
from tilsyn.charts.multiples import Multiples
from tilsyn.charts.stacks import Stacks

__all__ = [
    "Chart",
    "Funnel",
    "Grouped",
    "Lines",
    "Load",
    "Multiples",
    "Picture",
    "Series",
    "Stacks",
    "Tabular",
    "as_csv",
    "compiled",
    "described",
    "draw",
    "drawn_as",
    "form_of",
    "save",
    "standalone",
    "tabulated",
]
