"""A rule file that would leave a finding without words is refused when it is read, wherever it is read."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.errors import InputError
from tilsyn.law import FOLDER
from tilsyn.rules import Catalogue, follow_up, judge, read_rule, shipped, with_own
from tilsyn.rules.examples import read_table
from tilsyn.rules.model import Consecutive, Mean, Rule

VERDICTS = (
    "flagged over_line near_line near_line_exactly met not_judged_too_small "
    "not_judged_population_unknown not_judged_months_missing not_judged_stale"
).split()
TEXT = """
rule = "early_warning"
title = { da = "Eget varsel", en = "Own warning" }

[sentences.da]
%s

[sentences.en]
%s

[[version]]
name = "2022"
title = { da = "fra 2022", en = "from 2022" }
valid_from = 2022-01-01
picked_by = "judgement_date"
status = "verified"
measures = ["conversations_6m"]

[version.criterion]
kind = "consecutive"
months = 2
level = "pooled"
threshold = 15
met_at_threshold = true
smallest_population = 10

[[version.source]]
title = "Decision of our own management"
confidence = "H"

[[version.example]]
name = "two months over 15 % are enough"
on = 2022-05-15
measure = "conversations_6m"
figures = '''
group | statistic  | 2022-01 | 2022-02
total | population | 100     | 100
total | unmet      | 16      | 16
'''
expect = { total = "flagged" }
"""
RULE = TEXT.replace("%s", "\n".join(f'{one} = "{{share}} i {{municipality}}."' for one in VERDICTS))


def written(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = RULE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "rules" / "early_warning.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


FAULTS = [
    ([(', en = "Own warning"', "")], r"title: say it in both languages, da and en; 'en' is missing"),
    ([('da = "Eget varsel"', 'da = " "')], r"title: .*'da' is missing"),
    ([(', en = "from 2022"', "")], r"version 1, title: .*'en' is missing"),
    ([('met = "{share} i {municipality}."\n', "")], r"sentences are missing: da\.met, en\.met$"),
    ([("[sentences.en]", "[sentences.en]\nother = 'x'")], r"sentences are missing: da\.other$"),
    ([("[sentences.en]", "[sentences.sv]")], "sentences, sv.*must be 'da' or 'en', not 'sv'"),
    ([("{ total = ", "{ nobody = ")], r"'nobody' is no benefit group; groups are .*sygedagpenge"),
    ([('= "flagged"', '= "guilty"')], "must be 'flagged', .* not 'guilty'"),
    ([("{share} i", "{share:>999999999} i")], r"the slot \{share\} says more than its name"),
    ([("{share} i", "{share i")], r"a brace has no pair|says more than its name|no slot"),
    ([("{share} i", "{share.real} i")], r"there is no slot \{share\.real\}"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), FAULTS)
def test_a_rule_file_that_lacks_words_is_refused_by_check_and_by_judge_alike(
    tmp_path, tilsyn, samples, changes, said
):
    file = written(tmp_path, *changes)
    with pytest.raises(InputError, match=said):
        read_rule(file)
    figures = samples / "hedensted-2022-05" / "tables.csv"
    checked = tilsyn("rules", "check", file)
    judged = tilsyn("judge", figures, "--on", "2022-05-15", "--own", file.parents[1])
    assert (checked.code, judged.code) == (3, 3)
    assert checked.err == judged.err
    assert checked.err.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("| 16      | 16", "| 16      | x", "'x' is no number"),
        ("| 16      | 16", "| 16      | nan", "'nan' is no number"),
        ("group | statistic  | 2022-01 | 2022-02", "", "must begin with the columns"),
        ("2022-01 | 2022-02", "2022-13 | 2022-02", "there is no month 13"),
    ],
)
def test_an_example_that_cannot_be_read_is_told_in_one_line(tmp_path, tilsyn, old, new, said):
    ended = tilsyn("rules", "check", written(tmp_path, (old, new)))
    assert ended.code == 3
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_measures_that_are_no_text_are_told_in_one_line(tmp_path, tilsyn):
    shipped = (FOLDER / "rules" / "early_effort_requirement.toml").read_text("utf-8")
    measures = next(line for line in shipped.splitlines() if line.startswith("measures = "))
    file = tmp_path / "own.toml"
    for wrong in ('[["x"]]', "[{}]", "1"):
        file.write_text(shipped.replace(measures, f"measures = {wrong}"), "utf-8")
        ended = tilsyn("rules", "check", file)
        assert (ended.code, ended.err.count("\n")) == (3, 1) and "measures" in ended.err


def test_a_rule_file_is_taken_as_well_as_its_folder(tmp_path, tilsyn):
    file = written(tmp_path)
    assert "early_warning" in with_own(file) and "early_warning" in with_own(file.parent)
    for named in (("--own", tmp_path), (f"--own={tmp_path}",)):
        ended = tilsyn(*named, "rules", "show", "early_warning", "--on", "2022-05-15")
        assert ended.code == 0, ended.err
    with pytest.raises(InputError, match="name a rule file or its folder"):
        with_own(tmp_path / "nothing")


def test_a_follow_up_by_a_rule_of_another_kind_is_refused(tmp_path):
    with pytest.raises(InputError, match="answers no notice"):
        follow_up(
            read_table("group | statistic | 2022-02\ntotal | unmet | 1", "conversations_6m"),
            on=dt.date(2022, 5, 15), letter=dt.date(2022, 5, 1), catalogue=with_own(written(tmp_path)),
            municipality="101", measure="conversations_6m", grp="total", months=None,
            rule="early_warning",
        )  # fmt: skip


CELLS = st.sampled_from(["", ".", "0", "3", "9", "10", "15", "20", "100"])


def bare(rule: Rule) -> Rule:
    """The rule with the sentences it needs and no other."""
    needed = {key for version in rule.version for key in version.criterion.sentences()}
    if any(version.suspended for version in rule.version):
        needed |= {"suspended", "suspended_stated"}
    texts = {one: dict.fromkeys(needed, "x") for one in ("da", "en")}
    return rule.model_copy(update={"sentences": texts})


BARE = Catalogue([bare(rule) for rule in shipped()])


@given(
    rule=st.sampled_from([r for r in BARE if isinstance(r.version[0].criterion, Consecutive | Mean)]),
    grp=st.sampled_from(["total", "sygedagpenge"]),
    cells=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=13, max_size=13),
    year=st.sampled_from([2020, 2021, 2022]),
    goal=st.sampled_from(["", "0", "1"]),
)  # fmt: skip
def test_no_finding_is_without_a_sentence_that_the_rule_is_asked_for(rule, grp, cells, year, goal):
    heads = " | ".join(f"{year - (n >= 12)}-{12 - n % 12:02d}" for n in range(13))
    measure = rule.version[0].measures[0]
    lines = [f"group | statistic | {heads}"]
    for name, column in zip(
        ("population", "unmet", "share"), zip(*cells, strict=True), strict=True
    ):
        lines.append(f"{grp} | {name} | {' | '.join(column)}")
    lines.append(f"{grp} | met | {goal}")
    figures = read_table("\n".join(lines), measure)
    for finding in judge(figures, on=dt.date(2022, 5, 15), catalogue=BARE):
        assert finding.sentence["da"] == "X"
