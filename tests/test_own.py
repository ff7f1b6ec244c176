"""One folder of one's own data: how it is named, what is refused, and what it changes."""

import datetime as dt
import hashlib
import tomllib

import pytest

from tilsyn import own
from tilsyn.documents.contents.templates import texts
from tilsyn.documents.letterhead import letterhead_of, named_letterhead
from tilsyn.documents.sealing import seal
from tilsyn.errors import InputError
from tilsyn.law import FOLDER
from tilsyn.planning import goals
from tilsyn.register.sources import mapping_of
from tilsyn.rules import at_hand, shipped
from tilsyn.rules.course import courses
from tilsyn.work.kept import place

RULE = (FOLDER / "rules/early_effort.toml").read_text(encoding="utf-8")
LETTERHEAD = """
[da]
office = "Kontoret"
agency = "Kommunen"
role = "Leder"
[en]
office = "The office"
agency = "The municipality"
role = "Head"
"""
GOAL = 'name = "ours"\nduty = true\ntitle = { da = "Vores", en = "Ours" }\n'


def test_without_a_folder_there_is_nothing_of_ones_own(monkeypatch, tmp_path):
    monkeypatch.delenv("OWN", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert own.named() is None
    assert own.hashes() == {}
    assert own.file("goals", "ours.toml") is None


def test_an_installations_folder_is_its_data_folders_own(monkeypatch, tmp_path):
    monkeypatch.delenv("OWN", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    (tmp_path / "own/goals").mkdir(parents=True)
    (tmp_path / "own/goals/ours.toml").write_text(GOAL)
    assert own.named() == tmp_path / "own"
    assert list(goals.at_hand()) == [*goals.shipped(), "ours"]


def test_the_hashes_name_each_file_by_its_path(own_data):
    own_data({"goals/ours.toml": GOAL, "goals/notes.txt": "read by nothing"})
    assert own.hashes() == {"goals/ours.toml": hashlib.sha256(GOAL.encode()).hexdigest()}
    assert own.hashes("rules") == {}


def test_a_folder_that_is_not_there_or_holds_nothing_known_is_one_line(tilsyn, tmp_path):
    (tmp_path / "empty").mkdir()
    for name, said in (("none", "there is no such folder"), ("empty", "holds no data of your own")):
        ended = tilsyn("rules", "show", "--on", "2022-05-15", "--own", tmp_path / name)
        assert (ended.code, ended.err.count("\n")) == (3, 1)
        assert said in ended.err
        assert "rules, courses" in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--own", "a", "--own=b"], "--own is given 2 times"),
        (["--own"], "name a folder"),
        (["--own="], "name a folder"),
        (
            ["--rules", "x"],
            "--rules is gone: put rule files into DIR/rules and name DIR with --own",
        ),
        (["--definitions=x"], "into DIR/measures"),
        (["--codes", "x"], "into DIR/vocabulary"),
        (["--tables", "x"], "into DIR/tables"),
        (["--templates", "x"], "into DIR/templates"),
    ],
)
def test_what_is_said_wrong_of_it_is_one_line_that_names_the_mend(tilsyn, words, said):
    ended = tilsyn("rules", "show", "--on", "2022-05-15", *words)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert said in ended.err


def test_help_tells_of_the_folder(tilsyn):
    assert "--own" in tilsyn("--help").out


def test_an_official_rule_that_is_changed_loses_its_name(own_data):
    own_data({"rules/early_effort.toml": RULE})
    assert at_hand()["early_effort"] == shipped()["early_effort"]
    changed = RULE.replace("met_at_threshold = true", "met_at_threshold = false")
    assert changed != RULE
    own_data({"rules/early_effort.toml": changed})
    with pytest.raises(InputError, match="an official rule, and this file differs"):
        at_hand()
    title = next(line for line in RULE.splitlines() if line.startswith("title"))
    own_data({"rules/early_effort.toml": changed.replace(title, 'title = { da = "A", en = "B" }')})
    assert at_hand()["early_effort"].title == {"da": "A", "en": "B"}


SOURCE = """
[[table]]
table = "conversations"
files = "*.csv"
columns = { person = "CPR", held = "Dato", type = "Type" }
values = { type = { JS = "7" } }
"""


def test_courses_texts_letterheads_and_sources_are_ones_own_where_there_are_any(own_data):
    course = (FOLDER / "courses/focus_goals.toml").read_text(encoding="utf-8")
    own_data({
        "courses/other.toml": course.replace('course = "focus_goals"', 'course = "other"'),
        "letterheads/office.toml": LETTERHEAD,
        "sources/dfdg.toml": SOURCE,
    })  # fmt: skip
    assert {"other", "focus_goals"} <= set(courses())
    assert letterhead_of("oest").da.office == "Kontoret"
    assert named_letterhead("office").en.office == "The office"
    assert mapping_of("dfdg").tables[0].values["type"] == {"JS": "7"}
    with pytest.raises(InputError, match=r"neither a file nor a letterhead of your own.*office"):
        named_letterhead("none")


