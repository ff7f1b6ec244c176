"""The decorator of this kernel's functions."""

from __future__ import annotations

from pathlib import Path

from tilsyn.measures.kernel.compiled import compiler

compiled = compiler(Path(__file__).parent)
