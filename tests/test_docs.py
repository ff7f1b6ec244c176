"""The documentation is complete, and what it says to type works."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from docs.build import PAGES

from tests.figures.jobindsats.playback import KEY, playing
from tilsyn.cli.main import PARTS, program
from tilsyn.rules import shipped

ROOT = Path(__file__).parents[1]
PAGES_TO_WALK = sorted(
    [*(ROOT / "docs" / "tutorial").glob("*.md"), *(ROOT / "docs" / "how-to").glob("*.md")]
)
BLOCK = re.compile(
    r"^```(\w+)(?: file=(\S+?))?(?: encoding=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_page_is_what_the_code_says(name):
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == PAGES[name](), (
        "run `make docs`"
    )


def test_every_command_is_described():
    def leaves(command, path):
        for name, inner in getattr(command, "commands", {}).items():
            yield from leaves(inner, f"{path} {name}")
        if not hasattr(command, "commands"):
            yield path, command

    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    found = list(leaves(typer.main.get_command(program()), "tilsyn"))
    assert len(found) > len(PARTS)
    for path, command in found:
        assert f"## {path}\n" in page
        for parameter in command.params:
            assert all(f"`{name}`" in page for name in parameter.opts if name.startswith("--")), (
                path
            )


def test_every_rule_is_described():
    page = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    for rule in shipped():
        for version in rule.version:
            assert f"### {rule.rule}, {version.name}\n" in page


@pytest.fixture
def surroundings(tmp_path, monkeypatch):
    """What the pages take for granted: Jobindsats answers (here by a server that plays it back)."""
    with playing() as playback:
        monkeypatch.setenv("TILSYN_JOBINDSATS_URL", playback.url)
        monkeypatch.setenv("TILSYN_JOBINDSATS_TOKEN", KEY)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        yield


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("page", PAGES_TO_WALK, ids=lambda page: page.stem)
def test_the_page_can_be_followed_word_for_word(page, tilsyn, alone, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    walked, whole = 0, page.read_text(encoding="utf-8")
    # An installation is one to a process: its settings are read once.
    tilsyn = alone if "$ tilsyn site" in whole else tilsyn
    for kind, file, encoding, text in BLOCK.findall(whole):
        if file:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_text(text, encoding=encoding or "utf-8")
        if kind == "console":
            for step in text.removeprefix("$ ").split("\n$ "):
                command, *shown = step.strip().splitlines()
                ended = tilsyn(*shlex.split(command)[1:])
                assert ended.code == 0, f"{command}\n{ended.err}"
                printed = ended.out.replace("\N{NO-BREAK SPACE}", " ")
                for line in shown:
                    assert line in printed, command
                walked += 1
    assert walked


def _headings(page):
    """The anchors of a page's headings, as those who show Markdown make them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}


def test_every_link_in_the_docs_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        text = page.read_text(encoding="utf-8")
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", text):
            there = page.parent / target if target else page
            assert there.exists(), f"{page.name}: {target}"
            assert not anchor or anchor in _headings(there), f"{page.name}: {target}#{anchor}"


def test_every_place_the_guide_for_developers_names_is_there():
    guide = (ROOT / "docs" / "developing.md").read_text(encoding="utf-8")
    places = re.findall(r"`((?:src|tests|docs)/[^`]+)`", guide)
    assert len(places) > 40
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_every_decision_has_a_page_with_its_reasons():
    pages = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert len({page.name[:4] for page in pages}) == len(pages)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert all(f"## {part}" in text for part in ("Decision", "Why", "Cost")), page.name


def test_the_readmes_library_example_runs(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    exec(compile(code, "README.md", "exec"), {})
    assert (
        "flagged Hedensted, recipients of sickness benefit: 23.5%, 29.2% and 20.9%"
        in capsys.readouterr().out
    )


def test_the_documentation_site_is_built_and_no_link_in_it_leads_nowhere(tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    command = [Path(sys.executable).with_name("zensical"), "build", "--strict", "-f", "mkdocs.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "build" / "docs" / "index.html").exists()
