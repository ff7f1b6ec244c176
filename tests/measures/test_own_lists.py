"""Lists are data everywhere: a tenth group, another visitation category, kind of offer and measure.

Each process reads its lists once, so these tests run others: in plain Python, against the
day-by-day reference; then the commands, which judge, show and export what was measured.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import polars as pl
import pytest
import tomli_w

from tests.measures.handwritten import register
from tests.measures.register_files import write_csv
from tilsyn.errors import InputError
from tilsyn.law import FOLDER
from tilsyn.measures import definitions, measurement
from tilsyn.register import codes
from tilsyn.register.door import admit
from tilsyn.register.store import load, open_store
from tilsyn.vocabulary import MEASURES, groups

ROOT = Path(__file__).parents[2]


GROUP = """[[group]]
code = "fleksydelse"
da = "Fleksydelse"
en = "Flexi-benefit"
da_persons = "fleksydelsesmodtagere"
en_persons = "recipients of flexi-benefit"
seniority = "elapsed"

"""
CATEGORY = """
[[visitation]]
code = "fjern"
da = "Fjern fra arbejdsmarkedet"
en = "Far from the labour market"
"""
DEFINITION = """
measure = "conversations_3m"
population = "reaching"
seniority_months = 3
exemption = "conversations"

[events]
table = "conversations"
counted = "distinct_days"

[[events.counting]]
codes = [4, 7, 17, 19]

