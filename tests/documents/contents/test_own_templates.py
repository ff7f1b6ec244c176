"""An office's own templates: every branch of them is filled before any document is written with them."""

from pathlib import Path

import pytest

from tests.documents.hedensted import letter
from tilsyn.documents.contents.own_templates import check_folder, example
from tilsyn.documents.contents.sandbox import FACTS, FOLDER, facts_of, names
from tilsyn.documents.contents.templates import TEXTS
from tilsyn.documents.model import Heading
from tilsyn.errors import InputError


def shipped(name: str) -> str:
    folder = FOLDER if name.endswith(".md") else TEXTS
    return (folder / name).read_text(encoding="utf-8")


def own(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Put an office's version of a shipped file into its folder."""
    text = shipped(name)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / name).write_text(text, encoding="utf-8")


def test_every_kind_has_both_languages() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {
        f"{kind}.{language}.md" for kind in FACTS for language in ("da", "en")
    }


def test_the_shipped_templates_pass_the_check_themselves(tmp_path: Path) -> None:
    check_folder(None)
    check_folder(tmp_path)
    for file in (*FOLDER.iterdir(), *TEXTS.iterdir()):
        own(tmp_path, file.name)
    check_folder(tmp_path)


@pytest.mark.parametrize("kind", FACTS)
def test_facts_have_an_example_with_all_there_can_be(kind: str) -> None:
    made = example(facts_of(kind))
    assert all(getattr(made, name) is not None for name in names(type(made)))


def test_an_office_may_write_a_letter_its_own_way(tmp_path: Path) -> None:
    own(tmp_path, "notice.da.md", ("## Dialog og løbende tal", "## Lad os tales ved"))
    check_folder(tmp_path)
    headings = [b.text for b in letter(templates=tmp_path).blocks if isinstance(b, Heading)]
    assert headings[-1] == "Lad os tales ved"
    english = [
        b.text for b in letter(templates=tmp_path, language="en").blocks if isinstance(b, Heading)
    ]
    assert english[-1] == "Dialogue and current figures"


def test_pieces_that_letters_share_may_be_the_offices_too(tmp_path: Path) -> None:
    own(tmp_path, "early_effort.da.md", ("| Ydelsesgruppe |", "| Gruppe |"))
    check_folder(tmp_path)
    (table,) = [b for b in letter(templates=tmp_path).blocks if hasattr(b, "caption")]
    assert table.header[0][0].text == "Gruppe"


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        # A branch that the letter at hand does not take.
        (
            "notice.da.md",
            ("{{ reply_by | day }}", "{{ replyby | day }}"),
            "line .*'replyby' is unknown",
        ),
        ("notice.da.md", ("{{ letter.what }}", "{{ letter.whta }}"), "did you mean '.what'"),
        (
            "notice.da.md",
            ("{{ reply_by | day }}", "{{ reply_by | percent }}"),
            "notice.da.md, line",
        ),
        ("notice.da.md", ("{{ contact }}", "kontoret"), "leaves out the fact 'contact'"),
        (
            "committee.da.md",
            ("{% if any_stated %}", "{% if any_distance %}"),
            "leaves out .*'any_stated'",
        ),
        ("decision.da.md", ("{% endif %}", ""), "line .*unknown tag 'else'"),
        ("decision.da.md", ("\n## Baggrund", "\n| Baggrund"), "rows stand in"),
        (
            "restoration_plan.da.md",
            (" | Begynder og slutter |", " |"),
            "restoration_plan.da.md, line .*has 3 cells|other columns than the shipped ones",
        ),
        (
            "early_effort.da.md",
            ("{{ one.required | in_words }} samtaler", "{{ one.requird }}"),
            "requird",
        ),
        ("frame.da.toml", ("{release}", "{udgave}"), r"footer: the slot \{udgave\} is unknown"),
        ("frame.da.toml", ('page_between = "af"', ""), "page_between: is missing"),
        ("assistance.da.toml", ("[kind]", '[kind]\nextra = "x"'), "kind.extra: is unknown"),
        ("frame.da.toml", ("[closing]", "[closing"), "not valid TOML"),
    ],
)
def test_each_fault_in_an_offices_version_is_one_line(
    tmp_path: Path, name: str, change: tuple[str, str], says: str
) -> None:
    own(tmp_path, name, change)
    with pytest.raises(InputError, match=says) as error:
        check_folder(tmp_path)
    assert name in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("decison.da.md", "", r"did you mean 'decision\.da\.md'"),
        ("decision.de.md", "", "no document has a template of this name"),
        ("decision.da.toml", "", r"one template now: write it as decision\.da\.md"),
        ("decision.en.md", shipped("decision.da.md"), "its texts are in 'da', but its name"),
        ("frame.en.toml", shipped("frame.da.toml"), "its texts are in 'da', but its name"),
    ],
)
def test_a_file_of_another_name_or_language_is_refused(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    # The pieces it imports are those of its own language, whatever its name says.
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says) as error:
        check_folder(tmp_path)
    assert "\n" not in str(error.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder of templates"):
        check_folder(tmp_path / "none")


def test_bytes_that_are_no_text_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "notice.da.md").write_bytes(b"# \xff\xfe")
    with pytest.raises(InputError, match=r"notice\.da\.md") as error:
        check_folder(tmp_path)
    assert "\n" not in str(error.value)
