"""From the names of areas in an answer to their codes."""

from __future__ import annotations

from functools import cache

from tilsyn.vocabulary import AREA_KINDS, AREAS, MUNICIPALITIES
from tilsyn.vocabulary.names import plain

NOT_STATED = "Uoplyst område"
"""Persons whose municipality is not known: in the country's figures, in no area's."""

# The kinds of area a hierarchy of the API holds; names of other hierarchies are looked for in all.
_KINDS = {
    "_hele_landet": ("country",),
    "_nykom": ("country", "municipality"),
    "_region": ("country", "region"),
    "_reko": ("country", "region", "rar"),
}


def is_not_stated(name: str) -> bool:
    """Whether the name stands for persons without a known municipality."""
    return plain(name) in (plain(NOT_STATED), "uoplyst kommune", "uoplyst")


@cache
def area_of(name: str, hierarchy: str = "") -> tuple[str, str]:
    """The kind and code of an area named as Jobindsats does.

    Args:
        name: "Hele landet", "Aarhus", "RAR Fyn", "Region Syddanmark".
        hierarchy: the hierarchy that was asked for, where it is known ("_nykom").

    Raises:
        ValueError: no area has this name.
    """
    for kind in _KINDS.get(hierarchy, AREA_KINDS):
        known = MUNICIPALITIES if kind == "municipality" else AREAS[kind]
        if (found := known.find(name)) is not None:
            return kind, found.code
    raise ValueError(f"'{name}' is no known area")
