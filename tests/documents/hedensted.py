"""The figures the agency published for Hedensted in 2022, and the notice they lead to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from tilsyn.documents.contents.notice import notice
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import sample_letterhead
from tilsyn.documents.model import Document, Stamp
from tilsyn.figures.table import Figure, status_of, table
from tilsyn.rules import shipped
from tilsyn.vocabulary import MonthRange, YearMonth

HEDENSTED = "766"
MONTHS = MonthRange.parse("2021-12..2022-02")

PUBLISHED = """
total                70 106 129  27,1 25,5 27,1
sygedagpenge         34  24  64  23,5 29,2 20,9
ledighedsydelse       5   .   3  80   100  33,3
ressourceforloeb      5   4   3  20   25   33,3
jobafklaringsforloeb  .  20  12  50   45   66,7
kontanthjaelp         3   5   .  33,3 33,3 100
uddannelseshjaelp     8   7  14  50   71,4 71,4
"""
"""Persons with six months' seniority, then the share with fewer than four conversations."""


@dataclass(frozen=True)
class Month:
    month: YearMonth


@dataclass(frozen=True)
class Finding:
    grp: str
    measure: str = "conversations_6m"
    verdict: str = "flagged"
    municipality: str = HEDENSTED
    months: tuple[Month, ...] = tuple(map(Month, MONTHS))
    threshold: Decimal | None = Decimal(20)
    smallest_population: int | None = 10
    persistence: int = 3


def figures(
    published: str = PUBLISHED, measure: str = "conversations_6m", months: MonthRange = MONTHS
) -> pl.DataFrame:
    def figure(grp: str, statistic: str, month: YearMonth, raw: str) -> Figure:
        value = None if raw in (".", "-") else float(raw.replace(",", "."))
        status = status_of(value, hidden=raw == ".")
        return Figure(
            measure, statistic, "municipality", HEDENSTED, grp, "", "", month.first,
            value, status, "published", "2022-05", dt.date(2022, 5, 1),
        )  # fmt: skip

    found = []
    for line in published.split("\n"):
        if line.strip():
            grp, *raws = line.split()
            names = [(s, m) for s in ("population", "share") for m in months]
            found += [figure(grp, s, m, raw) for (s, m), raw in zip(names, raws, strict=True)]
    return table(found)


FACTS = CourseFacts.model_validate(
    {
        "date": dt.date(2022, 5, 16),
        "reference": "22/00000",
        "addressee": "Jobcenterchefen, Hedensted Kommune",
        "follow_up": "2022-07..2022-09",
        "restore_by": "2023-01",
    }
)
STAMP = Stamp(("hedensted-2022-05",), "early_effort_a, version 2022", "tilsyn 0.1.0")


def letter(**changes: object) -> Document:
    given: dict[str, object] = {
        "municipality": HEDENSTED,
        "findings": [Finding("sygedagpenge")],
        "figures": figures(),
        "facts": FACTS,
        "letterhead": sample_letterhead("midt_nord"),
        "catalogue": shipped(),
        "stamp": STAMP,
    }
    return notice(Occasion(**(given | changes)))  # type: ignore[arg-type]
