"""Fixtures all rooms share."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings

from tests import databases
from tilsyn.cli import main
from tilsyn.protection.keys import TEST_KEY, VARIABLE
from tilsyn.vocabulary import MEASURES

os.environ.setdefault(VARIABLE, str(TEST_KEY))

# Generated tests try the same examples on every machine and are never judged by its speed; a hunt
# for new examples is asked for (`HYPOTHESIS_PROFILE=hunt make test`).
settings.register_profile(
    "usual", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("hunt", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def _own_log_of_looks(monkeypatch, tmp_path):
    """No test writes into the log of whoever runs it."""
    monkeypatch.setenv("TILSYN_LOOKS_LOG", str(tmp_path.parent / f"{tmp_path.name}-looks.jsonl"))


@pytest.fixture
def own_data(monkeypatch, tmp_path_factory):
    """Put texts into a folder of one's own, by path in it, and use that folder."""
    folder = tmp_path_factory.mktemp("own")

    def put(texts):
        for name, text in texts.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        monkeypatch.setenv("OWN", str(folder))
        return folder

    return put


@pytest.fixture
def tilsyn(monkeypatch, capfd, tmp_path_factory):
    """Run the command in this process, as the shell would, with a cache folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))

    def run(*arguments):
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["tilsyn", *map(str, arguments)])
        monkeypatch.setenv("OWN", os.environ.get("OWN", ""))
        before = os.environ["OWN"]
        try:
            main.run()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        finally:
            os.environ["OWN"] = before
        printed = capfd.readouterr()
        return Ended(code, printed.out, printed.err)

    return run


@pytest.fixture
def alone(tmp_path):
    """Run the command in a process of its own, with an installation of its own in tilsyn-data."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DATA_DIR", "LOCAL")}

    def run(*arguments):
        ended = subprocess.run(
            [sys.executable, "-c", "from tilsyn.cli.main import run; run()", *map(str, arguments)],
            cwd=tmp_path,
            env=kept,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


@pytest.fixture(autouse=True)
def measures_as_before():
    """Measures of one's own that a test makes known are forgotten with it."""
    before = MEASURES._by_code, MEASURES._by_spelling
    yield
    MEASURES._by_code, MEASURES._by_spelling = before


@pytest.fixture(scope="session")
def samples():
    """The folder of sample documents that come with the program."""
    with as_file(files("tilsyn.samples")) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def all_samples(samples):
    """Every sample file, all documents."""
    return sorted(samples.glob("*/*.csv"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    databases.in_a_file(django_settings.DATABASES["default"], tmp_path_factory.mktemp("database"))
    databases.empty_without_triggers()
    databases.take_down_whoever_is_there()


def absent(program: str) -> None:
    """Skip a test for want of a program, loudly; where all must be there (CI), fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{program} is not installed, and here every test must run")
    pytest.skip(f"NOT TESTED: {program} is not installed")
