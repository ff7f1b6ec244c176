"""Who may open what: every address, as every role and as nobody, against the table in the documentation."""

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.site.conftest import ROLES

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "pages.md"
WHO = ["nobody", *ROLES]


def addresses(installation, **filled):
    """Every named page with what stands in its address."""
    fill = {
        "area": "766",
        "form": "csv",
        "measure": "conversations_6m",
        "group": "sygedagpenge",
        "name": "hedensted-2022-05",
        "code": "early_effort",
        "token": "nobody",
        "action": "note",
        **filled,
    }
    numbers = {
        "case": installation.case.pk,
        "case-action": installation.case.pk,
        "document": installation.letter.pk,
        "document-file": installation.letter.pk,
        "document-action": installation.letter.pk,
        "incoming": 1,
        "user": installation.people["municipality"].pk,
        "user-action": installation.people["municipality"].pk,
    }
    actions = {"document-action": "send", "user-action": "grant"}
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) or not pattern.name:
            continue
        values = {**fill, "number": numbers.get(pattern.name, 1)}
        if pattern.name in actions:
            values["action"] = actions[pattern.name]
        if pattern.name == "document-file":
            values["form"] = "html"
        route = re.sub(
            r"<(?:\w+:)?(\w+)>", lambda m, values=values: str(values[m[1]]), str(pattern.pattern)
        )
        yield pattern.name, str(pattern.pattern), "/" + route


POSTED = {"propose", "case-action", "document-action", "release-decide", "user-action", "language"}


def walked(installation) -> dict[str, tuple[str, list[str]]]:
    """Address and what each role gets: "yes", "sign in", "no" (403) or "not there" (404)."""
    found = {}
    for name, route, address in addresses(installation):
        answers = []
        for who in WHO:
            client = installation.client(None if who == "nobody" else who)
            ask = client.post if name in POSTED else client.get
            response = ask(address)
            answers.append(_word(response))
        found[name] = (f"/{route}", answers)
    return found


def _word(response) -> str:
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "sign in"
    return {200: "yes", 302: "yes", 403: "no", 404: "not there"}[response.status_code]


def test_every_page_opens_for_those_it_is_for_and_nobody_else(installation):
    rows = re.findall(
        r"^\| `([^`]+)` \| ([\w-]+) \| (.+) \|$", TABLE.read_text("utf-8"), re.MULTILINE
    )
    documented = {name: (route, cells.split(" | ")) for route, name, cells in rows}
    assert walked(installation) == documented


def test_every_page_of_the_site_says_which_permission_it_asks_for():
    open_to_all = {"calendar", "language"}
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name not in open_to_all:
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
