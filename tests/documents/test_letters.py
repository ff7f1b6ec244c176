"""Every letter in every form: the same words, whole names, and marks that survive LibreOffice."""

import shutil
import subprocess
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from tests.conftest import absent
from tests.documents.contents.test_committee import report
from tests.documents.contents.test_decision import BOTH_LOWER, LOWER
from tests.documents.hedensted import letter
from tests.documents.ishoej import COURSE, follow_up, marked, pooled, said, tables, written
from tests.documents.renderers.forms import NASTY, pdf_text, squeezed, word_text
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead, OfficeNames
from tilsyn.documents.model import Document
from tilsyn.documents.renderers import render

LETTERS: dict[str, Callable[..., Document]] = {
    "notice": letter,
    "notice, all groups together": pooled,
    "orientation": lambda **given: written("orientation", **given),
    "decision, not restored": lambda **given: written("decision", **given),
    "decision, restored": lambda **given: written("decision", follow_up(**BOTH_LOWER), **given),
    "decision, some of each": lambda **given: written("decision", follow_up(**LOWER), **given),
    "restoration plan": lambda **given: written("restoration-plan", **given),
    "committee report": report,
}


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", LETTERS)
def test_word_and_pdf_say_the_same(name: str, language: str) -> None:
    document = LETTERS[name](language=language)
    assert word_text(render(document, "docx")) == pdf_text(render(document, "pdf"), document)


@pytest.mark.parametrize("name", LETTERS)
def test_nothing_is_left_open_in_the_text(name: str) -> None:
    for language in ("da", "en"):
        text = said(LETTERS[name](language=language))
        for rest in ("{", "}", "..", "  ", " ,", " .", "Fraction", "YearMonth", ": None", "None,"):
            assert rest not in text, (name, language, rest)


@pytest.mark.parametrize("name", LETTERS)
def test_a_second_pdf_is_the_same_byte_for_byte(name: str) -> None:
    assert render(LETTERS[name](), "pdf") == render(LETTERS[name](), "pdf")


@pytest.mark.parametrize("kind", ["decision", "restoration-plan", "orientation"])
@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_names_with_any_sign_pass_through(kind: str, form: str) -> None:
    names = OfficeNames(office=NASTY, agency=NASTY, role=NASTY, lines=(NASTY,))
    facts = CourseFacts.model_validate(
        COURSE.model_dump() | {"reference": NASTY, "contact": NASTY, "addressee": NASTY}
    )
    document = written(kind, facts=facts, letterhead=Letterhead(da=names, en=names))
    data = render(document, form)
    if form == "html":
        text = squeezed(unescape(data.decode()))
    else:
        text = word_text(data) if form == "docx" else pdf_text(data, document)
    # Office, agency, address line, reference and addressee at the least.
    assert text.count(squeezed(NASTY)) >= 5


def test_no_name_is_parted_at_its_hyphen_in_word() -> None:
    body = docx.Document(BytesIO(render(written("decision"), "docx"))).element.body
    assert len(list(body.iter(qn("w:noBreakHyphen")))) >= 3
    assert not [t.text for t in body.iter(qn("w:t")) if "a-dagpenge" in (t.text or "").lower()]


def test_the_plans_fields_are_filled_in_where_they_stand_in_word() -> None:
    body = docx.Document(BytesIO(render(written("restoration-plan"), "docx"))).element.body
    prompts = [e.get(qn("w:val")) for e in body.iter(qn("w:alias"))]
    assert prompts.count("Beskriv initiativet") == 4
    assert len(list(body.iter(qn("w:showingPlcHdr")))) == len(prompts)


def test_long_names_of_groups_stay_within_their_column_also_with_six_months() -> None:
    reader = PdfReader(BytesIO(render(pooled(), "pdf")))
    text = " ".join(reader.pages[0].extract_text().split())
    assert "Overgangsydelsesmodtagere uden for program" in text
    assert marked(tables(pooled())[0]) == {"Ydelsesgrupper i alt"}


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All letters as Word files, opened by LibreOffice and printed to PDF in one run."""
    office = shutil.which("soffice")
    if office is None:
        absent("LibreOffice (soffice)")
    folder = tmp_path_factory.mktemp("letters")
    for number, make in enumerate(LETTERS.values()):
        (folder / f"{number}.docx").write_bytes(render(make(), "docx"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [f"{number}.docx" for number in range(len(LETTERS))]
    subprocess.run(
        [str(office), profile, "--headless", "--convert-to", "pdf", *files],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder


@pytest.mark.parametrize("name", LETTERS)
def test_libreoffice_opens_each_with_rows_and_marks_whole(name: str, converted: Path) -> None:
    document = LETTERS[name]()
    reader = PdfReader(converted / f"{list(LETTERS).index(name)}.pdf")
    assert reader.root_object["/Lang"] == "da-DK"
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    reds = squeezed("".join(_red_text(page) for page in reader.pages))
    for table in tables(document):
        for row in table.rows:
            cells = [cell.text for cell in row.cells if not cell.field]
            assert squeezed("".join(cells)) in text, row.head.text
            if row.head.mark == "breach":
                assert squeezed(row.head.text) in reds
                assert squeezed("".join(cells)) in reds
    if not any(marked(table) for table in tables(document)):
        assert not reds


def _red_text(page: object) -> str:
    """The text a page draws in the ink of marked cells."""
    ink, found = [], []

    def operator(name: bytes, operands: list[object], *_: object) -> None:
        if name in (b"rg", b"RG"):
            ink[:] = [round(255 * float(str(value))) for value in operands]

    def drawn(text: str, *_: object) -> None:
        if ink == [0x8A, 0x14, 0x09]:
            found.append(text)

    page.extract_text(visitor_operand_before=operator, visitor_text=drawn)  # type: ignore[attr-defined]
    return "".join(found)
