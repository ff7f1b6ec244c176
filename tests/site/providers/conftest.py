"""A browser that goes back and forth between the site and a provider."""

import html
import re

import httpx
import pytest


class Browser:
    """A browser without scripts, that presses the button of a provider's page."""

    def __init__(self, url):
        self.url = url
        self.http = httpx.Client(base_url=url, follow_redirects=True, timeout=30)

    def get(self, address):
        return self._pressed(self.http.get(address))

    def _pressed(self, page):
        sent = re.search(
            r'<form method="post" action="([^"]+)"><input [^>]*value="([^"]+)"', page.text
        )
        if "SAMLResponse" in page.text and sent:
            return self.http.post(html.unescape(sent[1]), data={"SAMLResponse": sent[2]})
        return page

    def post(self, address, **form):
        page = self.http.get(address)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        return self.http.post(
            address, data={"csrfmiddlewaretoken": token, **form}, headers={"Referer": self.url}
        )

    @property
    def signed_in(self):
        return self.http.get("/profile/", follow_redirects=False).status_code == 200


@pytest.fixture
def browse(server):
    """A new browser at the site."""
    opened = []

    def new():
        opened.append(Browser(server.url))
        return opened[-1]

    yield new
    for one in opened:
        one.http.close()
