"""Arguments and options that several commands share, and how their text is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tilsyn.errors import UsageError
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, MonthRange, YearMonth, parse_published

if TYPE_CHECKING:
    from tilsyn.figures.anomalies import Anomaly
    from tilsyn.rules.finding import SetAsideOf

# What reads figures and rules takes a while to start: it is imported when it is called.

Language = Literal["da", "en"]
Format = Literal["table", "json"]

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="SOURCE...", help="Files, releases or folders of releases; combined cell by cell."
    ),
]
On = Annotated[
    str,
    typer.Option("--on", metavar="DATE", help="Day of the judgement; it picks the rule version."),
]
KnownOn = Annotated[
    str | None,
    typer.Option(
        "--known-on",
        metavar="DATE",
        help="Use the figures as they were known that day (default: the day of the judgement).",
    ),
]
MunicipalityName = Annotated[
    str | None,
    typer.Option(
        "--municipality", "-m", metavar="NAME", help="Only this municipality (name or code)."
    ),
]
LanguageOption = Annotated[Language, typer.Option("--language", "-l", help="Danish or English.")]
FormatOption = Annotated[Format, typer.Option("--format", help="For people or for programs.")]


Into = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Write them to a file for a spreadsheet: .csv or .xlsx."
    ),
]


def day(text: str, option: str) -> dt.date:
    """A date option's value; a month counts from its first day.

    Raises:
        UsageError: the text is no date.
    """
    try:
        return parse_published(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def months(text: str, option: str = "--months") -> MonthRange:
    """A range of months, "2022-09..2022-11".

    Raises:
        UsageError: the text is no range.
    """
    try:
        return MonthRange.parse(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def municipality(text: str, option: str = "--municipality") -> str:
    """The code of a municipality given by name, code or spelling.

    Raises:
        UsageError: there is none.
    """
    try:
        return MUNICIPALITIES.read(text).code
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def measure(text: str) -> str:
    """The code of a measure.

    Raises:
        UsageError: there is none.
    """
    if text not in MEASURES:
        raise UsageError(
            f"--measure: no measure '{text}'; measures are {', '.join(MEASURES.codes)}"
        )
    return text


def group(text: str) -> str:
    """The code of a benefit group given by code, name or spelling.

    Raises:
        UsageError: there is none.
    """
    try:
        return ROWS.read(text).code
    except ValueError as error:
        raise UsageError(f"--group: {error}") from None


def listed(text: str) -> list[str]:
    """The parts of an option written with commas: "pdf, docx"."""
    return [part.strip() for part in text.split(",") if part.strip()]


def set_aside(sources: list[Path]) -> SetAsideOf:
    """Of each of the sources' releases: what was set aside of the register it was measured from."""
    from tilsyn.figures import release as releases
    from tilsyn.figures.vintages import released

    said = map(releases.manifest, released(sources))
    found = {one.id: one.set_aside for one in said}
    return lambda release: found.get(release, {})


def anomalies(sources: list[Path]) -> list[Anomaly]:
    """What was found odd when the sources were read; nothing of releases that were superseded."""
    from tilsyn.figures import release as releases
    from tilsyn.figures.reading import read_published
    from tilsyn.figures.vintages import released

    files = [source for source in sources if source.is_file()]
    found = [a for file in files for a in read_published(file).anomalies]
    made = {folder: releases.manifest(folder) for folder in released(sources)}
    superseded = {said.supersedes for said in made.values()}
    return [
        *found,
        *(
            anomaly
            for folder, said in made.items()
            if said.id not in superseded
            for anomaly in releases.anomalies(folder)
        ),
    ]


def read_month(text: str) -> YearMonth:
    """A month, written as `YearMonth.parse` reads it.

    Raises:
        BadParameter: the text is no month.
    """
    try:
        return YearMonth.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
