"""What a reader sees when something cannot be shown: why, in words, and the way on."""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from tilsyn.site.language import gettext

logger = logging.getLogger(__name__)
RETRY_AFTER = 30


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    words = str(exception) or gettext(
        "Your user does not hold the role this page asks for. Ask your administrator."
    )
    return _page(request, 403, gettext("You may not see this"), words)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; also for what is there, but not for this user."""
    words = gettext("Either it does not exist, or it is not for your user.")
    return _page(request, 404, gettext("The page is not here"), words)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    words = gettext("Go back and try again.")
    return _page(request, 400, gettext("That could not be understood"), words)


def broken(request: HttpRequest) -> HttpResponse:
    """500; or 503 when it is the database that is away. Neither asks the database for anything."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    name = "away.html" if away else "broken.html"
    response = HttpResponse(loader.get_template(name).render(), status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from this site, or is too old."""
    words = gettext("The form has become too old. Go back, load the page again, and try once more.")
    return _page(request, 403, gettext("The form did not work"), words)


def too_large(request: HttpRequest) -> HttpResponse:
    """413 for more than the site takes at once."""
    limit = settings.UPLOAD_MAX_BYTES // 1024**2
    words = gettext(
        "A file may have {limit} MB, and {files} can be sent at once.",
        limit=limit,
        files=settings.UPLOADS_AT_ONCE,
    )
    return _page(request, 413, gettext("That is too large"), words)


def _page(request: HttpRequest, status: int, heading: str, words: str) -> HttpResponse:
    return render(request, "failure.html", {"heading": heading, "words": words}, status=status)
