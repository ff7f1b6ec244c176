"""Everything that can go wrong, by kind; each kind has the exit code the command ends with.

A message is one clear line: what is wrong, where, and how to mend it.
"""

from __future__ import annotations

import re
from pathlib import Path

from tilsyn.cpr import masked
from tilsyn.words import Message

# Line ends and signs that steer a terminal, turn what is read around, or are no characters at all.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def on_one_line(text: str) -> str:
    """A text that may hold what stood in a file: what would not be seen stands as its escape."""
    return _UNSEEN.sub(lambda sign: ascii(sign[0])[1:-1], text)


class TilsynError(Exception):
    """Base of all errors that are the input's or the user's, never the program's (exit code 1).

    A message is one line, and no CPR number stands in it, whatever value, file or place it names.

    Attributes:
        code: which refusal it is; empty for one that has none.
        words: what pages say, where it is not the English message.
    """

    exit_code = 1
    code: str = ""
    words: Message | None = None

    def __init__(self, message: str | Message):
        if isinstance(message, Message):
            self.words = message
        super().__init__(on_one_line(masked(str(message))))

    def said(self, language: str) -> str:
        """The message in a language, as pages show it; in English where it is in no catalogue."""
        return masked(self.words.said(language)) if self.words else str(self)


class UsageError(TilsynError):
    """The command was called in a way that has no meaning (exit code 2)."""

    exit_code = 2


class InputError(TilsynError):
    """A file or a value cannot be used (exit code 3).

    Args:
        message: what is wrong and how to mend it.
        file: the file it stands in.
        place: where in the file: "row 12, column month", "line 4", "[version 2] threshold".
    """

    exit_code = 3

    def __init__(
        self, message: str | Message, *, file: Path | str | None = None, place: str | None = None
    ):
        super().__init__(message)
        self.message, self.file, self.place = str(self), file, place
        if where := ", ".join(str(part) for part in (file, place) if part):
            self.args = (on_one_line(masked(f"{where}: {message}")),)

    def said(self, language: str) -> str:
        """As any error's; the file and the place are the page's to name."""
        return super().said(language) if self.words else self.message


class NoRuleError(TilsynError):
    """No version of a rule is in force on the date asked for (exit code 4)."""

    exit_code = 4


class NotAllowedError(TilsynError):
    """The user may not do this (exit code 5)."""

    exit_code = 5


class ConflictError(TilsynError):
    """Somebody else was first, or what is asked no longer fits; look again (exit code 6)."""

    exit_code = 6
