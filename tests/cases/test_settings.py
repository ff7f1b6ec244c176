"""What an installation is by default: strict; and what has no need of it stays without it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tilsyn.errors import UsageError
from tilsyn.site.settings import database


def run(*command, **environment):
    plain = {k: v for k, v in os.environ.items() if k not in ("LOCAL", "DATABASE_URL")}
    return subprocess.run(
        [sys.executable, *command],
        env={**plain, "DJANGO_SETTINGS_MODULE": "tilsyn.site.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_production_installation_passes_djangos_own_check(tmp_path):
    ended = run("-m", "django", "check", "--deploy", "--fail-level", "INFO", DATA_DIR=str(tmp_path))
    assert ended.returncode == 0, ended.stderr


def test_what_judges_and_writes_does_not_load_django():
    ended = run("-X", "importtime", "-c", "import tilsyn.cli.main")
    assert ended.returncode == 0
    assert "| django" not in ended.stderr and "typer" in ended.stderr


def test_an_installation_of_neither_kind_is_refused(tmp_path):
    ended = run("-c", "import tilsyn.site.settings", INSTALLATION="region", DATA_DIR=str(tmp_path))
    assert "it is agency or municipality" in ended.stderr


@pytest.mark.parametrize(("behind", "counted"), [("1", 1), ("0", 0), ("", 0)])
def test_the_address_a_proxy_adds_is_believed_only_behind_one(tmp_path, behind, counted):
    ask = (
        "import django; django.setup(); from allauth import app_settings as a;"
        "print(a.TRUSTED_PROXY_COUNT, a.TRUSTED_CLIENT_IP_HEADER)"
    )
    ended = run("-c", ask, BEHIND_PROXY=behind, DATA_DIR=str(tmp_path))
    assert ended.stdout.split() == [str(counted), "None"], ended.stderr


def test_no_migration_is_missing(tmp_path):
    ended = run("-m", "django", "makemigrations", "--check", "--dry-run", DATA_DIR=str(tmp_path))
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", {"NAME": Path("/d/tilsyn.sqlite3")}),
        ("sqlite:////srv/t.sqlite3", {"NAME": Path("/srv/t.sqlite3")}),
        (
            "postgresql://me:p%40ss@db:5433/name?sslmode=require",
            {"NAME": "name", "USER": "me", "PASSWORD": "p@ss", "HOST": "db", "PORT": "5433"},
        ),
        ("postgres://me@/name?host=/run/postgresql", {"HOST": "/run/postgresql", "PORT": ""}),
    ],
)
def test_a_databases_address_is_read(address, expected):
    read = database(address, Path("/d"))
    assert {key: read[key] for key in expected} == expected


def test_another_kind_of_database_is_refused():
    with pytest.raises(UsageError, match="begins with 'mysql:'"):
        database("mysql://x", Path("/d"))


def test_a_day_off_that_is_no_day_is_refused_in_one_line(tmp_path):
    code = "import tilsyn.site.settings as s; print(sorted(map(str, s.CLOSED_DAYS)))"
    days = run("-c", code, CLOSED_DAYS="2026-05-15, 2026-12-23", DATA_DIR=str(tmp_path))
    assert days.stdout.strip() == "['2026-05-15', '2026-12-23']"
    ended = run("-c", code, CLOSED_DAYS="15-05-2026", DATA_DIR=str(tmp_path))
    assert "CLOSED_DAYS: " in ended.stderr and "write days as 2026-05-15" in ended.stderr
