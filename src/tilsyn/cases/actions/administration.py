"""What administrators and approvers do outside cases: users, memberships, releases; all in the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tilsyn.cases import clock
from tilsyn.cases.access import areas, demand
from tilsyn.cases.citizens import refuse_cpr
from tilsyn.cases.models import AuditEntry, Membership, ReleaseRecord, User
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import ADMINISTER, APPROVE_RELEASE, scope_areas
from tilsyn.errors import ConflictError, InputError, NotAllowedError
from tilsyn.vocabulary import COUNTRY


def audit(
    *,
    by: User | None,
    action: str,
    about: str,
    area: str = "",
    purpose: str = "",
    **detail: Any,
) -> AuditEntry:
    """Write down a look at something restricted, or a change."""
    refuse_cpr(about, purpose)
    return AuditEntry.objects.create(
        by=by, action=action, about=about[:200], area=area, purpose=purpose[:200], detail=detail
    )


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    password: str | None,
    by: User | None,
    language: str = "",
    **detail: str,
) -> User:
    """Make a user; without a password he signs in by a provider.

    Args:
        email: what he signs in with.
        name: his function and office.
        password: a good one.
        by: the administrator; None for the installation's own command line.
        language: "da", "en", or empty.
        detail: what else the log tells.

    Raises:
        InputError: the address is taken, or the password is weak.
    """
    if by is not None:
        demand(by, ADMINISTER)
    if User.objects.filter(email=email.lower()).exists():
        raise refused(InputError, "user_there", email=email)
    if password is not None:
        _check_password(password, User(email=email, name=name))
    user = User.objects.create_user(email, password, name=name, language=language)
    audit(by=by, action="create_user", about=f"user {user.pk}", email=user.email, **detail)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: User) -> None:
    """Give a user a new password, when he has lost his; what he is signed in to ends.

    Raises:
        NotAllowedError: he holds a role beyond the administrator's area.
        InputError: the password is weak.
    """
    _demand_his(by, user)
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password", "feed_token"])
    audit(by=by, action="set_password", about=f"user {user.pk}", email=user.email)


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise refused(InputError, "password_weak", why=" ".join(error.messages)) from None


@transaction.atomic
def grant(*, user: User, role: str, scope_kind: str, scope: str, by: User | None) -> Membership:
    """Give a user a role for an area; an administrator gives none beyond his own.

    Raises:
        NotAllowedError: the area is not the administrator's.
    """
    _within_own(by, scope_kind, scope)
    # What a provider gave so far is from now on given by hand, and stays.
    membership, _ = Membership.objects.update_or_create(
        user=user, role=role, scope_kind=scope_kind, scope=scope, defaults={"provider": ""}
    )
    user.__dict__.pop("held", None)
    audit_membership(by, "grant", membership)
    return membership


@transaction.atomic
def revoke(*, membership: Membership, by: User | None) -> None:
    """Take a role away."""
    _within_own(by, membership.scope_kind, membership.scope)
    audit_membership(by, "revoke", membership)
    membership.delete()


@transaction.atomic
def deactivate(*, user: User, by: User | None) -> None:
    """Shut a user out; what he has done stays his. An administrator cannot shut himself out.

    Raises:
        NotAllowedError: he is himself, or not within the administrator's area.
    """
    if by is not None and user.pk == by.pk:
        raise refused(NotAllowedError, "shut_out_himself")
    _let_in(user, False, by)


@transaction.atomic
def reactivate(*, user: User, by: User | None) -> None:
    """Let a user in again, with the roles he held.

    Raises:
        NotAllowedError: he is not within the administrator's area.
    """
    _let_in(user, True, by)


def _let_in(user: User, active: bool, by: User | None) -> None:
    _demand_his(by, user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit(
        by=by,
        action="reactivate" if active else "deactivate",
        about=f"user {user.pk}",
        email=user.email,
    )


@transaction.atomic
def approve_release(*, release: ReleaseRecord, by: User) -> ReleaseRecord:
    """Take a release into use: from now on cases and pages draw on it."""
    return _decide(release, "approved", by, "")


@transaction.atomic
def refuse_release(*, release: ReleaseRecord, by: User, reason: str) -> ReleaseRecord:
    """Refuse a release; it stays, and nothing draws on it."""
    if not reason.strip():
        raise refused(InputError, "refused_why")
    refuse_cpr(reason)
    return _decide(release, "refused", by, reason.strip())


def _decide(release: ReleaseRecord, status: str, by: User, reason: str) -> ReleaseRecord:
    demand(by, APPROVE_RELEASE, COUNTRY)
    claimed = ReleaseRecord.objects.filter(pk=release.pk, status="arrived").update(
        status=status, decided_by=by, decided_at=clock.moment(clock.today()), reason=reason
    )
    release.refresh_from_db()
    if not claimed:
        raise _decided(release)
    audit(by=by, action=f"release_{status}", about=f"release {release.name}", area=COUNTRY)
    return release


def _decided(release: ReleaseRecord) -> ConflictError:
    by = release.decided_by
    if release.status == "approved":
        return refused(ConflictError, "release_approved_by", release=release, user=by)
    return refused(ConflictError, "release_refused_by", release=release, user=by)


def _demand_his(by: User | None, user: User) -> None:
    """Refuse unless the user is the administrator's alone, also where he holds no role any more."""
    if by is None:
        return
    demand(by, ADMINISTER)
    for membership in user.memberships.all():
        _within_own(by, membership.scope_kind, membership.scope)
    if not User.objects.visible_to(by).filter(pk=user.pk).exists():
        raise refused(NotAllowedError, "own_area_only", user=by)


def _within_own(by: User | None, scope_kind: str, scope: str) -> None:
    if by is None:
        return
    own, given = areas(by, ADMINISTER), scope_areas(scope_kind, scope)
    if own is not None and (given is None or not given <= own):
        raise refused(NotAllowedError, "own_area_only", user=by)


def audit_membership(by: User | None, action: str, membership: Membership, **detail: str) -> None:
    """Write down that a role was given or taken."""
    area = membership.scope if membership.scope_kind != "amk" else ""
    audit(
        by=by,
        action=action,
        about=f"user {membership.user_id}",
        area=area,
        role=membership.role,
        scope=f"{membership.scope_kind} {membership.scope}",
        **detail,
    )
