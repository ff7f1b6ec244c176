"""Why something was refused, in the reader's language.

What the cases refuse carries its words in both languages (`cases.refusals`). The documents speak English,
as the command line does; those of their errors a user of the pages can meet stand in Danish in
`data/documents.toml`, and any other is shown as it is.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from tilsyn.site.language import language


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    text = files(__package__).joinpath("data/documents.toml").read_text(encoding="utf-8")
    return [(re.compile(r["en"], re.DOTALL), r["da"]) for r in tomllib.loads(text)["refusal"]]


def explained(error: Exception) -> str:
    """The error's words in the reader's language."""
    words = getattr(error, "words", None)
    if words is not None:
        return _sentence(words[language()])
    text = getattr(error, "message", None) or str(error)
    if language() == "da":
        for pattern, danish in _patterns():
            if match := pattern.fullmatch(text):
                return match.expand(danish)
    return _sentence(text)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
