"""What the program says, in the reader's language: English in the code, Danish in `da.po`."""

from tilsyn.words.catalogue import (
    LANGUAGES,
    SOURCE,
    Language,
    Message,
    date,
    gettext,
    gettext_noop,
    pgettext,
    pgettext_noop,
    translations,
)

__all__ = [
    "LANGUAGES",
    "SOURCE",
    "Language",
    "Message",
    "date",
    "gettext",
    "gettext_noop",
    "pgettext",
    "pgettext_noop",
    "translations",
]
