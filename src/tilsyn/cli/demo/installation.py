"""The demonstration's installation: sample documents, a made-up rest of the country, an own register.

`tilsyn demo` judges it and writes a letter; `tilsyn site demo` fills a site with it, and cases.
"""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from tilsyn.figures import release as releases
from tilsyn.figures.reading import read_published
from tilsyn.figures.release import Release
from tilsyn.figures.table import Figure, status_of, table
from tilsyn.figures.vintages import release_of
from tilsyn.vocabulary import (
    GROUPS,
    MEASURES,
    MUNICIPALITIES,
    TOTAL,
    MonthRange,
    YearMonth,
    parse_published,
)

OWN = "183"
"""Ishøj, whose published tables are among the samples; the persons of its register are made up."""
REAL = (OWN, "766")
"""Municipalities whose published figures are among the samples."""

REGISTERED_ON = dt.date(2024, 2, 15)
"""The day the own register is measured and judged."""
STEPS = 3
_PERSONS = 25_000
_MEASURED = MonthRange(YearMonth(2022, 1), YearMonth(2023, 12))
_COUNTRY_ON = [dt.date(2023, month, day) for month, day in ((9, 11), (10, 9), (11, 6), (12, 1))]
"""When the made-up country's figures came out."""

_SIZE = {
    "a_dagpenge": 90, "kontanthjaelp": 70, "uddannelseshjaelp": 45, "overgangsydelse": 12,
    "sygedagpenge": 60, "jobafklaring": 22, "ledighedsydelse": 14, "ressourceforloeb": 18,
    "revalidering": 4,
}  # fmt: skip
_BASE = {"conversations_6m": 0.12, "offers_6m": 0.11, "conversations_12m": 0.14, "offers_12m": 0.21}
_SEED = 2023

Counts = dict[tuple[str, str, YearMonth], tuple[int, int]]
"""Population and unmet by measure, group and month."""


@dataclass(frozen=True)
class Sample:
    """A sample document: its name, dates, place and the follow-ups its notice asks for."""

    name: str
    published: dt.date
    judged_on: dt.date
    title: dict[str, str]
    municipality: str | None
    follow_ups: tuple[dict[str, str], ...]
    folder: Path

    @classmethod
    def of(cls, record: dict[str, Any], folder: Path) -> Sample:
        """A sample from its record in samples.toml."""
        place = record.get("municipality")
        return cls(
            name=record["name"],
            published=parse_published(record["published"]),
            judged_on=parse_published(record.get("judged_on", record["published"])),
            title={"da": record["da"], "en": record["en"]},
            municipality=MUNICIPALITIES.read(place).code if place else None,
            follow_ups=tuple(record.get("follow_up", ())),
            folder=folder / record["name"],
        )


@contextmanager
def samples() -> Iterator[tuple[Path, list[Sample]]]:
    """The folder of sample documents and what is in it, in the order they were published."""
    with as_file(files("tilsyn.samples")) as folder:
        records = tomllib.loads((folder / "samples.toml").read_text(encoding="utf-8"))["document"]
        yield Path(folder), [Sample.of(record, Path(folder)) for record in records]


def store(document: Sample, folder: Path) -> Release:
    """Read a sample document and write it as a release in a folder of releases."""
    readings = [
        read_published(file, published=document.published)
        for file in sorted(document.folder.glob("*.csv"))
    ]
    into = folder / document.name
    made = release_of(readings, into)
    releases.write(made, into)
    return made


def everything(folder: Path, *, country: bool) -> list[tuple[Path, dt.date]]:
    """Write the releases that are not there yet; each, and the day it is judged, in order of time.

    Args:
        folder: where releases are.
        country: whether to make figures up for all municipalities that no sample tells of.
    """
    made = []
    with samples() as (_, documents):
        for document in documents:
            if not (folder / document.name).exists():
                store(document, folder)
            made.append((folder / document.name, document.judged_on))
    for day in _COUNTRY_ON if country else ():
        target = folder / f"landet-{YearMonth.of(day)}"
        if not target.exists():
            figures = table(
                _country(MonthRange.ending(YearMonth.of(day) - 3, 13), day, target.name)
            )
            releases.write(Release(target.name, day, figures), target)
        made.append((target, day))
    return sorted(made, key=lambda release: release[1])


