"""The program loads only what the command asked for needs, and has every command it names."""

import subprocess
import sys

import pytest
import typer.main

from tilsyn.cli.main import PARTS, program


def test_every_command_is_named_with_its_modules():
    assert set(typer.main.get_command(program()).commands) == set(PARTS)


def test_the_list_of_commands_says_what_each_commands_own_help_says():
    listed, made = (typer.main.get_command(program(asked)).commands for asked in ("", None))
    for name, command in made.items():
        begins = " ".join(command.help.split("\n\n")[0].split())
        assert listed[name].help == begins, name


@pytest.mark.parametrize("asked", PARTS)
def test_the_command_asked_for_is_there_by_itself(asked):
    assert asked in typer.main.get_command(program(asked)).commands


def test_every_command_has_help_with_an_example():
    def leaves(command):
        for inner in getattr(command, "commands", {}).values():
            yield from leaves(inner)
        if not hasattr(command, "commands"):
            yield command

    for command in leaves(typer.main.get_command(program())):
        assert "Example" in command.help, command.name


def test_judging_loads_neither_the_engine_nor_the_documents():
    script = (
        "import sys; from tilsyn.cli.main import program; program('judge');"
        "print([m for m in ('numba', 'duckdb', 'typst', 'docx', 'django') if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"
