"""The systemd units of `deploy/` call commands that there are."""

import configparser
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda path: path.name)
def test_a_unit_calls_a_command_with_options_it_has(unit):
    read = configparser.ConfigParser(interpolation=None)
    read.read(unit)
    _, *arguments = shlex.split(read["Service"]["ExecStart"])
    command = [sys.executable, "-m", "tilsyn", *arguments, "--help"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
