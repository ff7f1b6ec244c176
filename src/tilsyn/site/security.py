"""What keeps the site to itself: no script, style, picture or form from or to anywhere else, no flood.

And who may open a page: said where its address is, held in one place, walked by a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.urls import URLPattern, path

from tilsyn.cases.access import may
from tilsyn.errors import NotAllowedError
from tilsyn.parsing import NO_TEXT, whole_number
from tilsyn.site.refusals import explained
from tilsyn.site.views.failures import too_large

_NUL = "\0"
_WORDS_BREAKS = re.compile("[\x0b\x0c]")

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def content_security_policy(
    respond: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every answer carries the policy, unless it has set its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


def without_nul(
    respond: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a NUL, which no text holds and no database takes, is not understood (400).

    Forms are looked through once their size is known, by `limited_request`.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if _NUL in request.path_info or any(_NUL in text for text in request.COOKIES.values()):
            raise BadRequest
        if _holds(_NUL, request.GET):
            raise BadRequest
        return respond(request)

    return middleware


def _holds(sign: str | re.Pattern[str], given: QueryDict) -> bool:
    return any(re.search(sign, text) for name, texts in given.lists() for text in (name, *texts))


def _written(given: QueryDict) -> QueryDict:
    """A form as it was written, with line ends for the breaks of lines and pages that Word copies.

    Raises:
        BadRequest: it holds a sign that no text holds; letters cannot be made of it.
    """
    if not _holds(NO_TEXT, given):
        return given
    clean = given.copy()
    for name, texts in given.lists():
        clean.setlist(name, [_WORDS_BREAKS.sub("\n", text) for text in texts])
    if _holds(NO_TEXT, clean):
        raise BadRequest
    return clean


def limited_request(
    respond: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what is larger than any form of the site is refused before it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        # A length that is no number is the server's to refuse; Django takes it for none.
        if (whole_number(length) or 0) > settings.REQUEST_MAX_BYTES:
            return too_large(request)
        try:
            request.POST = _written(request.POST)  # type: ignore[assignment]
        except UnreadablePostError:
            # Who sent it has gone; nobody reads the answer.
            raise BadRequest from None
        return respond(request)

    return middleware


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
