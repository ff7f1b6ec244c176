"""Figures for others' programs: tidy CSV with its description, JSON-stat, Excel, KMD Insight.

Every writer takes figures as their audience may see them: what
`tilsyn.figures.disclosure.for_audience` returns, and nothing else.
"""

from tilsyn.figures.exports.excel import write_excel
from tilsyn.figures.exports.jsonstat import write_jsonstat
from tilsyn.figures.exports.kmd import write_kmd
from tilsyn.figures.exports.tidy import write_tidy

__all__ = ["write_excel", "write_jsonstat", "write_kmd", "write_tidy"]
