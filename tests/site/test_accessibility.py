"""Every page of the site as people meet it: usable by all, on a phone, and without script."""

import pytest

from tests.site.addresses import POSTED, addresses
from tests.site.browsing import PHONE, Person

FILES = {
    "municipality-figures",
    "municipality-note",
    "calendar",
    "health",
    "metrics",
    "document-file",
    "incoming",
    "committee-report",
    "letterhead-preview",
    "plan-milestones",
    "series-chart",
    "outlook-chart",
    "plan-shares-chart",
    "plan-load-chart",
}
"""Answered with a file, not a page."""
VARIANTS = (
    "/?measure=offers_6m&group=sygedagpenge&sort=name",
    "/municipalities/766/?on=2022-05-01",
    "/municipalities/183/",
    "/worklist/?whose=all&state=closed",
    "/rules/?date=2023-12-01&other=2022-05-01",
    "/administration/log/?q=grant",
    "/cases/999999/",
    "/api/docs",
)


@pytest.fixture
def pages(installation):
    """The addresses of all pages that are read."""
    listed = [(n, a) for n, _, a in addresses(installation) if n not in POSTED | FILES]
    return [address for _, address in listed] + list(VARIANTS)


@pytest.mark.parametrize("role", ["head", "administrator", "municipality", None])
def test_no_page_has_a_violation_or_is_wider_than_a_phone(
    server, installation, pages, browser, settings, role
):
    settings.INSTALLATION = "municipality" if role == "municipality" else "agency"
    user = installation.people[role] if role else None
    person = Person(browser, server.url, user, size=PHONE)
    found = []
    for address in pages:
        # Whoever signs out has no more pages to walk; the one who is nobody sees that page's answer.
        if role and address == "/accounts/logout/":
            continue
        person.open(address)
        found += person.complaints()
        if (wide := person.overflow()) > 0:
            found.append(f"{address}: {wide} pixels wider than a phone")
    assert not found
    assert not person.elsewhere


def test_every_page_reads_the_same_without_script(server, installation, pages, browser):
    user = installation.people["head"]
    plain = Person(browser, server.url, user, script=False)
    scripted = Person(browser, server.url, user)
    for address in pages:
        if address == "/accounts/logout/":
            continue
        answers = [person.open(address).status for person in (plain, scripted)]
        assert answers[0] == answers[1]
        assert plain.reads() == scripted.reads(), address
