"""Danish and English side by side: every text stands in both languages where it is used.

So nothing can be translated in one place and forgotten in another; a test reads the templates and the
views and finds what stands in one language only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override


def language() -> str:
    """The reader's language: "da" or "en"."""
    return "en" if (get_language() or "da").startswith("en") else "da"


def said(da: str, en: str) -> str:
    """A text in the reader's language."""
    return da if language() == "da" else en


def of(texts: Mapping[Any, str]) -> str:
    """The reader's language of a text that is data."""
    return texts[language()]


def reader_language(
    respond: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the language is what the reader has switched to, else his own, else Danish.

    What the browser asks for is not: a Danish office's pages are Danish also in an English browser.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        switched = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        own = "" if switched else getattr(request.user, "language", "")
        known = dict(settings.LANGUAGES)
        chosen = next((one for one in (switched, own) if one in known), settings.LANGUAGE_CODE)
        with override(chosen):
            response = respond(request)
        response.headers.setdefault("Content-Language", chosen)
        return response

    return middleware
