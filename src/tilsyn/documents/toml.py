"""TOML files read into pydantic models; what is wrong becomes one line with its place and the mend."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tilsyn.errors import InputError

M = TypeVar("M", bound=BaseModel)


def parsed(path: Path) -> dict[str, Any]:
    """A TOML file's content.

    Raises:
        InputError: the file cannot be read, is not UTF-8 or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text; save it as TOML in UTF-8", file=path) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"is not TOML: {error}", file=path) from None


def validated(model: type[M], data: dict[str, Any], file: Path | str | None = None) -> M:
    """The data as a model.

    Raises:
        InputError: the first thing wrong: an unknown key (with the nearest known one), a key that
            is missing, or a value that cannot be used.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problem = min(error.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden")
        where = [part for part in problem["loc"] if not _internal(part)]
        place = _place(where)
        if problem["type"] == "extra_forbidden":
            known = _keys(model, where[:-1])
            near = get_close_matches(str(where[-1]), known, n=1, cutoff=0.5)
            mend = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(known)}"
            raise InputError(f"unknown key; {mend}", file=file, place=place) from None
        if problem["type"] == "missing":
            raise InputError("is missing; add it", file=file, place=place) from None
        message = problem["msg"].removeprefix("Value error, ")
        raise InputError(message, file=file, place=place) from None


def _internal(part: int | str) -> bool:
    # pydantic names validators and union members in the path; a reader of the file knows only keys.
    return isinstance(part, str) and not part.replace("_", "").isalnum()


def _place(parts: list[int | str]) -> str:
    text = ""
    for part in parts:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _keys(model: type[BaseModel], path: list[int | str]) -> list[str]:
    for part in path:
        if isinstance(part, int):
            continue
        annotation: Any = model.model_fields[part].annotation
        inner = [annotation, *getattr(annotation, "__args__", ())]
        model = next((t for t in inner if isinstance(t, type) and issubclass(t, BaseModel)), model)
    return list(model.model_fields)
