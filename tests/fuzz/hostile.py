"""Values nobody means, and good inputs changed: bytes, texts, and trees of values as TOML or JSON."""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from random import Random
from typing import Any

import tomli_w

TEXTS = (
    "", " ", "x", "0", "-1", "²", "½", "9" * 19, "9" * 5_000, "1e999999999", "-0", "1_000", "0x10",
    "nan", "inf", "Infinity", "null", "true", "None", "[]", "{}", '{"a":' * 60 + "1" + "}" * 60,
    "2023-13", "2023-00", "0000-00", "0001-01", "9999-12", "99999-01", "2023-02-30", "0001-01-01",
    "9999-12-31", "2023-01-01T00:00:00+99:99", "2023-09..2023-07", "2022-01..9999-12", "\0", "a\0b",
    "\ud800", "\u202e💥", "%s%n{0}{}{x}", "{persons}", "../../etc/passwd", "/", "\\", ".", "..", "~",
    "'\"; DROP TABLE x; --", "<script>alert(1)</script>", "=1+1", "@SUM(A1)", "a" * 300, "æ" * 5_000,
    "Ishøj", "Køge Kommune", "183", "010190-1234", "total", "conversations_6m", "12,5 %", "1.234.567,8",
    "1,2,3", "–", "—", "\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}%", "\r", "\n\n", "\t", "\x85", "\u2028", "\x1b[31m",
)  # fmt: skip
"""Texts for any place that takes one."""

VALUES: tuple[Any, ...] = (
    *TEXTS, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**18, 0.1, -0.0, 1e308, [], [[]], {},
    [1, "a", {}], {"": ""}, {"a": {"b": [1]}}, ["x"] * 300, list(range(50)),
)  # fmt: skip
"""Values of any type for any place of a tree."""

