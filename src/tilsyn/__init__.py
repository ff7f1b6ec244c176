"""Supervision of the Danish municipalities' employment effort.

Registers become figures, figures become judgements, judgements become cases and letters. For programs
and notebooks there are `read`, `open_register`, `judge` and `rules_on` (module `library`); the command
is ``tilsyn``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tilsyn.library import judge, open_register, read, rules_on

    __version__: str

__all__ = ["judge", "open_register", "read", "rules_on"]


def __getattr__(name: str) -> Any:
    """What is asked for, and not before: the libraries behind it take a while to start."""
    if name in __all__:
        return getattr(import_module("tilsyn.library"), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("tilsyn")
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
