"""The figures the agency published for Ishøj, and the documents they lead to."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from pathlib import Path

import polars as pl

from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.model import Bullets, Document, Heading, Note, Paragraph, Table
from tilsyn.documents.production import produce
from tilsyn.documents.proposal import proposed
from tilsyn.figures.reading import read_published
from tilsyn.figures.vintages import known_on
from tilsyn.protection import Audience, for_audience
from tilsyn.rules import shipped

ISHOEJ = "183"
DECIDED = dt.date(2023, 2, 20)
DECEMBER = dt.date(2023, 12, 1)

COURSE = CourseFacts.model_validate(
    {
        "date": DECIDED,
        "reference": "22/00000",
        "follow_up": "2022-09..2022-11",
        "restore_by": "2023-02",
        "reply_by": dt.date(2023, 3, 7),
        "next_follow_up": "2023-03..2023-05",
        "next_letter": "2023-08",
        "notice": {
            "date": dt.date(2022, 8, 29),
            "months": "2022-03..2022-05",
            "subjects": [
                {"measure": "conversations_6m", "group": "sygedagpenge"},
                {"measure": "offers_6m", "group": "a_dagpenge"},
            ],
        },
    }
)


def sample(name: str, day: dt.date) -> pl.DataFrame:
    """A sample document's figures as they were known on a day."""
    tables = Path(str(files("tilsyn.samples"))) / name
    frames = [read_published(file).figures for file in sorted(tables.glob("*.csv"))]
    return known_on(pl.concat(frames), day)


def follow_up(**changed: dict[str, float]) -> pl.DataFrame:
    """The follow-up's figures; `changed` holds shares by "measure__group" and month."""
    figures = sample("ishoej-2023-02", DECIDED)
    for subject, shares in changed.items():
        measure, grp = subject.split("__")
        for month, share in shares.items():
            cell = (
                (pl.col("measure") == measure)
                & (pl.col("grp") == grp)
                & (pl.col("month") == dt.date.fromisoformat(f"{month}-01"))
            )
            figures = figures.with_columns(
                value=pl.when(cell).then(pl.lit(share)).otherwise(pl.col("value"))
            )
    return figures


def written(kind: str, figures: pl.DataFrame | None = None, **changes: object) -> Document:
    """A document of the course."""
    given: dict[str, object] = {
        "municipality": ISHOEJ,
        "on": DECIDED,
        "facts": COURSE,
        "catalogue": shipped(),
    }
    known = follow_up() if figures is None else figures
    shown = for_audience(known, Audience.of(ISHOEJ))
    return produce(KINDS[kind], shown, **(given | changes))  # type: ignore[arg-type]


def pooled(**changes: object) -> Document:
    """The notice under the rule that judges all groups together."""
    known = sample("ishoej-2023-11", DECEMBER)
    facts = proposed(known, ISHOEJ, DECEMBER, shipped(), reference="23/00000")
    return written("notice", known, **({"on": DECEMBER, "facts": facts} | changes))


def said(document: Document) -> str:
    """The running text and the notes, with breaking spaces."""
    parts = [document.title]
    for block in document.blocks:
        if isinstance(block, Paragraph | Heading | Note):
            parts.append(block.text)
        elif isinstance(block, Bullets):
            parts += block.items
        elif isinstance(block, Table):
            parts += block.notes
    return "\n".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def marked(table: Table) -> set[str]:
    return {row.head.text for row in table.rows if row.head.mark == "breach"}
