"""The status note and the warning in every form, and the commands that write them."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from tests.conftest import absent
from tests.documents.ishoej_2023 import SAMPLES, full, note, pictures, warning
from tests.documents.renderers.forms import NASTY, squeezed, word_text
from tilsyn.documents.model import Document
from tilsyn.documents.renderers import render
from tilsyn.documents.renderers.word import docx as word


def pdf_text(document: Document) -> str:
    """The text of the PDF without the feet of its pages."""
    number = document.page_number
    foot = rf"{re.escape(squeezed(document.footer))}{number.before.strip()}\d+{number.between.strip()}\d+"
    pages = PdfReader(BytesIO(render(document, "pdf"))).pages
    return "".join(re.sub(foot, "", squeezed(page.extract_text())) for page in pages)


@pytest.mark.parametrize("language", ["da", "en"])
def test_word_and_pdf_say_the_same(language: str) -> None:
    for document in (note(full(), language=language), warning(language=language)):
        pdf = pdf_text(document)
        assert squeezed(document.title) in pdf
        docx = word_text(word(document))
        for block in document.blocks:
            for line in getattr(block, "items", ()):
                assert squeezed(line) in pdf
                assert squeezed(line) in docx


def test_every_picture_has_its_alternative_text_in_every_form() -> None:
    document = note(full())
    alts = [picture.alt for picture in pictures(document)]
    assert len(set(alts)) == 12 and all(len(alt) > 60 for alt in alts)
    body: Any = python_docx.Document(BytesIO(word(document))).element.body
    assert [e.get("descr") for e in body.iter(qn("wp:docPr"))] == alts
    html = render(document, "html").decode()
    assert html.count("<img ") == 12 and html.count('alt=""') == 0


def test_every_sign_a_fact_may_hold_passes_every_form() -> None:
    document = warning(contact=NASTY)
    assert squeezed(NASTY) in pdf_text(document)
    assert squeezed(NASTY) in word_text(word(document))
    assert "Søren&#x27;s &amp; &lt;Ærø&gt;" in render(document, "html").decode()


def _office(data: bytes, folder: Path) -> PdfReader:
    found = shutil.which("soffice")
    if found is None:
        absent("LibreOffice (soffice)")
    (folder / "document.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [str(found), profile, "--headless", "--convert-to", "pdf", "--outdir", folder, "document.docx"],
        cwd=folder, check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return PdfReader(folder / "document.pdf")


def _images(reader: PdfReader) -> set[int]:
    """The pictures of a PDF, once each; every page lists them all."""
    found: set[int] = set()
    for page in reader.pages:
        objects: Any = page["/Resources"].get("/XObject", {})
        for name in objects:
            if objects[name]["/Subtype"] == "/Image":
                found.add(objects.raw_get(name).idnum)
    return found


def _lines(reader: PdfReader) -> list[str]:
    return [" ".join(x.split()) for page in reader.pages for x in page.extract_text().splitlines()]


@pytest.mark.parametrize("kind", ["note", "warning"])
def test_libreoffice_opens_it_with_every_row_whole(tmp_path: Path, kind: str) -> None:
    document: Document = note(full()) if kind == "note" else warning()
    reader = _office(word(document), tmp_path)
    assert reader.root_object["/Lang"] == "da-DK"
    lines = _lines(reader)
    total = "20,0 20,2 19,1 19,6 19,0 20,4" if kind == "note" else "17,3 19,9 22,2 19,6 19,8 20,1"
    assert any(line.startswith(f"Ydelsesgrupper i alt {total}") for line in lines)
    if kind == "note":
        assert len(_images(reader)) == 12
        assert any(line.startswith("Aktivitetsparat 73 64 50 46") for line in lines)


@pytest.fixture
def releases(tilsyn: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "releases"
    for name in ("ishoej-2023-09", "ishoej-2023-11"):
        files = sorted((SAMPLES / name).glob("*.csv"))
        assert tilsyn("figures", "read", *files, "--into", folder / name).code == 0
    return folder


def test_the_command_writes_the_note_in_the_forms_asked_for(
    tilsyn: Any, releases: Path, tmp_path: Path
) -> None:
    out = tmp_path / "notes"
    ended = tilsyn(
        "note", "--source", releases, "-m", "ishøj", "--on", "2023-12-01", "--out", out,
        "--format", "pdf,docx,html,xlsx", "--language", "en",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert sorted(f.suffix for f in out.iterdir()) == [".docx", ".html", ".pdf", ".xlsx"]
    assert "risk of intensified supervision" in next(out.glob("*.html")).read_text(encoding="utf-8")


def test_before_the_figures_were_known_there_is_no_note_and_no_file(
    tilsyn: Any, releases: Path, tmp_path: Path
) -> None:
    ended = tilsyn(
        "note", "--source", releases, "-m", "Ishøj", "--on", "2023-12-01",
        "--known-on", "2023-08-01", "--out", tmp_path / "notes",
    )  # fmt: skip
    assert ended.code == 3
    assert "these figures are wanting: figure 2" in ended.err and "figure 10" in ended.err
    assert not (tmp_path / "notes").exists()


def test_the_warning_is_blocked_until_the_rows_are_mended(
    tilsyn: Any, releases: Path, tmp_path: Path
) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text('date = 2023-09-04\nreference = "23/00000"\naddressee = "Jobcenterchefen"\n')
    order = ("letter", "warning", "-m", "Ishøj", "--on", "2023-09-04", "--facts", facts)
    order = (*order, "--out", tmp_path / "letters", "--source", releases)
    blocked = tilsyn(*order)
    assert blocked.code == 3 and "tilsyn figures correct" in blocked.err
    assert not (tmp_path / "letters").exists()
    mended = SAMPLES / "ishoej-2023-09/corrections/mended.csv"
    tilsyn(
        "figures", "correct", releases / "ishoej-2023-09", mended, "--reason", "slipped",
        "--into", releases / "mended", "--published", "2023-09-04",
    )  # fmt: skip
    written = tilsyn(*order)
    assert written.code == 0, written.err
    assert len(list((tmp_path / "letters").iterdir())) == 2
