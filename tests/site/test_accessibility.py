"""axe-core finds nothing to complain of on any page. It runs beside the page, so the page's policy stays on."""

import shutil
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.conftest import absent
from tests.site.conftest import PASSWORD

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
KINDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PAGES = (
    "/",
    "/municipalities/766/",
    "/municipalities/766/conversations_6m/sygedagpenge/",
    "/worklist/",
    "/cases/{case}/",
    "/documents/{letter}/",
    "/releases/",
    "/releases/hedensted-2022-05/",
    "/rules/",
    "/rules/early_effort/",
    "/committee/",
    "/profile/",
    "/cases/999999/",
)


@pytest.fixture
def server(transactional_db, settings):
    """The site on plain http on this machine; begun after its settings are made."""
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    running = LiveServer("localhost")
    yield running
    running.stop()


def test_no_page_has_a_violation(server, installation, monkeypatch):
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        absent("chromium")
    # The browser's loop in this thread is not Django's.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    violations = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{server.url}/accounts/login/")
        violations += _violations(page, "/accounts/login/")
        page.fill("#id_login", installation.people["head"].email)
        page.fill("#id_password", PASSWORD)
        page.click("main form button.go")
        for address in PAGES:
            path = address.format(case=installation.case.pk, letter=installation.letter.pk)
            page.goto(server.url + path)
            violations += _violations(page, path)
        browser.close()
    assert not violations


def _violations(page, path):
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE})
    found = page.evaluate("kinds => axe.run(document, {runOnly: kinds})", KINDS)
    return [f"{path}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