def test_another_offices_letterhead_is_nobody_elses(own_data):
    own_data({"letterheads/syd.toml": LETTERHEAD})
    assert letterhead_of("syd").da.office == "Kontoret"
    assert letterhead_of("ministry").da.office != "Kontoret"


def test_own_texts_go_before_the_shipped_ones(own_data):
    own_data({"templates/frame.da.toml": 'subject = "Andet"'})
    with pytest.raises(InputError, match=r"frame\.da\.toml"):
        texts("frame", "da")
    assert texts("frame", "en").file == "frame.en.toml"


def test_check_says_everything_wrong_at_once_a_line_each(tilsyn, own_data):
    folder = own_data({
        "regler/a.toml": "",
        "rules/notes.txt": "",
        "rules/broken.toml": 'rule = "broken"',
        "rules/early_effort.toml": RULE.replace("met_at_threshold = true", "met_at_threshold = false"),
        "courses/broken.toml": "course",
        "measures/broken.toml": "measure",
        "letterheads/office.toml": "",
        "goals/ours.toml": GOAL.replace("duty", "dutty"),
        "sources/dfdg.toml": SOURCE.replace("conversations", "talks"),
        "sources/activities.csv": "code,kind\nJS,x\n",
        "tables/supervision.toml": "subjekt = 1",
        "templates/notice.da.toml": "",
        "README.md": "ours",
    })  # fmt: skip
    ended = tilsyn("own", "check", folder)
    assert (ended.code, ended.out) == (3, "")
    lines = ended.err.splitlines()
    assert len(lines) == 12
    for name in (
        "regler",
        "notes.txt",
        "broken.toml",
        "dfdg.toml",
        "activities.csv",
        "ours.toml",
    ):
        assert any(name in line for line in lines), name
    assert "an official rule, and this file differs" in ended.err


def test_what_is_begun_is_sound_and_written_over_no_file(tilsyn, tmp_path):
    folder = tmp_path / "ours"
    for what, model in (
        ("rule", "early_effort"),
        ("measure", "offers_6m"),
        ("course", "focus_goals"),
        ("goal", "early"),
        ("letterhead", "oest"),
        ("template", "notice.da"),
        ("list", "groups"),
        ("source", "ydelsesrefusion"),
        ("tables", "supervision"),
    ):
        ended = tilsyn("own", "new", what, "--from", model, "--own", folder)
        assert ended.code == 0, ended.err
        again = tilsyn("own", "new", what, "--from", model, "--into", folder)
        assert (again.code, again.err.count("\n")) == (3, 1)
        assert "exists already" in again.err
    ended = tilsyn("own", "check", folder)
    assert (ended.code, ended.err) == (0, "")
    assert "9 files, nothing wrong" in ended.out
    named = tilsyn("own", "new", "rule", "--from", "early_effort", "--as", "ours", "--into", folder)
    assert named.code == 0
    assert (folder / "rules/ours.toml").read_text().startswith("# A copy of early_effort.toml")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "thing", "--from", "x", "--into", "p"), "there is no 'thing'"),
        (
            ("new", "rule", "--from", "x", "--into", "p"),
            "no rule 'x' is shipped; there are: early_",
        ),
        (("new", "rule", "--from", "early_effort"), "name your own folder"),
        (("new", "rule", "--from", "early_effort", "--as", "../x", "--into", "p"), "no file name"),
        (("check",), "name your own folder"),
        (("check", "a", "--own", "b"), "name the folder once"),
    ],
)
def test_what_cannot_be_begun_or_checked_is_one_line(tilsyn, words, said):
    ended = tilsyn("own", *words)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert said in ended.err


def test_a_sealed_document_and_what_is_kept_rest_on_ones_own_files(own_data, tmp_path):
    (tmp_path / "letter.txt").write_text("Brev")
    before = place(tmp_path, ["a"])
    own_data({"goals/ours.toml": GOAL})
    assert place(tmp_path, ["a"]) == before
    own_data({"measures/ours.toml": "x"})
    assert place(tmp_path, ["a"]) != before
    sealed = seal(tmp_path / "letter.txt", tmp_path / "sealed", dt.date(2023, 1, 2))
    manifest = tomllib.loads((sealed.folder / "manifest.toml").read_text())
    assert set(manifest["own"]) == {"goals/ours.toml", "measures/ours.toml"}
