"""Benefit groups (ydelsesgrupper) and visitation categories, from ``groups.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tilsyn.errors import InputError
from tilsyn.vocabulary import lists
from tilsyn.vocabulary.names import CodeList, Term, Validity
from tilsyn.vocabulary.wording import number


@dataclass(frozen=True, slots=True)
class BenefitGroup(Validity):
    """A benefit group, the total over them, or a combination the result goal uses.

    Attributes:
        da_persons, en_persons: what its members are called in a sentence.
        da_person, en_person: what one of them is; as several where not given.
        seniority: "elapsed" or "accumulated"; empty for the total and combinations.
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
    da_person: str = ""
    en_person: str = ""
    without_category: str = ""

    def name(self, language: str) -> str:
        """The name in tables."""
        return self.da if language == "da" else self.en

    def persons(self, language: str) -> str:
        """Its members, as a sentence calls them."""
        return self.da_persons if language == "da" else self.en_persons

    def counted(self, count: float | Fraction, language: str) -> str:
        """So many of its members: "68 borgere i jobafklaringsforløb", "1 borger i ressourceforløb"."""
        one = self.da_person if language == "da" else self.en_person
        persons = one if count == 1 and one else self.persons(language)
        return f"{number(count, language)}\N{NO-BREAK SPACE}{persons}"


_FILE = "groups.toml"
ADDING_UP = ("elapsed", "accumulated")
"""How time on a benefit may add up."""

NOT_STATED = "uoplyst"
"""The visitation category of what is not stated, or stated as nobody knows it."""


def _group(record: dict[str, Any]) -> BenefitGroup:
    return BenefitGroup(**{**record, "spellings": tuple(record.get("spellings", ()))})


def _visitation(record: dict[str, Any]) -> Term:
    return Term(**{**record, "spellings": tuple(record.get("spellings", ()))})


def _read() -> tuple[CodeList[BenefitGroup], BenefitGroup, CodeList[BenefitGroup], CodeList[Term]]:
    """The list as `GROUPS`, `TOTAL`, `ROWS` and `VISITATION`.

    Raises:
        InputError: the user's own list says something a list cannot say.
    """
    data = lists.records(_FILE)
    try:
        groups = [_group(record) for record in data["group"]]
        categories = [_visitation(record) for record in data["visitation"]]
        total = _group(data["total"])
        combined = [_group(record) for record in data.get("combined", ())]
        lists.checked([group.code for group in groups], _FILE)
        lists.checked([category.code for category in categories], _FILE)
        for group in groups:
            if group.seniority not in ADDING_UP:
                raise ValueError(f"{group.code}: seniority must be one of {', '.join(ADDING_UP)}")
        if total.code != "total" or NOT_STATED not in {category.code for category in categories}:
            raise ValueError(f"the total's code is 'total', and '{NOT_STATED}' is a visitation")
        return (
            CodeList("benefit group", groups),
            total,
            CodeList("benefit group", [total, *groups, *combined]),
            CodeList("visitation category", categories),
        )
    except KeyError as error:
        raise InputError(f"{error} is missing", file=lists.own_file(_FILE)) from None
    except (TypeError, ValueError, AttributeError) as error:
        reason = (
            str(error)
            .replace("BenefitGroup.__init__()", "a group")
            .replace("Term.__init__()", "a visitation category")
        )
        raise InputError(reason, file=lists.own_file(_FILE)) from None


GROUPS, TOTAL, ROWS, VISITATION = _read()
"""The benefit groups in published order; the row over them ("Ydelsesgrupper i alt"), which is none
of them; everything a table row may be about (total, groups, the result goal's combinations); and
the visitation categories inside a group."""
