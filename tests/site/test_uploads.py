"""Files that people send over HTTP: what is taken, and how it is given out again."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cases.test_receiving import BOMB, WORD, package
from tests.site.conftest import FROM_ELSEWHERE
from tilsyn.cases.models import Case, Incoming

PDF = b"%PDF-1.7\n<script>alert(document.cookie)</script>"


@pytest.fixture
def waiting(installation):
    """A case that waits for a statement and a plan; how it came there is not what is tried here."""
    Case.objects.filter(pk=installation.case.pk).update(step="statement")
    return installation


def send(installation, name, data, kind="application/pdf"):
    """The municipality hands in a plan; what its browser calls it is its own word."""
    sent = SimpleUploadedFile(name, data, content_type=kind)
    address = f"/cases/{installation.case.pk}/receive/"
    client = installation.client("municipality")
    return client.post(address, {"kind": "plan", "file": sent}, follow=True)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("plan.pdf", b"<html><script>alert(1)</script></html>", "er ikke det, navnet siger"),
        ("plan.html", b"<html></html>", "kan ikke modtages"),
        ("plan.pdf.html", b"%PDF-1.7", "kan ikke modtages"),
        ("plan.docx", package({"evil.html": b"<script>"}), "er ikke det, navnet siger"),
        ("plan.docx", package({**WORD, "word/vbaProject.bin": b"x"}), "makroer"),
        ("plan.docx", BOMB, "fylder alt for meget"),
        ("plan.pdf", b"", "er tom"),
        ("plan.pdf", b"%PDF-" + b"0" * 20 * 2**20, "mere end 20 MB"),
    ],
    ids=["HTML as PDF", "HTML", "two endings", "another zip", "macros", "bomb", "empty", "too large"],
)  # fmt: skip
def test_what_is_not_taken_is_told_on_the_page(waiting, settings, name, data, words):
    before = set((settings.DATA_DIR / "documents").rglob("*"))
    answer = send(waiting, name, data)
    assert words in answer.content.decode()
    assert not Incoming.objects.exists()
    assert set((settings.DATA_DIR / "documents").rglob("*")) == before


def test_what_is_taken_is_given_out_as_a_file_and_nothing_else(installation, settings):
    """A PDF whose inside is a page: whatever the browser called it, it is never shown."""
    settings.TODAY = dt.date(2022, 10, 3)
    name = "../../plan <b>\u202efdp.pdf"
    installation.client("head").post(
        "/cases/elsewhere/",
        {**FROM_ELSEWHERE, "files": SimpleUploadedFile(name, PDF, content_type="text/html")},
    )
    one = Incoming.objects.get()
    assert (one.content_type, one.filename) == ("application/pdf", "plan <b>fdp.pdf")
    answer = installation.client("head").get(f"/incoming/{one.pk}/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="plan -b-fdp.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert installation.client("municipality").get(f"/incoming/{one.pk}/").status_code == 404


def test_a_request_larger_than_any_form_is_not_read(waiting, settings):
    """Whoever sends it, to whatever page: nothing of it reaches the disk."""
    for who, address in ((None, "/accounts/login/"), ("municipality", "/cases/1/receive/")):
        answer = waiting.client(who).generic(
            "POST",
            address,
            b"x",
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(settings.REQUEST_MAX_BYTES + 1),
        )
        assert answer.status_code == 413
        assert "En fil må fylde 20 MB" in answer.content.decode()
