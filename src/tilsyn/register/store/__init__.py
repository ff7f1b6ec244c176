"""The person-clustered store: loaded whole or corrected person by person, read bucket by bucket."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tilsyn.register.store.reading import Part, Store, is_store, open_store, opened

if TYPE_CHECKING:
    from tilsyn.register.store.loading import fold, load

__all__ = ["Part", "Store", "fold", "is_store", "load", "open_store", "opened"]


def __getattr__(name: str) -> Any:
    """Loading takes a database, which who only reads need not wait for."""
    if name not in ("fold", "load"):
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.loading"), name)
