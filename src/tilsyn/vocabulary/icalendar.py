"""How text stands in a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations


def escaped(text: str) -> str:
    """Text as a property's value."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def folded(line: str) -> str:
    """A line of at most 75 octets; the rest goes on, indented, in the next ones."""
    parts: list[str] = []
    rest = line
    while len(rest.encode()) > (limit := 75 if not parts else 74):
        cut = len(rest.encode()[:limit].decode(errors="ignore"))
        parts.append(rest[:cut])
        rest = rest[cut:]
    return "\r\n ".join([*parts, rest])
