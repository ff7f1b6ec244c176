"""Compiled functions are kept on disk by the state of the kernel's sources."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import tilsyn

COMPILE = """
import numpy as np
from tilsyn.measures.kernel import calendar
print(calendar.add_months(0, 1, calendar.CALENDAR))
print(calendar.add_months.stats.cache_path)
"""


def compiled_in(copy: Path, cache: Path) -> tuple[str, Path]:
    run = subprocess.run(
        [sys.executable, "-c", COMPILE],
        env={**os.environ, "PYTHONPATH": str(copy), "NUMBA_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    number, folder = run.stdout.split()
    return number, Path(folder)


def test_a_change_in_one_file_of_the_kernel_has_all_of_it_compiled_anew(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(
        Path(tilsyn.__file__).parent, copy / "tilsyn", ignore=shutil.ignore_patterns("__pycache__")
    )
    number, before = compiled_in(copy, tmp_path / "cache")
    assert compiled_in(copy, tmp_path / "cache") == (number, before)
    kernel = copy / "tilsyn" / "measures" / "kernel"
    (kernel / "runs.py").write_text((kernel / "runs.py").read_text() + "\n# changed\n")
    again, after = compiled_in(copy, tmp_path / "cache")
    assert again == number and after != before
    assert tmp_path / "cache" in after.parents


def test_kernels_are_kept_apart_by_their_own_sources(tmp_path):
    from tilsyn.measures.kernel.compiled import _cache

    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kernel.py").write_text(f"# {name}")
    one, other = (_cache(tmp_path / name) for name in ("one", "other"))
    assert Path(one).name != Path(other).name
    (tmp_path / "one" / "kernel.py").write_text("# changed")
    assert _cache(tmp_path / "one") != one and _cache(tmp_path / "other") == other
