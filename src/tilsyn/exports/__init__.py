"""Figures for others' programs: tidy CSV with its description, JSON-stat, Excel, KMD Insight.

Every writer takes figures as their audience may see them: what
`tilsyn.protection.for_audience` returns, and nothing else. `tilsyn.cli.exports` offers them by name.
"""

from tilsyn.exports.excel import write_excel
from tilsyn.exports.jsonstat import write_jsonstat
from tilsyn.exports.kmd import write_kmd
from tilsyn.exports.tidy import write_tidy

__all__ = ["write_excel", "write_jsonstat", "write_kmd", "write_tidy"]
