"""Citizens have no place in a case: no text with a CPR number in it is kept.

Whatever is written down (notes, facts, paragraphs, file names, purposes) becomes a row of one of this
room's models, and none is saved before its texts have been looked through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models

from tilsyn.cases.refusals import refused
from tilsyn.cpr import names_cpr
from tilsyn.errors import InputError


def demand_no_cpr(instance: models.Model) -> None:
    """Look through a row's texts before it is saved.

    Raises:
        InputError: a CPR number is written in one of them; the number itself is not repeated.
    """
    for field in instance._meta.concrete_fields:
        refuse_cpr(field.value_from_object(instance))


def refuse_cpr(*values: Any) -> None:
    """Look through texts, whole: before they are cut, and where no row is saved.

    Raises:
        InputError: a CPR number is written in one of them.
    """
    if any(names_cpr(text) for value in values for text in _texts(value)):
        raise refused(InputError, "cpr_number")


def watch(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    """Before any row of this room is saved."""
    if sender._meta.app_label == "cases":
        demand_no_cpr(instance)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
