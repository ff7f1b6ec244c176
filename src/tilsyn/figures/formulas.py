"""Text that a spreadsheet would take for a formula, made plain text."""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With these a formula begins."""


def neutral(text: str) -> str:
    """The text as a spreadsheet shows it and never computes it: an apostrophe goes before it.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if text.startswith(STARTS) else text


def meant(text: str) -> str:
    """What a text was before it was made neutral."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS) else text
