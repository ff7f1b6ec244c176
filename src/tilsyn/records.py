"""TOML files as typed records: numbers exact, unknown keys refused, every error with its place."""

from __future__ import annotations

import difflib
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from tilsyn.errors import InputError


class Record(BaseModel):
    """A frozen record that knows exactly its own keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


R = TypeVar("R", bound=BaseModel)


def load_toml(file: Path) -> dict[str, Any]:
    """The contents of a TOML file; decimal numbers as `Decimal`.

    Raises:
        InputError: the file cannot be read or is not TOML.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=file) from error
    return parse_toml(data, file=file)


def parse_toml(data: bytes, *, file: Path | str) -> dict[str, Any]:
    """The contents of a TOML file that is at hand; decimal numbers as `Decimal`.

    Args:
        file: what it is called.

    Raises:
        InputError: it is not TOML.
    """
    try:
        return tomllib.loads(data.decode(), parse_float=Decimal)
    # Of thousands of digits or brackets the parser complains in its own ways.
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid TOML: {error}", file=file) from error


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
        raise InputError(
            _message(first, error, model), file=file, place=_place(first["loc"])
        ) from None


def _place(location: tuple[int | str, ...]) -> str:
    """("version", 1, "threshold") → "version 2, threshold"."""
    words = ""
    for part in location:
        words += f" {part + 1}" if isinstance(part, int) else f"{', ' if words else ''}{part}"
    return words


def _message(first: Any, error: ValidationError, model: type[BaseModel]) -> str:
    if first["type"] == "extra_forbidden":
        known = sorted(_keys(model, set()))
        near = difflib.get_close_matches(str(first["loc"][-1]), known, n=1)
        return "unknown key" + (f"; did you mean '{near[0]}'?" if near else "; remove it")
    if first["type"] == "missing":
        return "this key is missing"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{first['msg'].removeprefix('Value error, ')}{more}"


def _keys(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    """All keys of a record and of the records inside it."""
    if model in seen:
        return set()
    seen.add(model)
    names = {field.alias or name for name, field in model.model_fields.items()}
    for field in model.model_fields.values():
        for inner in _models(field.annotation):
            names |= _keys(inner, seen)
    return names


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]
