"""Which of allauth's pages are open: signing in and out, one's password, the organisation's provider.

The rest would let users do what an administrator does: sign up, change the address they are known by,
tie a provider's account to themselves. Those pages are not there. And where a sign-in by a provider stops,
a page says why, and whom to ask.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import re_path

from tilsyn.site.language import gettext
from tilsyn.words import gettext_noop

logger = logging.getLogger("tilsyn.site.sign_in")

OPEN = (
    "login/",
    "logout/",
    "inactive/",
    "reauthenticate/",
    "password/change/",
    "3rdparty/login/cancelled/",
    "3rdparty/login/error/",
)
"""Those of allauth's own; what a provider brings begins with its name."""
PROVIDERS = ("oidc/", "saml/")


def not_there(request: HttpRequest) -> NoReturn:
    """Answer as if there were no such page.

    Raises:
        Http404: always.
    """
    raise Http404


closed = re_path(
    rf"^accounts/(?!(?:{'|'.join(OPEN)})$|(?:{'|'.join(PROVIDERS)}))", not_there, name="closed"
)
"""The address pattern of everything else; it stands before allauth's."""

STOPPED: dict[str, tuple[int, str, str]] = {
    "unknown": (
        403,
        gettext_noop("You have no access yet"),
        gettext_noop(
            "{provider} has recognised you{email}, but you are no user here. Ask {contact}."
        ),
    ),
    "no_address": (
        403,
        gettext_noop("Your e-mail address is missing"),
        gettext_noop(
            "{provider} has recognised you, but not told your e-mail address, which reminders go to. Ask {contact}."
        ),
    ),
    "taken": (
        403,
        gettext_noop("The address is taken"),
        gettext_noop(
            "The address {address} belongs to a user already, whom {provider} may not sign in. Ask {contact}."
        ),
    ),
    "away": (
        503,
        gettext_noop("The sign-in does not answer"),
        gettext_noop(
            "{provider} does not answer at the moment. What you have kept is still here. Try again in a while."
        ),
    ),
    "not_valid": (
        403,
        gettext_noop("You were not signed in"),
        gettext_noop(
            "The answer of {provider} could not be accepted. So it is when it is too old, has been used before or belongs to another window. Start again and sign in anew. If that does not help, ask {contact}."
        ),
    ),
}
"""Why a sign-in stopped: HTTP status, heading, words."""


def stopped(request: HttpRequest, why: str, *, email: str = "") -> HttpResponse:
    """The page where a sign-in by a provider stopped.

    Args:
        request: on one of the provider's addresses.
        why: a key of `STOPPED`.
        email: the address the provider told.
    """
    status, heading, words = STOPPED[why]
    provider = _asked(request)
    contact = provider["settings"]["contact"] or gettext("your administrator")
    return render(
        request,
        "failure.html",
        {
            "heading": gettext(heading),
            "words": gettext(
                words,
                provider=provider["name"],
                address=email,
                email=gettext(" as {email}", email=email) if email else "",
                contact=contact,
            ),
        },
        status=status,
    )


def _asked(request: HttpRequest) -> Mapping[str, Any]:
    """The provider whose address it is, as the settings have it.

    Raises:
        Http404: there is no such provider.
    """
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    for kind, key, given in (
        ("openid_connect", "provider_id", kwargs.get("provider_id")),
        ("saml", "client_id", kwargs.get("organization_slug")),
    ):
        for one in settings.SOCIALACCOUNT_PROVIDERS[kind]["APPS"]:
            if given is not None and one[key] == given:
                return cast(Mapping[str, Any], one)
    raise Http404


class SigningInMiddleware:
    """Whatever goes wrong on a provider's addresses is a sign-in that stopped, not a fault of the site."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self._respond(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """What allauth and python3-saml take and should not.

        That is answers to providers there are none of, and messages to sign somebody out that are not
        signed.

        Raises:
            Http404: there is no such provider.
        """
        match = request.resolver_match
        if match is None or not (match.url_name or "").startswith("saml_"):
            return None
        _asked(request)
        if match.url_name == "saml_sls" and "Signature" not in request.GET:
            return stopped(request, "not_valid")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page instead of an error, with the reason in the log."""
        if not request.path_info.startswith(tuple(f"/accounts/{one}" for one in PROVIDERS)):
            return None
        # Imported here, for most requests never need them.
        from lxml.etree import LxmlError
        from onelogin.saml2.errors import OneLogin_Saml2_Error

        # A provider that cannot be reached: requests and urllib raise OSError of many kinds.
        if isinstance(error, OSError):
            why = "away"
        elif isinstance(
            error,
            PermissionDenied | LxmlError | OneLogin_Saml2_Error | ValueError | KeyError | TypeError,
        ):
            why = "not_valid"
        else:
            return None
        logger.warning("%s: refused: %s: %s", request.path_info, type(error).__name__, error)
        return stopped(request, why)
