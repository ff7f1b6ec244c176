"""Milestones: what a plan lets a municipality promise for each line and month; a file of its own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import tomli_w
from pydantic import Field

from tilsyn.records import Record, read_toml
from tilsyn.rules.model import MeasureCode
from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.wording import decimal

if TYPE_CHECKING:
    from tilsyn.planning.plan import Plan


class Milestone(Record):
    """What is planned for one measure, group and month.

    Attributes:
        group: a benefit group or "total".
        month: as text, "2023-09".
        population: persons known when the plan was made.
        unmet, share: how many of them, and how many per cent, lack what is required when the plan
            is carried out.
    """

    measure: MeasureCode
    group: str
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    population: int = Field(ge=0)
    unmet: int = Field(ge=0)
    share: Decimal = Field(ge=0, le=100)


class Milestones(Record):
    """A milestones file."""

    milestones: tuple[Milestone, ...]


def find(
    given: Iterable[Milestone], measure: str, group: str, month: YearMonth
) -> Milestone | None:
    """The milestone of a measure, group and month, if there is one."""
    wanted = (measure, group, str(month))
    return next((m for m in given if (m.measure, m.group, m.month) == wanted), None)


def milestones(plan: Plan) -> Milestones:
    """The milestones of a plan: every figure of its whole months, so that any subject finds its own."""
    return Milestones(
        milestones=tuple(
            Milestone(
                measure=c.measure,
                group=c.group,
                month=str(c.month),
                population=c.population,
                unmet=c.planned,
                share=decimal(100 * c.planned / c.population),
            )
            for c in plan.counts()
            if c.population and c.month in plan.whole_months
        )
    )


def to_toml(found: Milestones) -> str:
    """The file's text."""
    return tomli_w.dumps(
        {"milestones": [{**m.model_dump(), "share": float(m.share)} for m in found.milestones]}
    )


def read(file: Path) -> Milestones:
    """A milestones file.

    Raises:
        InputError: names the file, the key and the mend.
    """
    return read_toml(file, Milestones)
