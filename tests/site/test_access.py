"""Who may open what: every address, as every role and as nobody, against the table in the documentation."""

import re
from pathlib import Path

import pytest

from tests.site.addresses import POSTED, addresses, patterns
from tests.site.conftest import ROLES

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "pages.md"
WHO = ["nobody", *ROLES]


def walked(installation) -> dict[str, tuple[str, list[str]]]:
    """Route, and its name with what each role gets: "yes", "sign in", "no" (403) or "not there" (404)."""
    found = {}
    for name, route, address in addresses(installation):
        answers = []
        for who in WHO:
            client = installation.client(None if who == "nobody" else who)
            ask = client.post if name in POSTED else client.get
            response = ask(address)
            answers.append(_word(response))
        found[route] = (name, answers)
    return found


def _word(response) -> str:
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "sign in"
    return {200: "yes", 302: "yes", 401: "no", 403: "no", 404: "not there"}[response.status_code]


def test_every_page_opens_for_those_it_is_for_and_nobody_else(installation):
    # What stands below is of a municipality's own installation, and held against its pages elsewhere.
    authority, *_ = TABLE.read_text("utf-8").partition("\n## ")
    rows = re.findall(r"^\| `([^`]+)` \| (\S+) \| (.+) \|$", authority, re.MULTILINE)
    documented = {route: (name, cells.split(" | ")) for route, name, cells in rows}
    assert walked(installation) == documented


def test_every_page_of_the_site_says_which_permission_it_asks_for():
    open_to_all = {"calendar", "language", "health", "metrics"}
    for route, pattern in patterns():
        # allauth's pages are for whoever signs in or out; which of them there are is said elsewhere.
        if not route.startswith("accounts/") and pattern.name not in open_to_all:
            assert hasattr(pattern.callback, "permission"), pattern.name


@pytest.mark.parametrize("route", ["/api/figures", "/api/findings", "/api/cases", "/api/releases"])
def test_the_api_opens_with_a_token_only(installation, token, route):
    assert installation.client(None).get(route).status_code == 401
    # A browser's session is no key: a page elsewhere cannot make it ask.
    assert installation.client("head").get(route).status_code == 401
    for who in ROLES:
        answer = installation.client(None).get(
            route, headers={"Authorization": f"Bearer {token(who)}"}
        )
        assert answer.status_code == 200, who
        assert set(answer.json()) == {"total", "next_offset", "rows"}


def test_the_api_shows_the_cases_the_pages_show(installation, token):
    def seen(who):
        answer = installation.client(None).get(
            "/api/cases", headers={"Authorization": f"Bearer {token(who)}"}
        )
        return answer.json()["total"]

    assert seen("officer") == seen("head") == seen("municipality") == 1
    assert seen("neighbour") == seen("other office") == 0
