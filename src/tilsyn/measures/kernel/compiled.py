"""How kernels' functions are compiled."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba

_njit: Any = numba.njit
_config: Any = numba.config


def compiler(folder: Path) -> Callable[[Callable[..., Any]], Any]:
    """The decorator that compiles a kernel's functions.

    Args:
        folder: where all the kernel's sources lie; its functions call none of other folders.
    """
    cache = _cache(folder)

    def compiled(function: Callable[..., Any]) -> Any:
        """The function, compiled without the interpreter lock, cached on disk.

        A kernel allocates nothing, so numba need not count references to arrays (`_nrt`): counting
        them at every call, with threads contending for the same counters, costs ten times what the
        kernel does.
        """
        before, _config.CACHE_DIR = _config.CACHE_DIR, cache
        try:
            return _njit(nogil=True, cache=True, _nrt=False)(function)
        finally:
            _config.CACHE_DIR = before

    return compiled


def _cache(folder: Path) -> str:
    """Where compiled functions are kept: a folder for each state of the kernel's sources.

    numba looks at a function's own file alone, and would go on using machine code into which an
    older version of another file has been compiled.
    """
    sources = hashlib.sha256()
    for file in sorted(folder.glob("*.py")):
        sources.update(file.read_bytes())
    return str(_parent(folder) / f"kernel-{sources.hexdigest()[:16]}")


def _parent(folder: Path) -> Path:
    """The folder the user names for numba, else beside the sources, else the user's own cache."""
    if _config.CACHE_DIR:
        return Path(_config.CACHE_DIR)
    beside = folder / "__pycache__"
    if os.access(beside if beside.exists() else folder, os.W_OK):
        return beside
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tilsyn"


compiled = compiler(Path(__file__).parent)


def is_compiled(function: Any) -> bool:
    """Whether a compiled function lies in the cache on disk, so that it starts at once."""
    stats = getattr(function, "stats", None)
    if stats is None:  # numba is switched off: nothing is ever compiled
        return True
    name = function.py_func.__qualname__
    return any(Path(stats.cache_path).glob(f"*.{name}-*.nbi"))
