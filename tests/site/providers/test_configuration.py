"""The file of providers: what may stand in it, and what is said where it cannot be."""

import pytest

from tilsyn.cases.roles import Grant
from tilsyn.errors import InputError
from tilsyn.site.providers.configuration import read_sign_in

OPENID = """
[[openid_connect]]
provider_id = "styrelsen"
name = "Styrelsens login"
client_id = "tilsyn"
secret = "…"
settings = { server_url = "https://login.example.org/tenant/v2.0" }
"""
SAML = """
[[saml]]
provider_id = "context-handler"
name = "Kommunens login"
client_id = "kommune"
settings.idp = { entity_id = "https://saml.example.org", metadata_url = "https://saml.example.org/metadata" }
"""
GIVES = """
[openid_connect.memberships]
claim = "groups"
"""
LISTS = """
[saml.memberships]
claim = "privileges"
privileges = true
"""


@pytest.fixture
def read(tmp_path):
    def reader(text):
        file = tmp_path / "sign-in.toml"
        file.write_text(text, encoding="utf-8")
        return read_sign_in(str(file))

    return reader


def test_without_a_file_there_is_no_provider():
    assert read_sign_in("").providers == []


def test_a_file_of_both_kinds_is_read(read):
    made = read(
        OPENID + GIVES + 'values = { "a" = "officer amk oest", "b" = "reader country" }' + SAML
    )
    assert [one.provider_id for one in made.providers] == ["styrelsen", "context-handler"]
    assert made.openid_connect[0].memberships.values == {
        "a": Grant("officer", "amk", "oest"),
        "b": Grant("reader", "country", "dk"),
    }
    (app,) = made.as_allauth_has_them()["saml"]["APPS"]
    # What allauth leaves off unless it is asked for is on.
    assert app["settings"]["advanced"]["want_assertion_signed"] is True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OPENID.replace("client_id", "clientid"), "did you mean 'client_id'"),
        (OPENID.replace('name = "Styrelsens login"', ""), "this key is missing"),
        (OPENID.replace("https://login", "http://login"), "must begin with https://"),
        (OPENID.replace('"styrelsen"', '"Styrelsen A"'), "provider_id"),
        (OPENID + OPENID, "two providers have the provider_id 'styrelsen'"),
        (OPENID + GIVES + 'values = { "a" = "boss country" }', "roles are reader"),
        (OPENID + GIVES + 'values = { "a" = "officer" }', "names no area"),
        (OPENID + GIVES + 'values = { "a" = "officer amk nowhere" }', "codes are"),
        (OPENID + GIVES + 'values = { "a" = "officer municipality 999" }', "code of no municipality"),
        (OPENID + GIVES + 'values = { "a" = "officer municipality" }', "needs a code"),
        (SAML.replace("metadata_url", "sso_url"), "both sso_url and x509cert"),
        (SAML + "[saml.settings.advanced]\nstrict = false", "unknown key"),
        (SAML + "[saml.settings.advanced]\nwant_assertion_signed = false", "want_assertion_signed"),
        (SAML + LISTS + 'values = { "a" = "officer municipality" }', "add organisations"),
        (
            SAML + LISTS + 'values = { "a" = "officer amk oest" }\norganisations = { "29189587" = "766" }',
            "in the user's own municipality only",
        ),
        (
            SAML + LISTS + 'values = { "a" = "officer municipality" }\norganisations = { "1" = "766" }',
            "organisations",
        ),
        ("[[openid_connect", "not valid TOML"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place_and_the_mend(read, text, words):
    with pytest.raises(InputError) as refused:
        read(text)
    assert words in str(refused.value) and "sign-in.toml" in str(refused.value)
    assert "\n" not in str(refused.value)
