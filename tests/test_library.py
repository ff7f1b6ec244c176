"""The library as programs and notebooks use it: the reference page and the notebook, run."""

import doctest
import json
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import walk_packages

import nbformat
import pytest
from nbclient import NotebookClient

import tilsyn
from tilsyn.errors import InputError, UsageError

DOCS = Path(__file__).parent.parent / "docs"
TABLES = files("tilsyn.samples") / "ishoej-2023-11" / "tables.csv"


def test_the_reference_page_says_what_happens():
    how = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    page = DOCS / "reference" / "library.md"
    done = doctest.testfile(str(page), module_relative=False, optionflags=how)
    assert (done.failed, done.attempted > 15) == (0, True)


def test_the_notebook_runs_from_the_first_cell_to_the_last(tmp_path):
    notebook = nbformat.read(DOCS / "tutorial" / "notebook.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = json.dumps(notebook.cells, ensure_ascii=False)
    assert "flagged" in shown
    assert not any(
        one.get("outputs")
        for one in nbformat.read(DOCS / "tutorial" / "notebook.ipynb", as_version=4).cells
    ), "the notebook in the repository is kept without its results"


def test_no_part_of_the_package_hides_what_the_library_offers():
    for module in walk_packages(tilsyn.__path__, "tilsyn."):
        if not module.name.startswith(("tilsyn.site", "tilsyn.cases", "tilsyn.__main__")):
            import_module(module.name)
    for name in tilsyn.__all__:
        assert getattr(tilsyn, name) is getattr(import_module("tilsyn.library"), name)


def test_paths_may_be_texts_and_what_is_missing_is_named():
    assert len(tilsyn.read(str(TABLES))) == len(tilsyn.read(Path(str(TABLES))))
    with pytest.raises(InputError, match="no such file or folder"):
        tilsyn.read("nowhere.csv")
    with pytest.raises(InputError, match="no such folder"):
        tilsyn.open_register("nowhere")
    with pytest.raises(UsageError, match="is no date"):
        tilsyn.rules_on("1 December")


def test_only_what_is_asked_for_is_read_and_everything_goes_to_other_libraries():
    everything = tilsyn.read(TABLES)
    some = tilsyn.read(TABLES, municipality="Ishøj", measure="offers_6m")
    assert some.to_polars().equals(everything.where(measure="offers_6m").to_polars())
    assert everything.to_arrow().num_rows == len(everything)
    findings = tilsyn.judge(everything, "2023-12-01")
    assert findings.to_polars()["verdict"].to_list() == [one.verdict for one in findings]
    assert findings.to_arrow().num_rows == len(findings)


def test_a_changed_rule_is_read_as_strictly_as_a_rule_file():
    with pytest.raises(InputError, match="threshold"):
        tilsyn.rules_on("2023-12-01").change("early_effort", threshold=300)


def test_a_notebook_is_shown_tables(capsys):
    for one in (
        tilsyn.read(TABLES),
        tilsyn.rules_on("2023-12-01"),
        tilsyn.judge(tilsyn.read(TABLES), "2023-12-01"),
    ):
        shown = one._repr_mimebundle_([], [])
        assert "Ishøj" in shown["text/html"] or "early_effort" in shown["text/html"]


def test_a_chart_shows_itself_and_is_saved_in_the_form_its_name_says(tmp_path):
    chart = tilsyn.read(TABLES).chart("conversations_6m", "ishoej", language="en")
    assert chart._repr_svg_().startswith("<svg")
    assert chart.save(tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UsageError, match=r"end the name with"):
        chart.save(tmp_path / "c.gif")
