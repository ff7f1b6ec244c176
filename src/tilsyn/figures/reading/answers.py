"""Archived answers of Jobindsats as files: JSON and CSV, of versions 2 and 3 of its API."""

from __future__ import annotations

from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.figures.jobindsats.answers import Answer, answer, is_answer_header
from tilsyn.figures.jobindsats.figures import told
from tilsyn.figures.jobindsats.settings import TableSetting, settings
from tilsyn.figures.reading.model import Cell, Reading, reading
from tilsyn.figures.reading.tidy import Defaults
from tilsyn.vocabulary import MEASURES


def is_answer(text: str) -> bool:
    """Whether a text is an answer: JSON, or CSV under the labels of period and area."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return first.lstrip().startswith(("{", "[")) or is_answer_header(first)


def read_answer(data: bytes, file: Path, defaults: Defaults) -> Reading:
    """Read an answer; which measure it is of, its columns say by the tables file (or the shipped).

    An answer does not say when it was given: `defaults` must.

    Raises:
        InputError: the answer is damaged, fits no measure or several, or has no date.
    """
    found = answer(data, name=str(file))
    setting = _setting(found, file, defaults)
    if defaults.published is None:
        raise InputError(
            "when was it published? An answer does not say; give --published 2023-02-20", file=file
        )
    cells, unread = told(
        found,
        setting,
        release=defaults.release or file.stem,
        published=defaults.published,
    )
    if not cells:
        raise InputError(
            f"the answer has no rows of {setting.measure} under periods {setting.period_type}",
            file=file,
        )
    return reading(
        file,
        [Cell(one.figure, one.raw, one.place) for one in cells],
        unread.anomalies(setting.measure),
    )


def _setting(found: Answer, file: Path, defaults: Defaults) -> TableSetting:
    fitting = [setting for setting in settings().table if setting.reads(found)]
    if defaults.seniority:
        fitting = [s for s in fitting if MEASURES[s.measure].seniority_months == defaults.seniority]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise InputError(
            "an answer of Jobindsats, but not of a supervisory table; its columns are: "
            f"{', '.join(found.columns)}; say which of them are meant in tables/supervision.toml of your own folder (--own DIR)",
            file=file,
        )
    measures = ", ".join(setting.measure for setting in fitting)
    raise InputError(
        f"the columns fit more than one measure ({measures}); give --seniority 6 or --seniority 12",
        file=file,
    )
