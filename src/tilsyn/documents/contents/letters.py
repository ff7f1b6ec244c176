"""Letters as whole templates: one file a kind and language, filled in a sandbox, read as a document tree.

A template (``letters/notice.da.md``) is the letter from top to bottom: ``# `` its title, ``## ``
headings, paragraphs between blank lines, ``- `` bullets, ``> `` notes in small type, and
``{% call table(…) %}`` around a table's caption, ``| rows |`` and notes. Python gives it named facts
(`Facts`) and a few filters; nothing else can be named or called. What is filled in is never read as
markup.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_context
from markupsafe import Markup

from tilsyn.documents.contents import phrasing
from tilsyn.documents.model import (
    Block,
    Bullets,
    Cell,
    Column,
    Figure,
    HeaderCell,
    Heading,
    Mark,
    Note,
    Paragraph,
    Row,
    Table,
)
from tilsyn.errors import InputError
from tilsyn.vocabulary import MonthRange, YearMonth, wording

FOLDER = Path(str(files(__package__).joinpath("letters")))

FACTS = {
    "early_effort": "early:EarlyLetter",
    "notice": "notice:Notice",
    "decision": "decision:Decision",
    "orientation": "orientation:Orientation",
    "restoration_plan": "restoration_plan:RestorationPlan",
    "warning": "warning:Warning",
    "committee": "committee:Report",
}
"""The facts of each kind of template, "module:class"; what `early_effort` holds, others import."""


class Facts:
    """Base of what templates may name: frozen dataclasses, by their public fields and properties."""


class Written(NamedTuple):
    """What a template says of a table or picture: caption, headings, rows and notes."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Ceased(Facts):
    """Groups that are no longer formed, and from when."""

    groups: tuple[str, ...]
    month: YearMonth


@dataclass(frozen=True)
class Placed(Facts):
    """A table or picture that a template gives its place and its words.

    Attributes:
        marked: whether something is marked in it.
        hidden, absent: whether a cell "." (not shown) or "–" (not available) stands in it.
        ceased: the groups in it that are no longer formed.
    """

    _made: Callable[[Written], Block]
    marked: bool = False
    hidden: bool = False
    absent: bool = False
    ceased: tuple[Ceased, ...] = ()


def in_columns(
    *columns: Column, lines: int = 1, months: Sequence[str] = ()
) -> Callable[[Written], Table]:
    """A table of the rows a template writes.

    Args:
        columns: its columns.
        lines: the room of a field to be filled in.
        months: headings that stand under the template's second one.
    """

    def made(written: Written) -> Table:
        heads = tuple(map(HeaderCell, written.headings))
        header: tuple[tuple[HeaderCell, ...], ...] = (heads,)
        if months and len(heads) == 2:
            over = replace(heads[1], columns=len(months))
            header = ((replace(heads[0], rows=2), over), tuple(map(HeaderCell, months)))
        rows = tuple(
            replace(row, cells=tuple(replace(c, field=c.field * lines) for c in row.cells))
            for row in written.rows
        )
        return Table(written.caption, columns, header, rows, written.notes)

    return made


class Letter(NamedTuple):
    """A filled template."""

    title: str
    blocks: list[Block]


def fill(kind: str, facts: Facts, language: str, folder: Path | None = None) -> Letter:
    """A kind's template filled with its facts.

    Args:
        kind: "notice", "decision" …
        facts: the facts of that kind.
        language: "da" or "en".
        folder: an office's own templates; "<kind>.<language>.md" in it goes before the shipped one.

    Raises:
        InputError: the template cannot be used; names its file and line.
    """
    return _filled(_environment(language, folder), kind, facts)


def check(file: Path) -> None:
    """Check an office's own template before use: every branch of it is filled with made-up facts.

    Raises:
        InputError: it names what there is not, leaves out a fact that the shipped one tells, is no
            letter when filled, or is in another language than its name says.
    """
    kind, language, _ = file.name.split(".")
    for one in FACTS if kind == "early_effort" else (kind,):
        environment = _environment(language, file.parent, every_branch=True)
        if one == "early_effort":
            _compiled(environment, one)
        else:
            _filled(environment, one, example(facts_of(one)))
    own, shipped = (
        _read(_environment(language, folder), file.name) for folder in (file.parent, None)
    )
    named = _all_names(facts_of(kind))
    if left_out := sorted((_used(shipped) - _used(own)) & named):
        raise InputError(
            f"does not tell the fact '{left_out[0]}', which the shipped template tells", file=file
        )
    for other in wording.LANGUAGES:
        foreign = _lines(FOLDER / f"{kind}.{other}.md")
        same = foreign & _lines(file) - _lines(FOLDER / file.name)
        if other != language and len(same) * 2 > len(foreign):
            raise InputError(
                f"is written in '{other}', but its name says '{language}'; rename the file or "
                "translate it",
                file=file,
            )


