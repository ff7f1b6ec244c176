"""What goes with every answer: it is shown nowhere else, guessed to be nothing else, and kept by nobody."""

import pytest

from tests.site.addresses import addresses
from tests.site.conftest import PASSWORD, SecureClient


@pytest.mark.parametrize("who", [None, "head"])
def test_every_answer_is_framed_by_nobody_and_taken_for_nothing_else(installation, who):
    client, walked = installation.client(who), 0
    for name, _, address in addresses(installation):
        if name.endswith("logout"):
            continue
        answer = client.get(address)
        told = {name.lower(): value for name, value in answer.headers.items()}
        # The letter alone is framed, by our own page.
        letter = name == "document-file" and answer.status_code == 200
        assert told["x-frame-options"] == ("SAMEORIGIN" if letter else "DENY"), address
        assert "frame-ancestors" in told["content-security-policy"], address
        assert told["x-content-type-options"] == "nosniff", address
        assert told["referrer-policy"] == "same-origin", address
        assert told["cross-origin-opener-policy"] == "same-origin", address
        assert "includeSubDomains" in told["strict-transport-security"], address
        walked += 1
    assert walked > 60


def test_what_may_be_taken_away_is_never_shown_in_place(installation):
    client = installation.client("head")
    number = installation.letter.pk
    for address, kind in (
        ("/municipalities/766/figures.csv", "text/csv"),
        ("/municipalities/766/figures.xlsx", "application/vnd.openxml"),
        (f"/documents/{number}/letter.pdf", "application/pdf"),
        (f"/documents/{number}/letter.docx", "application/vnd.openxml"),
    ):
        answer = client.get(address)
        assert answer["Content-Disposition"].startswith("attachment; filename="), address
        assert answer["Content-Type"].startswith(kind), address
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_cookies_are_for_this_site_alone(people):
    client = SecureClient()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": people["officer"].email, "password": PASSWORD})
    client.post("/language/", {"language": "en"})
    assert {"sessionid", "csrftoken", "django_language"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["httponly"] or name == "django_language", name


def test_plain_http_is_sent_to_https(installation):
    from django.test import Client

    answer = Client().get("/accounts/login/")
    assert answer.status_code == 301
    assert answer["Location"] == "https://testserver/accounts/login/"
