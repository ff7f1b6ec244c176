"""The file of providers (setting `SIGN_IN_FILE`): who signs users in, and which claims give which roles.

The names of a provider's own settings are django-allauth's; what is unknown is refused, so that a misspelt
safeguard is not silently left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tilsyn.cases.roles import ROLES, SCOPES, Grant
from tilsyn.records import Record, read_toml
from tilsyn.vocabulary import AREAS, COUNTRY, MUNICIPALITIES

CODES = {
    "country": {COUNTRY},
    "amk": set(AREAS["amk"].codes),
    "municipality": set(MUNICIPALITIES.codes),
}
OF_THE_USER = ""
"""Instead of a municipality's code: the one whose CVR number stands with the privilege."""


def _grant(text: Any) -> Any:
    """The role and its area of "officer amk oest"."""
    if not isinstance(text, str):
        return text
    role, kind, scope = [*text.split(), "", "", ""][:3]
    if kind == "country":
        scope = scope or COUNTRY
    if role not in ROLES:
        raise ValueError(f"'{text}' begins with no role; roles are {', '.join(ROLES)}")
    if kind not in SCOPES:
        raise ValueError(
            f"'{text}' names no area; write '{role} country', '{role} amk oest' or "
            f"'{role} municipality 766'"
        )
    if scope not in CODES[kind] and (kind, scope) != ("municipality", OF_THE_USER):
        known = f"; codes are {', '.join(sorted(CODES[kind]))}" if kind == "amk" else ""
        raise ValueError(f"'{scope}' is the code of no {kind}{known}")
    return Grant(role, kind, scope)


def _https(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise ValueError(f"'{address}' must begin with https://")
    return address


def _municipality(code: str) -> str:
    if code not in MUNICIPALITIES.codes:
        raise ValueError(f"'{code}' is the code of no municipality")
    return code


Https = Annotated[str, AfterValidator(_https)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
"""It stands in addresses and in the log."""


class Memberships(Record):
    """Which claims give which roles.

    Attributes:
        claim: the claim (OpenID Connect) or attribute (SAML) they stand in.
        privileges: the claim holds an OIO privilege list, base64 of XML, as the municipalities' Context
            Handler sends it; else a text or a list of texts.
        values: what each gives: "officer amk oest", "approver country", "reader municipality 766"; in a
            privilege list always "officer municipality", the one the privilege is for.
        organisations: CVR numbers, and the codes of the municipalities whose they are.
    """

    claim: str
    privileges: bool = False
    values: dict[str, Annotated[Grant, BeforeValidator(_grant)]]
    organisations: dict[
        Annotated[str, Field(pattern=r"^\d{8}$")], Annotated[str, AfterValidator(_municipality)]
    ] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> Memberships:
        of_the_user = {one.scope == OF_THE_USER for one in self.values.values()}
        if self.privileges and False in of_the_user:
            # Every municipality hands out the roles it is offered: it may give none beyond itself.
            raise ValueError(
                "a privilege list gives roles in the user's own municipality only; write 'officer "
                "municipality', without a code"
            )
        if not self.privileges and True in of_the_user:
            raise ValueError("'municipality' needs a code, as in 'officer municipality 766'")
        if self.privileges and not self.organisations:
            raise ValueError("privilege lists name municipalities by CVR number; add organisations")
        return self


class OpenIdSettings(Record):
    """django-allauth's settings of an OpenID Connect provider."""

    server_url: Https
    verified_email: bool | list[str] = False
    token_auth_method: Literal["client_secret_basic", "client_secret_post"] | None = None
    scope: list[str] | None = None
    auth_params: dict[str, str] | None = None
    fetch_userinfo: bool = True
    uid_field: str = "sub"


class IdentityProvider(Record):
    """Who the SAML provider is: by its metadata's address, or told here."""

    entity_id: str
    metadata_url: Https | None = None
    sso_url: Https | None = None
    slo_url: Https | None = None
    x509cert: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> IdentityProvider:
        if not self.metadata_url and not (self.sso_url and self.x509cert):
            raise ValueError("give metadata_url, or both sso_url and x509cert")
        return self


class SamlService(Record):
    """Who this site is to the SAML provider."""

    entity_id: str


class SamlSignatures(Record):
    """What is signed and encrypted, and by which key; what may not be weakened has no key here."""

    x509cert: str | None = None
    x509cert_new: str | None = None
    private_key: str | None = None
    name_id_format: str | None = None
    authn_request_signed: bool = False
    logout_request_signed: bool = False
    logout_response_signed: bool = False
    metadata_signed: bool = False
    want_assertion_signed: Literal[True] = True
    want_assertion_encrypted: bool = False
    want_message_signed: bool = False


class SamlSettings(Record):
    """django-allauth's settings of a SAML provider."""

    idp: IdentityProvider
    sp: SamlService | None = None
    attribute_mapping: dict[str, str | list[str]] | None = None
    use_nameid_for_email: bool = False
    verified_email: bool | list[str] = False
    advanced: SamlSignatures = SamlSignatures()


class Provider(Record):
    """What every provider has.

    Attributes:
        provider_id: its name in the database and the log; never changed afterwards.
        name: as it stands on the page for signing in.
        client_id: what the provider calls this site; for SAML a part of the site's addresses.
        contact: whom to ask for access, shown to those who have none.
    """

    provider_id: Name
    name: str
    client_id: str
    secret: str = ""
    contact: str = ""
    memberships: Memberships | None = None


class OpenId(Provider):
    """An OpenID Connect provider."""

    settings: OpenIdSettings


class Saml(Provider):
    """A SAML provider."""

    client_id: Name
    settings: SamlSettings


class SignIn(Record):
    """All providers."""

    openid_connect: list[OpenId] = Field(default_factory=list)
    saml: list[Saml] = Field(default_factory=list)

    @model_validator(mode="after")
    def _apart(self) -> SignIn:
        names = [one.provider_id for one in self.providers]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(
                f"two providers have the provider_id '{min(twice)}'; users of the one would be taken "
                "for the other's"
            )
        if len(names) > 1 and any(one.settings.verified_email is True for one in self.providers):
            raise ValueError(
                "with several providers verified_email is a list of domains, else each could sign in "
                "the other's users"
            )
        return self

    @property
    def providers(self) -> list[OpenId | Saml]:
        """Every one."""
        return [*self.openid_connect, *self.saml]

    def as_allauth_has_them(self) -> dict[str, dict[str, Any]]:
        """The setting SOCIALACCOUNT_PROVIDERS, with our own classes in place of allauth's."""
        classes = {"openid_connect": "openid.OpenIdProvider", "saml": "saml.SamlProvider"}
        return {
            kind: {
                "provider_class": f"tilsyn.site.providers.{path}",
                "APPS": [_app(one) for one in getattr(self, kind)],
            }
            for kind, path in classes.items()
        }


def _app(one: OpenId | Saml) -> dict[str, Any]:
    ours = {"memberships": one.memberships, "contact": one.contact}
    given = one.model_dump(exclude_none=True, exclude={"memberships", "contact"})
    return {**given, "settings": {**given["settings"], **ours}}


def read_sign_in(file: str) -> SignIn:
    """The providers of a file; none without one.

    Raises:
        InputError: names the file, the key and the mend.
    """
    return read_toml(Path(file), SignIn) if file else SignIn()
