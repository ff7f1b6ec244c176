"""Signing in by a SAML provider: the whole way as a browser goes it, and every way to cheat."""

import base64
import re

import pytest
from django.core.cache import cache

from tests.site.conftest import PASSWORD
from tests.site.providers.openid import new_key
from tests.site.providers.saml import certificate, pem
from tilsyn.cases import actions
from tilsyn.cases.models import User

FILE = """
[[saml]]
provider_id = "context-handler"
name = "Kommunens login"
client_id = "kommune"
settings.idp = {{ entity_id = "{entity}", metadata_url = "{entity}" }}

[saml.settings.advanced]
x509cert = '''{certificate}'''
private_key = '''{key}'''
authn_request_signed = true

[saml.memberships]
claim = "dk:gov:saml:attribute:Privileges_intermediate"
privileges = true
values = {{ "http://tilsyn.example/roles/usersystemrole/officer/1" = "officer municipality" }}
organisations = {{ "29189587" = "766" }}
"""
LOGIN = "/accounts/saml/kommune/login/"
LIST = """<?xml version="1.0" encoding="UTF-8"?>
<bpp:PrivilegeList xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile">
<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:29189587">
<Privilege>http://tilsyn.example/roles/usersystemrole/officer/1</Privilege></PrivilegeGroup>
</bpp:PrivilegeList>"""


def encoded():
    """The list as the provider sends it."""
    return base64.b64encode(LIST.encode()).decode()


@pytest.fixture
def browser(browse, providers, saml):
    own = new_key()
    providers(FILE.format(entity=saml.entity_id, certificate=certificate(own), key=pem(own)))
    saml.attributes["dk:gov:saml:attribute:Privileges_intermediate"] = encoded()
    return browse()


def refused(page, browser):
    """A page that says why, and nobody is signed in."""
    assert page.status_code == 403
    assert "Du blev ikke logget på" in page.text
    assert not browser.signed_in


def test_a_municipality_s_user_signs_in_with_his_privileges(browser, saml):
    page = browser.get(f"{LOGIN}?next=/rules/")
    assert page.status_code == 200 and str(page.url) == f"{browser.url}/rules/"
    user = User.objects.get(email="ny@kommune.example")
    assert user.name == "Jobkonsulent Hedensted"
    (held,) = user.memberships.all()
    assert (held.role, held.scope_kind, held.scope) == ("officer", "municipality", "766")
    assert held.provider == "context-handler"
    del saml.attributes["dk:gov:saml:attribute:Privileges_intermediate"]
    browser.get(LOGIN)
    assert not user.memberships.exists()


def test_without_privileges_there_is_no_access(browser, saml):
    del saml.attributes["dk:gov:saml:attribute:Privileges_intermediate"]
    page = browser.get(LOGIN)
    assert page.status_code == 403 and "Du har ikke adgang endnu" in page.text
    assert not User.objects.filter(email="ny@kommune.example").exists()


def test_an_address_alone_signs_nobody_in(browser, saml):
    """Behind the Context Handler stands every municipality; none may name another's user."""
    actions.create_user(
        email=saml.attributes["urn:oid:0.9.2342.19200300.100.1.3"],
        name="En anden",
        password=PASSWORD,
        by=None,
    )
    page = browser.get(LOGIN)
    assert page.status_code == 403 and "Adressen er allerede i brug" in page.text
    assert not browser.signed_in


def test_the_site_s_own_metadata_is_there(browser):
    page = browser.get("/accounts/saml/kommune/metadata/")
    assert page.status_code == 200
    assert f'entityID="{browser.url}/accounts/saml/kommune/metadata/"' in page.text
    assert f'Location="{browser.url}/accounts/saml/kommune/acs/"' in page.text


def test_an_answer_signed_by_somebody_else_is_refused(browser, saml):
    saml.signs_with = new_key()
    refused(browser.get(LOGIN), browser)


def test_an_answer_that_is_not_signed_is_refused(browser, saml):
    saml.signs_with = None
    refused(browser.get(LOGIN), browser)


@pytest.mark.parametrize("audience", ["https://another.example/metadata", None])
def test_an_answer_for_another_site_or_for_nobody_is_refused(browser, saml, audience):
    saml.audience = audience
    refused(browser.get(LOGIN), browser)


@pytest.mark.parametrize("minutes", [60, -60])
def test_an_answer_of_another_time_is_refused(browser, saml, minutes):
    saml.age = minutes
    refused(browser.get(LOGIN), browser)