_RAW = (
    "nan", "-inf", "1e400", "1e-999999999", "9" * 5_000, "0001-01-01", "9999-12-31", "1979-05-27T07:32:00Z",
    "07:32:00", "0x_", "[" * 60 + "]" * 60, "[" * 50_000, "{a=" * 40 + "1" + "}" * 40, "'''x", "1.",
    "0.1" + "0" * 6_000 + "1", '"\\ud800"', '"\\U00110000"', "+99", "1_0", "[1, 'a', [2]]",
)  # fmt: skip
_MARK = "<raw {}>"
_TOKEN = re.compile(r"[^\W_]+(?:[.,\-/][^\W_]+)*")
_BYTES = (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1a", b"\r", b"\n" * 50, b'"', b";" * 40, b"\xc3", b"PAR1", b"PK\x03\x04")  # fmt: skip


def some(chosen: Random, most: int = 3) -> range:
    """How many changes: mostly one."""
    return range(min(most, 1 + int(chosen.expovariate(1.2))))


def text(chosen: Random) -> str:
    """A text nobody means."""
    if chosen.random() < 0.9:
        return chosen.choice(TEXTS)
    return "".join(chr(chosen.choice((chosen.randrange(128), chosen.randrange(0xD7FF)))) for _ in range(chosen.randrange(30)))  # fmt: skip


def data(chosen: Random, good: bytes) -> bytes:
    """Bytes changed: cut, doubled, turned, put in."""
    for _ in some(chosen):
        at, to = sorted(chosen.randrange(len(good) + 1) for _ in range(2))
        match chosen.randrange(6):
            case 0:
                good = good[:at]
            case 1:
                good = good[:at] + good[to:]
            case 2:
                good = good[:at] + good[at:to] * chosen.choice((2, 3, 50)) + good[to:]
            case 3:
                good = good[:at] + chosen.choice(_BYTES) + good[at:]
            case 4 if good:
                at = min(at, len(good) - 1)
                good = good[:at] + bytes([good[at] ^ 1 << chosen.randrange(8)]) + good[at + 1 :]
            case _:
                good = good[:at] + chosen.randbytes(chosen.randrange(20)) + good[to:]
        good = good[: 1 << 20]
    return good


def written(chosen: Random, good: str) -> str:
    """A text file changed: words and numbers in other words' places, lines doubled, moved, left out."""
    for _ in some(chosen):
        lines = good.split("\n")
        at, to = (chosen.randrange(len(lines)) for _ in range(2))
        match chosen.randrange(8):
            case 0 | 1 | 2 if found := list(_TOKEN.finditer(good)):
                one, other = chosen.choice(found), chosen.choice(found)[0]
                put = other if chosen.random() < 0.3 else text(chosen)
                good = good[: one.start()] + put + good[one.end() :]
                continue
            case 3:
                lines.insert(to, lines[at])
            case 4:
                del lines[at]
            case 5:
                lines[at], lines[to] = lines[to], lines[at]
            case 6:
                one, other = chosen.sample(",;\t|\" '.:=", 2)
                lines = good.replace(one, other).split("\n")
            case _:
                lines[at] += chosen.choice(";,\t") * chosen.randrange(1, 5) + text(chosen)
        good = "\n".join(lines)
    return good


def tree(chosen: Random, good: Any) -> Any:
    """A tree of values changed: a value of another type or place, a key gone, misspelt or new."""
    good = copy.deepcopy(good)
    for _ in some(chosen):
        spots = list(_spots(good))
        if not spots:
            return chosen.choice(VALUES)
        holder, key = chosen.choice(spots)
        match chosen.randrange(7):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[chosen.choice((f"{key}x", key[:-1], key.upper(), text(chosen)))] = (
                    holder.pop(key)
                )
            case 2 if isinstance(holder, list):
                holder.insert(chosen.randrange(len(holder) + 1), copy.deepcopy(holder[key]))
            case 2:
                holder[text(chosen)] = chosen.choice(VALUES)
            case 3:
                other, there = chosen.choice(spots)
                if (isinstance(other, dict) and there in other) or (isinstance(other, list) and there < len(other)):  # fmt: skip
                    holder[key] = copy.deepcopy(other[there])
            case 4:
                holder[key] = _MARK.format(chosen.randrange(len(_RAW)))
            case _:
                holder[key] = chosen.choice(VALUES)
    return good


def _spots(value: Any) -> Any:
    """Every place in a tree: what holds it, and its key."""
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _spots(value[key])


def toml(chosen: Random, good: dict[str, Any]) -> bytes:
    """A TOML file of a changed tree, or a good file's bytes or text changed."""
    if (way := chosen.random()) < 0.15:
        return data(chosen, tomli_w.dumps(good).encode())
    if way < 0.4:
        return written(chosen, tomli_w.dumps(good)).encode(errors="surrogatepass")
    said = tree(chosen, good)
    said = said if isinstance(said, dict) else {"a": said}
    try:
        dumped = tomli_w.dumps(_without_none(said))
    except (ValueError, TypeError):
        dumped = written(chosen, tomli_w.dumps(good))
    return _unmarked(dumped).encode(errors="surrogatepass")


def as_json(chosen: Random, good: Any) -> bytes:
    """A JSON file, made as `toml` is."""
    if chosen.random() < 0.2:
        return data(chosen, json.dumps(good).encode())
    if chosen.random() < 0.2:
        return written(chosen, json.dumps(good, indent=1)).encode(errors="surrogatepass")
    return _unmarked(json.dumps(tree(chosen, good), ensure_ascii=chosen.random() < 0.7)).encode(errors="surrogatepass")  # fmt: skip


def _unmarked(dumped: str) -> str:
    return re.sub(r'"<raw (\d+)>"', lambda found: _RAW[int(found[1])], dumped)


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(one) for key, one in value.items() if one is not None}
    return [_without_none(one) for one in value] if isinstance(value, list) else value


def package(chosen: Random, good: bytes) -> bytes:
    """A zip file changed: a member's text or bytes, a member gone, renamed or doubled; or its own bytes."""
    if chosen.random() < 0.3:
        return data(chosen, good)
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        members = {one.filename: packed.read(one) for one in packed.infolist()}
    for _ in some(chosen, 2):
        name = chosen.choice(list(members))
        match chosen.randrange(8):
            case 0:
                del members[name]
            case 1:
                members[chosen.choice(("../x", "/x", "xl/vbaProject.bin", "a" * 300, name.upper()))] = members[name]  # fmt: skip
            case 2:
                members[name] = data(chosen, members[name])
            case _:
                members[name] = written(chosen, members[name].decode("utf-8", "replace")).encode(errors="replace")  # fmt: skip
        if not members:
            break
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", chosen.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as packed:  # fmt: skip
        for name, content in members.items():
            packed.writestr(name, content[: 1 << 20])
    return made.getvalue()
