"""The codes of what columns name: by code, name and the spellings that the vocabulary knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tilsyn.register.codes import CONVERSATION_TYPES_FILE
from tilsyn.register.coding import BOOKING_STATUSES, OFFER_KINDS_FILE, SCOPES
from tilsyn.vocabulary import GROUPS, MUNICIPALITIES, VISITATION, lists
from tilsyn.vocabulary.names import CodeList, plain

_SAID: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "scope": {
        "offers": ("offer", "tilbud"),
        "conversations": ("conversation", "samtaler", "samtale"),
    },
    "booking_status": {
        "booked": ("booket", "aftalt", "planlagt"),
        "held": ("afholdt", "gennemført"),
        "cancelled": ("aflyst", "annulleret"),
        "no_show": ("udeblevet", "ikke mødt"),
    },
}
"""What codes without a list of their own are called."""


def _listed(file: str) -> dict[str, str]:
    return {
        plain(str(row.get(name) or "")): str(row["code"])
        for row in lists.rows(file)
        for name in ("name", "code")
        if row.get(name)
    }


def _terms(terms: CodeList[Any]) -> dict[str, str]:
    return {
        plain(spelling): one.code
        for one in terms
        for spelling in (one.code, one.da, one.en, *one.spellings)
    }


def _said(kind: str) -> dict[str, str]:
    codes = SCOPES if kind == "scope" else BOOKING_STATUSES
    return {plain(word): code for code in codes for word in (code, *_SAID[kind].get(code, ()))}


_KINDS: Final[Mapping[str, Callable[[], dict[str, str]]]] = {
    # "0183" is how four digits write it.
    "municipality": lambda: (
        _terms(MUNICIPALITIES) | {f"0{code}": code for code in MUNICIPALITIES.codes}
    ),
    "group": lambda: _terms(GROUPS),
    "visitation": lambda: _terms(VISITATION),
    "conversation_type": lambda: _listed(CONVERSATION_TYPES_FILE),
    "offer_kind": lambda: _listed(OFFER_KINDS_FILE),
    "scope": lambda: _said("scope"),
    "booking_status": lambda: _said("booking_status"),
}


def names(kind: str) -> Mapping[str, str]:
    """The codes of a kind of column by what they are called, as `plain` writes it; none where it has no codes."""
    return _KINDS[kind]() if kind in _KINDS else {}
