"""What both kinds of provider have: they sign users in, and do nothing else."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.base import AuthProcess, Provider
from django.http import HttpRequest

from tilsyn.site.providers.claims import grants_of

logger = logging.getLogger("tilsyn.site.sign_in")


class SigningIn(Provider):  # type: ignore[misc]
    """A provider whose claims give roles, and of whose claims nothing is kept but who the user is."""

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """What the address asks for: where to go afterwards.

        allauth lets it ask for more: to tie the provider's account to the user who happens to be signed in,
        other scopes, other parameters.
        """
        return {"process": AuthProcess.LOGIN, "next_url": get_next_redirect_url(request)}

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """The sign-in, with the roles that the claims give (`grants`)."""
        login = super().sociallogin_from_response(request, response)
        login.grants, ignored = grants_of(self.claims(response), self.app.settings["memberships"])
        for words in ignored:
            logger.info("%s: %s", self.sub_id, words)
        return login

    def claims(self, response: Any) -> Mapping[str, Any]:
        """What the provider told, by name."""
        raise NotImplementedError

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Nothing: claims may hold a CPR number, and nobody asked for it."""
        return {}