def facts_of(kind: str) -> type[Facts]:
    """What the templates of a kind may name."""
    module, _, name = FACTS[kind].partition(":")
    facts: type[Facts] = getattr(import_module(f"{__package__}.{module}"), name)
    return facts


def names(facts: type[Facts]) -> set[str]:
    """The names that facts of a class give."""
    given = {field.name for field in fields(facts)}  # type: ignore[arg-type]  # all are dataclasses
    given |= {name for name in dir(facts) if isinstance(getattr(facts, name), property)}
    return {name for name in given if not name.startswith("_")}


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
    int: 3,
    bool: True,
    Decimal: Decimal(20),
    Fraction: Fraction(61, 3),
    dt.date: dt.date(2024, 5, 17),
    YearMonth: YearMonth(2024, 5),
    MonthRange: MonthRange(YearMonth(2024, 3), YearMonth(2024, 5)),
    Callable[[Written], Block]: lambda written: Paragraph(written.caption),
}


# What is filled in: its blanks and signs of markup take other code points until markup is read.
_SIGNS = " \t\n#->|*[]!\ufffc"
_PROTECTED = {ord(sign): chr(0xF0000 + ord(sign)) for sign in _SIGNS}
_RESTORED = {ord(there): chr(sign) for sign, there in _PROTECTED.items()}
_BLANKS = " \t\n"
_NOTHING = chr(0xFFFFC)
"""What stands where nothing was filled in, so that a line with only that does not part a paragraph."""
_PLACE = re.compile("\ufffc(\\d+)\ufffc")
_MARKS = ("# ", "## ", "### ", "- ", "> ", "| ")


def _protected(value: Any) -> Markup:
    if isinstance(value, Markup):
        return Markup(value.strip(_BLANKS) or _NOTHING)
    return Markup(str(value).translate(_PROTECTED) or _NOTHING)


def _restored(text: str) -> str:
    """A text read out of the markup: one blank between words, and "20 pct." ends a sentence too."""
    text = re.sub(f"[{_BLANKS}]+", " ", text.replace(_NOTHING, "")).strip(" ")
    return text.replace("pct..", "pct.").translate(_RESTORED)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The marked pieces of a text, each with its mark; a paragraph's is empty."""
    for part in re.split(r"\n[ \t]*\n", text):
        mark, piece = "", ""
        for line in filter(None, (line.strip(_BLANKS) for line in part.split("\n"))):
            begins = next((m for m in _MARKS if line.startswith(m)), None)
            if begins is None and not _PLACE.fullmatch(line) and mark not in ("# ", "## ", "### "):
                piece = f"{piece} {line}"
                continue
            if piece:
                yield mark, piece
            mark, piece = ("", line) if begins is None else (begins, line.removeprefix(begins))
            if begins is None and _PLACE.fullmatch(line):
                yield mark, piece
                piece = ""
        if piece:
            yield mark, piece


def _row(text: str) -> Row:
    """A row between its | signs: "[what to fill in]" is a field, "! " before it marks it, and a head
    between ** makes it the total over others.
    """
    mark: Mark = "breach" if text.startswith("!") else "none"
    texts = [t.strip(_BLANKS) for t in text.removeprefix("!").rstrip(_BLANKS).removesuffix("|").split("|")]
    if total := texts[0].startswith("**") and texts[0].endswith("**"):
        texts[0] = texts[0].strip("*")
    head, *cells = (
        Cell(_restored(t[1:-1]), mark, field=1)
        if t.startswith("[") and t.endswith("]")
        else Cell(_restored(t), mark)
        for t in texts
    )
    return Row(head, tuple(cells), total=total)


