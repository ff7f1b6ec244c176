"""Why something was refused, in the reader's language.

Errors speak English, as the command line does. Those a user of the pages can meet stand in
`refusals.toml` in Danish too; any other is shown as it is.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from tilsyn.site.language import language


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    text = files(__package__).joinpath("data/refusals.toml").read_text(encoding="utf-8")
    return [(re.compile(r["en"], re.DOTALL), r["da"]) for r in tomllib.loads(text)["refusal"]]


def explained(error: Exception) -> str:
    """The error's words in the reader's language."""
    text = getattr(error, "message", None) or str(error)
    if language() == "da":
        for pattern, danish in _patterns():
            if match := pattern.fullmatch(text):
                return match.expand(danish)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
