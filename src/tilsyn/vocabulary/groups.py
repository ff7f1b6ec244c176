"""Benefit groups (ydelsesgrupper) and visitation categories, from ``groups.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from tilsyn.vocabulary.names import CodeList, Term, Validity


@dataclass(frozen=True, slots=True)
class BenefitGroup(Validity):
    """A benefit group, the total over them, or a combination the result goal uses.

    Attributes:
        da_persons, en_persons: what its members are called in a sentence.
        seniority: "elapsed" or "accumulated"; empty for the total and combinations.
    """

    code: str
    da: str
    en: str
    da_persons: str
    en_persons: str
    spellings: tuple[str, ...] = ()
    seniority: str = ""

    def name(self, language: str) -> str:
        """The name in tables."""
        return self.da if language == "da" else self.en

    def persons(self, language: str) -> str:
        """Its members, as a sentence calls them."""
        return self.da_persons if language == "da" else self.en_persons


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
    (Term(**{**record, "spellings": tuple(record["spellings"])}) for record in _DATA["visitation"]),
)
"""The visitation categories inside a group."""
