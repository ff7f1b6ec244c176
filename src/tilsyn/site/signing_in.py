"""Which of allauth's pages are open: signing in and out, one's password, the organisation's provider.

The rest would let users do what an administrator does: sign up, change the address they are known by,
tie a provider's account to themselves. Those pages are not there.
"""

from __future__ import annotations

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import re_path

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
