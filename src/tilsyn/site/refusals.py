"""Why something was refused, in the reader's language."""

from __future__ import annotations

from tilsyn.errors import TilsynError
from tilsyn.site.language import language


def explained(error: Exception) -> str:
    """The error's words in the reader's language, as a sentence."""
    text = error.said(language()) if isinstance(error, TilsynError) else str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
