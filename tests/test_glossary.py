"""The glossary has every term that the rooms' names are, and names nothing that is not there."""

import importlib
import inspect
import pkgutil

import pytest
from docs.build import LISTS, terms

import tilsyn

INTERFACES = (
    "vocabulary", "figures.table", "figures.release", "figures.anomalies", "figures.reading",
    "figures.revisions", "protection", "register.door", "register.store", "register.synthetic",
    "measures.definition", "measures.definitions", "rules", "rules.model", "rules.course",
    "rules.verdicts", "rules.finding", "planning.goals", "planning.capacity", "planning.plan",
    "planning.worklist", "charts", "cases.models",
)  # fmt: skip
"""Modules whose public classes and constants are what other rooms build on."""

PROGRAM = {
    "figures.reading.PRINTED", "measures.definition.Dated",
    "measures.definition.Words", "measures.definition.Elapsed", "measures.definition.Accumulated",
    "measures.definition.SeniorityFile", "rules.finding.Matter", "rules.finding.Outcome",
}  # fmt: skip
"""Names of the program's own workings, which are no terms of the field or of statistics."""


def resolved(code: str) -> object:
    """What a code of the glossary names: a room, a module, or something in one."""
    module, _, name = f"tilsyn.{code}".rpartition(".")
    try:
        return importlib.import_module(f"tilsyn.{code}")
    except ModuleNotFoundError:
        return getattr(importlib.import_module(module), name)


def exported(interface: str) -> set[str]:
    """The classes a module exports: those of `__all__`, else its own public ones."""
    module = importlib.import_module(f"tilsyn.{interface}")
    names = getattr(module, "__all__", None)
    found = names or [
        name
        for name, one in vars(module).items()
        if inspect.isclass(one) and one.__module__ == module.__name__ and name[0].isalpha()
    ]
    return {f"{interface}.{name}" for name in found if name[0].isupper()}


def test_every_name_rooms_export_is_a_term_of_the_glossary():
    known = {one["code"] for one in terms()}
    told = {id(resolved(code)) for code in known}
    lacking = [
        name
        for interface in INTERFACES
        for name in sorted(exported(interface) - known - PROGRAM)
        if not inspect.isclass(resolved(name)) or id(resolved(name)) not in told
    ]
    assert set().union(*map(exported, INTERFACES)) >= PROGRAM
    assert not lacking, "put these into docs/reference/terms.csv and run `make docs`"


@pytest.mark.parametrize("code", [one["code"] for one in terms()])
def test_what_the_glossary_names_is_there(code):
    assert resolved(code) is not None


def test_a_term_has_one_name_in_each_language_and_in_code():
    for column in ("da", "en", "code"):
        words = [one[column] for one in terms()]
        assert all(words)
        assert sorted(words) == sorted(set(words)), column


def test_members_of_the_lists_have_both_names():
    for codes in LISTS.values():
        for one in codes:
            assert one.name("da") and one.name("en") and one.code


def test_every_room_has_a_term_or_is_of_the_program():
    rooms = {one.name for one in pkgutil.iter_modules(tilsyn.__path__) if one.ispkg}
    of_the_program = {"cli", "exports", "law", "samples", "site", "work"}
    assert {one["code"].partition(".")[0] for one in terms()} == rooms - of_the_program
