"""Signing in by an OpenID provider: the whole way as a browser goes it, and every way to cheat."""

import re

import pytest

from tests.site.conftest import PASSWORD
from tests.site.providers.openid import new_key
from tilsyn.cases import actions
from tilsyn.cases.models import AuditEntry, Membership, User
from tilsyn.site.accounts import ProviderAdapter

FILE = """
[[openid_connect]]
provider_id = "styrelsen"
name = "Styrelsens login"
client_id = "tilsyn"
secret = "a-secret-of-the-tests"
contact = "servicedesk@styrelsen.example"
settings = {{ server_url = "{url}", verified_email = ["styrelsen.example"] }}

[openid_connect.memberships]
claim = "groups"
values = {{ "tilsyn-officer-amk-oest" = "officer amk oest", "tilsyn-head" = "approver country" }}
"""
LOGIN = "/accounts/oidc/styrelsen/login/"


@pytest.fixture
def browser(browse, providers, openid):
    providers(FILE.format(url=openid.url))
    return browse()


@pytest.fixture
def known(browser):
    """A user an administrator has made, who has a password and no provider yet."""
    user = actions.create_user(
        email="kendt@styrelsen.example", name="Kendt", password=PASSWORD, by=None
    )
    actions.grant(user=user, role="reader", scope_kind="country", scope="dk", by=None)
    return user


def is_known(openid):
    openid.person = {"sub": "77", "email": "kendt@styrelsen.example", "name": "Kendt"}


def refused(page, browser, status=403, words="Du blev ikke logget på"):
    """A page that says why, and nobody is signed in."""
    assert page.status_code == status
    assert words in page.text
    assert not browser.signed_in


def test_a_user_there_is_signs_in_and_out(browser, known, openid):
    is_known(openid)
    page = browser.get("/worklist/")
    assert "Log på med Styrelsens login" in page.text
    link = re.search(r'href="(/accounts/oidc/[^"]+)"', page.text)[1]
    page = browser.get(link)
    assert page.status_code == 200 and str(page.url).endswith("/")
    assert browser.signed_in
    page = browser.post("/accounts/logout/")
    assert page.status_code == 200 and "luk browseren" in page.text
    assert not browser.signed_in


def test_one_comes_back_to_the_page_one_asked_for(browser, known, openid):
    is_known(openid)
    page = browser.get(f"{LOGIN}?next=/rules/")
    assert str(page.url) == f"{browser.url}/rules/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", r"/\evil.example", "javascript:alert(1)"],
)
def test_nobody_is_sent_elsewhere(browser, known, openid, elsewhere):
    is_known(openid)
    page = browser.http.get(LOGIN, params={"next": elsewhere})
    assert str(page.url) == f"{browser.url}/"
    assert browser.signed_in


def test_the_provider_ends_the_password_here(browser, known, openid):
    is_known(openid)
    browser.get(LOGIN)
    known.refresh_from_db()
    assert not known.has_usable_password()
    browser.post("/accounts/logout/")
    browser.post("/accounts/login/", login=known.email, password=PASSWORD)
    assert not browser.signed_in
    assert browser.get(LOGIN).status_code == 200 and browser.signed_in


def test_an_unknown_person_is_told_whom_to_ask(browser, openid):
    page = browser.get(LOGIN)
    refused(page, browser, words="Du har ikke adgang endnu")
    assert "ny@styrelsen.example" in page.text and "servicedesk@styrelsen.example" in page.text
    assert not User.objects.filter(email="ny@styrelsen.example").exists()


def test_claims_make_a_user_and_give_his_roles(browser, openid):
    openid.person["groups"] = ["tilsyn-officer-amk-oest", "another-system"]
    assert browser.get(LOGIN).status_code == 200
    user = User.objects.get(email="ny@styrelsen.example")
    assert user.name == "Sagsbehandler, AMK Øst"
    assert not user.has_usable_password()
    (held,) = user.memberships.all()
    assert (held.role, held.scope_kind, held.scope) == ("officer", "amk", "oest")
    entries = AuditEntry.objects.filter(about=f"user {user.pk}").order_by("pk")
    assert [(one.action, one.by, one.detail["provider"]) for one in entries] == [
        ("create_user", None, "styrelsen"),
        ("grant", None, "styrelsen"),
    ]
    assert "(fra login)" in browser.get("/profile/").text


def test_of_two_windows_that_make_the_same_user_one_signs_in_again(browser, openid, monkeypatch):
    openid.person["groups"] = ["tilsyn-head"]
    may_be_made = ProviderAdapter.is_open_for_signup

    def and_the_other_window_is_first(self, request, login):
        allowed = may_be_made(self, request, login)
        actions.create_user(email=login.user.email, name="Den anden", password=None, by=None)
        return allowed

    monkeypatch.setattr(ProviderAdapter, "is_open_for_signup", and_the_other_window_is_first)
    refused(browser.get(LOGIN), browser)
    assert User.objects.get(email="ny@styrelsen.example").name == "Den anden"


def test_roles_follow_the_claims_and_those_given_by_hand_stay(browser, known, openid):
    is_known(openid)
    openid.person["groups"] = ["tilsyn-officer-amk-oest"]
    browser.get(LOGIN)
    assert known.memberships.count() == 2
    openid.person["groups"] = ["tilsyn-head"]
    browser.get(LOGIN)
    held = set(known.memberships.values_list("role", "scope_kind", "provider"))
    assert held == {("reader", "country", ""), ("approver", "country", "styrelsen")}
    openid.person.pop("groups")
    browser.get(LOGIN)
    assert [one.provider for one in known.memberships.all()] == [""]
    told = AuditEntry.objects.filter(about=f"user {known.pk}", detail__provider="styrelsen")
    assert [one.action for one in told.order_by("pk")][-4:] == [
        "grant",
        "revoke",
        "grant",
        "revoke",
    ]


