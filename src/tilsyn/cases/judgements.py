"""Judgements of a day, kept ready beside the snapshot they rest on: every municipality, every rule in force.

They follow from the snapshot, the day, the rules and the judge's code.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tilsyn.cases import knowledge
from tilsyn.cases.snapshots import Snapshot
from tilsyn.cases.storage import derived_folder
from tilsyn.errors import NoRuleError
from tilsyn.figures.series import MonthFigure
from tilsyn.rules import Catalogue, Finding, judge
from tilsyn.vocabulary import MUNICIPALITIES, YearMonth
from tilsyn.work.kept import code, kept

KEPT = 100
"""So many days' judgements stay; those used longest ago go first."""


def judgements(known: Snapshot, on: dt.date) -> tuple[Finding, ...]:
    """Every judgement on a snapshot by the rules in force on a day; none where no rule is.

    Findings read back hold all they say; what filled the slots of their sentences is not kept.
    """
    catalogue = knowledge.catalogue()

    def found() -> bytes:
        records = [record(finding) for finding in _judged(known, on, catalogue)]
        return gzip.compress(json.dumps(records).encode(), compresslevel=4, mtime=0)

    judge_code = code(
        __name__, "tilsyn.figures.series", "tilsyn.rules", "tilsyn.vocabulary", "tilsyn.words"
    )
    rests_on = [known.key, on, digest(catalogue), judge_code]
    records = kept(derived_folder("judgements"), rests_on, found, keep=KEPT)
    return tuple(finding_of(one, on, catalogue) for one in json.loads(gzip.decompress(records)))


def _judged(known: Snapshot, on: dt.date, catalogue: Catalogue) -> Iterator[Finding]:
    """One municipality at a time, so that little is held at once."""
    for area in sorted(MUNICIPALITIES.codes):
        try:
            yield from judge(
                known.area("municipality", area),
                on=on,
                catalogue=catalogue,
                set_aside=knowledge.set_aside,
            )
        except NoRuleError:
            return


def record(finding: Finding) -> dict[str, Any]:
    """A finding as JSON, numbers exact."""
    return {
        "rule": finding.rule,
        "version": finding.version.name,
        "municipality": finding.municipality,
        "measure": finding.measure,
        "grp": finding.grp,
        "months": [_month(figure) for figure in finding.months],
        "verdict": finding.verdict,
        "reason": finding.reason,
        "basis": finding.basis,
        "distance": _text(finding.distance),
        "mean": _text(finding.mean),
        "sentence": dict(finding.sentence),
        "explanation": dict(finding.explanation),
        "release": finding.release,
        "set_aside": dict(finding.set_aside),
    }


def finding_of(kept: dict[str, Any], on: dt.date, catalogue: Catalogue) -> Finding:
    """The finding of a record."""
    versions = catalogue[kept["rule"]].version
    return Finding(
        **{
            **kept,
            "on": on,
            "version": next(one for one in versions if one.name == kept["version"]),
            "months": tuple(_figure(month) for month in kept["months"]),
            "distance": _number(kept["distance"]),
            "mean": _number(kept["mean"]),
            "release": tuple(kept["release"]),
        }
    )


def _month(figure: MonthFigure) -> dict[str, Any]:
    return {
        "month": str(figure.month),
        "population": figure.population,
        "unmet": figure.unmet,
        "share": _text(figure.share),
        "met": figure.met,
        "actual": _text(figure.actual),
        "expected": _text(figure.expected),
        "hidden": sorted(figure.hidden),
        "small": sorted(figure.small),
        "releases": sorted(figure.releases),
    }


def _figure(kept: dict[str, Any]) -> MonthFigure:
    return MonthFigure(
        **{
            **kept,
            "month": YearMonth.parse(kept["month"]),
            **{name: _number(kept[name]) for name in ("share", "actual", "expected")},
            "hidden": frozenset(kept["hidden"]),
            "small": frozenset(kept["small"]),
            "releases": frozenset(kept["releases"]),
        }
    )


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


@lru_cache(maxsize=8)
def digest(catalogue: Catalogue) -> str:
    """What names a catalogue by all it says."""
    told = "".join(rule.model_dump_json() for rule in catalogue)
    return hashlib.sha256(told.encode()).hexdigest()
