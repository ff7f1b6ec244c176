"""OpenID Connect, stricter than django-allauth has it.

allauth trusts an ID token because it came over TLS, and asks for no nonce. Here its signature, audience,
issuer and time are verified against the provider's keys, and it must be the answer to this very sign-in.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse

from tilsyn.site.providers.claims import SigningIn

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures that only the provider can make; one made with the shared secret is none of them."""
LEEWAY = 60
"""Seconds that clocks may differ."""


class VerifiedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Fetches a sign-in's tokens and verifies them."""

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> Any:
        """The tokens; which nonce the ID token must carry follows from the verifier."""
        self.nonce = nonce_of(pkce_code_verifier or "")
        return super().get_access_token_data(request, app, client, pkce_code_verifier)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The sign-in that verified tokens tell of.

        Raises:
            OAuth2Error: they are not what they should be.
        """
        claims = self.verified(app, kwargs["response"].get("id_token"))
        told: dict[str, Any] = {}
        if app.settings.get("fetch_userinfo", True) and "userinfo_endpoint" in self.openid_config:
            told = self._fetch_user_info(token.token)
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("the user's information is about somebody else than the ID token")
        # What is signed goes before what is not.
        return self.get_provider().sociallogin_from_response(
            request, {"userinfo": {**told, **claims}}
        )

    def verified(self, app: Any, token: str | None) -> dict[str, Any]:
        """The claims of an ID token whose every safeguard holds.

        Raises:
            OAuth2Error: one does not.
        """
        if not token:
            raise OAuth2Error("there is no ID token in the answer")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                _key(keys, jwt.get_unverified_header(token).get("kid")),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"ID token: {error}") from error
        if claims.get("nonce") != self.nonce:
            raise OAuth2Error("the ID token was made for another sign-in")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token was made for another site")
        return claims


def _key(keys: dict[str, Any], name: str | None) -> jwt.PyJWK:
    known = jwt.PyJWKSet.from_dict(keys).keys
    for key in known:
        if key.key_id == name and key.public_key_use in (None, "sig"):
            return key
    raise OAuth2Error(f"the ID token is signed by the key {name!r}, which is not the provider's")


def nonce_of(verifier: str) -> str:
    """The nonce of a sign-in: PKCE's challenge (S256), for one secret in the session stands behind both."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class OpenIdProvider(SigningIn, OpenIDConnectProvider):  # type: ignore[misc]
    """An OpenID Connect provider."""

    package = "allauth.socialaccount.providers.openid_connect"
    oauth2_adapter_class = VerifiedAdapter

    def get_pkce_params(self) -> dict[str, Any]:
        """PKCE, always, and the nonce."""
        made = generate_code_challenge()
        return {**made, "nonce": made["code_challenge"]}

    def claims(self, response: Any) -> Mapping[str, Any]:
        """Those of the ID token, and of the user's information."""
        told: dict[str, Any] = response["userinfo"]
        return told


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends the user back to."""
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(
            VerifiedAdapter(request, provider_id)
        )(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer
