"""A proposed mapping as the text of ``mapping.toml``, with what a human has to say marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tilsyn.register.contract import TABLES
from tilsyn.register.naming import names
from tilsyn.register.proposal.proposing import Proposal, Proposed
from tilsyn.tables.formats import Format
from tilsyn.tables.mapping import UNPLACED
from tilsyn.vocabulary.wording import counted

_HEAD = f"""\
# How this register's extracts are read: proposed by `tilsyn register look`, to be read through by somebody
# who knows them. Where "{UNPLACED}" stands, write the code that the value means; rows that are not meant
# are named in leave_out, by heading. `tilsyn register check --mapping FILE` says what is wrong then.
"""
_COVERAGE = """\
# Of what the extracts tell in full: without this every month is measured.
# [coverage]
# municipalities = {municipalities}
# from = 2021-01-01
# to = 2023-12-31
"""


def written(proposal: Proposal, *, covered: bool = False) -> str:
    """The text of a mapping.

    Args:
        proposal: of at least one table.
        covered: whether a file beside it says what the extracts cover.
    """
    missing = [name for name in proposal.missing if TABLES[name].may_be_absent]
    parts = [_HEAD]
    if missing:
        parts.append(
            "# Nothing was found for these; say so only of those that have no rows.\n"
            f"# empty = {_value(missing)}\n"
        )
    if not covered:
        parts.append(_COVERAGE.format(municipalities=_value(_municipalities(proposal))))
    parts += [_table(one) for one in proposal.tables]
    return "\n".join(parts)


def _municipalities(proposal: Proposal) -> list[str]:
    """The codes of the municipalities in the extracts, if they are few."""
    known = names("municipality")
    found = {
        known[word.casefold()]
        for one in proposal.tables
        for extract in one.extracts
        for column in extract.columns
        if (column.heading,) == one.mapping.columns.get("municipality")
        for word in column.counts
        if word.casefold() in known
    }
    return sorted(found) if 0 < len(found) < 10 else ["183"]


def _table(one: Proposed) -> str:
    mapping, default = one.mapping, Format().model_dump()
    lines = [f"# {TABLES[mapping.table].da}: {one.height:,} rows", "[[table]]"]
    if one.unused:
        lines.insert(1, f"# Not used: {_comment(', '.join(one.unused))}")
    if one.absent:
        lines.insert(1, f"# Not found: {', '.join(one.absent)}")
    plain: dict[str, Any] = {"table": mapping.table}
    plain |= {n: getattr(mapping, n) for n in ("files", "sheet", "database", "query")}
    plain |= {n: getattr(mapping, n) for n in default if getattr(mapping, n) != default[n]}
    plain |= {n: getattr(mapping, n) for n in ("by_name", "no_end")}
    lines += [f"{name} = {_value(value)}" for name, value in plain.items() if value]
    lines += _inner("columns", {name: said[0] for name, said in mapping.columns.items()})
    lines += _inner("constants", mapping.constants)
    lines += _inner("keep", mapping.keep)
    for name, meanings in mapping.values.items():
        notes = {word: _note(one, name, word) for word in meanings}
        lines += _inner(f"values.{name}", meanings, notes)
    return "\n".join(lines) + "\n"


def _note(one: Proposed, name: str, word: str) -> str:
    rows = one.rows.get((name, word))
    if rows is None:
        return ""
    near = one.nearest.get((name, word))
    return counted(rows, "row", "rows", "en") + (f"; nearest: {near}" if near else "")


def _inner(
    name: str, values: Mapping[str, Any], notes: Mapping[str, str] | None = None
) -> Iterable[str]:
    if not values:
        return ()
    lines = [f"[table.{name}]"]
    for key, value in values.items():
        note = (notes or {}).get(key)
        lines.append(f"{_key(key)} = {_value(value)}" + (f"  # {_comment(note)}" if note else ""))
    return lines


def _key(text: str) -> str:
    return text if re.fullmatch("[A-Za-z0-9_-]+", text) else str(_value(text))


def _comment(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _value(value: Any) -> str:
    """A text, number, truth or list in TOML, whose basic strings escape as JSON's do, and DEL too."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
