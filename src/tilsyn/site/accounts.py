"""Who may get an account: nobody by himself. An administrator makes it, or a provider's claims do."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from tilsyn.cases import actions
from tilsyn.cases.models import User
from tilsyn.cpr import masked
from tilsyn.errors import InputError
from tilsyn.site import attempts
from tilsyn.site.signing_in import stopped

logger = logging.getLogger("tilsyn.site.sign_in")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at.

        Raises:
            ValidationError: too many have been made for this account or from this network.
        """
        if not attempts.take(attempts.of_sign_in(request, credentials.get("email", ""))):
            logger.warning("too many attempts to sign in; refused without a look at the password")
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whose password it is; None where it is nobody's."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            attempts.give_back(attempts.of_sign_in(request, credentials.get("email", "")))
        return user

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Before anybody is signed in: shut out, or given the roles his provider says he has."""
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        login = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if response is None and login is not None:
            provider = login.account.provider
            actions.sign_in_by_provider(user=user, provider=provider, grants=login.grants)
        return response


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts signed in by the organisation's own provider."""

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """A provider signs in the users there are only where the settings trust it with their addresses.

        That it calls an address verified is not enough: it would sign in whoever it names.
        """
        return bool(self.is_email_verified(login.provider, email))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """The user a provider tells of: his address and name."""
        user: User = sociallogin.user
        parts = (data.get("first_name"), data.get("last_name"))
        user.email = (data.get("email") or "").lower()
        name = data.get("name") or " ".join(filter(None, parts)) or user.email
        user.name = masked(str(name))[:120]
        return user

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether a user is made: the provider's claims give him a role, and he is nobody else.

        Raises:
            ImmediateHttpResponse: he is not; the page says why and whom to ask.
        """
        provider, email = sociallogin.provider, sociallogin.user.email
        if not sociallogin.grants:
            why = "unknown"
        elif not email:
            why = "no_address"
        elif User.objects.filter(email=email).exists():
            why = "taken"
        else:
            # The address was looked at here; allauth would look again, and lead to pages that are closed.
            sociallogin.email_addresses = []
            return True
        logger.warning(
            "%s: refused, %s: %s", provider.sub_id, why, email or sociallogin.account.uid
        )
        raise ImmediateHttpResponse(stopped(request, why, email=email))

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Make the user, who holds nothing yet.

        Raises:
            ImmediateHttpResponse: another of his windows was first; he signs in again.
        """
        told: User = sociallogin.user
        provider = sociallogin.account.provider
        try:
            with transaction.atomic():
                made = actions.create_user(
                    email=told.email, name=told.name, password=None, by=None, provider=provider
                )
                sociallogin.user = made
                sociallogin.save(request)
        except (InputError, IntegrityError) as error:
            logger.warning("%s: refused: %s", provider, error)
            again = stopped(request, "not_valid")
            raise ImmediateHttpResponse(again) from error
        return made

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Say in the log what was wrong, and to the reader what to do.

        Raises:
            ImmediateHttpResponse: always, but where the user himself broke off.
        """
        if error == AuthError.CANCELLED:
            return
        told = extra_context or {}
        reason = (
            exception or told.get("saml_last_error_reason") or "there is no such sign-in under way"
        )
        logger.warning("%s: refused: %s", provider.sub_id, reason)
        why = "away" if isinstance(exception, RequestException) else "not_valid"
        raise ImmediateHttpResponse(stopped(request, why))
