"""The reader's language, and what stands on pages in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override

from tilsyn import words


def language() -> str:
    """The reader's language: "da" or "en"."""
    return "en" if (get_language() or "da").startswith("en") else "da"


def gettext(message: str, /, **slots: Any) -> str:
    """A message in the reader's language, filled as by `words.gettext`."""
    return words.gettext(message, language(), **slots)


def pgettext(context: str, message: str, /, **slots: Any) -> str:
    """As `gettext`, by `words.pgettext`."""
    return words.pgettext(context, message, language(), **slots)


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
