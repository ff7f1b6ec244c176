"""Commands that work on an installation: Django is loaded when one of them runs, and not before."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tilsyn.errors import UsageError

if TYPE_CHECKING:
    from tilsyn.cases.models import User

By = Annotated[
    str, typer.Option("--by", metavar="EMAIL", help="Who does it: a user of the installation.")
]


def ready() -> None:
    """Load Django with the installation's settings (environment variables; see the settings page).

    Raises:
        UsageError: the extra `site` is not installed.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tilsyn.site.settings")
    try:
        import django
    except ImportError:
        raise UsageError(
            "the site is not installed; install it with: pip install 'tilsyn[site]'"
        ) from None
    django.setup()


def database_errors() -> tuple[type[Exception], ...]:
    """What a database that is away, or not made yet, raises; nothing where none is used."""
    errors = sys.modules.get("django.db.utils")
    return (errors.OperationalError, errors.ProgrammingError) if errors else ()


def user(email: str) -> User:
    """The user with this address.

    Raises:
        UsageError: there is none, or he is shut out.
    """
    from tilsyn.cases.models import User

    found = User.objects.get_queryset().filter(email=email.lower(), is_active=True).first()
    if found is None:
        raise UsageError(f"--by: there is no user {email}; `tilsyn site create-user` makes one")
    return found
