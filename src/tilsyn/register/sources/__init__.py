"""Deliveries of other systems as a register's tables: how each is read stands in a mapping of its name.

``sources`` in the folder of one's own may hold a mapping of the same name, which stands in place of the
shipped one.
"""

from tilsyn.register.sources.reading import SOURCES, mapping_of, read

__all__ = ["SOURCES", "mapping_of", "read"]
