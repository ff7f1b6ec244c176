"""What became of a week's call-ins."""

from __future__ import annotations

from tilsyn.records import Record


class Done(Record):
    """A week's call-ins to conversations or offers, held against what was done.

    Attributes:
        team: whose they are; empty for persons without one, and where teams are not told apart.
        week: "2024-W27".
        planned: how many there are.
        held, late: of these, held (or begun) by their last day, and after it.
        left: not held, and the person is on no benefit any more.
    """

    team: str = ""
    week: str
    kind: str
    planned: int
    held: int
    late: int
    left: int

    @property
    def missing(self) -> int:
        """Neither held nor given up."""
        return self.planned - self.held - self.late - self.left
