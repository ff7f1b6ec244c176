"""The 98 municipalities and the areas they add up to: RAR, AMK, region, country."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from dataclasses import dataclass

from tilsyn.vocabulary import lists
from tilsyn.vocabulary.names import CodeList, Term, Validity


@dataclass(frozen=True, slots=True)
class Municipality(Validity):
    """A municipality of residence; figures are always counted by residence.

    Attributes:
        code: the official three-digit code, "101" to "860".
        name: as Jobindsats writes it, without "Kommune".
        official_da, official_en: what its authority is called: "Københavns Kommune".
        spellings: everything else it is met as, the official names among it.
        rar, amk, region: codes of the areas it belongs to.
    """

    code: str
    name: str
    official_da: str
    official_en: str
    spellings: tuple[str, ...]
    rar: str
    amk: str
    region: str
    note: str = ""

    @property
    def da(self) -> str:
        """Danish name."""
        return self.name

    @property
    def en(self) -> str:
        """English name (the same)."""
        return self.name

    def official(self, language: str) -> str:
        """What its authority is called: "Bornholms Regionskommune"."""
        return self.official_da if language == "da" else self.official_en

    def area(self, kind: str) -> str:
        """The code of its area of a kind: municipality, rar, amk, region or country."""
        codes = {"municipality": self.code, "rar": self.rar, "amk": self.amk, "region": self.region}
        return codes.get(kind, COUNTRY)


_AREAS = tomllib.loads((lists.SHIPPED / "areas.toml").read_text(encoding="utf-8"))


def _municipalities() -> list[Municipality]:
    text = (lists.SHIPPED / "municipalities.csv").read_text(encoding="utf-8")
    return [
        Municipality(
            spellings=_spellings(row),
            valid_from=_day(row.pop("valid_from", None)) or _AREAS["municipality"]["valid_from"],
            valid_to=_day(row.pop("valid_to", None)),
            **{k: v for k, v in row.items() if k != "spellings"},
        )
        for row in csv.DictReader(text.splitlines())
    ]


def _spellings(row: dict[str, str]) -> tuple[str, ...]:
    others = [*filter(None, row["spellings"].split(";"))]
    bare = (f"{name} Kommune" for name in (row["name"], *others))
    return (*others, row["official_da"], row["official_en"], *bare)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


COUNTRY = "dk"
"""The code of the whole country."""

MUNICIPALITIES = CodeList("municipality", _municipalities())
"""The 98 municipalities, by code."""

AREA_KINDS = ("municipality", "rar", "amk", "region", "country")
"""Kinds of area, from the smallest up."""

AREAS: dict[str, CodeList[Term]] = {
    kind: CodeList(kind, (Term(**record) for record in _AREAS[kind])) for kind in AREA_KINDS[1:]
}
"""Areas above the municipality, by kind."""


def area_name(kind: str, code: str, language: str = "da") -> str:
    """What an area is called; an unknown code is returned as it is."""
    if kind == "municipality":
        return MUNICIPALITIES[code].name if code in MUNICIPALITIES else code
    known = AREAS.get(kind)
    if known is None or code not in known:
        return code
    return known[code].da if language == "da" else known[code].en
