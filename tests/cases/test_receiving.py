"""What may be received, and what an upload is not believed to be."""

import pytest

from tilsyn.cases.actions.receiving import checked_upload
from tilsyn.errors import InputError


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("svar.exe", b"MZ", "is not taken"),
        ("svar", b"%PDF-", "is not taken"),
        ("svar.pdf", b"<html>", "not what its name says"),
        ("svar.pdf", b"", "not what its name says"),
        ("svar.docx", b"%PDF-", "not what its name says"),
        ("svar.pdf", b"%PDF-" + b"x" * (20 * 1024 * 1024), "larger than 20 MB"),
    ],
)
def test_an_upload_is_refused(name, data, said):
    with pytest.raises(InputError, match=said):
        checked_upload(name, data)


@pytest.mark.parametrize("name", ["../../etc/svar.pdf", "C:\\breve\\svar.pdf", "svar.PDF"])
def test_an_upload_keeps_its_bare_name(name):
    kept, content_type = checked_upload(name, b"%PDF-1.7")
    assert kept.lower() == "svar.pdf" and content_type == "application/pdf"
