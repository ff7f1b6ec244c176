"""What is spread over a Spark cluster of two workers gives what this machine gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.planning.stores import synthetic
from tests.work.spark_cluster import cluster, spark_or_skip
from tilsyn.figures.release import read
from tilsyn.protection.keys import TEST_KEY

TILSYN = str(Path(sys.executable).parent / "tilsyn")

REFUSED = """
import sys
from tilsyn.errors import InputError
from tilsyn.work.spark import Spark

def odd_refused(key):
    if key % 2:
        raise InputError(f"key {key} is odd")
    return key

told = []
spark = Spark(sys.argv[1])
print(list(spark.over([4, 0, 2], odd_refused, done=lambda: told.append(1))), len(told))
print(sorted(spark.shares(range(10), sum, most=1)) and sum(spark.shares(range(10), sum, most=1)))
try:
    list(spark.over([0, 1], odd_refused))
except InputError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    spark_or_skip()
    with cluster(tmp_path_factory.mktemp("spark")) as address:
        yield address


def tilsyn(*arguments: object) -> str:
    run = subprocess.run(
        [TILSYN, *map(str, arguments)], capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout


def test_results_come_in_order_and_a_refusal_is_the_programs_own(master):
    # In a process of its own: its JVM ends with it.
    run = subprocess.run(
        [sys.executable, "-c", REFUSED, master], capture_output=True, text=True, timeout=300
    )
    assert run.stdout.splitlines() == ["[4, 0, 2] 3", "45", "key 1 is odd"], run.stderr[-3000:]


def test_the_outlooks_of_several_municipalities_are_the_same(master):
    store = synthetic(2000, None, 2).folder.parent
    asked = ["outlook", store, "--on", "2023-06-30", "--months", "2", "--simulations", "20"]
    here = tilsyn(*asked, "--format", "json")
    assert here == tilsyn(*asked, "--format", "json", "--engine", "spark", "--master", master)
    assert '"municipality": "183"' in here


def test_letters_written_on_a_cluster_are_the_same_files(master, tmp_path, samples):
    source = samples / "hedensted-2022-05" / "tables.csv"
    asked = ["documents", "batch", "--kind", "notice", "--source", source, "--on", "2022-05-15"]
    asked += ["-m", "Hedensted", "-m", "Ishøj", "--format", "html"]
    tilsyn(*asked, "--out", tmp_path / "here")
    tilsyn(*asked, "--out", tmp_path / "there", "--engine", "spark", "--master", master)
    here, there = (
        {file.name: file.read_bytes() for file in (tmp_path / folder).iterdir()}
        for folder in ("here", "there")
    )
    assert here == there != {}


def test_what_is_protected_on_a_cluster_is_the_same(master, tmp_path):
    store = synthetic(2000, None, 2).folder.parent
    months = ["--from", "2023-03", "--to", "2023-05", "--published", "2023-09-01"]
    tilsyn("measure", store, *months, "--out", tmp_path / "exact")
    asked = ["figures", "protect", tmp_path / "exact", "--key-file", TEST_KEY]
    tilsyn(*asked, "--out", tmp_path / "here" / "shown")
    there = ["--engine", "spark", "--master", master]
    tilsyn(*asked, "--out", tmp_path / "there" / "shown", *there)
    here, there = (read(tmp_path / place / "shown").figures for place in ("here", "there"))
    assert here.equals(there)
    assert "suppressed" in here["status"]
