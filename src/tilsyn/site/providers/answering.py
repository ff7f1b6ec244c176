"""Whether providers answer as the file of providers has them; `tilsyn doctor` asks."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from lxml.etree import LxmlError
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

from tilsyn.site.providers.configuration import OpenId, Saml

SECONDS = 5
"""How long a provider may take."""
WELL_KNOWN = "/.well-known/openid-configuration"

Fault = tuple[str, str]
"""What is wrong, and the mend."""


def addresses(provider: OpenId | Saml, host: str) -> dict[str, str]:
    """What the provider must be told about this site, by the names providers use."""
    if isinstance(provider, OpenId):
        return {
            "redirect URI": f"https://{host}/accounts/oidc/{provider.provider_id}/login/callback/"
        }
    here = f"https://{host}/accounts/saml/{provider.client_id}"
    own = provider.settings.sp
    return {
        "entity ID": own.entity_id if own else f"{here}/metadata/",
        "metadata": f"{here}/metadata/",
        "assertion consumer service (HTTP-POST)": f"{here}/acs/",
        "single logout service (HTTP-Redirect)": f"{here}/sls/",
    }


def faults(provider: OpenId | Saml) -> Iterator[Fault]:
    """What is wrong with a provider as it answers now."""
    if isinstance(provider, OpenId):
        yield from _openid(provider)
    else:
        yield from _saml(provider)


def _openid(provider: OpenId) -> Iterator[Fault]:
    given = provider.settings.server_url
    server = given.partition("/.well-known/")[0].rstrip("/")
    address = given if "/.well-known/" in given else server + WELL_KNOWN
    try:
        told = _fetched(address)
        keys = _fetched(told["jwks_uri"])["keys"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        mend = "mend server_url, or the way there (firewall, proxy)"
        yield f"{address} does not answer as an OpenID provider: {error!r}", mend
        return
    if str(told.get("issuer", "")).rstrip("/") != server:
        mend = "write that as server_url; a provider for many organisations cannot be used"
        yield f"{server} calls itself {told.get('issuer')}", mend
    if not keys:
        yield f"{told['jwks_uri']} holds no key", "ask the provider"


def _fetched(address: str) -> Any:
    return httpx.get(address, timeout=SECONDS, follow_redirects=True).raise_for_status().json()


def _saml(provider: Saml) -> Iterator[Fault]:
    idp, own = provider.settings.idp, provider.settings.advanced
    certificates = [idp.x509cert]
    if idp.metadata_url:
        try:
            told = OneLogin_Saml2_IdPMetadataParser.parse_remote(
                idp.metadata_url, entity_id=idp.entity_id, timeout=SECONDS
            ).get("idp", {})
        except (OSError, LxmlError, OneLogin_Saml2_Error, ValueError) as error:
            mend = "mend idp.metadata_url, or the way there (firewall, proxy)"
            yield f"{idp.metadata_url} does not answer with metadata: {error}", mend
            return
        if told.get("entityId") != idp.entity_id or "singleSignOnService" not in told:
            mend = "mend idp.entity_id; it stands in the metadata as entityID"
            yield f"{idp.metadata_url} has no provider called {idp.entity_id}", mend
            return
        several = told.get("x509certMulti", {}).get("signing", [])
        certificates = [told["x509cert"]] if "x509cert" in told else several
    yield from _certificates("the provider's certificate", certificates)
    if own.x509cert:
        yield from _certificates("the site's certificate", [own.x509cert])
    if (own.authn_request_signed or own.metadata_signed) and not (own.x509cert and own.private_key):
        yield "requests are to be signed, and there is no key", "add x509cert and private_key"
    elif own.x509cert and own.private_key and not _belong(own.x509cert, own.private_key):
        yield "the site's certificate and private_key do not belong together", "mend one of them"


def _certificates(whose: str, texts: list[str | None]) -> Iterator[Fault]:
    """A fault where none of them can be used today."""
    try:
        ends = [_certificate(text or "").not_valid_after_utc for text in texts]
    except ValueError as error:
        yield f"{whose} cannot be read: {error}", "copy it anew"
        return
    if not ends or max(ends) < dt.datetime.now(dt.UTC):
        last = f"ended on {max(ends):%Y-%m-%d}" if ends else "is missing"
        yield f"{whose} {last}", "fetch the new one"


def _certificate(text: str) -> x509.Certificate:
    # As PEM, or as metadata has it: the bare base64.
    bare = "".join(line.strip() for line in text.splitlines() if not line.startswith("-----"))
    return x509.load_der_x509_certificate(base64.b64decode(bare, validate=True))


def _belong(certificate: str, key: str) -> bool:
    try:
        own = load_pem_private_key(key.strip().encode(), None).public_key()
        public = _certificate(certificate).public_key()
    except (ValueError, TypeError):
        return False
    kind = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return own.public_bytes(*kind) == public.public_bytes(*kind)
