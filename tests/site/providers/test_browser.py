"""In a real browser, whose rules on cookies and policies are its own: provider and site are two sites."""

import pytest

from tests.site.browsing import Person
from tests.site.providers import test_openid, test_saml
from tests.site.providers.openid import new_key
from tests.site.providers.saml import certificate, pem


@pytest.fixture
def visitor(server, browser):
    return Person(browser, server.url)


def test_a_link_leads_to_the_openid_provider_and_back(visitor, providers, openid):
    providers(test_openid.FILE.format(url=openid.url))
    openid.person["groups"] = ["tilsyn-head"]
    visitor.open("/rules/")
    visitor.follow("Log på med Styrelsens login")
    visitor.sees("Log af")
    assert visitor.page.url == f"{visitor.address}/rules/"


def test_the_saml_provider_s_form_signs_in_though_it_comes_from_another_site(
    visitor, providers, saml
):
    own = new_key()
    providers(
        test_saml.FILE.format(entity=saml.entity_id, certificate=certificate(own), key=pem(own))
    )
    saml.attributes["dk:gov:saml:attribute:Privileges_intermediate"] = test_saml.encoded()
    visitor.open("/rules/")
    visitor.follow("Log på med Kommunens login")
    visitor.page.get_by_role("button", name="Videre").click()
    visitor.sees("Log af")
    assert visitor.page.url == f"{visitor.address}/rules/"


def test_the_page_of_who_has_no_access_is_one_everybody_can_use(visitor, providers, openid):
    providers(test_openid.FILE.format(url=openid.url))
    visitor.open("/accounts/login/")
    assert visitor.complaints() == []
    visitor.follow("Log på med Styrelsens login")
    visitor.sees("Du har ikke adgang endnu")
    assert visitor.complaints() == []
