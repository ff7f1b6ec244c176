"""An office's own templates and texts, checked before any document is written with them."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from jinja2 import nodes

from tilsyn import own as data
from tilsyn.documents.contents.letters import Letter, Written, filled
from tilsyn.documents.contents.sandbox import (
    FACTS,
    FOLDER,
    Facts,
    Sandbox,
    compiled,
    facts_of,
    names,
)
from tilsyn.documents.contents.templates import TEXTS, texts
from tilsyn.documents.model import Block, Figure
from tilsyn.errors import InputError
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.vocabulary.wording import LANGUAGES


class _EveryBranch(Sandbox):
    """A sandbox in which every branch is filled: a condition is asked, and each branch follows it."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _open_branches(tree)
        return tree


def check_folder(folder: Path | None = None) -> None:
    """Check an office's own templates and texts, all of them, before any document is written with them.

    Args:
        folder: where they are; left out: as `tilsyn.own` has it.

    Raises:
        InputError: as `check_file`.
    """
    if (folder := folder or data.folder("templates")) is None:
        return
    if not folder.is_dir():
        raise InputError("there is no such folder of templates", file=folder)
    for file in sorted([*folder.glob("*.md"), *folder.glob("*.toml")]):
        check_file(file)


def check_file(file: Path) -> None:
    """Check one of an office's own templates or texts.

    Raises:
        InputError: it is not named after a shipped one; it names what there is not, leaves out
            what the shipped one tells, or is no letter when filled; or it is in another language than
            its name says.
    """
    known = {file.name for place in (FOLDER, TEXTS) for file in place.iterdir()}
    if file.name not in known:
        near = difflib.get_close_matches(file.name, sorted(known), n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(sorted(known))}"
        if (whole := file.with_suffix(".md").name) in known:
            hint = f"a letter is one template now: write it as {whole}, from the shipped one"
        raise InputError(f"no document has a template of this name; {hint}", file=file)
    kind, language, suffix = file.name.split(".")
    if suffix == "toml":
        texts(kind, language, file.parent)
    else:
        _check(file, kind, language)
    _check_language(file, kind, language)


def _check(file: Path, kind: str, language: str) -> None:
    """Fill every branch of a template with made-up facts, and compare it with the shipped one."""
    own, shipped = (_EveryBranch(language, folder) for folder in (file.parent, None))
    for one in FACTS if kind == "early_effort" else (kind,):
        if one == "early_effort":
            compiled(own, one)
            continue
        facts = example(facts_of(one))
        if _shapes(filled(own, one, facts, titles=9)) != _shapes(
            filled(shipped, one, facts, titles=9)
        ):
            raise InputError("its tables have other columns than the shipped ones", file=file)
    (told, asked), (must_tell, must_ask) = (_used(one, file.name) for one in (own, shipped))
    left_out = (must_tell - told) | (must_ask - asked - told)
    left_out &= _all_names(facts_of(kind))
    if left_out:
        raise InputError(
            f"leaves out the fact '{min(left_out)}', which the shipped template tells or asks about",
            file=file,
        )


def _shapes(letter: Letter) -> list[str]:
    """How many cells the rows of each table have."""
    return sorted(block.alt for block in letter.blocks if isinstance(block, Figure))


def _check_language(file: Path, kind: str, language: str) -> None:
    shipped = FOLDER if file.suffix == ".md" else TEXTS
    for other in LANGUAGES:
        foreign = _lines(shipped / f"{kind}.{other}{file.suffix}")
        same = foreign & _lines(file) - _lines(shipped / file.name)
        if other != language and len(same) * 2 > len(foreign):
            raise InputError(
                f"its texts are in '{other}', but its name says '{language}'; rename the file or "
                "translate it",
                file=file,
            )


def _open_branches(node: nodes.Node) -> None:
    """Make every branch be filled: a condition is asked, and each of its branches follows it."""
    for name, value in node.iter_fields():
        if isinstance(value, list):
            for child in (one for one in value if isinstance(one, nodes.Node)):
                _open_branches(child)
            if name != "elif_":
                setattr(node, name, [each for one in value for each in _opened(one)])
        elif isinstance(value, nodes.And | nodes.Or):
            _open_branches(value)
            setattr(node, name, nodes.List([value.left, value.right], lineno=value.lineno))
        elif isinstance(value, nodes.Node):
            _open_branches(value)


def _opened(node: nodes.Node) -> list[nodes.Node]:
    if not isinstance(node, nodes.If | nodes.For):
        return [node]
    if isinstance(node, nodes.For):
        otherwise, node.else_ = node.else_, []
        return [node, *otherwise]
    asked = nodes.If(node.test, [], [], [], lineno=node.lineno)
    elifs = [one for each in node.elif_ for one in _opened(each)]
    parted = nodes.Output([nodes.TemplateData("\n")])
    return [asked, *node.body, parted, *elifs, parted, *node.else_]


def _shaped(written: Written) -> Figure:
    widths = {len(written.headings), *(1 + len(row.cells) for row in written.rows)}
    return Figure(b"", " ".join(map(str, sorted(widths))), written.caption)


def example(kind: Any) -> Any:
    """A value of a type with everything in it that there can be: facts, lists, what may be None."""
    if kind in _EXAMPLES:
        return _EXAMPLES[kind]
    if is_dataclass(kind) and isinstance(kind, type) and issubclass(kind, Facts):
        hints = get_type_hints(kind)
        return kind(**{field.name: example(hints[field.name]) for field in fields(kind)})
    arms = get_args(kind)
    if get_origin(kind) is tuple:
        return (example(arms[0]), example(arms[0]))
    if get_origin(kind) in (Union, UnionType):
        return example(next(arm for arm in arms if arm is not type(None)))
    raise TypeError(f"no example of {kind}")


_EXAMPLES: dict[Any, Any] = {
    str: "x",
    float: 7.0,
    int: 3,
    bool: True,
    Decimal: Decimal(20),
    Fraction: Fraction(61, 3),
    dt.date: dt.date(2024, 5, 17),
    YearMonth: YearMonth(2024, 5),
    MonthRange: MonthRange(YearMonth(2024, 3), YearMonth(2024, 5)),
    Callable[[Written], Block]: _shaped,
}


def _used(environment: Sandbox, name: str) -> tuple[set[str], set[str]]:
    """The names a template tells, and those it asks about in conditions."""
    source, _, _ = environment.get_source(name)
    tree = Sandbox._parse(environment, source, name, None)
    asked: set[str] = set()
    for branch in tree.find_all(nodes.If):
        asked |= _named(branch.test)
        branch.test = nodes.Const(True)
    return _named(tree), asked


def _named(node: nodes.Node) -> set[str]:
    found = {one.name for one in (node, *node.find_all(nodes.Name)) if isinstance(one, nodes.Name)}
    inner = (one for one in (node, *node.find_all(nodes.Getattr)) if isinstance(one, nodes.Getattr))
    return found | {one.attr for one in inner}


def _all_names(kind: Any) -> set[str]:
    """The names that facts of a class give, with those of the facts in them."""
    if isinstance(kind, type) and issubclass(kind, Facts):
        inner = get_type_hints(kind).values()
        return {*names(kind)} | {name for one in inner for name in _all_names(one)}
    return {name for arm in get_args(kind) for name in _all_names(arm)}


def _lines(file: Path) -> set[str]:
    prose = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return {line for line in prose if line and not line.startswith("{")}
