"""The commands figures audit and figures protect."""

import tomllib

import polars as pl
import pytest
from bench.country import country

from tilsyn.figures.release import Release, read, write


@pytest.fixture
def measured(tmp_path):
    """A release measured from a register: three municipalities, no areas."""
    figures = country(municipalities=3, areas=False)
    return write(Release("measured", figures["published"][0], figures), tmp_path / "measured")


def test_the_audit_names_the_equation(tilsyn, samples):
    ended = tilsyn("figures", "audit", samples / "ishoej-2023-11" / "tables.csv")
    assert ended.code == 0
    assert "17 − 3 − 5 − 8 = 1" in ended.out
    assert "16,7 % = 1 af 6" in ended.out.replace("\N{NO-BREAK SPACE}", " ")


def test_the_audit_for_programs_lists_every_hidden_cell(tilsyn, samples):
    listed = tilsyn(
        "figures", "audit", samples / "ishoej-2023-11" / "tables.csv", "--format", "json"
    ).json
    assert len(listed) == 167
    (one,) = [
        r
        for r in listed
        if (r["group"], r["category"], r["measure"]) == ("sygedagpenge", "1", "conversations_12m")
    ]
    assert (one["table"], one["low"], one["high"]) == ("ishoej-2023-11", 1, 1)
    assert one["derivation"]["da"] == "17 − 3 − 5 − 8 = 1"


def test_a_protected_release_gives_nothing_back(tilsyn, measured, tmp_path):
    made = tmp_path / "public"
    ended = tilsyn("figures", "protect", measured, "--out", made)
    assert ended.code == 0, ended.err
    assert tilsyn("figures", "audit", made).out.startswith("0 of ")
    figures = read(made).figures
    assert figures.filter(pl.col("statistic") != "share")["value"].is_between(1, 2).sum() == 0
    manifest = tomllib.loads((made / "manifest.toml").read_text(encoding="utf-8"))
    assert manifest["protection"]["of"] == "measured"
    assert manifest["protection"]["smallest"] == 3
    # From how many of the hidden counts are small some of them could be computed.
    assert not _numbers(manifest["protection"], but={"smallest"})


def _numbers(told, but=frozenset()):
    """The numbers in a manifest's table, those of these names left out."""
    if isinstance(told, dict):
        return [n for key, value in told.items() if key not in but for n in _numbers(value, but)]
    if isinstance(told, list):
        return [n for value in told for n in _numbers(value, but)]
    return [told] if isinstance(told, int | float) and not isinstance(told, bool) else []


def test_the_audit_looks_with_each_municipalitys_eyes(tilsyn, tmp_path):
    figures = country(municipalities=3).filter(pl.col("measure") == "offers_6m")
    measured = write(Release("measured", figures["published"][0], figures), tmp_path / "measured")
    made = tmp_path / "public"
    tilsyn("figures", "protect", measured, "--out", made)
    ended = tilsyn("figures", "audit", made, "--insiders", measured)
    assert ended.code == 0, ended.err
    assert "0 more can be computed by a municipality" in ended.out
    # As if the public alone were to be reckoned with: a small count and one other to make up for it.
    one = (pl.col("grp") == "kontanthjaelp") & (pl.col("visitation") == "")
    one &= (pl.col("statistic") == "persons") & (pl.col("category").is_in(["0", "1"]))
    one |= (pl.col("statistic") == "unmet") & (pl.col("grp") == "kontanthjaelp")
    one &= (pl.col("area_kind") == "municipality") & pl.col("area").is_in(["101", "147"])
    loose = figures.with_columns(
        pl.when(one).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(one).then(pl.lit("suppressed")).otherwise(pl.col("status")).alias("status"),
    )
    write(Release("loose", figures["published"][0], loose), tmp_path / "loose")
    told = ("figures", "audit", tmp_path / "loose", "--insiders", measured, "--format", "json")
    assert isinstance(tilsyn(*told).json, list)
    by = {one["by"] for one in tilsyn(*told, "--knowing", "101").json if "by" in one}
    assert by <= {"101"}


def test_the_same_release_comes_out_the_same(tilsyn, measured, tmp_path):
    for name in ("a", "b"):
        tilsyn("figures", "protect", measured, "--out", tmp_path / name / "public")
    one, two = (read(tmp_path / name / "public").figures for name in ("a", "b"))
    assert one.equals(two)


def test_protecting_again_beside_what_was_shown_gives_nothing_back(tilsyn, measured, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    tilsyn("figures", "protect", measured, "--out", first)
    ended = tilsyn("figures", "protect", measured, "--out", second, "--against", first)
    assert ended.code == 0, ended.err
    seen = pl.concat([read(first).figures, read(second).figures])
    assert seen.group_by("release").agg((pl.col("status") == "suppressed").sum()).height == 2
    assert tilsyn("figures", "audit", second).out.startswith("0 of ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("protect", "absent", "--out", "x"), 3, "not a release"),
        (("protect", "MEASURED", "--out", "x", "--smallest", "1"), 2, "2 or more"),
        (("protect", "MEASURED", "--out", "x", "--key-file", "none"), 2, "figures key"),
        (("protect", "MEASURED", "--out", "x", "--against", "absent"), 3, "no such file"),
        (("protect", "MEASURED", "--out", "other/measured"), 2, "a name of its own"),
        (("audit", "absent.csv"), 3, "no such file"),
        (("audit", "MEASURED", "--smallest", "1"), 2, "2 or more"),
        (("audit", "MEASURED", "--knowing", "101"), 2, "--insiders"),
        (("audit", "MEASURED", "--insiders", "absent"), 3, "not a release"),
    ],
)
def test_mistakes_are_one_line(tilsyn, measured, tmp_path, monkeypatch, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    ended = tilsyn("figures", *(measured if a == "MEASURED" else a for a in arguments))
    assert ended.code == code
    assert said in ended.err and ended.err.count("\n") == 1


def test_an_existing_release_is_never_overwritten(tilsyn, measured, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "figures.parquet").touch()
    ended = tilsyn("figures", "protect", measured, "--out", tmp_path / "there")
    assert ended.code == 3 and "never written over" in ended.err
