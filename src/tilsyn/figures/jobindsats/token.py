"""The key to the API: from a file, the environment or the system's keyring, and never shown."""

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
    """The key in `file`, else in the environment variable ``TILSYN_JOBINDSATS_TOKEN``, else in the keyring.

    The keyring is asked where the extra `keyring` is installed: service "tilsyn", user "jobindsats".

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
        if not text.strip():
            text, place = _from_keyring(), "the keyring"
    text = text.strip()
    if not text:
        raise UsageError(
            f"no key: set {VARIABLE}, name a file that holds it with --token-file, or put it in the "
            "keyring (keyring set tilsyn jobindsats); keys are given by jobindsats@star.dk"
        )
    text = text.removeprefix("Bearer ").strip()
    # Anything else would be refused deep inside, with a message that quotes the key.
    if not all("!" <= letter <= "~" for letter in text) or len(text) >= _LONGEST:
        raise InputError("no key: a key is one word of letters, digits and signs", file=place)
    return Token(text)


def _from_keyring() -> str:
    """The key in the system's keyring; empty where there is none, or no keyring.

    Raises:
        InputError: the keyring is there and refuses.
    """
    try:
        import keyring
        from keyring.errors import KeyringError, NoKeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password("tilsyn", "jobindsats") or ""
    except NoKeyringError:
        return ""
    except KeyringError as error:
        # Its words may name the secret's place, never the secret; still only the kind is told.
        raise InputError(
            f"the keyring cannot be read ({type(error).__name__}); unlock it, or set {VARIABLE}"
        ) from None
