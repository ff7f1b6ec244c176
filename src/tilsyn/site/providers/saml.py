"""SAML, as django-allauth and python3-saml have it, with nothing that may be left out left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from tilsyn.site.providers.claims import SigningIn


class SamlProvider(SigningIn, SAMLProvider):  # type: ignore[misc]
    """A SAML provider."""

    package = "allauth.socialaccount.providers.saml"

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """The sign-in of an answer that has been verified, and names its audience.

        Raises:
            PermissionDenied: it is for nobody in particular; python3-saml takes that for everybody.
        """
        answer = OneLogin_Saml2_XML.to_etree(response.get_last_response_xml())
        if not OneLogin_Saml2_XML.query(answer, "//saml:AudienceRestriction/saml:Audience"):
            raise PermissionDenied("the assertion names no audience")
        return super().sociallogin_from_response(request, response)

    def claims(self, response: Any) -> Mapping[str, Any]:
        """The assertion's attributes."""
        told: dict[str, Any] = response.get_attributes()
        return told
