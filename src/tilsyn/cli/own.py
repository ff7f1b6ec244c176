"""The commands own check and own new: the folder of one's own data, looked through and begun."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

import typer

import tilsyn
from tilsyn import own
from tilsyn.cli.terminal import complain, out
from tilsyn.errors import InputError, UsageError
from tilsyn.law import FOLDER
from tilsyn.work.files import put_whole

# Rooms that read the vocabulary are imported when it is looked at: it may be what is wrong.

app = typer.Typer(no_args_is_help=True, help="One folder for your own rules, measures, texts …")

_SAME = "Keep the name to replace the shipped one, or give it another to add one beside it."
NEW: dict[str, tuple[str, str]] = {
    "rule": (
        "rules",
        "A rule of your own says its own code (rule = …). One that keeps the official code takes the\n"
        "official rule's place, and must then have a title of its own in both languages.",
    ),
    "measure": (
        "measures",
        "Give it a code (measure = …) and [words] of its own; an official measure keeps its definition.",
    ),
    "course": (
        "courses",
        "A course that keeps the code (course = …) takes the shipped one's place.",
    ),
    "goal": ("goals", _SAME),
    "letterhead": (
        "letterheads",
        "Write your office's own, and empty `sample`. One named after an office is that office's.",
    ),
    "template": ("templates", "Change the sentences; keys and {slots} must stay as they are."),
    "list": ("vocabulary", "It stands in the shipped list's place in every command."),
    "source": ("sources", "It takes the place of the shipped mapping of its name."),
    "tables": ("tables", "It takes the shipped settings' place whole."),
}
"""What can be begun: its kind, and what the copy says of itself."""


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="own")


def shipped(kind: str) -> dict[str, Traversable]:
    """The shipped files of a kind, by name."""
    contents = files("tilsyn.documents.contents")
    folders: dict[str, tuple[Traversable, ...]] = {
        "templates": (contents / "letters", contents / "texts"),
        "letterheads": (files("tilsyn.documents") / "letterheads",),
        "goals": (files("tilsyn.planning.goals"),),
        "sources": (files("tilsyn.register.sources"),),
        "tables": (files("tilsyn.figures.jobindsats"),),
    }
    found = (file for folder in folders.get(kind, (FOLDER / kind,)) for file in folder.iterdir())
    return {
        file.name: file
        for file in sorted(found, key=lambda file: file.name)
        if any(fnmatch(file.name, pattern) for pattern in own.KINDS[kind])
    }


@app.command("new", no_args_is_help=True)
def _new(
    what: Annotated[str, typer.Argument(metavar="KIND", help=f"One of {', '.join(NEW)}.")],
    model: Annotated[
        str, typer.Option("--from", metavar="NAME", help="The shipped file that is copied.")
    ],
    name: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="The copy's name (default: the same)."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="Your own folder (default: --own, or OWN)."),
    ] = None,
) -> None:
    """Begin a file of your own: a copy of a shipped one that says what to change; never over a file.

    Example: `tilsyn own new rule --from early_effort --as early_warning --into ours`
    """
    if what not in NEW:
        raise UsageError(f"there is no '{what}' of your own; there are: {', '.join(NEW)}")
    kind, said = NEW[what]
    there = shipped(kind)
    names = (model, *(f"{model}{ending}" for ending in (".md", ".toml", ".csv")))
    if (found := next((there[one] for one in names if one in there), None)) is None:
        raise UsageError(f"--from: no {what} '{model}' is shipped; there are: {', '.join(there)}")
    ending = found.name[found.name.rindex(".") :]
    named = f"{name.removesuffix(ending)}{ending}" if name else found.name
    place = into or (Path(given) if (given := os.environ.get(own.VARIABLE)) else own.named())
    if place is None:
        raise UsageError("name your own folder: --into DIR, or --own DIR")
    if Path(named).name != named:
        raise UsageError(f"--as: '{name}' is no file name")
    file = place / kind / named
    if file.exists():
        raise InputError("exists already; remove it or choose another name (--as)", file=file)
    head = [f"A copy of {found.name} as tilsyn {tilsyn.__version__} ships it.", *said.split("\n")]
    comment = "".join(f"# {line}\n" for line in head) + "\n" if ending == ".toml" else ""
    file.parent.mkdir(parents=True, exist_ok=True)
    put_whole(file, (comment + found.read_text(encoding="utf-8")).encode())
    out.print(f"{file}: change it, then look it through with `tilsyn own check {place}`")


@app.command("check")
def _check(
    _folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Default: --own, or OWN.")
    ] = None,
) -> None:
    """Say everything that is wrong in the folder of your own data, a line each; run rules' examples.

    Example: `tilsyn own check ours`
    """
    if (place := own.named()) is None:
        raise UsageError("name your own folder: own check DIR, or --own DIR")
    wrong = dict.fromkeys(str(error) for error in (*own.strangers(place), *_faults()))
    for line in wrong:
        complain(line)
    if wrong:
        raise typer.Exit(InputError.exit_code)
    files = len(own.hashes())
    told = f"{files} file{'s' if files != 1 else ''}, nothing wrong"
    out.print(f"{place}: {told}", markup=False, soft_wrap=True)


def _faults() -> Iterator[InputError]:
    """What is wrong in the files, kind by kind; where the vocabulary is, the rest cannot be read."""
    try:
        import tilsyn.vocabulary  # noqa: F401
    except InputError as error:
        yield error
        return
    for look in _looks():
        try:
            look()
        except InputError as error:
            yield error


def _looks() -> Iterator[Callable[[], Any]]:
    from tilsyn.documents.contents.own_templates import check_file
    from tilsyn.documents.letterhead import read_letterhead
    from tilsyn.figures.jobindsats.settings import settings
    from tilsyn.measures import definitions
    from tilsyn.planning.goals import Goal
    from tilsyn.records import read_toml
    from tilsyn.register import codes
    from tilsyn.register.mapping import read_mapping
    from tilsyn.rules.course import read_course

    yield codes.read
    yield settings
    readers: dict[str, Callable[[Path], Any]] = {
        "sources": read_mapping,
        "measures": definitions.read,
        "rules": _check_rule,
        "courses": read_course,
        "templates": check_file,
        "letterheads": lambda file: read_letterhead(file) if file.suffix == ".toml" else None,
        "goals": lambda file: read_toml(file, Goal),
    }
    for kind, reader in readers.items():
        yield from (partial(reader, file) for file in own.files(kind))
    yield definitions.load


def _check_rule(file: Path) -> None:
    from tilsyn.rules import Catalogue
    from tilsyn.rules import shipped as official
    from tilsyn.rules.catalogue import own_rule
    from tilsyn.rules.examples import check

    rule = own_rule(file)
    check(rule, Catalogue([*official(), rule]), file=file)
