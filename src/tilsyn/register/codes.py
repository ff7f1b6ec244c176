"""Code lists of conversation types and offer kinds: shipped, and replaceable by the user's own.

``conversation_types.csv`` has the columns ``code`` (as delivered), ``type`` (the number it stands
for in the common data model, DFDG ``InterviewTypeIdentifier``) and ``name``. ``offer_kinds.csv``
has ``code``, ``kind`` (one of `tilsyn.register.coding.OFFER_KINDS`) and ``name``. A replaced list
may add a source system's own codes as long as each is mapped to a type or kind. The type
"Fleksjobopfølgningssamtale" is known by name only and waits for its number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tilsyn import own
from tilsyn.errors import InputError
from tilsyn.parsing import csv_rows
from tilsyn.register.coding import OFFER_KINDS, OFFER_KINDS_FILE, TYPES
from tilsyn.vocabulary import lists

CONVERSATION_TYPES_FILE = "conversation_types.csv"


@dataclass(frozen=True, slots=True)
class Codes:
    """The code lists a register is read with.

    Attributes:
        conversation_types: delivered code -> type number.
        offer_kinds: delivered code -> index in OFFER_KINDS.
        hashes: SHA-256 of those lists that are not the shipped ones, by file name.
    """

    conversation_types: dict[str, int]
    offer_kinds: dict[str, int]
    hashes: dict[str, str] = field(default_factory=dict)


def _type_number(text: str) -> int:
    number = int(text)
    if not 0 <= number < TYPES:
        raise ValueError
    return number


def read() -> Codes:
    """The code lists at hand: the shipped ones, each replaced by one's own (``vocabulary``).

    Raises:
        InputError: a file has a missing column, a repeated code, or a type or kind that does not exist.
    """

    def entries(name: str, column: str, number: Callable[[str], int]) -> dict[str, int]:
        file, text = lists.own_file(name), lists.text(name)
        found: dict[str, int] = {}
        for line, row in enumerate(csv_rows(text, file=file)[1], 2):
            code, target = (row.get("code") or "").strip(), (row.get(column) or "").strip()
            try:
                value = number(target)
            except ValueError:
                raise InputError(
                    f"'{target}' is no {column}", file=file, place=f"line {line}, column {column}"
                ) from None
            if not code or code in found:
                problem = f"the code '{code}' stands twice" if code else "the code is missing"
                raise InputError(problem, file=file, place=f"line {line}, column code")
            found[code] = value
        if not found:
            raise InputError("has no rows", file=file)
        return found

    return Codes(
        conversation_types=entries(CONVERSATION_TYPES_FILE, "type", _type_number),
        offer_kinds=entries(OFFER_KINDS_FILE, "kind", OFFER_KINDS.index),
        hashes={
            name: sha256
            for path, sha256 in own.hashes("vocabulary").items()
            if (name := path.partition("/")[2]) in (CONVERSATION_TYPES_FILE, OFFER_KINDS_FILE)
        },
    )
