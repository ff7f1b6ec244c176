"""A seeded part of the fuzz; all of it with `python -m tests.fuzz`, which sets what is asked of it here."""

import itertools
import os
import shutil
from pathlib import Path

import pytest

from tests.fuzz import files, site
from tests.fuzz.oracle import Tally, tried
from tests.site.conftest import (  # noqa: F401
    asking,
    derived,
    drafted,
    drawn,
    early_release,
    installation,
    own,
    people,
    store,
    strict_site,
)
from tilsyn.site.models import new_token

INPUTS = int(os.environ.get("FUZZ_INPUTS", "300"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
FIRST = int(os.environ.get("FUZZ_FIRST", "0"))
ONLY = os.environ.get("FUZZ_ONLY", "")
"""A kind, or a kind and a number."""
TOLD = os.environ.get("FUZZ_TOLD")
"""Where the counts are written."""


def numbered(shares, inputs):
    """The inputs by kind and number, each kind by its share."""
    all_shares = sum(site.KINDS.values()) + sum(share for share, _ in files.KINDS.values())
    kind, _, number = ONLY.partition(":")
    if number:
        return [(kind, int(number))] if kind in shares else []
    return [
        (name, FIRST + at)
        for name, share in shares.items()
        if kind in ("", name)
        for at in range(max(1, round(inputs * share / all_shares)))
    ]


def found(tally):
    if TOLD:
        with Path(TOLD).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write("\n".join([*tally.told(), ""]))
    assert not tally.failures, "\n".join(tally.told())


def test_no_file_and_no_option_breaks_a_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    tally, numbers = Tally(), itertools.count()
    shares = {name: share for name, (share, _) in files.KINDS.items()}
    for kind, number in numbered(shares, INPUTS):
        folder = tmp_path / f"input{next(numbers)}"
        folder.mkdir()
        one = files.KINDS[kind][1]
        tried(tally, kind, number, SEED, lambda chosen, one=one, folder=folder: one(chosen, folder))
        os.chdir(tmp_path)
        shutil.rmtree(folder)
    found(tally)


@pytest.mark.parametrize("whose", ["authority", "municipality"])
def test_nothing_sent_to_the_site_breaks_it(request, db, whose, tmp_path):
    there = request.getfixturevalue({"authority": "installation", "municipality": "asking"}[whose])
    tokens = {role: new_token(there.people[role]) for role in ("head", "officer", "municipality")}
    asked, tally = site.Site(there, tokens, tmp_path), Tally()
    shares = {kind: share for kind, share in site.KINDS.items() if kind.startswith(whose)}
    for kind, number in numbered(shares, INPUTS):
        tried(tally, kind, number, SEED, lambda chosen, kind=kind: asked.put(chosen, kind))
    found(tally)
