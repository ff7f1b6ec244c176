"""Who may do what where: memberships added up. Every question of access is answered here.

`areas` is what queries are narrowed by (through `visible_to` on every model with a scope), `demand`
what an action asks before it does anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import VIEW_DRAFTS, VIEW_FIGURES, permissions, scope_areas
from tilsyn.errors import NotAllowedError
from tilsyn.protection import OWN, Audience
from tilsyn.vocabulary import COUNTRY, MUNICIPALITIES
from tilsyn.words import Message

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from tilsyn.cases.models import User

Areas = frozenset[str] | None
"""Municipality codes (and "dk"); None for everywhere."""


def areas(user: User | AnonymousUser, permission: str) -> Areas:
    """Where the user may do this; the empty set for nowhere."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    found: frozenset[str] = frozenset()
    for membership in user.held:
        if permission in permissions(membership.role, membership.scope_kind):
            reach = scope_areas(membership.scope_kind, membership.scope)
            if reach is None:
                return None
            found |= reach
    return found


def may(user: User | AnonymousUser, permission: str, area: str | None = None) -> bool:
    """Whether the user may do this in an area ("dk" for the country's own); None: in any at all."""
    where = areas(user, permission)
    return where is None or (bool(where) if area is None else area in where)


def audience(user: User | AnonymousUser) -> Audience:
    """Whose figures the user may see exactly: the authority's people all, a municipality's its own."""
    if may(user, VIEW_DRAFTS):
        return OWN
    return Audience(areas(user, VIEW_FIGURES) or frozenset())


def demand(user: User, permission: str, area: str | None = None) -> None:
    """Refuse unless the user may do this there.

    Raises:
        NotAllowedError: the user may not.
    """
    if not may(user, permission, area):
        where: str | Message = ""
        if area == COUNTRY:
            where = Message(" for the country")
        elif area is not None:
            where = f" for {MUNICIPALITIES[area].name}"
        words = permission.replace("_", " ")
        raise refused(NotAllowedError, "not_allowed", user=user, permission=words, place=where)


def within(field: str, where: Areas) -> Q:
    """The condition that a field holds one of these areas; it may be combined by & and |."""
    if where is None:
        # An empty Q would vanish from an "or", and everything with it.
        return ~Q(pk__in=[])
    return Q(**{f"{field}__in": sorted(where)})
