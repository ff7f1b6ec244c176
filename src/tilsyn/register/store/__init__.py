"""The person-clustered store: loaded whole or corrected person by person, read bucket by bucket."""

from tilsyn.register.store.loading import fold, load
from tilsyn.register.store.reading import Part, Store, is_store, open_store, opened

__all__ = ["Part", "Store", "fold", "is_store", "load", "open_store", "opened"]
