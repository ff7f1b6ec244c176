"""Which secret a store's persons were pseudonymised with: its fingerprint, kept beside the store.

One store holds one kind of pseudonym. Rows pseudonymised with another secret would name the same
persons differently, and every figure over time would be wrong without a sign of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import tomli_w

from tilsyn.errors import InputError
from tilsyn.records import load_toml
from tilsyn.register.store.layout import STORE
from tilsyn.work.files import MINE, MY_FOLDER, put_whole

KEY: Final = ".pseudonyms.toml"
"""Its name begins with a dot: a store not yet loaded may hold nothing else."""


def agree(store: Path, fingerprint: str) -> None:
    """Check that a store's persons were named as those to be loaded, and note it in a new store.

    Args:
        store: its folder; made if it is not there.
        fingerprint: of the secret; empty when the persons came as pseudonyms.

    Raises:
        InputError: the store was loaded with another secret, or cannot be read or written.
    """
    file = store / KEY
    if (store / STORE).exists():
        record = load_toml(file) if file.exists() else {}
        earlier = str(record.get("fingerprint", ""))
        if earlier != fingerprint:
            raise InputError(_refusal(earlier, fingerprint), file=store)
        return
    store.mkdir(mode=MY_FOLDER, parents=True, exist_ok=True)
    put_whole(file, tomli_w.dumps({"fingerprint": fingerprint}).encode(), mode=MINE)


def _refusal(earlier: str, now: str) -> str:
    if not earlier:
        return (
            "its persons came as pseudonyms, these are CPR numbers; load them into a new store, or "
            "deliver pseudonyms as before"
        )
    if not now:
        return (
            "its persons are pseudonyms of CPR numbers, these came as pseudonyms; load them into a "
            "new store, or deliver CPR numbers as before"
        )
    return (
        f"its pseudonyms were made with another secret (fingerprint {earlier}, now {now}); use the "
        "same secret, or load everything into a new store"
    )
