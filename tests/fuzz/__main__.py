"""The whole fuzz: `python -m tests.fuzz --inputs 20000 --seed 1`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import pytest


def main() -> int:
    """Make the inputs, print how they ended, and every failure with what makes it again."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("--inputs", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="the first number of each kind")
    asked.add_argument("--only", default="", help="a kind, or KIND:NUMBER")
    asked.add_argument("--part", choices=("all", "files", "site"), default="all")
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        os.environ |= {
            "FUZZ_INPUTS": str(given.inputs), "FUZZ_SEED": str(given.seed), "FUZZ_FIRST": str(given.first),
            "FUZZ_ONLY": given.only, "FUZZ_TOLD": str(told),
        }  # fmt: skip
        words = [str(Path(__file__).with_name("test_fuzz.py")), "-n", "0", "-q", "--tb=short"]
        words += {"files": ["-k", "file"], "site": ["-k", "site"]}.get(given.part, [])
        words += ["-p", "tests.postgresql"] if given.database == "postgresql" else []
        code = pytest.main(words)
        sys.stdout.write(told.read_text() if told.exists() else "nothing was tried\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
