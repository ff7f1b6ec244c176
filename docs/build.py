"""Write the reference pages that follow from the code: commands, rules, courses ... Run by `make docs`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import click
import typer.main
from docs import cases

from tilsyn.cli.main import program
from tilsyn.law import FOLDER
from tilsyn.register.contract import FAULTS, REMARKS, TABLES
from tilsyn.register.coverage import COVERAGE
from tilsyn.register.limits import MOST_SET_ASIDE
from tilsyn.rules import shipped
from tilsyn.rules.model import Rule, Version
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.vocabulary import (
    GROUPS,
    MEASURES,
    MUNICIPALITIES,
    ROWS,
    STATISTIC_NAMES,
    VISITATION,
    lists,
)

HERE = Path(__file__).parent / "reference"
MADE = "<!-- Written by `make docs` from the code; do not edit by hand. -->\n"


def commands() -> str:
    """The page on every command, its arguments and options."""
    root = typer.main.get_command(program())
    parts = [
        MADE,
        "# Commands\n",
        "Exit codes: 0 all is well, 1 a defect of the program, 2 the command was called wrongly, "
        "3 an input cannot be used, 4 no rule is in force on that date, 5 not allowed, 6 somebody else "
        "was first or it no longer fits. Errors are "
        "one line on stderr; results are on stdout.\n",
        "Every command takes `--own DIR`, anywhere on the line: "
        "[the folder of your own data](../how-to/own-folder.md).\n",
    ]
    for path, command in _leaves(root, ("tilsyn",)):
        parts += [f"## {' '.join(path)}\n", f"{_help(command)}\n"]
        rows = [f"| {_names(p)} | {_about(p)} |" for p in command.params if p.name != "help"]
        if rows:
            parts += ["| argument or option | |\n|---|---|\n" + "\n".join(rows) + "\n"]
    return "\n".join(parts)


def _leaves(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    # typer brings a click of its own: groups and arguments are told by what they are, not by class.
    inside: dict[str, click.Command] = getattr(command, "commands", {})
    for name, inner in inside.items():
        yield from _leaves(inner, (*path, name))
    if not inside:
        yield path, command


def _help(command: click.Command) -> str:
    return " ".join((command.help or "").split()).replace(" Example:", "\n\nExample:")


def _names(parameter: click.Parameter) -> str:
    if parameter.param_type_name == "argument":
        return f"`{getattr(parameter, 'metavar', None) or str(parameter.name).upper()}`"
    return ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))


def _about(parameter: click.Parameter) -> str:
    text = " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")
    option = parameter.param_type_name == "option"
    if parameter.required and option:
        text += " Required."
    elif parameter.default not in (None, False, ()) and option:
        text += f" Default: {parameter.default}."
    return text.strip()


def rules() -> str:
    """The page on every rule, its versions, sources and boundary examples."""
    parts = [MADE, "# Rules\n"]
    parts.append(
        "A rule is a list of whole versions. A date picks one; nothing is carried over from the "
        "version before, and a date without a version is an error. The examples below are run by "
        "the tests (and by `tilsyn rules check` for your own files).\n"
    )
    for rule in shipped():
        parts += [f"## {rule.rule}: {rule.title['en']} ({rule.title['da']})\n"]
        parts += [part for version in rule.version for part in _version(rule, version)]
    return "\n".join(parts)


def _version(rule: Rule, version: Version) -> Iterator[str]:
    yield f"### {rule.rule}, {version.name}\n"
    facts = [
        ("in force", version.interval),
        ("picked by", version.picked_by.replace("_", " ")),
        ("measures", ", ".join(version.measures)),
        *(
            (f"{key.replace('_', ' ')}", _plain(value))
            for key, value in version.criterion
            if value not in (None, ())
        ),
    ]
    if version.suspended:
        facts.append(("suspended", version.suspended_because["en"]))
    if version.unverified:
        facts.append(("not verified", version.unverified["en"]))
    yield "| | |\n|---|---|\n" + "\n".join(f"| {key} | {value} |" for key, value in facts) + "\n"
    for source in version.source:
        quote = f" “{source.quote}”" if source.quote else ""
        yield f"Source [{source.confidence}]: {source.title}.{quote}\n"
    for example in version.example:
        verdicts = ", ".join(f"{group}: {verdict}" for group, verdict in example.expect.items())
        beside = (
            ""
            if example.goal_met is None
            else f"; result goal {'met' if example.goal_met else 'missed'}"
        )
        yield f"*{example.name[0].upper()}{example.name[1:]}* (on {example.on}{beside})\n"
        yield f"```\n{example.figures.strip()}\n→ {verdicts}{f' ({example.reason})' if example.reason else ''}\n```\n"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _register_codes() -> dict[str, list[tuple[str, str]]]:
    """The codes that columns of a register may hold, with their names; municipalities are the country's."""

    def listed(file: str) -> list[tuple[str, str]]:
        return [(str(row["code"]), str(row["name"])) for row in lists.rows(file)]

    return {
        "group": [(one.code, one.da) for one in GROUPS],
        "visitation": [(one.code, one.da) for one in VISITATION],
        "conversation type": listed("conversation_types.csv"),
        "kind of offer": listed("offer_kinds.csv"),
        "municipality": [(one.code, one.name) for one in MUNICIPALITIES],
    }


