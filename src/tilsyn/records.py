"""TOML files as typed records: numbers exact, unknown keys refused, every error with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from tilsyn.errors import InputError
from tilsyn.parsing import parse_toml, read_bytes
from tilsyn.words import Message, gettext_noop


class Record(BaseModel):
    """A frozen record that knows exactly its own keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Unfit(ValueError):
    """Values of a record that do not fit together, in words of ours.

    Args:
        message: as a file's reader is told, by its keys.
        words: as pages say it, where that is something else.
    """

    def __init__(self, message: Message, words: Message | None = None):
        super().__init__(str(message))
        self.message, self.words = message, words or message


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
        refusal = InputError(words, file=file, place=_place(first["loc"]))
        own = first.get("ctx", {}).get("error")
        if isinstance(own, Unfit):
            refusal.words = own.words
        raise refusal from None


def _follows(fault: Any, faults: list[Any]) -> bool:
    """Whether a fault only follows from one within: a list is too short without the one refused."""
    own = fault["loc"]
    return any(len(one["loc"]) > len(own) and one["loc"][: len(own)] == own for one in faults)


def in_words(fault: Mapping[str, Any], more: int = 0) -> Message | str:
    """What is wrong with a value: an entry of the validation's `errors()`.

    Args:
        fault: of checks of our own that are no `Unfit` the words are in English only.
        more: how many other faults there are.
    """
    found = fault.get("input")
    given = repr(found) if isinstance(found, str) else str(found)
    slots = {name: str(slot) for name, slot in fault.get("ctx", {}).items()}
    slots["input"] = given if len(given) <= 40 else f"{given[:40]} …"
    if fault["type"] == "value_error":
        error = fault["ctx"]["error"]
        if not isinstance(error, Unfit):
            return f"{error}{f' (and {more} more)' if more else ''}"
        words = error.message
    else:
        known = (words for kinds, words in _FAULTS.items() if fault["type"] in kinds)
        words = Message(next(known, _OTHER), **slots)
    return Message("{words} (and {more} more)", words=words, more=more) if more else words


_OTHER = gettext_noop("{input} cannot be used here")
_FAULTS = {
    (
        "int_type",
        "int_parsing",
        "int_from_float",
        "int_parsing_size",
    ): gettext_noop("a whole number is wanted, not {input}"),
    (
        "float_type",
        "float_parsing",
        "decimal_type",
        "decimal_parsing",
        "finite_number",
    ): gettext_noop("a number is wanted, not {input}"),
    (
        "bool_type",
        "bool_parsing",
    ): gettext_noop("true or false is wanted, not {input}"),
    ("string_type",): gettext_noop("a text is wanted, not {input}; put it in quotation marks"),
    (
        "date_type",
        "date_parsing",
        "date_from_datetime_parsing",
        "date_from_datetime_inexact",
    ): gettext_noop("a date is wanted, written 2022-05-15, not {input}"),
    (
        "datetime_type",
        "datetime_parsing",
        "datetime_from_date_parsing",
    ): gettext_noop("a point in time is wanted, written 2022-05-15 12:30, not {input}"),
    (
        "literal_error",
        "enum",
    ): gettext_noop("must be {expected}, not {input}"),
    ("greater_than",): gettext_noop("must be more than {gt}, not {input}"),
    ("greater_than_equal",): gettext_noop("must be at least {ge}, not {input}"),
    ("less_than",): gettext_noop("must be less than {lt}, not {input}"),
    ("less_than_equal",): gettext_noop("must be at most {le}, not {input}"),
    (
        "too_short",
        "string_too_short",
    ): gettext_noop("must hold at least {min_length}"),
    (
        "too_long",
        "string_too_long",
    ): gettext_noop("must hold at most {max_length}"),
    (
        "list_type",
        "tuple_type",
        "set_type",
        "frozen_set_type",
    ): gettext_noop("a list is wanted, in [ ] or as a table in [[ ]], not {input}"),
    (
        "dict_type",
        "model_type",
        "model_attributes_type",
        "dataclass_type",
        "mapping_type",
    ): gettext_noop("a table is wanted, not {input}"),
    ("union_tag_invalid",): gettext_noop("{discriminator} must be {expected_tags}, not '{tag}'"),
    ("union_tag_not_found",): gettext_noop("{discriminator} is missing"),
    ("string_pattern_mismatch",): gettext_noop("{input} is not written as it must be ({pattern})"),
    ("missing",): gettext_noop("this key is missing"),
}
"""What is wrong with a value, by the kind of fault the validation finds."""


def _place(location: tuple[int | str, ...]) -> str:
    """("version", 1, "threshold") → "version 2, threshold"."""
    words = ""
    for part in location:
        words += f" {part + 1}" if isinstance(part, int) else f"{', ' if words else ''}{part}"
    return words


def _unknown(location: tuple[int | str, ...], model: type[BaseModel]) -> Message:
    """The mend of a key that is not known where it stands: where it belongs, or what was meant."""
    *above, key = (part for part in location if isinstance(part, str))
    homes: dict[str, dict[str, str]] = {}
    for name, path, table in _keys(model, (), "", ()):
        homes.setdefault(name, {}).setdefault(path, table)
    near = difflib.get_close_matches(key, homes, n=1)
    if not near:
        return Message("unknown key; remove it")
    at = homes[near[0]]
    # The kind of a record that may be of several kinds stands in the location, too, and is no table.
    tables = {path for paths in homes.values() for path in paths}
    while (here := ".".join(above)) not in tables:
        above.pop()
    meant = Message("unknown key; did you mean '{key}'?", key=near[0])
    if near[0] != key:
        if here in at:
            return meant
    else:
        meant = Message("this key does not belong here.")
    if here in at:
        return Message("{meant} It belongs to another kind of [{table}]", meant=meant, table=here)
    first, *others = (
        Message("under {table}", table=table) if table else Message("at the top")
        for table in at.values()
    )
    for one in others:
        first = Message("{one} or {other}", one=first, other=one)
    return Message("{meant} It belongs {places}", meant=meant, places=first)


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
