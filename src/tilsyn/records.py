"""TOML files as typed records: numbers exact, unknown keys refused, every error with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from tilsyn import parsing
from tilsyn.errors import InputError
from tilsyn.parsing import parse_toml, read_bytes


class Record(BaseModel):
    """A frozen record that knows exactly its own keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Unfit(ValueError):
    """Values of a record that do not fit together, told as a file's reader is told, and in words for a page."""

    def __init__(self, message: str, **words: str):
        super().__init__(message)
        self.words = words


R = TypeVar("R", bound=BaseModel)


def load_toml(file: Path) -> dict[str, Any]:
    """The contents of a TOML file; decimal numbers as `Decimal`.

    Raises:
        InputError: the file cannot be read or is not TOML.
    """
    return parse_toml(read_bytes(file), file=file)


def read_toml(file: Path, model: type[R]) -> R:
    """A TOML file as a record.

    Raises:
        InputError: names the file, the key and the mend; of several faults the first.
    """
    return build(model, load_toml(file), file=file)


def build(model: type[R], data: Any, *, file: Path | str) -> R:
    """A record of parsed data.

    Raises:
        InputError: as `read_toml`.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # A misspelt key is also a missing one; the spelling is the better news.
        faults = error.errors()
        first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
        more = sum(not _follows(one, faults) for one in faults) - 1
        words = in_words(first, more)
        if first["type"] == "extra_forbidden":
            words = _unknown(first["loc"], model)
        refusal = InputError(words["en"], file=file, place=_place(first["loc"]))
        # A check of our own may bring its words in both languages.
        own = getattr(first.get("ctx", {}).get("error"), "words", None)
        refusal.words = own or (words if "da" in words else None)
        raise refusal from None


def _follows(fault: Any, faults: list[Any]) -> bool:
    """Whether a fault only follows from one within: a list is too short without the one refused."""
    own = fault["loc"]
    return any(len(one["loc"]) > len(own) and one["loc"][: len(own)] == own for one in faults)


def in_words(fault: Mapping[str, Any], more: int = 0) -> dict[str, str]:
    """What is wrong with a value, by language: an entry of the validation's `errors()`.

    Args:
        fault: of our own checks the words are in English only.
        more: how many other faults there are.
    """
    found = fault.get("input")
    given = repr(found) if isinstance(found, str) else str(found)
    slots = {**fault.get("ctx", {}), "input": given if len(given) <= 40 else f"{given[:40]} …"}
    kinds = (words for words in parsing.faults()["value"] if fault["type"] in words["kinds"])
    own = {
        "en": str(fault["msg"]).removeprefix("Value error, ").replace("{", "{{").replace("}", "}}")
    }
    texts = next(kinds, own if fault["type"] == "value_error" else _OTHER)
    tail = (
        {"da": f" (og {more} til)", "en": f" (and {more} more)"} if more else {"da": "", "en": ""}
    )
    return {one: texts[one].format_map(slots) + tail[one] for one in ("da", "en") if one in texts}


_OTHER = {"da": "{input} kan ikke bruges her", "en": "{input} cannot be used here"}


def _place(location: tuple[int | str, ...]) -> str:
    """("version", 1, "threshold") → "version 2, threshold"."""
    words = ""
    for part in location:
        words += f" {part + 1}" if isinstance(part, int) else f"{', ' if words else ''}{part}"
    return words


def _unknown(location: tuple[int | str, ...], model: type[BaseModel]) -> dict[str, str]:
    """The mend of a key that is not known where it stands: where it belongs, or what was meant."""
    *above, key = (part for part in location if isinstance(part, str))
    homes: dict[str, dict[str, str]] = {}
    for name, path, table in _keys(model, (), "", ()):
        homes.setdefault(name, {}).setdefault(path, table)
    near = difflib.get_close_matches(key, homes, n=1)
    if not near:
        return {"da": "nøglen kendes ikke; fjern den", "en": "unknown key; remove it"}
    at = homes[near[0]]
    # The kind of a record that may be of several kinds stands in the location, too, and is no table.
    tables = {path for paths in homes.values() for path in paths}
    while (here := ".".join(above)) not in tables:
        above.pop()
    meant = {
        "da": f"nøglen kendes ikke; mente du »{near[0]}«?",
        "en": f"unknown key; did you mean '{near[0]}'?",
    }
    if near[0] != key:
        if here in at:
            return meant
    else:
        meant = {"da": "nøglen hører ikke til her.", "en": "this key does not belong here."}
    if here in at:
        return {
            "da": f"{meant['da']} Den hører til en anden slags [{here}]",
            "en": f"{meant['en']} It belongs to another kind of [{here}]",
        }
    da = " eller ".join(f"under {table}" if table else "øverst i filen" for table in at.values())
    en = " or ".join(f"under {table}" if table else "at the top" for table in at.values())
    return {"da": f"{meant['da']} Den skal stå {da}", "en": f"{meant['en']} It belongs {en}"}


def _keys(
    model: type[BaseModel], path: tuple[str, ...], table: str, seen: tuple[type[BaseModel], ...]
) -> Iterator[tuple[str, str, str]]:
    """Each key of a record and of the records inside it: its name, its table's path and heading."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        yield key, ".".join(path), table
        inner = (*path, key)
        for one, many in _models(field.annotation):
            if one not in (*seen, model):
                heading = f"[[{'.'.join(inner)}]]" if many else f"[{'.'.join(inner)}]"
                yield from _keys(one, inner, heading, (*seen, model))


def _models(annotation: Any, many: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    """The records an annotation tells of, and whether there may be several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, many
    else:
        many = many or get_origin(annotation) in (tuple, list)
        for part in get_args(annotation):
            yield from _models(part, many)