class _Places:
    """What a template calls to place tables and pictures; `blocks` is what was placed."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def __call__(self, placed: Placed, *, caller: Macro) -> Markup:
        if not isinstance(placed, Placed):
            raise TemplateRuntimeError("only a table or a picture among the facts can be placed")
        said = list(_pieces(str(caller())))
        texts = [_restored(text) for mark, text in said if not mark]
        if not texts or any(mark not in ("", "| ") for mark, _ in said):
            raise TemplateRuntimeError(
                "a table holds its caption, then rows between | signs, then notes"
            )
        heads, *rows = [_row(text) for mark, text in said if mark] or [Row(Cell(""), ())]
        headings = tuple(cell.text for cell in (heads.head, *heads.cells))
        written = Written(texts[0], headings, tuple(rows), tuple(texts[1:]))
        try:
            self.blocks.append(placed._made(written))
        except ValueError as error:
            raise TemplateRuntimeError(str(error)) from None
        return Markup(f"\ufffc{len(self.blocks) - 1}\ufffc")


def _filled(environment: _Sandbox, kind: str, facts: Facts) -> Letter:
    template, places = _compiled(environment, kind), _Places()
    given = {name: getattr(facts, name) for name in names(type(facts))}
    try:
        text = template.render(given | {"table": places, "picture": places})
    except (TemplateError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _told(error, Path(template.filename or "")) from None
    return _letter(text, places, Path(template.filename or ""))


def _letter(text: str, places: _Places, file: Path) -> Letter:
    titles, blocks = [], list[Block]()
    for mark, piece in _pieces(text):
        if place := _PLACE.fullmatch(piece.strip(_BLANKS)):
            blocks.append(places.blocks[int(place[1])])
            continue
        if mark == "| " or _PLACE.search(piece):
            raise InputError("a table's rows stand in {% call table(…) %}, by itself", file=file)
        if not (said := _restored(piece)):
            continue
        match mark:
            case "# ":
                titles.append(said)
            case "## " | "### ":
                blocks.append(Heading(said, len(mark) - 1))
            case "> ":
                blocks.append(Note(said))
            case "- ":
                items = blocks.pop().items if blocks and isinstance(blocks[-1], Bullets) else ()
                blocks.append(Bullets((*items, said)))
            case _:
                blocks.append(Paragraph(said))
    if len(titles) != 1:
        raise InputError("a letter has one title, in a line that begins with '# '", file=file)
    return Letter(titles[0], blocks)


_LOOP = ("index", "first", "last", "length")
_LANGUAGE = frozenset(
    (
        nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr,
        nodes.Filter, nodes.Test, nodes.Call, nodes.Keyword, nodes.Compare, nodes.Operand, nodes.And,
        nodes.Or, nodes.Not, nodes.If, nodes.For, nodes.Macro, nodes.CallBlock, nodes.FilterBlock,
        nodes.Assign, nodes.AssignBlock, nodes.Import,
    )
)  # fmt: skip
"""What a template may be made of: conditions, loops, pieces with a name. No sums, no indexing."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Where templates are filled: they reach the facts given, the loop they stand in, and no more."""

    def __init__(self, language: str, folder: Path | None, *, every_branch: bool):
        super().__init__(
            loader=FileSystemLoader([*filter(None, [folder]), FOLDER]),
            undefined=StrictUndefined,
            autoescape=True,
            finalize=pass_context(lambda _, value: _protected(value)),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.language, self.every_branch = language, every_branch
        self.globals.clear()
        self.filters = _filters(language)
        self.tests = {"none": self.tests["none"], "in": self.tests["in"]}

    def getattr(self, obj: Any, attribute: str) -> Any:
        given: Iterable[str] = ()
        if isinstance(obj, Facts):
            given = names(type(obj))
        elif isinstance(obj, LoopContext):
            given = _LOOP
        elif isinstance(obj, TemplateModule):
            given = [n for n, m in vars(obj).items() if isinstance(m, Macro)]
        if attribute not in given:
            raise TemplateRuntimeError(_unknown(f".{attribute}", (f".{name}" for name in given)))
        return getattr(obj, attribute)

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, Macro | _Places)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in _inside(tree):
            if type(node) not in _LANGUAGE or (isinstance(node, nodes.For) and node.test):
                what = type(node).__name__.lower()
                raise TemplateSyntaxError(
                    f"a template has no '{what}'; say it with {{% if %}}, {{% for %}} and the facts",
                    node.lineno,
                    name,
                    filename,
                )
        kind = (name or "").partition(".")[0]
        given = names(facts_of(kind)) | {"table", "picture"}
        if unknown := [n for n in tree.find_all(nodes.Name) if n.name not in given | _bound(tree)]:
            first = unknown[0]
            raise TemplateSyntaxError(_unknown(first.name, given), first.lineno, name, filename)
        if self.every_branch:
            _open_branches(tree)
        return tree


def _inside(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _inside(child)


def _bound(tree: nodes.Template) -> set[str]:
    """The names that a template itself gives."""
    given = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    given |= {node.name for node in tree.find_all(nodes.Macro)}
    return given | {node.target for node in tree.find_all(nodes.Import)} | {"loop", "caller"}


def _unknown(name: str, given: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known := sorted(given), n=1)
    there = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known) or 'none'}"
    return f"'{name}' is unknown here; {there}"