def own_register(folder: Path, *, done: Callable[[], None]) -> Path:
    """Make a register, load it and measure it; the release it gives.

    Args:
        folder: the release goes into it, apart from the real figures; register and store are thrown away.
        done: called after each of the `STEPS`.
    """
    # The engine is heavy; only this step needs it.
    from tilsyn.measures import definitions, measurement
    from tilsyn.register.door import admit
    from tilsyn.register.store import load, opened
    from tilsyn.register.synthetic import make

    release = folder / f"{MUNICIPALITIES[OWN].name.lower()}-register-2024-02"
    with tempfile.TemporaryDirectory(prefix="tilsyn-demo-") as place:
        work = Path(place)
        make(work / "register", _PERSONS, _MEASURED, seed=7, municipality=OWN)
        done()
        admission = admit(work / "register", work / "admitted")
        load(admission.folder, work / "store")
        done()
        with opened(work / "store") as store:
            plan = measurement.plan_of(store, definitions.load(None), _MEASURED, REGISTERED_ON)
            counts = measurement.measure(store, plan)
            measurement.write(counts, store, release, published=REGISTERED_ON)
        done()
    return release


def _country(span: MonthRange, day: dt.date, release: str) -> Iterator[Figure]:
    """Drawn, not measured; the same seed gives the same.

    A release comes with a lag of two months, and late registrations move the newest months a little, as
    they do in truth.
    """
    sums: dict[tuple[str, str], Counts] = {}
    for place in MUNICIPALITIES:
        counts = _counts(place.code, span, day)
        for kind in ("rar", "amk", "country"):
            of_area = sums.setdefault((kind, place.area(kind)), {})
            for cell, (population, unmet) in counts.items():
                before = of_area.get(cell, (0, 0))
                of_area[cell] = (before[0] + population, before[1] + unmet)
        if place.code not in REAL:
            yield from _cells("municipality", place.code, counts, day, release)
            yield from _goal(place.code, span, day, release)
    for (kind, area), counts in sums.items():
        yield from _cells(kind, area, counts, day, release)


def _counts(area: str, span: MonthRange, day: dt.date) -> Counts:
    """A municipality's persons: a level of its own that wanders slowly, more for some groups."""
    own = random.Random(f"{_SEED}/{area}")
    size, level = own.lognormvariate(0, 0.65), own.lognormvariate(-0.12, 0.30)
    if area in ("101", "751", "461", "851"):
        size = 6.0
    found: Counts = {}
    for measure, base in _BASE.items():
        long = 2.2 if MEASURES[measure].effort == "focus" else 1.0
        effort = level * own.lognormvariate(0, 0.16)
        for month in span:
            wave = random.Random(f"{_SEED}/{area}/{measure}/{month}")
            whole = [0, 0]
            for grp in GROUPS.codes:
                leaning = random.Random(f"{_SEED}/{area}/{measure}/{grp}").lognormvariate(
                    -0.02, 0.16
                )
                mean = _SIZE.get(grp, 10) * size * long
                population = max(0, round(wave.gauss(mean, mean * 0.08 + 1)))
                share = min(0.9, base * effort * leaning * wave.lognormvariate(0, 0.08))
                # What was held but not yet registered when the release was made.
                share *= 1 + 0.05 * max(0, 3 - (YearMonth.of(day).since(month) - 2))
                unmet = min(population, max(0, round(population * share)))
                found[measure, grp, month] = (population, unmet)
                whole[0] += population
                whole[1] += unmet
            found[measure, TOTAL.code, month] = (whole[0], whole[1])
    return found


def _cells(kind: str, area: str, counts: Counts, day: dt.date, release: str) -> Iterator[Figure]:
    for (measure, grp, month), (population, unmet) in counts.items():
        share = round(100 * unmet / population, 1) if population else None
        for statistic, value in (("population", population), ("unmet", unmet), ("share", share)):
            # A count below three is hidden, and so is the share that would give it back.
            hidden = (0 < population < 3) or (0 < unmet < 3 and statistic != "population")
            number = None if hidden or value is None else float(value)
            yield Figure(
                measure, statistic, kind, area, grp, "", "", month.first, number,
                status_of(number, hidden=hidden), "published", release, day,
            )  # fmt: skip


def _goal(area: str, span: MonthRange, day: dt.date, release: str) -> Iterator[Figure]:
    """The result goal, twice a year."""
    for month in span:
        if month.month not in (6, 12):
            continue
        own = random.Random(f"{_SEED}/{area}/goal")
        expected = round(own.gauss(18, 3), 1)
        actual = round(expected + random.Random(f"{_SEED}/{area}/{month}").gauss(-1.0, 0.7), 1)
        for statistic, value in (("actual_share", actual), ("expected_share", expected)):
            yield Figure(
                "result_goal", statistic, "municipality", area, TOTAL.code, "", "", month.first,
                value, "value", "published", release, day,
            )  # fmt: skip
