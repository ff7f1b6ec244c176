"""Two people press the same button at once: one of them did it, and the other is told who was first."""

import datetime as dt
import re
from threading import Barrier, Thread

import httpx
import pytest

from tests.cases.conftest import figures
from tests.site.conftest import PASSWORD
from tilsyn.cases import actions, knowledge
from tilsyn.cases.models import AuditEntry, ReleaseRecord
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import table


@pytest.fixture
def arrived(people, tmp_path):
    """A release that waits to be approved, and two who may."""
    published = dt.date(2022, 5, 1)
    made = table(figures("at-once", published, {"2022-01": (9, 30)}))
    folder = releases.write(Release("at-once", published, made), tmp_path / "at-once")
    knowledge.take_in(folder)
    heads = [people["head"]]
    heads.append(
        actions.create_user(email="head2@example.org", name="Anden", password=PASSWORD, by=None)
    )
    actions.grant(user=heads[1], role="approver", scope_kind="country", scope="dk", by=None)
    return heads


def signed_in(server, user):
    """A browser of his, and the token its forms carry."""
    browser = httpx.Client(base_url=server.url, follow_redirects=True, timeout=60)
    form = {"login": user.email, "password": PASSWORD, "csrfmiddlewaretoken": _token(browser)}
    browser.post("/accounts/login/", data=form)
    return browser, _token(browser, "/releases/at-once/")


def _token(browser, address="/accounts/login/"):
    return re.search(r'csrfmiddlewaretoken" value="([^"]+)"', browser.get(address).text)[1]


def test_two_who_approve_a_release_at_once(arrived, server):
    ready, pages = Barrier(2), []
    browsers = [signed_in(server, user) for user in arrived]

    def approve(browser, token):
        ready.wait()
        form = {"decision": "approve", "csrfmiddlewaretoken": token}
        pages.append(browser.post("/releases/at-once/decide/", data=form))

    threads = [Thread(target=approve, args=one) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for browser, _ in browsers:
        browser.close()

    assert [page.status_code for page in pages] == [200, 200]
    words = ("Udgivelsen er taget i brug", "allerede taget i brug af")
    told = [tuple(one in page.text for one in words) for page in pages]
    assert sorted(told) == [(False, True), (True, False)]
    record = ReleaseRecord.objects.get(name="at-once")
    assert record.status == "approved" and record.decided_by in arrived
    assert AuditEntry.objects.filter(action="release_approved").count() == 1
