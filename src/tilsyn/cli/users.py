"""The commands site create-user, users, grant, revoke, deactivate and reactivate: who gets in, and as what."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tilsyn.cli import installation
from tilsyn.cli.terminal import out
from tilsyn.errors import InputError, UsageError

if TYPE_CHECKING:
    from tilsyn.cases.models import User

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="What the user signs in with.")]
Role = Annotated[str, typer.Option("--role", help="reader, officer, approver or administrator.")]
Scope = Annotated[
    str,
    typer.Option(
        "--scope", metavar="AREA", help="dk, an office (oest, syd, midt_nord) or a municipality."
    ),
]


def register_on(app: typer.Typer) -> None:
    """Add the commands to the group `site`."""
    app.command("create-user", no_args_is_help=True)(_create_user)
    app.command("users")(_users)
    app.command("grant", no_args_is_help=True)(_grant)
    app.command("revoke", no_args_is_help=True)(_revoke)
    app.command("deactivate", no_args_is_help=True)(_deactivate)
    app.command("reactivate", no_args_is_help=True)(_reactivate)


def _create_user(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="What the user signs in with.")],
    name: Annotated[str, typer.Option("--name", help="Function and office.")],
    role: Role,
    scope: Scope = "dk",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password (default: make one up).")
    ] = False,
) -> None:
    """Make a user with a role; a password that is made up is printed once.

    Example: `tilsyn site create-user officer@example.org --name "Sagsbehandler, AMK Øst"
    --role officer --scope oest`
    """
    installation.ready()
    from tilsyn.cases import actions

    held = _held(role, scope)
    password = sys.stdin.readline().strip() if password_stdin else secrets.token_urlsafe(12)
    user = actions.create_user(email=email, name=name, password=password, by=None)
    actions.grant(user=user, **held, by=None)
    out.print(f"{user.email}: {role}, {scope}")
    if not password_stdin:
        out.print(f"password: {password}", markup=False)


def _users() -> None:
    """List the users: their roles, who has none, and who is shut out.

    Example: `tilsyn site users`
    """
    installation.ready()
    from tilsyn.cases.models import User

    for user in User.objects.get_queryset().prefetch_related("memberships"):
        roles = "; ".join(map(str, user.memberships.all())) or "no role"
        shut_out = "" if user.is_active else " (shut out)"
        out.print(f"{user.email}: {user.name}: {roles}{shut_out}", markup=False, soft_wrap=True)


def _grant(email: Email, role: Role, scope: Scope = "dk") -> None:
    """Give a user a role for an area, also one who holds none.

    Example: `tilsyn site grant officer@example.org --role officer --scope oest`
    """
    installation.ready()
    from tilsyn.cases import actions

    actions.grant(user=_user(email), **_held(role, scope), by=None)
    out.print(f"{email}: {role}, {scope}", markup=False)


def _revoke(email: Email, role: Role, scope: Scope = "dk") -> None:
    """Take a role from a user; the user stays, and may be given another.

    Example: `tilsyn site revoke officer@example.org --role officer --scope oest`
    """
    installation.ready()
    from tilsyn.cases import actions

    held = _user(email).memberships.filter(**_held(role, scope)).first()
    if held is None:
        raise InputError(f"{email} is no {role} for {scope}; `tilsyn site users` shows the roles")
    actions.revoke(membership=held, by=None)
    out.print(f"{email}: no longer {role}, {scope}", markup=False)


def _deactivate(email: Email) -> None:
    """Shut a user out; what he has done stays his.

    Example: `tilsyn site deactivate officer@example.org`
    """
    installation.ready()
    from tilsyn.cases import actions

    actions.deactivate(user=_user(email), by=None)
    out.print(f"{email}: shut out", markup=False)


def _reactivate(email: Email) -> None:
    """Let a user in again, with the roles he held.

    Example: `tilsyn site reactivate officer@example.org`
    """
    installation.ready()
    from tilsyn.cases import actions

    actions.reactivate(user=_user(email), by=None)
    out.print(f"{email}: may sign in", markup=False)


def _user(email: str) -> User:
    from tilsyn.cases.models import User

    found = User.objects.get_queryset().filter(email=email.lower()).first()
    if found is None:
        raise InputError(f"there is no user {email}; `tilsyn site users` lists them")
    return found


def _held(role: str, scope: str) -> dict[str, str]:
    from tilsyn.cases.roles import ROLES

    if role not in ROLES:
        raise UsageError(f"--role: no role '{role}'; roles are {', '.join(ROLES)}")
    kind, code = _scope(scope)
    return {"role": role, "scope_kind": kind, "scope": code}


def _scope(text: str) -> tuple[str, str]:
    """Kind and code of an area: "dk" is the country, "oest" an office, "Ishøj" a municipality."""
    from tilsyn.vocabulary import AREAS, COUNTRY, MUNICIPALITIES

    if text == COUNTRY:
        return "country", COUNTRY
    if text in AREAS["amk"]:
        return "amk", text
    if found := MUNICIPALITIES.find(text):
        return "municipality", found.code
    raise InputError(
        f"--scope: no area '{text}'; write dk, {', '.join(AREAS['amk'].codes)} or a municipality"
    )
