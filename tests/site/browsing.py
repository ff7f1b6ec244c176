"""People at a browser: each signs in as a person does, clicks what is to be seen, and reads.

Nothing waits for a time: playwright waits for what is asked for, and gives up after thirty seconds.
axe-core runs beside the page, so the page's own policy stays on.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.site.conftest import PASSWORD

TimeoutError = pytest.importorskip("playwright.sync_api").TimeoutError
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
KINDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 30_000
"""Milliseconds after which what has not come will not."""
PHONE = {"width": 360, "height": 740}


class Person:
    """Somebody at a browser of his own."""

    def __init__(self, browser, address, user=None, *, script=True, size=None):
        self.address = address
        self.context = browser.new_context(java_script_enabled=script, viewport=size)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.elsewhere: list[str] = []
        self.page.on("request", self._asked)
        if user is not None:
            self.open("/accounts/login/")
            self.page.fill("#id_login", user.email)
            self.page.fill("#id_password", PASSWORD)
            self.press("Log på")
            self.sees("Log af")

    def _asked(self, request):
        if not request.url.startswith((self.address, "data:", "about:", "blob:")):
            self.elsewhere.append(request.url)

    def open(self, path):
        """Go to an address of the site; what was answered."""
        return self.page.goto(self.address + path)

    def press(self, words, inside=None):
        """Press the button that says this."""
        (inside or self.page.locator("main")).get_by_role(
            "button", name=words, exact=True
        ).first.click()

    def follow(self, words):
        """Follow the first link that says this."""
        self.page.locator("main").get_by_role("link", name=words).first.click()

    def unfold(self, words):
        """Open what is folded, unless it is open."""
        fold = self.page.locator("details.fold", has=self.page.get_by_text(words))
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        return fold

    def sees(self, words):
        """Wait until these words stand on the page; if they do not come, say what stands there."""
        try:
            self.page.get_by_text(words).first.wait_for()
        except TimeoutError:
            raise AssertionError(
                f"'{words}' is not to be seen at {self.page.url}: {self.reads()}"
            ) from None

    def reads(self):
        """Everything that stands on the page, in one line."""
        return " ".join(self.page.inner_text("body").split())

    def complaints(self):
        """What axe-core finds wrong with the page, with the place of each."""
        self.context.new_cdp_session(self.page).send("Runtime.evaluate", {"expression": AXE})
        found = self.page.evaluate("kinds => axe.run(document, {runOnly: kinds})", KINDS)
        path = re.sub(r"^\w+://[^/]+", "", self.page.url)
        return [
            f"{path}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found["violations"]
        ]

    def overflow(self):
        """How many pixels the page is wider than its window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
