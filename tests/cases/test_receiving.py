"""What may be received, and what an upload is not believed to be."""

import io
import zipfile

import pytest

from tilsyn.cases import uploads
from tilsyn.cases.uploads import checked_upload
from tilsyn.errors import InputError

WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
EXCEL = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


def package(files, packing=zipfile.ZIP_DEFLATED):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", packing) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return kept.getvalue()


def lying(data):
    """A package whose table says its files are of one byte."""
    table = data.index(b"PK\x01\x02")
    return data[: table + 24] + (1).to_bytes(4, "little") + data[table + 28 :]


BOMB = package({"word/document.xml": b"0" * (uploads.UNPACKED + 1), "[Content_Types].xml": b""})


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("svar.exe", b"MZ", "is not taken"),
        ("svar", b"%PDF-", "is not taken"),
        ("svar.pdf.html", b"%PDF-", "is not taken"),
        ("svar.svg", b"<svg/>", "is not taken"),
        (".pdf", b"%PDF-", "is not taken"),
        ("svar.pdf", b"<html>", "not what its name says"),
        ("svar.pdf", b"\n<script>alert(1)</script>%PDF-1.7", "not what its name says"),
        ("svar.pdf", b"", "is empty"),
        ("svar.pdf", b"%PDF-" + b"x" * (20 * 1024 * 1024), "larger than 20 MB"),
        ("svar.docx", b"%PDF-", "not what its name says"),
        ("svar.docx", b"PK\x03\x04", "not what its name says"),
        ("svar.docx", package({"virus.js": b"x"}), "not what its name says"),
        ("svar.docx", package(EXCEL), "not what its name says"),
        ("svar.xlsx", package(WORD), "not what its name says"),
        ("svar.docx", package(WORD)[:-30], "not what its name says"),
        ("svar.docx", package({**WORD, "word/vbaProject.bin": b"x"}), "macros"),
        ("svar.docx", BOMB, "far too large when opened"),
        ("svar.docx", package(WORD | {f"word/{n}": b"" for n in range(5001)}), "far too large"),
    ],
)  # fmt: skip
def test_an_upload_is_refused(name, data, said):
    with pytest.raises(InputError, match=said):
        checked_upload(name, data)


def test_a_package_that_lies_about_its_size_is_refused():
    with pytest.raises(InputError):
        checked_upload("svar.docx", lying(BOMB))


@pytest.mark.parametrize(("name", "files"), [("plan.docx", WORD), ("plan.xlsx", EXCEL)])
def test_what_office_makes_is_taken(name, files):
    kept, content_type = checked_upload(name, package(files))
    assert kept == name and "officedocument" in content_type


@pytest.mark.parametrize(
    "name",
    ["../../etc/svar.pdf", "C:\\breve\\svar.pdf", "svar.PDF", "/svar.pdf", "s\nva\0r.pdf", "svar\u202e.pdf"],
)  # fmt: skip
def test_an_upload_keeps_its_bare_name(name):
    kept, content_type = checked_upload(name, b"%PDF-1.7")
    assert kept.lower() == "svar.pdf" and content_type == "application/pdf"
