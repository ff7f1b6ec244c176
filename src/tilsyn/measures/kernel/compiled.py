"""How the kernel's functions are compiled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numba import njit

# The kernel allocates nothing, so numba need not count references to arrays (`_nrt`): counting them
# at every call, with threads contending for the same counters, costs ten times what the kernel does.
_njit: Any = njit
compiled = _njit(nogil=True, cache=True, _nrt=False)
"""Compiled without the interpreter lock and without reference counting, cached on disk."""


def is_compiled(function: Any) -> bool:
    """Whether a compiled function lies in the cache on disk, so that it starts at once."""
    stats = getattr(function, "stats", None)
    if stats is None:  # numba is switched off: nothing is ever compiled
        return True
    name = function.py_func.__qualname__
    return any(Path(stats.cache_path).glob(f"*.{name}-*.nbi"))
