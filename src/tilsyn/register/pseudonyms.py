"""Pseudonyms: CPR numbers become keyed hashes at the door, and only the hashes go on.

A pseudonym is the first 128 bits of HMAC-SHA-256 over the normalised number, in hexadecimal. A
plain hash would not do: there are few enough CPR numbers to try them all. The secret stays outside
the data; beside the data only its fingerprint is kept, so that another secret is noticed.
"""

from __future__ import annotations

import hmac
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tilsyn import cpr
from tilsyn.errors import InputError

SECRET_VARIABLE: Final = "TILSYN_SECRET"
SMALLEST_SECRET: Final = 32
"""Bytes: as many as the hash gives out."""

_WEIGHTS: Final = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)

_UNLIKELY: Final = 1e-6
"""How often numbers drawn at random may be taken for CPR numbers."""


def read_secret(file: Path | None = None) -> bytes | None:
    """The secret from a file, else from the environment variable TILSYN_SECRET, else None.

    White space around it is not part of it.

    Raises:
        InputError: the file cannot be read, or the secret is shorter than 32 bytes.
    """
    if file is not None:
        try:
            secret, where = file.read_bytes().strip(), str(file)
        except OSError as error:
            raise InputError(f"the secret cannot be read ({error.strerror})", file=file) from None
    else:
        secret, where = os.environ.get(SECRET_VARIABLE, "").encode().strip(), SECRET_VARIABLE
        if not secret:
            return None
    if len(secret) < SMALLEST_SECRET:
        raise InputError(
            f"the secret has {len(secret)} bytes, at least {SMALLEST_SECRET} are needed; "
            "make one with: openssl rand -hex 32",
            file=where,
        )
    return secret


def fingerprint(secret: bytes) -> str:
    """Tells one secret from another and nothing more: 16 hexadecimal digits."""
    return hmac.digest(secret, b"tilsyn: which secret", "sha256").hex()[:16]


def normalised(person: str) -> str:
    """The number as it is hashed: its ten signs; any other name without dash or space, in capitals."""
    number = cpr.read(person)
    return number.number if number else person.replace("-", "").replace(" ", "").upper()


def pseudonym(secret: bytes, person: str) -> str:
    """The pseudonym of a person's CPR number or administrative number."""
    return hmac.digest(secret, normalised(person).encode(), "sha256").hex()[:32]


@dataclass(frozen=True, slots=True)
class Signs:
    """What in a column of persons speaks for CPR numbers.

    Attributes:
        parted: how many are written with a mark between birthday and serial.
        bare: numbers of ten and of nine digits, by how many digits.
        known: of these, how many begin with a birthday.
    """

    parted: int
    bare: dict[int, int]
    known: dict[int, int]

    @classmethod
    def of(cls, persons: pa.Array | pa.ChunkedArray) -> Signs:
        """The signs in a column of Arrow strings; each different person counts once."""
        length = pc.binary_length(persons)
        short = pc.and_(pc.greater(length, 8), pc.less_equal(length, cpr.LONGEST))
        ascii_only = pc.string_is_ascii(persons)
        odd = pc.unique(persons.filter(pc.invert(ascii_only)))
        names = pc.unique(persons.filter(pc.and_(short, ascii_only)))
        length = pc.binary_length(names)
        bare, known = {}, {}
        for digits, pattern in ((10, cpr.TEN), (9, cpr.NINE)):
            long = names.filter(pc.equal(length, digits))
            some = long.filter(pc.match_substring_regex(long, "^[0-9]*$"))
            bare[digits] = len(some)
            known[digits] = pc.sum(pc.match_substring_regex(some, pattern)).as_py() or 0
        marked = names.filter(pc.invert(pc.match_substring_regex(names, "^[0-9]*$")))
        marked = marked.filter(pc.match_substring_regex(marked, cpr.SHAPE))
        parted = 0
        for name in [*odd.to_pylist(), *marked.to_pylist()]:
            if (number := cpr.read(name)) is None:
                continue
            if number.parted:
                parted += number.known
            elif number.number.isdecimal():
                bare[number.digits] += 1
                known[number.digits] += number.known
        return cls(parted, bare, known)

    @property
    def beyond_chance(self) -> bool:
        """Whether they are CPR numbers, whatever is said of them.

        One written as such is enough. Of bare numbers a larger part must begin with a birthday than
        such a part of numbers drawn at random: 7.3 per cent of those of ten digits, 12 per cent of those
        of nine. It is larger where numbers drawn at random would come that far less than once in a
        million times, by Chernoff's bound on the binomial distribution (which is never too small); with
        six numbers all of them are needed.
        """
        return bool(self.parted) or any(
            _beyond(self.known[digits], self.bare[digits], chance)
            for digits, chance in cpr.CHANCE.items()
        )

    @property
    def likely(self) -> bool:
        """Whether they are CPR numbers where nobody says anything: beyond chance, or most of them."""
        return self.beyond_chance or 2 * sum(self.known.values()) > sum(self.bare.values())


def _beyond(found: int, of: int, chance: float) -> bool:
    if not of or (share := found / of) <= chance:
        return False
    apart = share * math.log(share / chance)
    if share < 1:
        apart += (1 - share) * math.log((1 - share) / (1 - chance))
    return of * apart > -math.log(_UNLIKELY)


def fails_modulus_11(person: str) -> bool:
    """Whether a ten-digit number fails the check that CPR numbers need not pass since 2007."""
    number = normalised(person)
    return (
        len(number) == len(_WEIGHTS)
        and number.isdecimal()
        and bool(
            sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=True)) % 11
        )
    )


class Pseudonymiser:
    """Turns persons into pseudonyms, each person once.

    Args:
        secret: at least 32 bytes.
        remembered: how many persons are kept in memory; beyond that a person met again is hashed
            again, so memory stays bounded.
    """

    def __init__(self, secret: bytes, remembered: int = 3_000_000):
        self._secret, self._room = secret, remembered
        self._known: dict[str, str] = {}
        self._failing: set[str] = set()

    @property
    def failing_modulus_11(self) -> int:
        """Persons met whose number fails modulus 11."""
        return len(self._failing)

    def __call__(self, persons: Iterable[str]) -> list[str]:
        """The pseudonyms of these persons, in their order."""
        known, found = self._known, []
        for person in persons:
            if (name := known.get(person)) is None:
                name = pseudonym(self._secret, person)
                if fails_modulus_11(person):
                    self._failing.add(name)
                if len(known) < self._room:
                    known[person] = name
            found.append(name)
        return found