def test_a_role_by_hand_is_not_taken_though_claims_gave_it_too(browser, known, openid):
    is_known(openid)
    openid.person["groups"] = ["tilsyn-head"]
    browser.get(LOGIN)
    actions.grant(user=known, role="approver", scope_kind="country", scope="dk", by=None)
    openid.person["groups"] = []
    browser.get(LOGIN)
    assert Membership.objects.filter(user=known, role="approver").exists()


def test_what_the_claims_say_besides_is_not_kept(browser, known, openid):
    is_known(openid)
    openid.person["cpr"] = "0101701234"
    browser.get(LOGIN)
    assert known.socialaccount_set.get().extra_data == {}


def test_a_user_shut_out_stays_out(browser, known, openid):
    is_known(openid)
    openid.person["groups"] = ["tilsyn-head"]
    User.objects.filter(pk=known.pk).update(is_active=False)
    browser.get(LOGIN)
    assert not browser.signed_in
    assert not known.memberships.filter(provider="styrelsen").exists()


@pytest.mark.parametrize(
    "address", ["head@elsewhere.example", "head@styrelsen.example.evil.example"]
)
def test_an_address_the_provider_is_not_trusted_with_signs_nobody_in(browser, openid, address):
    actions.create_user(email=address, name="En anden", password=PASSWORD, by=None)
    openid.person |= {"email": address, "email_verified": True, "groups": ["tilsyn-head"]}
    refused(browser.get(LOGIN), browser, words="Adressen er allerede i brug")


def test_a_person_without_an_address_becomes_no_user(browser, openid):
    openid.person = {"sub": "5", "groups": ["tilsyn-head"]}
    refused(browser.get(LOGIN), browser, words="Din e-mailadresse mangler")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-site"},
        {"aud": ["tilsyn", "another-site"], "azp": "another-site"},
        {"iss": "https://another.example"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(browser, known, openid, claims):
    is_known(openid)
    openid.claims = claims
    refused(browser.get(LOGIN), browser)


def test_a_token_signed_by_somebody_else_is_refused(browser, known, openid):
    is_known(openid)
    openid.signs_with = new_key()
    refused(browser.get(LOGIN), browser)
    openid.key_name = "unheard of"
    refused(browser.get(LOGIN), browser)


@pytest.mark.parametrize(
    ("algorithm", "key"), [("none", None), ("HS256", "a-secret-of-the-tests" * 2)]
)
def test_a_token_anybody_could_have_signed_is_refused(browser, known, openid, algorithm, key):
    is_known(openid)
    openid.algorithm, openid.signs_with = algorithm, key
    refused(browser.get(LOGIN), browser)


def test_information_about_somebody_else_is_refused(browser, known, openid):
    openid.person["sub"] = "another"
    openid.information = {"sub": "77", "email": known.email}
    refused(browser.get(LOGIN), browser)


def test_an_answer_is_taken_once_and_by_the_browser_that_asked(browser, browse, known, openid):
    is_known(openid)
    asked = browser.http.get(LOGIN, follow_redirects=False).headers["Location"]
    answer = browser.http.get(asked, follow_redirects=False).headers["Location"]
    other = browse()
    refused(other.get(answer), other)
    assert browser.get(answer).status_code == 200 and browser.signed_in
    browser.post("/accounts/logout/")
    refused(browser.get(answer), browser)


def test_another_s_code_signs_nobody_in(browser, browse, known, openid):
    """Somebody is lured to the answer of another's sign-in, with his own state in it."""
    is_known(openid)
    other = browse()
    theirs = other.http.get(LOGIN, follow_redirects=False).headers["Location"]
    theirs = other.http.get(theirs, follow_redirects=False).headers["Location"]
    ours = browser.http.get(LOGIN, follow_redirects=False).headers["Location"]
    ours = browser.http.get(ours, follow_redirects=False).headers["Location"]
    state = re.search(r"state=[^&]+", ours)[0]
    refused(browser.get(re.sub(r"state=[^&]+", state, theirs)), browser)


def test_the_address_cannot_ask_for_more_than_a_sign_in(browser, known, openid):
    browser.post("/accounts/login/", login=known.email, password=PASSWORD)
    assert browser.signed_in
    more = "process=connect&scope=everything&auth_params=nonce%3Dmine%26prompt%3Dnone"
    browser.get(f"{LOGIN}?{more}")
    assert not known.socialaccount_set.exists()
    assert "everything" not in openid.asked["scope"]
    assert openid.asked["nonce"] != "mine" and "prompt" not in openid.asked


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/userinfo"])
def test_a_provider_that_does_not_answer_is_said_to(browser, known, openid, path):
    is_known(openid)
    openid.down = {path}
    refused(browser.get(LOGIN), browser, status=503, words="svarer ikke")
    openid.down = set()
    assert browser.get(LOGIN).status_code == 200 and browser.signed_in


def test_a_provider_there_is_none_of_is_not_there(browser):
    assert browser.get("/accounts/oidc/another/login/").status_code == 404
    assert browser.get("/accounts/oidc/another/login/callback/").status_code == 404
    for page in ("login", "acs", "acs/finish", "sls", "metadata"):
        assert browser.get(f"/accounts/saml/another/{page}/").status_code == 404


def test_who_breaks_off_is_not_signed_in(browser, known):
    asked = browser.http.get(LOGIN, follow_redirects=False).headers["Location"]
    state = re.search(r"state=([^&]+)", asked)[1]
    page = browser.get(f"{LOGIN}callback/?error=access_denied&state={state}")
    assert page.status_code == 200 and not browser.signed_in
