"""Nothing is changed by a form that did not come from the site itself."""

import pytest

from tests.site.addresses import addresses, patterns
from tests.site.conftest import SecureClient
from tilsyn.cases.models import AuditEntry, Event

OWN = {"Origin": "https://testserver"}
FROM_PROVIDERS = {"saml_acs", "saml_sls"}
"""What a provider's page sends is signed; it can carry no token of ours."""


def careful(user=None):
    """A browser of which tokens are asked."""
    client = SecureClient(enforce_csrf_checks=True, headers={"Host": "testserver"})
    if user is not None:
        client.force_login(user)
    return client


def test_the_token_is_asked_for_on_every_page_but_those_providers_send_to():
    found = list(patterns())
    assert len(found) > 60
    free = {one.name for _, one in found if getattr(one.callback, "csrf_exempt", False)}
    assert free == FROM_PROVIDERS


@pytest.mark.parametrize("who", ["head", "administrator", "municipality"])
def test_every_post_without_a_token_is_refused(installation, who):
    client, walked = careful(installation.people[who]), 0
    before = (AuditEntry.objects.count(), Event.objects.count())
    for name, _, address in addresses(installation):
        if name in FROM_PROVIDERS:
            continue
        given = {"text": "x", "role": "reader", "scope": "country:dk"}
        answer = client.post(address, given, headers=OWN)
        assert answer.status_code == 403, address
        words = "not_allowed" if address.startswith("/api/") else "Formularen virkede ikke"
        assert words in answer.content.decode(), address
        walked += 1
    assert walked > 60
    assert (AuditEntry.objects.count(), Event.objects.count()) == before


def test_a_token_from_another_session_or_another_site_is_refused(installation):
    address = f"/cases/{installation.case.pk}/note/"
    client = careful(installation.people["officer"])
    client.get("/worklist/")
    token = client.cookies["csrftoken"].value
    for sent, where in (
        ("x" * 64, OWN),
        (token, {"Origin": "https://evil.example"}),
        (token, {"Referer": "https://evil.example/"}),
    ):
        answer = client.post(address, {"text": "x", "csrfmiddlewaretoken": sent}, headers=where)
        assert answer.status_code == 403
    answer = client.post(address, {"text": "x", "csrfmiddlewaretoken": token}, headers=OWN)
    assert answer.status_code == 302


def test_the_api_takes_no_post_at_all(installation, token):
    client = careful(installation.people["head"])
    headers = {"Authorization": f"Bearer {token('head')}"}
    for route in ("figures", "findings", "cases", "releases"):
        assert client.post(f"/api/{route}", headers=headers).status_code == 405
