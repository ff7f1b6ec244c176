"""What a provider's claims give: roles for areas, and what in them means nothing here."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.base import AuthProcess, Provider
from django.http import HttpRequest

from tilsyn.cases.roles import Grant
from tilsyn.cpr import masked
from tilsyn.site.providers.configuration import Memberships
from tilsyn.site.providers.privileges import read_privileges


def grants_of(
    claims: Mapping[str, Any], rules: Memberships | None
) -> tuple[frozenset[Grant], list[str]]:
    """The roles that claims give, and what was passed over, in words for the log.

    Args:
        claims: what the provider told, by name: a text or a list of texts each.
        rules: what gives what; None where this provider gives nothing.
    """
    if rules is None:
        return frozenset(), []
    read = _privileges if rules.privileges else _values
    found = list(read(_texts(claims.get(rules.claim)), rules))
    return (
        frozenset(one for one in found if isinstance(one, Grant)),
        [one for one in found if isinstance(one, str)],
    )


def _values(texts: list[str], rules: Memberships) -> Iterator[Grant | str]:
    for text in texts:
        yield rules.values.get(text, f"{masked(text)[:200]!r} gives nothing here")


def _privileges(texts: list[str], rules: Memberships) -> Iterator[Grant | str]:
    for text in texts:
        try:
            privileges = read_privileges(text)
        except ValueError as error:
            yield f"the privilege list {error}"
            continue
        for one in privileges:
            grant = rules.values.get(one.name)
            municipality = rules.organisations.get(one.organisation)
            if grant is None:
                yield f"{masked(one.name)[:200]!r} gives nothing here"
            elif one.narrowed_by:
                # To leave the constraint out would give more than the municipality gave.
                yield f"{one.name!r} is narrowed by {', '.join(one.narrowed_by)!r}, which is unknown here"
            elif municipality is None:
                yield f"{one.name!r} is for the CVR number {one.organisation!r}, which is unknown here"
            else:
                yield grant._replace(scope=municipality)


def _texts(claim: Any) -> list[str]:
    if claim is None:
        return []
    return [str(one) for one in claim] if isinstance(claim, list | tuple) else [str(claim)]


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
