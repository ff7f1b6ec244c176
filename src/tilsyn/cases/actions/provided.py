"""What a user holds because his organisation's provider says so: given and taken at each sign-in.

Who did it is the provider, and the audit log says which. What an administrator gave by hand is his to take.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from tilsyn.cases.actions.administration import audit, audit_membership
from tilsyn.cases.models import Membership, User
from tilsyn.cases.roles import Grant

LAPSES_AFTER = dt.timedelta(days=30)
"""What a provider gave is taken when its user has not signed in for so long: he may have left."""


@transaction.atomic
def sign_in_by_provider(*, user: User, provider: str, grants: Iterable[Grant]) -> None:
    """Make a user the provider's: his roles are what it says today, and he has no password here.

    Args:
        user: whom the provider has signed in.
        provider: its name in the settings.
        grants: what it gives him; what it gave before and does not give now is taken.
    """
    # Of two sign-ins at once the second waits for the first.
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        audit(by=None, action="password_off", about=f"user {user.pk}", provider=provider)
    given = set(grants)
    for membership in user.memberships.filter(provider=provider):
        if Grant(membership.role, membership.scope_kind, membership.scope) not in given:
            audit_membership(None, "revoke", membership, provider=provider)
            membership.delete()
    for role, scope_kind, scope in sorted(given):
        membership, new = Membership.objects.get_or_create(
            user=user,
            role=role,
            scope_kind=scope_kind,
            scope=scope,
            defaults={"provider": provider},
        )
        if new:
            audit_membership(None, "grant", membership, provider=provider)


@transaction.atomic
def lapse(*, on: dt.date) -> int:
    """Take what providers gave users who have not signed in for long; at the next sign-in it is back.

    Who leaves signs in no more, so nobody would take it; and his key to the API would go on opening.

    Returns:
        How many roles were taken.
    """
    last = on - LAPSES_AFTER
    lapsed = Membership.objects.exclude(provider="").filter(user__last_login__date__lt=last)
    found = list(lapsed.select_for_update())
    for membership in found:
        audit_membership(
            None,
            "revoke",
            membership,
            provider=membership.provider,
            reason=f"no sign-in since {last}",
        )
        membership.delete()
    return len(found)