[[required]]
events = 2
"""
WORDS = """
[words]
da = "Samtaler, de første 3 måneder"
en = "Conversations, first 3 months"
da_unmet = "færre end 2 samtaler i de første 3 måneder"
en_unmet = "fewer than 2 conversations in the first 3 months"
"""


def run(*command: str | Path, own: Path | None = None) -> subprocess.CompletedProcess[str]:
    named = {"OWN": str(own)} if own else {}
    return subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT), **named},
        capture_output=True,
        text=True,
        check=False,
    )


def tilsyn(*arguments: str | Path, own: Path | None = None) -> subprocess.CompletedProcess[str]:
    return run("-c", "from tilsyn.cli.main import run; run()", *arguments, own=own)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder of one's own with lists, a measure and a rule ("own"), and what is measured by it."""
    folder = tmp_path_factory.mktemp("own")
    for name in ("own/vocabulary", "own/measures", "own/rules", "measured"):
        (folder / name).mkdir(parents=True)
    # In the middle of its list, each: whatever goes by a number is another one after it.
    text = (FOLDER / "vocabulary/groups.toml").read_text()
    before = '[[group]]\ncode = "sygedagpenge"'
    assert before in text
    (folder / "own/vocabulary/groups.toml").write_text(
        text.replace(before, GROUP + before) + CATEGORY
    )
    kinds = (FOLDER / "vocabulary/offer_kinds.csv").read_text()
    head, rest = kinds.split("\n", 1)
    (folder / "own/vocabulary/offer_kinds.csv").write_text(f"{head}\nmentor,mentor,Mentor\n{rest}")
    (folder / "own/measures/conversations_3m.toml").write_text(DEFINITION + WORDS)
    rule = tomllib.loads((FOLDER / "rules/early_effort.toml").read_text())
    [version] = [v for v in rule["version"] if v["name"] == "model-a"]
    del version["valid_to"], version["follow_up"]
    version |= {
        "measures": ["conversations_3m"],
        "stale_after_months": 120,
        "example": [e for e in version["example"] if "10 persons is enough" in e["name"]],
    }
    rule |= {"rule": "three_months", "version": [version]}
    (folder / "own/rules/three_months.toml").write_text(tomli_w.dumps(rule))
    done = run(
        "-m", "tests.measures.own_lists", folder / "measured", "1",
        own=folder / "own",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_cell_is_the_references_by_lists_of_ones_own(place):
    frame = pl.read_parquet(place / "measured/release/figures.parquet")
    assert "fleksydelse" in frame["grp"]
    assert "fjern" in frame["visitation"]
    assert "conversations_3m" in frame["measure"]


def test_the_release_says_what_its_own_measures_are_called_and_which_lists_were_own(place):
    record = tomllib.loads((place / "measured/release/manifest.toml").read_text())
    [measure] = record["own_measures"]
    assert measure["code"] == "conversations_3m"
    assert measure["da"] == "Samtaler, de første 3 måneder"
    assert measure["categories"] == ["0", "1", "2", "3+"]
    assert measure["numbers"] == [{"equals": ["0", "1"]}]
    assert set(record["measured"]["own"]) == {
        "vocabulary/groups.toml", "vocabulary/offer_kinds.csv", "measures/conversations_3m.toml",
    }  # fmt: skip


def test_a_rule_about_ones_own_measure_judges_a_tenth_group(place):
    done = tilsyn(
        "judge", place / "measured/release", "--on", "2030-01-02", "--known-on", "2030-01-02",
        "--rule", "three_months", "--format", "json",
        own=place / "own",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    findings = json.loads(done.stdout)
    assert "fleksydelse" in {finding["group"] for finding in findings}
    assert {finding["measure"] for finding in findings} == {"conversations_3m"}
    assert any("fleksydelsesmodtagere" in str(finding).lower() for finding in findings) or all(
        finding["verdict"] == "not_judged"
        for finding in findings
        if finding["group"] == "fleksydelse"
    )


def test_the_figures_are_shown_by_name(place):
    done = tilsyn(
        "figures", "show", place / "measured/release", "--measure", "conversations_3m",
        own=place / "own",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Samtaler, de første 3 måneder" in done.stdout
    assert "Fleksydelse" in done.stdout


def test_the_figures_are_exported_and_read_back(place, tmp_path):
    source = place / "measured/release"
    lists = tmp_path / "own/vocabulary"
    lists.mkdir(parents=True)
    record = tomllib.loads((source / "manifest.toml").read_text())
    (lists / "measures.toml").write_text(tomli_w.dumps({"measure": record["own_measures"]}))
    for name in ("groups.toml", "offer_kinds.csv"):
        (lists / name).write_text((place / "own/vocabulary" / name).read_text())
    for form, target in (("tidy", "tidy"), ("jsonstat", "a.json"), ("excel", "a.xlsx")):
        done = tilsyn(
            "figures", "export", source, "--as", form, "--out", tmp_path / target,
            "--audience", "own", own=place / "own",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    for form, target in (("tidy", "tidy/figures.csv"), ("jsonstat", "a.json")):
        done = tilsyn(
            "figures", "read", tmp_path / target, "--published", "2026-11-01",
            "--into", tmp_path / form / "r", own=tmp_path / "own",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        cells = ["measure", "statistic", "area", "grp", "visitation", "category", "month", "value"]
        [back] = (tmp_path / form).rglob("figures.parquet")
        again, first = (
            pl.read_parquet(file).select(cells).filter(pl.col("value").is_not_null()).sort(cells)
            for file in (back, source / "figures.parquet")
        )
        assert again.filter(measure="conversations_3m").height
        assert again.height == first.height


def test_without_the_lists_a_store_and_a_release_are_refused_not_misread(place):
    done = tilsyn("judge", place / "measured/release", "--on", "2030-01-02")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "fleksydelse" in done.stderr
    done = tilsyn(
        "measure", place / "measured/store", "--from", "2023-01", "--to", "2023-02",
        "--out", place / "nothing",
    )  # fmt: skip
    assert done.returncode == 3
    assert "the list of codes of group was another" in done.stderr
    assert not (place / "nothing").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[group]]\ncode = "a"\nda = "A"\n', "missing 3 required positional arguments: 'en'"),
        ('[[grupper]]\ncode = "a"\n', "groups.toml: 'group' is missing"),
        ("[[group", "not valid TOML"),
        (
            (FOLDER / "vocabulary/groups.toml").read_text().replace('"uoplyst"', '"ukendt"'),
            "'uoplyst' is a visitation",
        ),
        (
            (FOLDER / "vocabulary/groups.toml").read_text().replace('"elapsed"', '"ever"'),
            "seniority must be one of elapsed, accumulated",
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_in_one_line(tmp_path, text, said):
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary/groups.toml").write_text(text)
    done = tilsyn("figures", "show", tmp_path, own=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
    assert said in done.stderr


def test_a_measure_keeps_its_meaning():
    words = {"code": "own_meaning", "da": "Egen", "en": "Own", "population": "reaching"}
    file = Path("manifest.toml")
    MEASURES.know_records([words], file=file)
    MEASURES.know_records([words], file=file)
    assert MEASURES["own_meaning"].name("da") == "Egen"
    for change, said in (
        ({"seniority_months": 9}, "means another elsewhere"),
        ({"categories": ["0", "1+"]}, "means another elsewhere"),
        ({"code": "offers_6m"}, "is an official measure"),
        ({"code": "own_other", "da": "Samtaler, langvarige"}, "names both"),
        ({"code": "own_other", "da": "B", "en": "B", "event": "offers"}, "lacks da_unmet, en_unm"),
        ({"code": "own_other", "wrong": 1}, "unknown key"),
        ({"code": "Own"}, "is not written as it must be"),
    ):
        with pytest.raises(InputError, match=said):
            MEASURES.know_records([words | change], file=file)
    assert "own_other" not in MEASURES
    MEASURES.know_records([words | {"da": "Bedre navn"}], file=file)
    assert MEASURES["own_meaning"].name("da") == "Bedre navn"
    assert MEASURES.find("Egen") is None
    assert not MEASURES["own_meaning"].official


def definition(folder: Path, text: str, name: str = "own.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_words_that_are_missing_are_named_in_one_line_and_with_them_it_is_measured(place):
    store, folder = place / "measured/store", place / "one"
    shutil.copytree(place / "own/vocabulary", folder / "vocabulary")

    def measured(text: str, out: str):
        definition(folder / "measures", text)
        return tilsyn(
            "measure", store, "--from", "2023-01", "--to", "2023-02", "--out", place / out,
            "--own", folder,
        )  # fmt: skip

    for words, missing in (
        ("", 'da = "…", en = "…", da_unmet = "…", en_unmet = "…" under [words]'),
        ('[words]\nda = "A"\nen = " "\nda_unmet = "b"\n', 'write en = "…", en_unmet = "…" under'),
    ):
        done = measured(DEFINITION + words, "refused")
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
        assert missing in done.stderr
        assert not (place / "refused").exists()
    assert measured(DEFINITION + WORDS, "three").returncode == 0
    own = tomllib.loads((place / "three/manifest.toml").read_text())["own_measures"]
    assert [measure["code"] for measure in own] == ["conversations_3m"]


def test_ones_own_seniority_leaves_official_measures_out_and_says_so(tmp_path):
    shipped = (FOLDER / "measures/seniority.toml").read_text()
    folder = definition(tmp_path / "d", shipped.replace("= 12", "= 6"), "seniority.toml")
    with pytest.raises(InputError, match="there must be measures of your own"):
        definitions.load(folder)
    own = DEFINITION.replace("3m", "3m_six") + WORDS.replace("3 m", "tre m")
    loaded = definitions.load(definition(folder, own))
    assert [d.measure for d in loaded.measures] == ["conversations_3m_six"]
    assert len(loaded.left_out) == 10
    # Said again as it is shipped, with another comment, it changes nothing.
    (folder / "seniority.toml").write_text("# ours\n" + shipped)
    assert definitions.load(folder).left_out == ()


def test_only_one_measure_of_everybody_placed_is_measured(tmp_path):
    text = 'measure = "weeks"\npopulation = "placed"\n[[bands]]\nweeks = [0, 5]\n'
    text += '[words]\nda = "Uger"\nen = "Weeks"\n'
    with pytest.raises(InputError, match="durations and weeks both count everybody placed"):
        definitions.load(definition(tmp_path / "d", text))
    loaded = definitions.load(definition(tmp_path / "e", text, "durations.toml"))
    assert loaded.measures[-1].categories == ("0-4", "5+")


def test_which_numbers_are_unmet_follows_the_definition_so_that_hidden_ones_stay_hidden(tmp_path):
    text = DEFINITION.replace("3m", "3m_dated") + '[[required]]\nfrom = "2024-01"\nevents = 3\n'
    text += "groups = { a_dagpenge = 1 }\n" + WORDS.replace("3 m", "daterede m")
    [own] = [d for d in definitions.load(definition(tmp_path / "d", text)).measures if d.words]
    before, after = dt.date(2023, 12, 1), dt.date(2024, 1, 1)

    def unmet(group: str, month: dt.date) -> tuple[tuple[str, ...], ...]:
        found = own.named.unmet_numbers(group, month)
        assert found is not None
        return found.equals, found.at_least, found.at_most

    assert own.categories == ("0", "1", "2", "3", "4+")
    assert unmet("a_dagpenge", before) == unmet("total", before) == (("0", "1"), (), ())
    assert unmet("a_dagpenge", after) == (("0",), (), ())
    assert unmet("sygedagpenge", after) == (("0", "1", "2"), (), ())
    assert unmet("total", after) == ((), ("0",), ("0", "1", "2"))


@pytest.mark.parametrize(
    "measure",
    [
        *("conversations_12m", "conversations_6m", "offers_6m", "conversations_6m_2026"),
        *("offers_6m_2026", "first_conversation", "sick_followup_6m", "arbejdspligt_effort"),
    ],
)
def test_the_official_measures_numbers_are_what_their_definitions_require(measure):
    official = next(d for d in definitions.load().measures if d.measure == measure)
    assert MEASURES[measure].groups == official.measured_groups
    assert MEASURES[measure].valid_from == official.valid_from
    for group in (*(official.measured_groups or groups.GROUPS.codes), "total"):
        for month in (dt.date(2022, 1, 1), dt.date(2024, 1, 1), dt.date(2026, 7, 1)):
            told = MEASURES[measure].unmet_numbers(group, month)
            numbers = tuple(official._numbers())
            meant = MEASURES[measure].model_copy(update={"numbers": numbers})
            theirs = meant.unmet_numbers(group, month)
            assert told is not None
            assert theirs is not None
            keys = ("equals", "at_least", "at_most")
            assert [getattr(told, k) for k in keys] == [getattr(theirs, k) for k in keys]


def test_own_code_lists_are_named_by_the_release(tmp_path, own_data, monkeypatch):
    own_data({"vocabulary/offer_kinds.csv": "code,kind,name\nvp,virksomhedspraktik,Praktik\n"})
    person = register("spell A 101 kontanthjaelp - 2022-01-01 ..", "conversation A 4 2022-02-01")
    own = codes.read()
    monkeypatch.delenv("OWN")
    for name, given in (("own", own), ("shipped", None)):
        csv = write_csv(person, tmp_path / name / "csv")
        admit(csv, tmp_path / name / "rows", persons="pseudonyms", codes=given)
        store = load(tmp_path / name / "rows", tmp_path / name / "store")
        told = {f"vocabulary/{file}": sha256 for file, sha256 in own.hashes.items()}
        assert measurement.own_of(store) == (told if given else {})
    # The same rows read by other lists are another register.
    first, second = (open_store(tmp_path / name / "store") for name in ("own", "shipped"))
    assert first.content != second.content
