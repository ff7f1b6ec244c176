"""Who may get an account: nobody by himself; an administrator makes it, a provider may sign it in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts signed in by the organisation's own provider, matched by e-mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """A provider knows who it is; only an administrator says what he may."""
        return False
