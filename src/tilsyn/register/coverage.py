"""Coverage: of which municipalities and days a register tells in full, as its ``coverage.toml`` says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Final

import tomli_w
from pydantic import BeforeValidator, Field, model_validator

from tilsyn.records import Record, build, read_toml
from tilsyn.vocabulary import MUNICIPALITIES

COVERAGE: Final = "coverage.toml"
_YEARS = range(1990, 2101)


def _codes(value: Any) -> tuple[str, ...]:
    if value == "all":
        return tuple(sorted(MUNICIPALITIES.codes))
    if not value or not isinstance(value, list | tuple) or not all(type(t) is str for t in value):
        raise ValueError('write a list of codes or names, e.g. ["183"], or "all"')
    found = {text: MUNICIPALITIES.find(text) for text in value}
    if unknown := [text for text, one in found.items() if one is None]:
        raise ValueError(f'\'{unknown[0]}\' is no municipality; write e.g. "183" or "Ishøj"')
    return tuple(sorted({one.code for one in found.values() if one}))


def _day(value: Any) -> dt.date:
    try:
        day = value if type(value) is dt.date else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"'{value}' is no date; write it as 2022-01-01") from None
    if day.year not in _YEARS:
        raise ValueError(f"{day} lies outside 1990-2100")
    return day


Day = Annotated[dt.date, BeforeValidator(_day)]


class Coverage(Record):
    """What a register covers.

    Attributes:
        municipalities: codes; in the file also names, or ``all``.
        first, last: conversations, offers and hours are complete from this day to that one; spells
            may begin earlier. In the file: ``from`` and ``to``.
    """

    municipalities: Annotated[tuple[str, ...], BeforeValidator(_codes)]
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @model_validator(mode="after")
    def _forward(self) -> Coverage:
        if self.last < self.first:
            raise ValueError(f"to ({self.last}) lies before from ({self.first})")
        return self

    @property
    def codes(self) -> frozenset[int]:
        """The municipalities' codes as numbers."""
        return frozenset(map(int, self.municipalities))

    def record(self) -> dict[str, Any]:
        """As plain values, for TOML and JSON."""
        said = self.model_dump(mode="json", by_alias=True)
        every = len(self.municipalities) == len(MUNICIPALITIES.codes)
        return said | ({"municipalities": "all"} if every else {})


def read(folder: Path) -> Coverage | None:
    """What the register in a folder says it covers; None where it does not say.

    Raises:
        InputError: ``coverage.toml`` cannot be read, or says what has no meaning.
    """
    file = folder / COVERAGE
    return read_toml(file, Coverage) if file.exists() or file.is_symlink() else None


def write(folder: Path, municipalities: Any, first: dt.date, last: dt.date) -> None:
    """State what the register in a folder covers (the arguments are as in the file)."""
    said = {"municipalities": municipalities, "from": first, "to": last}
    covers = build(Coverage, said, file=folder / COVERAGE)
    (folder / COVERAGE).write_text(tomli_w.dumps(covers.record()), encoding="utf-8")
