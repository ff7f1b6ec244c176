"""What the API offers, as a page that needs no script: made from its own OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilsyn.site.api import api


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name, what it may be, and what it is when it is left out."""

    name: str
    values: str
    default: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API."""

    path: str
    summary: str
    about: str
    parameters: tuple[Parameter, ...]


def show(request: HttpRequest) -> HttpResponse:
    """The page."""
    schema = api.get_openapi_schema()
    address = request.build_absolute_uri("/").rstrip("/")
    context = {"operations": list(_operations(schema)), "site": address}
    return render(request, "api.html", context)


def _operations(schema: Any) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            yield Operation(
                path,
                operation["summary"],
                operation.get("description", ""),
                tuple(_parameter(one) for one in operation.get("parameters", ())),
            )


def _parameter(record: dict[str, Any]) -> Parameter:
    schema = record["schema"]
    kinds = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    values = "; ".join(_kind(kind) for kind in kinds)
    default = schema.get("default")
    return Parameter(record["name"], values, "" if default is None else str(default))


def _kind(kind: dict[str, Any]) -> str:
    if "enum" in kind:
        return ", ".join(str(one) for one in kind["enum"])
    words = str(kind.get("format") or kind.get("type", ""))
    if "minimum" in kind and "maximum" in kind:
        words += f" {kind['minimum']}–{kind['maximum']}"
    return words
