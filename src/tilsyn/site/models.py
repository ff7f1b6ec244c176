"""What the site itself keeps: tokens that open the API, and how often somebody tried to get in."""

from __future__ import annotations

import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tilsyn.cases.models import User


class ApiToken(models.Model):
    """A user's key to the API. Only its hash is kept: it is shown once, and a new one ends the old.

    Attributes:
        user: whose it is; it opens what he may see, no more.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_token"
    )
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"API: {self.user}"


class Attempts(models.Model):
    """How full one count of attempts is (`tilsyn.site.attempts`).

    Attributes:
        row: what is counted.
        empty_at: when it is empty if nobody tries again, in milliseconds since 1970.
    """

    row = models.CharField(max_length=40, primary_key=True)
    empty_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.row


def new_token(user: User) -> str:
    """A new token for a user; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.update_or_create(
        user=user, defaults={"sha256": _hash(token), "made_at": timezone.now()}
    )
    return token


def user_of(token: str) -> User | None:
    """Whose token it is; None where it is nobody's, or his who is shut out."""
    found = ApiToken.objects.select_related("user").filter(sha256=_hash(token)).first()
    return found.user if found and found.user.is_active else None


def _hash(token: str) -> str:
    # The token is random and long, so a plain hash of it cannot be guessed back.
    return hashlib.sha256(token.encode()).hexdigest()