def registers() -> str:
    """The page on the person-level tables: columns, reasons for setting aside, remarks."""
    parts = [
        MADE,
        "# Registers\n",
        "Person-level input. CSV (`,` or `;`, UTF-8 with or without byte-order mark, ISO dates, decimal "
        "point or comma) or Parquet; one file or a folder of files a table. `tilsyn register check DIR` "
        "says what is read; every row is read or set aside with its reason. Extracts of any other form are "
        "read by [a mapping](../how-to/read-any-extract.md).\n",
    ]
    for name, table in TABLES.items():
        about = "" if table.measured else " (optional, kept for planning, never measured)"
        if table.becomes:
            about = f" (optional; {table.becomes} are made of them)"
        parts.append(f"## {name}{about}\n")
        rows = [f"| `{column.name}` | {column.description} |" for column in table.columns]
        parts.append("| column | |\n|---|---|\n" + "\n".join(rows) + "\n")
    parts.append("## The codes\n")
    parts.append(
        "Conversation types and kinds of offer may be replaced by [lists of your own]"
        "(../how-to/own-folder.md). A mapping may use the names too.\n"
    )
    for kind, codes in _register_codes().items():
        parts.append(f"**{kind}**\n")
        parts.append("\n".join(f"- `{code}`: {name}" for code, name in codes) + "\n")
    parts.append("## What it covers\n")
    parts.append(
        f"`{COVERAGE}` beside the tables says of what the register tells in full: the municipalities "
        '(codes or names, or `"all"`) and the first and last day for which conversations, offers and '
        "hours are complete (spells may begin earlier).\n"
    )
    parts.append('```toml\nmunicipalities = ["183"]\nfrom = 2021-01-01\nto = 2023-12-31\n```\n')
    parts.append(
        "A RAR area, an AMK office, a region or the country is measured only where all its "
        "municipalities are covered. Not measured, and named by the run, are months that end after "
        "`to`, and for each measure months whose window begins before `from` (in calendar months; "
        "of persons whose benefit days add up over breaks it may begin earlier). An update without "
        "the file leaves what was stated. Without any statement the municipalities with spells are "
        "taken to be covered, and every month. A month that had not ended on `--known-on` (else "
        "today) is never measured.\n"
    )
    parts.append("## Why a row is set aside\n")
    parts.append(
        f"A table of whose rows more than {100 * MOST_SET_ASIDE:.0f} % are set aside is not loaded "
        "(`--most-set-aside`). How many were set aside of each table, and why, stands in the "
        "manifest of every release measured from the register, and in the findings on it.\n"
    )
    parts.append("\n".join(f"- `{code}`: {words}" for code, words in FAULTS.items()) + "\n")
    parts.append("## What is only remarked\n")
    parts.append("\n".join(f"- `{code}`: {words}" for code, words in REMARKS.items()) + "\n")
    return "\n".join(parts)


def measures() -> str:
    """The page on the measure definitions, as the files state them."""
    parts = [
        MADE,
        "# Measures\n",
        "How each measure is computed, as data. Dated values go by the measurement month. "
        "[Own definitions](../how-to/own-measures.md) stand in your own folder.\n",
    ]
    for file in sorted((FOLDER / "measures").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            parts.append(f"## {file.name.removesuffix('.toml')}\n")
            parts.append(f"```toml\n{file.read_text(encoding='utf-8').strip()}\n```\n")
    return "\n".join(parts)


def glossary() -> str:
    """The page on every term: those of `terms.csv`, and the lists of the law."""
    parts = [
        MADE,
        "# Glossary\n",
        "What things are called: in Danish, in English, and in code (under `tilsyn.`). One word for one "
        "thing. The terms stand in `docs/reference/terms.csv`; the lists below them are those of "
        "`src/tilsyn/law/vocabulary/`.\n",
    ]
    found: dict[str, list[dict[str, str]]] = {}
    for term in terms():
        found.setdefault(term["part"], []).append(term)
    for part, of in found.items():
        rows = [f"| {t['da']} | {t['en']} | `{t['code']}` | {t['about']} |" for t in of]
        parts.append(f"## {part}\n")
        parts.append("| Danish | English | code | |\n|---|---|---|---|\n" + "\n".join(rows) + "\n")
    for title, codes in LISTS.items():
        rows = [f"| {one.name('da')} | {one.name('en')} | `{one.code}` |" for one in codes]
        parts.append(f"## {title}\n")
        parts.append("| Danish | English | code |\n|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def terms() -> list[dict[str, str]]:
    """The terms of the field and of statistics that the code has a name for, in their order."""
    with (HERE / "terms.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


LISTS = {
    "Measures, by code": MEASURES,
    "Statistics, by code": STATISTIC_NAMES,
    "Benefit groups, by code": ROWS,
    "Visitation categories, by code": VISITATION,
    "Verdicts, by code": VERDICTS,
}
"""Lists whose members are terms themselves."""

PAGES = {
    "commands.md": commands,
    "glossary.md": glossary,
    "measures.md": measures,
    "registers.md": registers,
    "rules.md": rules,
    "courses.md": lambda: MADE + cases.course_pages(),
    "access.md": lambda: MADE + cases.access(),
    "settings.md": lambda: MADE + cases.settings_page(),
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
