"""The codes of what columns name: by code, name and the spellings that the vocabulary knows."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from typing import Any, Final

from tilsyn.register.codes import CONVERSATION_TYPES_FILE
from tilsyn.register.coding import BOOKING_STATUSES, OFFER_KINDS_FILE, SCOPES
from tilsyn.vocabulary import GROUPS, MUNICIPALITIES, VISITATION, lists
from tilsyn.vocabulary.names import CodeList, plain

SPELLINGS: Final[Mapping[str, Any]] = tomllib.loads(
    files(__package__).joinpath("spellings.toml").read_text(encoding="utf-8")
)
"""What tables, columns and codes are called in extracts."""


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


def _said(kind: str, codes: Iterable[str]) -> dict[str, str]:
    called = SPELLINGS["codes"][kind]
    return {plain(word): code for code in codes for word in (code, *called.get(code, ()))}


_KINDS: Final[Mapping[str, Callable[[], dict[str, str]]]] = {
    # "0183" is how four digits write it.
    "municipality": lambda: (
        _terms(MUNICIPALITIES) | {f"0{code}": code for code in MUNICIPALITIES.codes}
    ),
    "group": lambda: _terms(GROUPS),
    "visitation": lambda: _terms(VISITATION),
    "conversation_type": lambda: _listed(CONVERSATION_TYPES_FILE),
    "offer_kind": lambda: _listed(OFFER_KINDS_FILE),
    "scope": lambda: _said("scope", SCOPES),
    "booking_status": lambda: _said("booking_status", BOOKING_STATUSES),
}


def names(kind: str) -> Mapping[str, str]:
    """The codes of a kind of column by what they are called, as `plain` writes it; none where it has no codes."""
    return _KINDS[kind]() if kind in _KINDS else {}
