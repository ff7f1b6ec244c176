"""Benefit groups (ydelsesgrupper) and visitation categories, from ``groups.toml``."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from tilsyn.vocabulary.months import YearMonth
from tilsyn.vocabulary.names import CodeList, Term


@dataclass(frozen=True, slots=True)
class BenefitGroup:
    """A benefit group, the total over them, or a combination the result goal uses.

    Attributes:
        da_persons, en_persons: what its members are called in a sentence.
        seniority: "elapsed" or "accumulated"; empty for the total and combinations.
        valid_to: first day the group is no longer formed; None while it is.
        without_category: the visitation category of those without one, so that the split by
            visitation adds up to the group; empty where it need not.
    """

    code: str
    da: str
    en: str
    da_persons: str
    en_persons: str
    spellings: tuple[str, ...] = ()
    seniority: str = ""
    valid_to: dt.date | None = None
    without_category: str = ""

    def name(self, language: str) -> str:
        """The name in tables."""
        return self.da if language == "da" else self.en

    def persons(self, language: str) -> str:
        """Its members, as a sentence calls them."""
        return self.da_persons if language == "da" else self.en_persons

    def exists_in(self, month: YearMonth) -> bool:
        """Whether the group is formed in a month."""
        return self.valid_to is None or month.first < self.valid_to


def _group(record: dict[str, Any]) -> BenefitGroup:
    return BenefitGroup(**{**record, "spellings": tuple(record["spellings"])})


_DATA = tomllib.loads(files(__package__).joinpath("groups.toml").read_text(encoding="utf-8"))

GROUPS: CodeList[BenefitGroup] = CodeList("benefit group", map(_group, _DATA["group"]))
"""The nine benefit groups, in published order."""

TOTAL = _group(_DATA["total"])
"""The row over all groups ("Ydelsesgrupper i alt"); not itself a group."""

ROWS: CodeList[BenefitGroup] = CodeList(
    "benefit group", [TOTAL, *GROUPS, *map(_group, _DATA["combined"])]
)
"""Everything a table row may be about: the total, the groups, the result goal's combinations."""

VISITATION = CodeList(
    "visitation category",
    (Term(r["code"], r["da"], r["en"], tuple(r["spellings"])) for r in _DATA["visitation"]),
)
"""The visitation categories inside a group."""
