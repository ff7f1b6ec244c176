"""The audit log's page: what was done stands there in words, with its purpose, and is found by them."""

from __future__ import annotations

import ast
from pathlib import Path

import tilsyn.cases
from tests.site.conftest import HEDENSTED
from tilsyn.cases import actions
from tilsyn.cases.models.audit import ACTIONS

PAGE = "/administration/log/"
SOURCES = Path(tilsyn.cases.__file__).parent


def written() -> set[str]:
    """Every action that the code writes into the log."""
    found: set[str] = set()
    for file in SOURCES.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "id", "")
            if name == "audit":
                told = [word.value for word in call.keywords if word.arg == "action"]
            elif name == "audit_membership":
                told = call.args[1:2]
            else:
                continue
            for part in (node for one in told for node in ast.walk(one)):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.add(part.value)
    return found


def test_every_action_has_words():
    # What a page or a file is called is compared with; of a release it says what was decided.
    codes = written() - {"page", "release_"} | {"release_approved", "release_refused"}
    assert codes == set(ACTIONS)


def test_the_page_tells_what_was_done_and_why_and_finds_it(installation):
    administrator = installation.people["municipal administrator"]
    client = installation.client("municipal administrator")
    actions.administration.audit(
        by=administrator, action="look", about="plan 7", area=HEDENSTED, purpose="fordeling i uge 9"
    )
    page = client.get(PAGE).content.decode()
    assert "<td>borgere set</td>" in page and "<td>fordeling i uge 9</td>" in page
    for words in ("uge 9", "borgere set", "persons looked", "look", "plan 7"):
        assert "plan 7" in client.get(PAGE, {"q": words}).content.decode().partition("<table")[2]
    assert "plan 7" not in client.get(PAGE, {"q": "uge 10"}).content.decode()


def test_a_release_is_decided_on_the_installation_s_day(installation):
    page = installation.client("head").get("/releases/").content.decode()
    assert "Rolle head, 1. juni 2022" in page