def test_an_answer_nobody_asked_for_is_refused(browser, saml):
    saml.solicited = False
    refused(browser.get(LOGIN), browser)


def test_an_answer_is_taken_once_and_by_the_browser_that_asked(browser, browse, saml):
    browser.get(LOGIN)
    assert browser.signed_in
    browser.post("/accounts/logout/")
    there, answer = saml.answers[-1]
    refused(browser.http.post(there, data={"SAMLResponse": answer}), browser)
    other = browse()
    refused(other.http.post(there, data={"SAMLResponse": answer}), other)


def _changed(text):
    return text.replace("ny@kommune.example", "chef@kommune.example")


def _comment(text):
    return text.replace("ny@kommune.example", "ny@kommune.example<!-- -->.evil.example")


def _another_beside(text):
    """A made-up assertion before the signed one."""
    (signed,) = re.findall(r"<saml:Assertion.*</saml:Assertion>", text, re.DOTALL)
    return text.replace(signed, _made_up(signed) + signed)


def _wrapped(text):
    """A made-up assertion in the place of the signed one, which hides inside its signature's object."""
    (signed,) = re.findall(r"<saml:Assertion.*</saml:Assertion>", text, re.DOTALL)
    (signature,) = re.findall(
        r"<ds:Signature .*</ds:Signature>|<ds:Signature>.*</ds:Signature>", signed, re.DOTALL
    )
    bare = signed.replace(signature, "")
    hidden = signature.replace("</ds:Signature>", f"<ds:Object>{bare}</ds:Object></ds:Signature>")
    return text.replace(
        signed, _made_up(signed).replace("<saml:Subject>", f"{hidden}<saml:Subject>")
    )


def _in_extensions(text):
    """The signed assertion among the extensions, a made-up one where assertions stand."""
    (signed,) = re.findall(r"<saml:Assertion.*</saml:Assertion>", text, re.DOTALL)
    hidden = f"<samlp:Extensions>{signed}</samlp:Extensions><samlp:Status>"
    return text.replace(signed, _made_up(signed)).replace("<samlp:Status>", hidden)


def _made_up(signed):
    """The assertion unsigned, under another name, of somebody else."""
    bare = re.sub(r"<ds:Signature.*</ds:Signature>", "", signed, flags=re.DOTALL)
    bare = re.sub(r' ID="_\w+"', ' ID="_made_up"', bare)
    return bare.replace("user-1001", "user-1").replace("ny@kommune", "chef@kommune")


def _entities(text):
    return '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + text


@pytest.mark.parametrize(
    "bend",
    [_changed, _comment, _another_beside, _wrapped, _in_extensions, _entities, lambda text: "<a"],
    ids=["changed", "comment", "beside", "wrapped", "extensions", "entities", "no XML"],
)
def test_an_altered_answer_is_refused(browser, saml, bend):
    before = []

    def bent(text):
        before.append(text)
        return bend(text)

    saml.bend = bent
    refused(browser.get(LOGIN), browser)
    assert not User.objects.filter(email__contains="kommune").exists()
    assert bend(before[0]) != before[0]


@pytest.mark.parametrize("answer", ["", "%%%", "PGE+"])
def test_nonsense_is_refused(browser, answer):
    browser.http.get(LOGIN, follow_redirects=False)
    page = browser.http.post("/accounts/saml/kommune/acs/", data={"SAMLResponse": answer})
    refused(page, browser)


def test_the_provider_signs_out_who_it_signed_in_and_nobody_else_can(browser, saml):
    browser.get(LOGIN)
    there = f"{browser.url}/accounts/saml/kommune/sls/"
    page = browser.http.get(saml.sign_out(there, signed=False))
    assert page.status_code == 403 and browser.signed_in
    page = browser.http.get(saml.sign_out(there, signed=True))
    assert str(page.url).startswith(f"{saml.url}/slo") and not browser.signed_in


def test_a_provider_that_does_not_answer_is_said_to(browser, saml):
    # Its metadata is kept for hours, and is asked for anew here.
    cache.clear()
    saml.down = True
    page = browser.get(LOGIN)
    assert page.status_code == 503 and "svarer ikke" in page.text


def test_who_stands_behind_the_users_of_another_provider_is_another(browser, saml):
    """The same name at two providers is two users."""
    browser.get(LOGIN)
    (account,) = User.objects.get(email="ny@kommune.example").socialaccount_set.all()
    assert (account.provider, account.uid, account.extra_data) == (
        "context-handler",
        "user-1001",
        {},
    )
