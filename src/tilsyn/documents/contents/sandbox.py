"""Where templates are filled: a sandbox that reaches the facts given to it, and nothing else."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from functools import cache, partial
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.environment import Template, TemplateModule
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_context
from markupsafe import Markup

from tilsyn.documents.contents import phrasing
from tilsyn.errors import InputError
from tilsyn.vocabulary import wording

FOLDER = Path(str(files(__package__).joinpath("letters")))

FACTS = {
    "early_effort": "early:EarlyLetter",
    "notice": "notice:Notice",
    "decision": "decision:Decision",
    "orientation": "orientation:Orientation",
    "restoration_plan": "restoration_plan:RestorationPlan",
    "warning": "warning:Warning",
    "committee": "committee:Report",
    "status_note": "status_note:StatusNote",
}
"""The facts of each kind of template, "module:class"; what `early_effort` holds, others import."""


class Facts:
    """Base of what templates may name: frozen dataclasses, by their public fields and properties."""


def names(facts: Any) -> frozenset[str]:
    """The names that a class of facts gives."""
    return _names(facts)


@cache
def _names(facts: Any) -> frozenset[str]:
    given = {field.name for field in fields(facts)}
    given |= {name for name in dir(facts) if isinstance(getattr(facts, name), property)}
    return frozenset(name for name in given if not name.startswith("_"))


def facts_of(kind: str) -> type[Facts]:
    """What the templates of a kind may name."""
    module, _, name = FACTS[kind].partition(":")
    facts: type[Facts] = getattr(import_module(f"{__package__}.{module}"), name)
    return facts


class Placing:
    """Base of what templates may call beside their own macros."""


# What is filled in: its blanks and signs of markup take other code points until markup is read.
_SIGNS = " \t\n#->|*[]!.\ufffc"
_PROTECTED = {ord(sign): chr(0xF0000 + ord(sign)) for sign in _SIGNS}
_RESTORED = {ord(there): chr(sign) for sign, there in _PROTECTED.items()}
BLANKS = " \t\n"
_NOTHING = chr(0xFFFFD)
"""What stands where nothing was filled in, so that a line with only that does not part a paragraph."""


def protected(value: Any) -> Markup:
    """What is filled in, such that it is never read as markup."""
    if isinstance(value, Markup):
        return Markup(value.strip(BLANKS) or _NOTHING)
    return Markup(str(value).translate(_PROTECTED) or _NOTHING)


def restored(text: str) -> str:
    """A text read out of the markup: one blank between words, and "20 pct." ends a sentence too."""
    text = re.sub(f"[{BLANKS}]+", " ", text.replace(_NOTHING, "")).strip(" ")
    for stop in (".", _PROTECTED[ord(".")]):
        text = text.replace(f"pct{stop}.", f"pct{stop}")
    return text.translate(_RESTORED)


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


class Sandbox(ImmutableSandboxedEnvironment):
    """Where templates are filled: they reach the facts given, the loop they stand in, and no more."""

    def __init__(self, language: str, folder: Path | None = None):
        super().__init__(
            loader=FileSystemLoader([*filter(None, [folder]), FOLDER]),
            undefined=StrictUndefined,
            autoescape=True,
            finalize=pass_context(lambda _, value: protected(value)),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.language = language
        self.globals.clear()
        self.filters = _filters(language)
        self.tests = {"none": self.tests["none"], "in": self.tests["in"]}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What facts, a loop or a file of macros give by that name; nothing else gives anything."""
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

    def get_source(self, name: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """A template's text, as its loader has it."""
        assert self.loader is not None
        return self.loader.get_source(self, name)

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether it may be called: a macro, or what places a table."""
        return isinstance(obj, Macro | Placing)

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
        known = given | _bound(tree)
        if unknown := [one for one in tree.find_all(nodes.Name) if one.name not in known]:
            first = unknown[0]
            raise TemplateSyntaxError(_unknown(first.name, given), first.lineno, name, filename)
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


@cache
def sandbox(language: str, folder: Path | None) -> Sandbox:
    """The sandbox of a language and of an office's folder.

    Raises:
        InputError: there is nothing in that language.
    """
    if language not in wording.LANGUAGES:
        known = ", ".join(wording.LANGUAGES)
        raise InputError(f"there are no texts in '{language}'; there are {known}")
    return Sandbox(language, folder)


def _filters(language: str) -> dict[str, Callable[..., Any]]:
    """What turns facts into words."""

    def joined(value: str | Iterable[str], last: str | None = None) -> str:
        if not isinstance(value, str):
            return wording.joined(value, language, last)
        lines = filter(None, (line.strip(BLANKS) for line in value.split("\n")))
        return Markup(wording.joined(lines, language, last))

    def percents(value: Any) -> str:
        return phrasing.percents(value if isinstance(value, tuple) else (value,), language)

    def capitalised(value: str) -> str:
        return type(value)(phrasing.capitalised(value.lstrip(BLANKS)))

    return {
        "joined": joined,
        "capitalised": capitalised,
        "percent": partial(phrasing.percent, language=language),
        "percents": percents,
        "month": partial(phrasing.month, language=language),
        "months": partial(wording.months, language=language),
        "months_short": partial(wording.months_short, language=language),
        "month_short": lambda m: m.short(language).replace(" ", "\N{NO-BREAK SPACE}"),
        "day": partial(phrasing.day, language=language),
        "period": partial(phrasing.period, language=language),
        "in_words": partial(wording.in_words, language=language),
        "number": lambda value, places=0: wording.number(value, language, places),
        "length": len,
    }


def compiled(environment: Sandbox, kind: str) -> Template:
    """A kind's template.

    Raises:
        InputError: it cannot be read, or names what there is not.
    """
    name = f"{kind}.{environment.language}.md"
    try:
        return environment.get_template(name)
    except (TemplateError, OSError, ValueError) as error:
        raise fault(error, FOLDER / name) from None


FAULTS = (
    TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError
)  # fmt: skip
"""What a template's fault raises: names that are not, and filters that cannot take what they are given."""


def fault(error: Exception, file: Path) -> InputError:
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
    return InputError(
        " ".join(str(said).split()), file=named, place=f"line {line}" if line else None
    )
