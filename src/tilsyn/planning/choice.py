"""Which of a worklist's call-ins are looked at or handed out: a week's, a team's, or all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tilsyn.words import gettext

if TYPE_CHECKING:
    # Whoever only says what is chosen does not wait for the solver.
    from tilsyn.planning.worklist import Entry


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice.

    Attributes:
        week: "2024-W27"; empty: every week.
        team: None: everybody; the team without a name is of those without one.
    """

    week: str = ""
    team: str | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.week and self.team is None

    def of(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that are chosen, in their order."""
        return [
            entry
            for entry in entries
            if self.week in ("", entry.week) and self.team in (None, entry.team)
        ]

    def told(self, language: str) -> str:
        """The choice in words: "uge 27, 2024, team Nord"."""
        year, _, number = self.week.partition("-W")
        week = (
            gettext("week {number}, {year}", language, number=int(number), year=year)
            if self.week
            else gettext("every week", language)
        )
        if self.team is None:
            return f"{week}, " + gettext("every team", language)
        team = (
            gettext("team {team}", language, team=self.team)
            if self.team
            else gettext("without a team", language)
        )
        return f"{week}, {team}"

    @property
    def slug(self) -> str:
        """The choice as the end of a file's name: "-2024-W27-Nord"; empty for the whole."""
        parts = [part for part in (self.week, self.team) if part is not None and part != ""]
        if self.team == "":
            parts.append("0")
        text = "".join(f"-{part}" for part in parts)
        return "".join(sign if sign.isalnum() or sign == "-" else "_" for sign in text)


EVERYTHING = Choice()