def _open_branches(node: nodes.Node) -> None:
    """Make every branch be filled: a condition is asked, and each of its branches follows it."""
    for name, value in node.iter_fields():
        if isinstance(value, list):
            opened = []
            for child in value:
                if isinstance(child, nodes.Node):
                    _open_branches(child)
                opened += _opened(child) if isinstance(child, nodes.If | nodes.For) else [child]
            setattr(node, name, opened)
        elif isinstance(value, nodes.And | nodes.Or):
            _open_branches(value)
            setattr(node, name, nodes.List([value.left, value.right], lineno=value.lineno))
        elif isinstance(value, nodes.Node):
            _open_branches(value)


def _opened(node: nodes.If | nodes.For) -> list[nodes.Node]:
    if isinstance(node, nodes.For):
        otherwise, node.else_ = node.else_, []
        return [node, *otherwise]
    asked = nodes.If(node.test, [], [], [], lineno=node.lineno)
    elifs = [one for each in node.elif_ for one in (_opened(each) if isinstance(each, nodes.If) else [each])]
    return [asked, *node.body, *elifs, *node.else_]


@cache
def _environment(language: str, folder: Path | None, *, every_branch: bool = False) -> _Sandbox:
    if language not in wording.LANGUAGES:
        known = ", ".join(wording.LANGUAGES)
        raise InputError(f"there are no texts in '{language}'; there are {known}")
    return _Sandbox(language, folder, every_branch=every_branch)


def _filters(language: str) -> dict[str, Callable[..., Any]]:
    """What turns facts into words."""

    def joined(value: str | Iterable[str], last: str | None = None) -> str:
        if not isinstance(value, str):
            return wording.joined(value, language, last)
        lines = filter(None, (line.strip(_BLANKS) for line in value.split("\n")))
        return Markup(wording.joined(lines, language, last))

    def percents(value: Any) -> str:
        return phrasing.percents(value if isinstance(value, tuple) else (value,), language)

    def capitalised(value: str) -> str:
        return type(value)(phrasing.capitalised(value.lstrip(_BLANKS)))

    return {
        "joined": joined,
        "capitalised": capitalised,
        "percent": partial(phrasing.percent, language=language),
        "percents": percents,
        "month": partial(phrasing.month, language=language),
        "months": partial(wording.months, language=language),
        "month_short": lambda m: m.short(language).replace(" ", "\N{NO-BREAK SPACE}"),
        "day": partial(phrasing.day, language=language),
        "period": partial(phrasing.period, language=language),
        "in_words": partial(wording.in_words, language=language),
        "number": lambda value, places=0: wording.number(value, language, places),
        "length": len,
    }


def _compiled(environment: _Sandbox, kind: str) -> Any:
    name = f"{kind}.{environment.language}.md"
    try:
        return environment.get_template(name)
    except (TemplateError, OSError, ValueError) as error:
        raise _told(error, FOLDER / name) from None


def _told(error: Exception, file: Path) -> InputError:
    """A template's fault as one line, with the file and line it stands in."""
    line = None
    if isinstance(error, TemplateSyntaxError):
        file, line = Path(error.filename or file), error.lineno
    step = error.__traceback__
    while step is not None and not isinstance(error, TemplateSyntaxError):
        if (path := step.tb_frame.f_code.co_filename).endswith(".md"):
            file, line = Path(path), step.tb_lineno
        step = step.tb_next
    said = error.args[0] if isinstance(error, TemplateError) and error.args else error
    named = file.name if file.parent == FOLDER else file
    return InputError(" ".join(str(said).split()), file=named, place=f"line {line}" if line else None)


def _read(environment: _Sandbox, name: str) -> nodes.Template:
    source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
    return environment.parse(source, name)


def _used(tree: nodes.Template) -> set[str]:
    read = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    return read | {node.attr for node in tree.find_all(nodes.Getattr)}


def _all_names(kind: Any) -> set[str]:
    """The names that facts of a class give, with those of the facts in them."""
    if isinstance(kind, type) and issubclass(kind, Facts):
        inner = get_type_hints(kind).values()
        return names(kind) | {name for one in inner for name in _all_names(one)}
    return {name for arm in get_args(kind) for name in _all_names(arm)}


def _lines(file: Path) -> set[str]:
    prose = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return {line for line in prose if line and not line.startswith("{")}
