"""What the program says, in the reader's language: English in the code, Danish in `da.po`."""

from tilsyn.words.catalogue import (
    LANGUAGES,
    SOURCE,
    Language,
    Message,
    gettext,
    gettext_noop,
    pgettext,
    translations,
)

__all__ = [
    "LANGUAGES",
    "SOURCE",
    "Language",
    "Message",
    "gettext",
    "gettext_noop",
    "pgettext",
    "translations",
]
