"""The secret key figures are protected with: made once, kept beside the installation's secret.

Who knows the program does not know the key, and so not which rows are hidden by chance or for others'
sake. It never stands in a release, a log or a message, and does not change: months already shown were
protected with it.
"""

from __future__ import annotations

import os
import secrets
from importlib.resources import files
from pathlib import Path
from typing import Final

from tilsyn.errors import InputError, UsageError

VARIABLE: Final = "PROTECTION_KEY_FILE"
NAME: Final = "protection_key"
"""What its file is called in an installation's data folder."""

TEST_KEY = Path(str(files("tilsyn.samples"))) / "test_protection_key"
"""The key that comes with the program, for tests and trials: everybody knows it."""

_SHORTEST = 32
_MEND = f"make one with 'tilsyn figures key FILE' and name it with --key-file or {VARIABLE}"


def make(file: Path, *, if_absent: bool = False) -> None:
    """Make a new key in a file that only its owner reads.

    Args:
        file: where.
        if_absent: whether one that is there already is left in peace.

    Raises:
        InputError: there is one already, or it cannot be written.
    """
    if if_absent and file.exists():
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: a key cut short would protect nothing alike ever after.
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(secrets.token_hex(_SHORTEST) + "\n")
                out.flush()
                os.fsync(out.fileno())
            os.link(draft, file)
        finally:
            draft.unlink()
    except FileExistsError:
        if if_absent:
            return
        raise InputError(
            "there is a key already; months shown were protected with it, so it is not replaced",
            file=file,
        ) from None
    except OSError as error:
        raise InputError(f"the key cannot be written ({error.strerror})", file=file) from None


def known_to_all(file: Path) -> bool:
    """Whether it is the key that comes with the program, for tests and trials."""
    return file.is_file() and file.read_bytes().strip() == TEST_KEY.read_bytes().strip()


def read(file: Path) -> bytes:
    """The key in a file.

    Raises:
        UsageError: there is no such file.
        InputError: it cannot be read, or is too short to be a key.
    """
    try:
        key = file.read_bytes().strip()
    except FileNotFoundError:
        raise UsageError(f"no key for protecting in {file}; {_MEND}") from None
    except OSError as error:
        raise InputError(f"the key cannot be read ({error.strerror})", file=file) from None
    if len(key) < _SHORTEST:
        raise InputError(f"a key has {_SHORTEST} characters or more; {_MEND}", file=file)
    return key


def place(data: Path | None) -> Path | None:
    """The file that the environment names, else the one in an installation's data folder."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    return None if data is None else data / NAME


def of_environment() -> bytes:
    """The key of the file that the environment names, else of the installation's data folder.

    Raises:
        UsageError: none is named; and what `read` raises.
    """
    folder = os.environ.get("DATA_DIR")
    file = place(Path(folder) if folder else None)
    if file is not None:
        return read(file)
    raise UsageError(f"figures are protected with a secret key, and there is none; {_MEND}")
