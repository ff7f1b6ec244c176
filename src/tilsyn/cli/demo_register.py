"""The demo's last step: a municipality's own register, measured and judged today."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

from tilsyn.figures import release as releases
from tilsyn.figures.vintages import known_on
from tilsyn.rules import Finding, judge, shipped
from tilsyn.vocabulary import MUNICIPALITIES, MonthRange, YearMonth

PLACE = "183"
"""Ishøj, whose published tables the demo judges too; the register's persons are made up."""

PERSONS = 25_000
MEASURED = MonthRange(YearMonth(2022, 1), YearMonth(2023, 12))
ON = dt.date(2024, 2, 15)
STEPS = 4


def walk(folder: Path, *, done: Callable[[], None]) -> tuple[Path, list[Finding]]:
    """Make a register, load it, measure it and judge it.

    Args:
        folder: the release goes to ``own-register/`` in it, apart from the real figures; the register and store are thrown away.
        done: called after each of the `STEPS`.

    Returns:
        The release and the findings.
    """
    # The engine is heavy; only this step needs it.
    from tilsyn.measures import definitions, measurement
    from tilsyn.register.door import admit
    from tilsyn.register.store import load, opened
    from tilsyn.register.synthetic import make

    release = folder / "own-register" / f"{MUNICIPALITIES[PLACE].name.lower()}-register-2024-02"
    with tempfile.TemporaryDirectory(prefix="tilsyn-demo-") as place:
        work = Path(place)
        make(work / "register", PERSONS, MEASURED, seed=7, municipality=PLACE)
        done()
        admission = admit(work / "register", work / "admitted")
        load(admission.folder, work / "store")
        done()
        with opened(work / "store") as store:
            plan = measurement.plan_of(store, definitions.load(None), MEASURED, ON)
            counts = measurement.measure(store, plan)
            measurement.write(counts, store, release, published=ON)
        done()
    figures = known_on(releases.read(release).figures, ON)
    findings = judge(figures, on=ON, catalogue=shipped(), municipality=PLACE)
    done()
    return release, findings
