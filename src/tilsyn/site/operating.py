"""What those who operate an installation watch: database, disk, the daily tick, the age of figures. No person is in it."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Count
from django.utils import timezone

from tilsyn.cases.clock import today
from tilsyn.cases.delivery import GIVES_UP_AFTER
from tilsyn.cases.knowledge import data_folder
from tilsyn.cases.models import Case, Message, ReleaseRecord
from tilsyn.cases.models.case import STATUSES
from tilsyn.cases.tick import last_tick

LEAST_SPACE = 2**28
"""Bytes without which nothing more can be kept safely."""
TICK_DAYS = 2
"""A tick longer ago than so many days is missing."""


@dataclass(frozen=True, slots=True)
class Health:
    """How an installation is.

    Attributes:
        database: whether it answers.
        free_bytes: on the data folder's disk.
        tick_seconds: since time was last moved; None where it never was.
        figures_days: since the newest release in use was published; None where there is none, or
            the database does not answer.
    """

    database: bool
    free_bytes: int
    tick_seconds: int | None
    figures_days: int | None

    @property
    def failing(self) -> list[str]:
        """What is wrong: of "database", "disk" and "tick"."""
        late = self.tick_seconds is not None and self.tick_seconds > TICK_DAYS * 86_400
        found = {
            "database": not self.database,
            "disk": self.free_bytes < LEAST_SPACE,
            "tick": late,
        }
        return [what for what, wrong in found.items() if wrong]

    def record(self) -> dict[str, Any]:
        """As JSON-ready values, with what is failing."""
        return {**asdict(self), "failing": self.failing}


def health() -> Health:
    """How the installation is at this moment."""
    days = None
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        newest = ReleaseRecord.objects.in_use().order_by("-published").first()
        if newest is not None:
            days = (today() - newest.published).days
        answers = True
    except (OperationalError, InterfaceError):
        answers = False
    last = last_tick()
    return Health(
        answers,
        shutil.disk_usage(data_folder()).free,
        None if last is None else int((timezone.now() - last).total_seconds()),
        days,
    )


def metrics() -> str:
    """The same as numbers over time, in the text format of Prometheus, with counts of cases and mail."""
    now = health()
    lines = [
        *_gauge("tilsyn_database_up", "Whether the database answers.", {"": int(now.database)}),
        *_gauge("tilsyn_disk_free_bytes", "Free on the data folder's disk.", {"": now.free_bytes}),
        *_gauge("tilsyn_tick_age_seconds", "Since the last tick.", {"": now.tick_seconds}),
        *_gauge("tilsyn_figures_age_days", "Since the newest release.", {"": now.figures_days}),
    ]
    if now.database:
        unsent = Message.objects.unsent()
        given_up = unsent.filter(attempts__gte=GIVES_UP_AFTER).count()
        mail = {"waiting": unsent.count() - given_up, "given_up": given_up}
        counted = Case.objects.values_list("status").annotate(Count("pk"))
        cases = dict.fromkeys(STATUSES, 0) | dict(counted)
        lines += _gauge("tilsyn_outgoing_messages", "Mail not sent.", _by("state", mail))
        lines += _gauge("tilsyn_cases", "Cases.", _by("status", cases))
    return "\n".join(lines) + "\n"


def _by(name: str, counts: dict[str, int]) -> dict[str, int | None]:
    return {f'{{{name}="{key}"}}': count for key, count in counts.items()}


def _gauge(name: str, told: str, values: dict[str, Any]) -> list[str]:
    """A number's lines; what is not known is left out, as the format has it."""
    known = [f"{name}{labels} {value}" for labels, value in values.items() if value is not None]
    return [f"# HELP {name} {told}", f"# TYPE {name} gauge", *known] if known else []
