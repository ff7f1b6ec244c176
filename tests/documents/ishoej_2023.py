"""The figures the agency published for Ishøj in 2023, and what they lack of a full status note."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import polars as pl

from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.model import Bullets, Document, Figure, Heading, Note, Paragraph, Table
from tilsyn.documents.production import produce
from tilsyn.figures import table
from tilsyn.figures.reading import read_published
from tilsyn.figures.release import Release
from tilsyn.figures.table import status_of
from tilsyn.figures.vintages import corrected
from tilsyn.protection import Audience, Shown, for_audience
from tilsyn.rules import shipped
from tilsyn.vocabulary import MUNICIPALITIES, YearMonth

ISHOEJ = "183"
NOTE_DAY, WARNING_DAY = dt.date(2023, 12, 1), dt.date(2023, 9, 4)
SAMPLES = Path(__file__).parents[2] / "src/tilsyn/samples"


@cache
def published(name: str) -> pl.DataFrame:
    """A sample document's figures."""
    files = sorted((SAMPLES / name).glob("*.csv"))
    return pl.concat([read_published(file).figures for file in files])


@cache
def mended() -> pl.DataFrame:
    """The figures of September 2023, its rows that slipped put back."""
    old = Release("ishoej-2023-09", WARNING_DAY, published("ishoej-2023-09"))
    file = SAMPLES / "ishoej-2023-09/corrections/mended.csv"
    return corrected(
        old, read_published(file).figures, release="ishoej-2023-09-mended", published=WARNING_DAY
    )


DURATIONS = {
    "a_dagpenge": (20.1, 9.9, 25.3, 22.4, 16.2, 6.1, 28.4, 15.2, 22.0, 18.1, 10.1, 6.2),
    "sygedagpenge": (30.0, 13.0, 20.0, 26.0, 8.0, 3.0, 33.0, 13.5, 19.0, 24.0, 7.5, 3.0),
    "jobafklaringsforloeb": (8.0, 6.0, 30.0, 31.0, 17.0, 8.0, 18.0, 14.0, 24.0, 20.0, 14.0, 10.0),
}
GOAL = {
    "total": (17.9, 16.8),
    "a_dagpenge": (2.4, 2.1),
    "sygedagpenge_mv": (3.3, 2.9),
    "kontanthjaelp_mv": (2.6, 2.7),
}
"""Made up: the documents print no numbers for these figures."""


def one(
    measure: str, statistic: str, grp: str, value: float | None, *, month: str, status: str = "",
    area_kind: str = "municipality", area: str = ISHOEJ, category: str = "",
) -> table.Figure:  # fmt: skip
    """A figure."""
    return table.Figure(
        measure, statistic, area_kind, area, grp, "", category, YearMonth.parse(month).first,
        value, status or status_of(value), "published", "test", dt.date(2023, 11, 1),
    )  # fmt: skip


@cache
def full() -> pl.DataFrame:
    """The figures of the status note with those it lacks."""
    bands = ("0-8", "9-13", "14-26", "27-52", "53-104", "105+")
    more = []
    for grp, shares in DURATIONS.items():
        for place, share in enumerate(shares):
            here = place < len(bands)
            more.append(
                one(
                    "durations", "share", grp, share, month="2023-08",
                    category=bands[place % len(bands)],
                    area_kind="municipality" if here else "rar",
                    area=ISHOEJ if here else MUNICIPALITIES[ISHOEJ].rar,
                )
            )  # fmt: skip
    for grp, (actual, expected) in GOAL.items():
        more.append(one("result_goal", "actual_share", grp, actual, month="2023-06"))
        more.append(one("result_goal", "expected_share", grp, expected, month="2023-06"))
    return pl.concat([published("ishoej-2023-11"), table.table(more)])


def readable(vintages: pl.DataFrame, on: dt.date) -> Shown:
    """The figures known on a day as Ishøj sees them."""
    return for_audience(vintages, Audience.of(ISHOEJ), on=on)


def note(
    figures: pl.DataFrame | None = None, *, language: str = "da", on: dt.date = NOTE_DAY
) -> Document:
    """The status note on Ishøj."""
    known = published("ishoej-2023-11") if figures is None else figures
    return produce(
        KINDS["note"], readable(known, on), municipality=ISHOEJ, on=on, facts=CourseFacts(date=on),
        catalogue=shipped(), language=language,
    )  # fmt: skip


def warning(
    figures: pl.DataFrame | None = None, *, language: str = "da", **facts: object
) -> Document:
    """The warning to Ishøj."""
    given = {"date": WARNING_DAY, "addressee": "Jobcenterchefen", "reference": "23/00000", **facts}
    return produce(
        KINDS["warning"], readable(mended() if figures is None else figures, WARNING_DAY),
        municipality=ISHOEJ, on=WARNING_DAY, facts=CourseFacts.model_validate(given),
        catalogue=shipped(), language=language,
    )  # fmt: skip


def changed(
    figures: pl.DataFrame, when: pl.Expr, value: float | None, status: str = ""
) -> pl.DataFrame:
    """The figures with another value where a condition holds."""
    return figures.with_columns(
        value=pl.when(when).then(pl.lit(value, pl.Float64)).otherwise(pl.col("value")),
        status=pl.when(when).then(pl.lit(status or status_of(value))).otherwise(pl.col("status")),
    )


def text(document: Document) -> str:
    """All running text, with breaking spaces."""
    parts: list[str] = [document.title]
    for block in document.blocks:
        if isinstance(block, Paragraph | Heading | Note):
            parts.append(block.text)
        elif isinstance(block, Bullets):
            parts += block.items
        elif isinstance(block, Table | Figure):
            parts += [block.caption, *block.notes]
    return "\n".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def tables(document: Document) -> dict[str, Table]:
    """The tables by the number in their caption: "Tal til figur 2" is 2."""
    found = {}
    for block in document.blocks:
        if isinstance(block, Table):
            digits = [word.strip(".,:") for word in block.caption.split()]
            number = next((word for word in digits if word.isdigit()), "0")
            found[number] = block
    return found


def pictures(document: Document) -> list[Figure]:
    """The pictures."""
    return [block for block in document.blocks if isinstance(block, Figure)]
