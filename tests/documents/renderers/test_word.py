import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from tests.conftest import absent
from tests.documents.hedensted import PUBLISHED, letter
from tests.documents.renderers.forms import (
    NASTY,
    everything,
    pdf_text,
    squeezed,
    word_text,
)
from tilsyn.documents.model import Cell, Column, Document, HeaderCell, Paragraph, Row, Table
from tilsyn.documents.renderers import render
from tilsyn.documents.renderers.word import docx as word


def opened(document: Document) -> Any:
    return docx.Document(BytesIO(word(document)))


def texts(row: Any) -> str:
    return "".join(t.text or "" for t in row.iter(qn("w:t")))


def test_word_and_pdf_say_the_same() -> None:
    for document in (letter(), letter(language="en"), everything()):
        pdf = pdf_text(render(document, "pdf"), document)
        assert word_text(word(document)) == pdf


def test_every_sign_a_name_may_hold_is_written_as_it_is() -> None:
    assert word_text(word(everything())).count(squeezed(NASTY)) == 19


def test_only_the_flagged_row_is_shaded_and_bold_red() -> None:
    table = opened(letter()).tables[0]._tbl
    for row in table.findall(qn("w:tr"))[2:]:
        flagged = texts(row).startswith("Sygedagpenge")
        shades = [s.get(qn("w:fill")) for s in row.iter(qn("w:shd"))]
        colours = [c.get(qn("w:val")) for c in row.iter(qn("w:color"))]
        bold = len(list(row.iter(qn("w:b"))))
        assert shades == (["F7D4CF"] * 7 if flagged else [])
        assert colours == (["8A1409"] * 7 if flagged else [])
        assert bold == (7 if flagged or texts(row).startswith("Ydelsesgrupper") else 0)


def test_tables_are_native_with_set_widths() -> None:
    table = opened(letter()).tables[0]
    grid = [int(c.get(qn("w:w"))) for c in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    assert len(grid) == 7 and sum(grid) == int(table._tbl.tblPr.find(qn("w:tblW")).get(qn("w:w")))
    assert [int(column.width.twips) for column in table.columns] == grid
    for row in table._tbl.findall(qn("w:tr"))[2:]:
        widths = [int(w.get(qn("w:w"))) for w in row.iter(qn("w:tcW"))]
        assert widths == grid


def test_a_column_is_never_narrower_than_its_longest_word() -> None:
    word = "Overgangsydelsesmodtagere"
    narrow = Table(
        "Tabel",
        (Column(1, "left"), *(Column(2) for _ in range(6))),
        ((HeaderCell("Gruppe"), *(HeaderCell("Dec") for _ in range(6))),),
        (Row(Cell(f"{word} uden for program", "breach"), tuple(Cell("1") for _ in range(6))),),
    )
    table = opened(replace(letter(), blocks=(Paragraph("Før"), narrow))).tables[0]
    widths = [int(column.width.twips) for column in table.columns]
    # 9 points bold in a wide font: 0.62 em a letter.
    assert widths[0] > len(word) * 0.62 * 9 * 20
    assert max(widths[1:]) - min(widths[1:]) <= 1
    assert sum(widths) == pytest.approx(164 / 25.4 * 1440, abs=4)


def test_headings_span_and_repeat_and_no_row_breaks() -> None:
    table = opened(letter()).tables[0]._tbl
    rows = table.findall(qn("w:tr"))
    assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows] == [True] * 2 + [
        False
    ] * 7
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
    spans = [s.get(qn("w:val")) for s in rows[0].iter(qn("w:gridSpan"))]
    assert spans == ["3", "3"]
    assert len(list(rows[1].iter(qn("w:vMerge")))) == 1


def test_the_language_stands_in_the_defaults() -> None:
    for language, locale in (("da", "da-DK"), ("en", "en-GB")):
        styles = opened(letter(language=language)).styles.element
        defaults = styles.find(qn("w:docDefaults"))
        assert [e.get(qn("w:val")) for e in defaults.iter(qn("w:lang"))] == [locale]


def test_headings_are_headings_and_pictures_have_alternative_text() -> None:
    document = opened(everything())
    styles = [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert styles == ["Heading 1", "Heading 2"]
    alts = [e.get("descr") for e in document.element.body.iter(qn("wp:docPr"))]
    assert alts == [f"Alt {NASTY}", f"Alt punktbillede {NASTY}"]


def test_the_file_names_title_office_and_date_and_no_person_or_program() -> None:
    core = opened(letter()).core_properties
    assert (core.title, core.author) == (letter().title, "Arbejdsmarkedskontor Midt-Nord")
    assert (core.last_modified_by, core.language) == ("", "da-DK")
    assert core.created.date() == letter().date


def test_a_second_file_is_the_same_byte_for_byte() -> None:
    assert word(letter(language="en")) != word(letter())
    assert word(letter()) == word(letter())


def test_page_numbers_and_stamp_stand_in_the_footer() -> None:
    footer = opened(letter()).sections[0].footer._element
    assert [f.get(qn("w:instr")) for f in footer.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    text = "".join(t.text or "" for t in footer.iter(qn("w:t")))
    assert text == f"{letter().footer}Side 1 af 1"


ORDER = {
    "pPr": "pStyle keepNext keepLines framePr widowControl numPr pBdr tabs spacing ind jc rPr",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap vAlign",
    "rPr": "rStyle rFonts b i color sz lang",
}


def test_properties_stand_in_the_order_word_demands() -> None:
    made = opened(everything())
    body, footer = made.element.body, made.sections[0].footer._element
    for tag, order in ORDER.items():
        rank = {qn(f"w:{name}"): i for i, name in enumerate(order.split())}
        met = 0
        for properties in (*body.iter(qn(f"w:{tag}")), *footer.iter(qn(f"w:{tag}"))):
            places = [rank[child.tag] for child in properties]
            assert places == sorted(places)
            met += 1
        assert met


def office() -> str:
    found = shutil.which("soffice")
    if found is None:
        absent("LibreOffice (soffice)")
    return str(found)


@pytest.mark.parametrize("name", ["letter", "everything"])
def test_libreoffice_opens_it_with_every_row_whole(tmp_path: Path, name: str) -> None:
    document = letter() if name == "letter" else everything()
    (tmp_path / "brev.docx").write_bytes(word(document))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office(), profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, "brev.docx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=180,
    )
    reader = PdfReader(tmp_path / "brev.pdf")
    assert reader.root_object["/Lang"] == "da-DK"
    lines = [" ".join(x.split()) for p in reader.pages for x in p.extract_text().splitlines()]
    if name == "everything":
        assert squeezed("".join(lines)).count(squeezed(NASTY)) >= 19
        return
    for published in PUBLISHED.strip().splitlines():
        raws = published.split()[1:]
        cells = raws[:3] + [raw if "," in raw else f"{raw},0" for raw in raws[3:]]
        assert any(line.endswith(" ".join(cells)) for line in lines), cells
    assert any(line.startswith("Sygedagpenge 34") for line in lines)
