"""Text that a spreadsheet would take for a formula, made plain text."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(text: str) -> str:
    """The text as a spreadsheet shows it and never computes it: an apostrophe goes before it.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
