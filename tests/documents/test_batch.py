import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest
from bench.notices import everywhere

from tilsyn.documents.batch import Order, batch
from tilsyn.documents.facts import to_toml
from tilsyn.documents.proposal import proposed
from tilsyn.protection import Door
from tilsyn.rules import shipped
from tilsyn.work.spreading import Processes

DAY = dt.date(2022, 5, 15)
GOOD = ["766", "183", "741"]


def ordered(tmp_path: Path, **changes: object) -> Order:
    given = {"kind": "notice", "on": DAY, "folder": tmp_path / "out", "formats": ("docx",)}
    return Order(**(given | changes))  # type: ignore[arg-type]


def test_each_flagged_municipality_gets_its_letter_and_drafts_say_what_to_fill_in(
    tmp_path: Path,
) -> None:
    outcomes = list(
        batch(ordered(tmp_path, formats=("html",)), Door(everywhere()), GOOD, engine=Processes(1))
    )
    assert {o.result for o in outcomes} == {"written"}
    assert sorted(f.name for f in (tmp_path / "out").iterdir()) == [
        "notice-hedensted-2022-05-15.html",
        "notice-ishøj-2022-05-15.html",
        "notice-samsø-2022-05-15.html",
    ]
    assert "(udfyldes)" in (tmp_path / "out" / "notice-ishøj-2022-05-15.html").read_text("utf-8")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bad_municipality_does_not_stop_the_rest_and_is_named(
    tmp_path: Path, workers: int
) -> None:
    facts = tmp_path / "facts"
    facts.mkdir()
    (facts / "ishøj.toml").write_text("date = 2022-05-15\nreferense = 1\n", encoding="utf-8")
    figures = everywhere().with_columns(
        value=pl.when((pl.col("area") == "741") & (pl.col("statistic") == "share"))
        .then(1.0)
        .otherwise(pl.col("value"))
    )
    order = ordered(tmp_path, facts=facts)
    outcomes = {
        o.municipality: o for o in batch(order, Door(figures), GOOD, engine=Processes(workers))
    }
    assert {code: o.result for code, o in outcomes.items()} == {
        "766": "written",
        "183": "failed",
        "741": "nothing",
    }
    assert "did you mean 'reference'?" in outcomes["183"].reason
    assert [f.name for f in (tmp_path / "out").iterdir()] == ["notice-hedensted-2022-05-15.docx"]


def test_a_municipalitys_own_facts_go_before_what_the_rule_proposes(tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    facts.mkdir()
    own = proposed(everywhere(), "766", DAY, shipped(), reference="22/12345")
    (facts / "766.toml").write_text(to_toml(own), encoding="utf-8")
    list(
        batch(
            ordered(tmp_path, facts=facts, formats=("html",)),
            Door(everywhere()),
            ["766"],
            engine=Processes(1),
        )
    )
    (page,) = (tmp_path / "out").iterdir()
    assert "22/12345" in page.read_text("utf-8")


def test_the_command_lists_what_failed_and_its_exit_code_says_so(tilsyn, tmp_path, samples):
    shutil.copytree(samples, tmp_path / "samples")
    source = tmp_path / "samples" / "hedensted-2022-05" / "tables.csv"
    arguments = ["--kind", "notice", "--source", source, "--on", "2022-05-15", "--workers", "1"]
    out = tmp_path / "out"
    ended = tilsyn("documents", "batch", *arguments, "-m", "Hedensted", "-m", "Ishøj", "--out", out)
    assert ended.code == 0
    assert "1 written, 1 with nothing to write, 0 failed" in ended.err
    bad = tmp_path / "facts"
    bad.mkdir()
    (bad / "hedensted.toml").write_text("date = 2022-05-15\n", encoding="utf-8")
    ended = tilsyn(
        "documents", "batch", *arguments, "-m", "Hedensted", "--out", out, "--facts", bad
    )
    assert ended.code == 3
    assert "Hedensted: the notice needs these facts: reference" in " ".join(ended.err.split())


def test_all_and_some_at_once_is_no_order(tilsyn, tmp_path):
    ended = tilsyn(
        "documents", "batch", "--kind", "notice", "--source", tmp_path, "--on", "2022-05-15",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert (ended.code, "give either --all or --municipality" in ended.err) == (2, True)
