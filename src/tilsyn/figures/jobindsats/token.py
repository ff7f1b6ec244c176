"""The key to the API: from the environment or a file, and never shown."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from tilsyn.errors import InputError, UsageError

VARIABLE = "TILSYN_JOBINDSATS_TOKEN"
_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class Token:
    """A key; its text is in no representation of it."""

    secret: str = field(repr=False)

    def __str__(self) -> str:
        return "(key)"


def token(file: Path | None = None) -> Token:
    """The key in `file`, or else in the environment variable ``TILSYN_JOBINDSATS_TOKEN``.

    Raises:
        UsageError: there is none.
        InputError: the file cannot be read, or what it holds is no key (it is not quoted).
    """
    if file is not None:
        try:
            with file.open(encoding="utf-8-sig") as stream:
                text = stream.read(_LONGEST)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not text"
            raise InputError(f"the key cannot be read ({reason})", file=file) from None
        place = str(file)
    else:
        text, place = os.environ.get(VARIABLE, ""), VARIABLE
    text = text.strip()
    if not text:
        raise UsageError(
            f"no key: set {VARIABLE}, or name a file that holds it with --token-file; keys are "
            "given by jobindsats@star.dk"
        )
    text = text.removeprefix("Bearer ").strip()
    # Anything else would be refused deep inside, with a message that quotes the key.
    if not all("!" <= letter <= "~" for letter in text) or len(text) >= _LONGEST:
        raise InputError("no key: a key is one word of letters, digits and signs", file=place)
    return Token(text)
