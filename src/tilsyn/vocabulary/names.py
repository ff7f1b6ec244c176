"""One code, many spellings: how every code list of this room is looked up."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tilsyn.vocabulary.months import YearMonth


class Named(Protocol):
    """Anything with a code, a Danish and an English name, and other spellings it was met in."""

    @property
    def code(self) -> str:
        """ASCII code used in data and in Python."""

    @property
    def da(self) -> str:
        """Danish name."""

    @property
    def en(self) -> str:
        """English name."""

    @property
    def spellings(self) -> tuple[str, ...]:
        """Other spellings met in letters and tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """From when and until when a member of a list is formed.

    Attributes:
        valid_from: the first day; None where it is not known, or before any figures.
        valid_to: the first day it is formed no longer; None while it is.
    """

    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def exists_in(self, month: YearMonth) -> bool:
        """Whether there are figures of it in a month."""
        begun = self.valid_from is None or self.valid_from <= month.last
        return begun and (self.valid_to is None or month.first < self.valid_to)


@dataclass(frozen=True, slots=True)
class Term(Validity):
    """A code with its names, and when it is valid."""

    code: str
    da: str
    en: str
    spellings: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The name in a language."""
        return self.da if language == "da" else self.en


class Member(Named, Protocol):
    """A member of a list, with when it is valid."""

    @property
    def valid_from(self) -> dt.date | None:
        """The first day."""

    @property
    def valid_to(self) -> dt.date | None:
        """The first day it is formed no longer."""

    def exists_in(self, month: YearMonth) -> bool:
        """Whether there are figures of it in a month."""


N = TypeVar("N", bound=Named)


def plain(text: str) -> str:
    """A spelling without what printing varies: case, emphasis marks, repeated spaces, full stops."""
    return re.sub(r"\s+", " ", re.sub(r"</?b>|[*.]", "", text)).strip().casefold()


class CodeList(Generic[N]):
    """An ordered code list that finds its members by code or by any spelling.

    Args:
        kind: what the members are, for messages ("benefit group").
        members: in published order.
    """

    def __init__(self, kind: str, members: Iterable[N]):
        self.kind = kind
        self._by_code = {member.code: member for member in members}
        self._by_spelling: dict[str, N] = {}
        for member in self._by_code.values():
            for spelling in (member.code, member.da, member.en, *member.spellings):
                other = self._by_spelling.setdefault(plain(spelling), member)
                if other is not member:
                    raise ValueError(f"'{spelling}' names both {other.code} and {member.code}")

    def find(self, text: str) -> N | None:
        """The member with this code or spelling, or None."""
        return self._by_spelling.get(plain(text))

    def matching(self, text: str) -> list[N]:
        """The members that have the text in one of their names or spellings, in published order."""
        part = plain(text)
        within = {m.code for spelling, m in self._by_spelling.items() if part in spelling}
        return [member for member in self if member.code in within]

    def read(self, text: str) -> N:
        """The member with this code or spelling.

        Raises:
            ValueError: there is none; the message lists what there is.
        """
        if (member := self.find(text)) is None:
            known = list(self._by_code.values())
            names = ", ".join(member.da for member in known[:12]) + (
                ", …" if len(known) > 12 else ""
            )
            raise ValueError(f"'{text}' is no known {self.kind}; known are: {names}")
        return member

    def __getitem__(self, code: str) -> N:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        # What a file says may be of any type, a list too.
        return isinstance(code, str) and code in self._by_code

    def __iter__(self) -> Iterator[N]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in published order."""
        return tuple(self._by_code)
