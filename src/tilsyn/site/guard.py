"""Who may open a page: said where its address is, held in one place, walked by a test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from tilsyn.cases.access import may
from tilsyn.errors import NotAllowedError
from tilsyn.site.refusals import explained

View = Callable[..., HttpResponse]
EVERYBODY = ""
"""Instead of a permission: whoever has signed in."""


def page(route: str, view: View, name: str, permission: str) -> URLPattern:
    """An address whose page asks for a permission, somewhere at all; the page narrows it to areas."""
    return path(route, guarded(view, permission), name=name)


def guarded(view: View, permission: str) -> View:
    """The view, for those who have signed in and hold the permission."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if permission and not may(request.user, permission):
            raise PermissionDenied
        try:
            response = view(request, *args, **kwargs)
        except NotAllowedError as error:
            raise PermissionDenied(explained(error)) from error
        # What a signed-in user sees is kept by nobody on the way.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    inner.permission = permission  # type: ignore[attr-defined]
    return inner
