"""Pseudonyms: CPR numbers become keyed hashes at the door, and only the hashes go on.

A pseudonym is the first 128 bits of HMAC-SHA-256 over the normalised number, in hexadecimal. A
plain hash would not do: there are few enough CPR numbers to try them all. The secret stays outside
the data; beside the data only its fingerprint is kept, so that another secret is noticed.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tilsyn.errors import InputError

SECRET_VARIABLE: Final = "TILSYN_SECRET"
SMALLEST_SECRET: Final = 32
"""Bytes: as many as the hash gives out."""

_TEN = re.compile(r"\d{10}", re.ASCII)
_NINE = re.compile(r"\d{9}", re.ASCII)
_BIRTHDAY = "(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}"
_SHORTENED = "[1-9](0[1-9]|1[0-2])[0-9]{2}"  # a leading nought lost, as spreadsheets do
_WEIGHTS: Final = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)

# Anything that may be a CPR number, written in whatever way: ten digits in pairs and a four with
# up to three other marks between, or an administrative number (six digits, four letters or digits).
_HIDDEN = re.compile(
    r"(?:\d[\W_]{0,3}){9}\d|(?<!\w)\d{6}[\W_]{0,3}[^\W_]{4}(?![^\W_])",
)

# What can hardly be anything else: a birthday and four digits that stand alone.
_WRITTEN = re.compile(rf"(?<![\w-]){_BIRTHDAY}[- ]?[0-9]{{4}}(?![\w-])", re.ASCII)


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
    """The number as it is hashed: without dash or space, in capitals, with its leading nought."""
    bare = person.replace("-", "").replace(" ", "").upper()
    return f"0{bare}" if _NINE.fullmatch(bare) else bare


def pseudonym(secret: bytes, person: str) -> str:
    """The pseudonym of a person's CPR number or administrative number."""
    return hmac.digest(secret, normalised(person).encode(), "sha256").hex()[:32]


def looks_like_cpr(persons: pa.Array) -> bool:
    """Whether a column of persons (Arrow strings) holds CPR numbers.

    It does when one is written ddmmyy-xxxx with a birthday, or when most of its ten-digit numbers
    (nine, where a leading nought was lost) begin with a birthday: among arbitrary numbers one in
    twenty-eight does.
    """
    length = pc.binary_length(persons)
    near = persons.filter(
        pc.and_(pc.greater_equal(length, pa.scalar(9)), pc.less_equal(length, pa.scalar(11)))
    )

    def many(pattern: str) -> int:
        return pc.sum(pc.match_substring_regex(near, pattern)).as_py() or 0

    if not len(near):
        return False
    if many(rf"^{_BIRTHDAY}[- ][0-9]{{4}}$"):
        return True
    return 2 * many(rf"^({_BIRTHDAY}|{_SHORTENED})[0-9]{{4}}$") > many("^[0-9]{9,10}$")


def fails_modulus_11(person: str) -> bool:
    """Whether a ten-digit number fails the check that CPR numbers need not pass since 2007."""
    digits = normalised(person)
    return bool(_TEN.fullmatch(digits)) and bool(
        sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11
    )


def names_cpr(text: str) -> bool:
    """Whether a CPR number is written somewhere in a text."""
    return bool(_WRITTEN.search(text))


def masked(text: str) -> str:
    """The text with everything that may be a CPR number replaced by crosses."""
    return _HIDDEN.sub("xxxxxx-xxxx", text)


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
