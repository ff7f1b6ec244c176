"""Users, who sign in by e-mail address, and the roles they hold for areas."""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from tilsyn.cases import access
from tilsyn.cases.models.constraints import one_of
from tilsyn.cases.roles import ADMINISTER, ROLES, SCOPES
from tilsyn.vocabulary import AREAS, COUNTRY, MUNICIPALITIES, area_name


class UserQuerySet(models.QuerySet["User"]):
    """Users."""

    def visible_to(self, user: User | AnonymousUser) -> UserQuerySet:
        """Those whose memberships the user administers, and himself.

        Of those who hold no role any more, whom he may see has to be looked up in the log: who took the
        last role can give another. Who administers the country sees everybody.
        """
        where = access.areas(user, ADMINISTER)
        if where is None:
            return self
        ours = Membership.objects.visible_to(user).values("user")
        return self.filter(
            Q(pk__in=ours)
            | Q(pk=user.pk)
            | (Q(pk__in=_held_within(where)) & ~Q(pk__in=Membership.objects.values("user")))
        )


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def get_queryset(self) -> UserQuerySet:
        """All users."""
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: User | AnonymousUser) -> UserQuerySet:
        """Those whose memberships the user administers, and himself."""
        return self.get_queryset().visible_to(user)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user; without a password he can sign in by a provider only."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


def _held_within(where: frozenset[str]) -> list[int]:
    """Users who once had a role taken that was held within these areas."""
    from tilsyn.cases.models.audit import AuditEntry

    scopes = [f"{kind} {scope}" for kind, held in _scopes(where).items() for scope in held]
    taken = AuditEntry.objects.filter(action="revoke", detail__scope__in=scopes)
    return [int(about.split()[-1]) for about in taken.values_list("about", flat=True).distinct()]


def _scopes(where: frozenset[str]) -> dict[str, list[str]]:
    """The municipalities and whole offices within these areas, as roles are held for them."""
    offices = [
        office.code
        for office in AREAS["amk"]
        if where >= {m.code for m in MUNICIPALITIES if m.amk == office.code}
    ]
    return {"municipality": sorted(where), "amk": offices}


def _token() -> str:
    return secrets.token_urlsafe(32)


class User(AbstractBaseUser):
    """Somebody who signs in.

    Attributes:
        name: how he is shown: a function and an office.
        language: "da" or "en"; empty follows the browser's switch.
        feed_token: opens his calendar feed, and nothing else; new with each password.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, blank=True)
    is_active = models.BooleanField(default=True)
    feed_token = models.CharField(max_length=64, unique=True, default=_token)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def held(self) -> list[Membership]:
        """His memberships, asked for once."""
        return list(self.memberships.all())

    def set_password(self, raw_password: str | None) -> None:
        """A new password; whoever knew the old one may know the calendar's address too."""
        super().set_password(raw_password)
        self.feed_token = _token()

    def renew_calendar(self) -> None:
        """A new address for the calendar; the one before opens nothing any more."""
        self.feed_token = _token()
        self.save(update_fields=["feed_token"])

    def may(self, permission: str, area: str | None = None) -> bool:
        """Whether he may do this in an area; None: anywhere at all."""
        return access.may(self, permission, area)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def visible_to(self, user: User | AnonymousUser) -> MembershipQuerySet:
        """Those within the areas the user administers."""
        where = access.areas(user, ADMINISTER)
        if where is None:
            return self
        within = Q(pk__in=[])
        for kind, scopes in _scopes(where).items():
            within |= Q(scope_kind=kind, scope__in=scopes)
        return self.filter(within)


class Membership(models.Model):
    """A role held for an area.

    Attributes:
        scope_kind, scope: "country" and "dk", "amk" and the office's code, "municipality" and its code.
        provider: who gives it at each sign-in, and takes it back; empty where it was given by hand.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    scope_kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in SCOPES])
    scope = models.CharField(max_length=20, default=COUNTRY)
    provider = models.CharField(max_length=60, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["scope_kind", "scope", "role"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "scope_kind", "scope"], name="membership_once"
            ),
            one_of("membership", "role", ROLES),
            one_of("membership", "scope_kind", SCOPES),
            models.CheckConstraint(
                name="membership_scope_fits",
                condition=Q(scope_kind="country", scope=COUNTRY)
                | Q(scope_kind="amk", scope__in=list(AREAS["amk"].codes))
                | Q(scope_kind="municipality", scope__in=list(MUNICIPALITIES.codes)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}, {area_name(self.scope_kind, self.scope, 'en')}"
