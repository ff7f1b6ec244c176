"""Translations by gettext: a message is looked up by its English, and filled after that."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Any, Literal, get_args

Language = Literal["da", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)
SOURCE = "en"
"""The language the code is written in."""


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; the source language's is empty.

    It is read from the `.po` file that translators edit, so no compiled copy can lag behind.
    """
    if language == SOURCE:
        return NullTranslations()
    # Every command imports this module; who reads English does not wait for Babel.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with files(__package__).joinpath(f"{language}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def gettext(message: str, language: str, /, **slots: Any) -> str:
    """A message in a language.

    Args:
        message: in English; slots in braces, where any are given.
        language: "da" or "en".
        slots: what stands in them; see `Message`.
    """
    return _filled(translations(language).gettext(message), language, slots)


def pgettext(context: str, message: str, language: str, /, **slots: Any) -> str:
    """As `gettext`, for a message that is not translated alike everywhere.

    Args:
        context: tells it from the others.
        message: as in `gettext`.
        language: as in `gettext`.
        slots: as in `gettext`.
    """
    return _filled(translations(language).pgettext(context, message), language, slots)


def _filled(text: str, language: str, slots: Mapping[str, Any]) -> str:
    return text.format(**{n: _shown(s, language) for n, s in slots.items()}) if slots else text


def gettext_noop(message: str) -> str:
    """The message itself: marks one for the catalogue that is looked up elsewhere."""
    return message


def pgettext_noop(context: str, message: str) -> str:
    """As `gettext_noop`, for a message that is looked up by `pgettext`."""
    return message


class Message:
    """A text that is not in a language yet, as errors carry it.

    As a `str` it is English and plain, for programs and logs: dates are ISO.

    Args:
        template: in English; slots in braces.
        slots: what stands in them. A message or a mapping by language is said in the language of the
            text it stands in; a date is written in words.
    """

    def __init__(self, template: str, /, **slots: Any):
        self.template, self.slots = template, slots

    def said(self, language: str) -> str:
        """The text in a language ("da" or "en")."""
        shown = {name: _shown(slot, language) for name, slot in self.slots.items()}
        return translations(language).gettext(self.template).format(**shown)

    def __str__(self) -> str:
        plain = {
            name: slot[SOURCE] if isinstance(slot, Mapping) else slot
            for name, slot in self.slots.items()
        }
        return self.template.format(**plain)


def _shown(slot: Any, language: str) -> Any:
    if isinstance(slot, Message):
        return slot.said(language)
    if isinstance(slot, Mapping):
        return slot[language]
    if isinstance(slot, dt.date) and not isinstance(slot, dt.datetime):
        return date(slot, language)
    return slot


def date(day: dt.date, language: str = "da") -> str:
    """A date in a sentence: "29. august 2022", "29 August 2022"."""
    from babel.dates import format_date

    return format_date(day, _DATE[language], locale=language)


_DATE = {"da": "d. MMMM y", "en": "d MMMM y"}
