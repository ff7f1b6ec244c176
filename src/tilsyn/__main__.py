"""The command, as `python -m tilsyn`."""

from tilsyn.cli.main import run

if __name__ == "__main__":
    run()
