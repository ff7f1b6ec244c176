import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.documents.hedensted import letter
from tests.documents.renderers.forms import NASTY, everything, pdf_text, squeezed
from tilsyn.documents.record import record
from tilsyn.documents.renderers import typst
from tilsyn.documents.renderers.typst import TEMPLATE, LayoutError, pages, pdf


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf(letter())


def test_one_file_is_archival_and_accessible(made: bytes) -> None:
    reader = PdfReader(BytesIO(made))
    metadata = reader.xmp_metadata
    assert metadata is not None
    xml = metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xml
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xml
    assert "<pdfuaid:part>1</pdfuaid:part>" in xml
    root = reader.root_object
    assert root["/Lang"] == "da-DK"
    assert root["/MarkInfo"]["/Marked"]


def test_it_names_title_author_and_date(made: bytes) -> None:
    information = PdfReader(BytesIO(made)).metadata
    assert information is not None
    assert information.title == letter().title
    assert information.author == "Arbejdsmarkedskontor Midt-Nord"
    assert str(information["/CreationDate"]).startswith("D:20220516")


def test_the_english_letter_is_marked_as_english() -> None:
    assert PdfReader(BytesIO(pdf(letter(language="en")))).root_object["/Lang"] == "en-GB"


def test_only_shipped_fonts_are_used_and_embedded(made: bytes) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[1]
        for page in PdfReader(BytesIO(made)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts and all(font.startswith("IBMPlexSans") for font in fonts), fonts


def test_a_second_pdf_is_the_same_byte_for_byte(made: bytes) -> None:
    assert pdf(letter(language="en")) != made
    assert pdf(letter()) == made
    assert pages(letter(), ppi=36) == pages(letter(), ppi=36)


def test_the_hedensted_letter_is_one_page(made: bytes) -> None:
    assert len(PdfReader(BytesIO(made)).pages) == 1
    assert "Side1af1" in squeezed(PdfReader(BytesIO(made)).pages[0].extract_text())


def test_the_template_gets_marks_only_on_the_flagged_row() -> None:
    (table,) = [b for b in record(letter())["blocks"] if b["kind"] == "table"]
    for row in table["rows"]:
        mark = "breach" if row["head"]["text"] == "Sygedagpenge" else "none"
        assert {cell["mark"] for cell in (row["head"], *row["cells"])} == {mark}


def test_an_unknown_font_is_an_error() -> None:
    template = TEMPLATE.replace(b'"IBM Plex Sans"', b'"Comic Sans"')
    with pytest.raises(LayoutError, match="unknown font family"):
        pdf(letter(), template=template)


def test_a_defect_in_the_template_is_an_error() -> None:
    with pytest.raises(LayoutError, match="cannot be set"):
        pdf(letter(), template=TEMPLATE + b"\n#no-such-thing")


def test_a_letter_our_fonts_do_not_have_is_an_error() -> None:
    with pytest.raises(LayoutError):
        pdf(everything("東"))


def test_a_picture_without_alternative_text_is_refused() -> None:
    assert b"alt: f.alt" in TEMPLATE
    template = TEMPLATE.replace(b"  alt: f.alt,\n", b"").replace(b", alt: b.alt)", b")")
    with pytest.raises(LayoutError, match="alt"):
        pdf(everything(), template=template)


def test_every_sign_a_name_may_hold_is_printed_as_it_is() -> None:
    document = everything()
    text = pdf_text(pdf(document), document)
    name = squeezed(NASTY)
    # Sender (3), addressee, particular, title, heading, paragraph, bullet, caption, block heading,
    # three rows, note, figure caption and note, small type, role.
    assert text.count(name) == 19


def test_headings_are_repeated_on_every_page_of_a_long_table() -> None:
    reader = PdfReader(BytesIO(pdf(everything("Navn", rows=120))))
    texts = [page.extract_text() for page in reader.pages]
    with_rows = [text for text in texts if re.search(r"Navn \d+ \d+,0", text)]
    assert len(with_rows) == 3
    assert all("Gruppe" in page and "K3" in page for page in with_rows)


def test_pages_are_pictures_of_the_size_asked_for() -> None:
    (picture,) = pages(letter(), ppi=72)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20]) in (595, 596)
    assert len(pages(everything("Navn", rows=120), ppi=20)) > 2


def test_the_standards_asked_for_are_the_archives_and_the_blind_readers() -> None:
    assert typst.STANDARDS == ["a-2a", "ua-1"]
