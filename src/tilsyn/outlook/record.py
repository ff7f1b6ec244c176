"""What an outlook says of verdicts, for programs and pages; whoever reads it does not wait for the engine."""

from __future__ import annotations

from tilsyn.records import Record


class Chance(Record):
    """How likely a verdict is when a month's figures are the newest.

    Attributes:
        verdict: `flagged`, `missed` or `restored`.
        month: the newest month; of `restored`, the last follow-up month of a notice sent now.
        probability: from 0 to 1, three decimals.
    """

    rule: str
    version: str
    measure: str
    group: str
    month: str
    verdict: str
    probability: float
