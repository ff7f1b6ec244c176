"""The site as a Django app: its templates, static files and texts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import trans_real

from tilsyn.words import LANGUAGES, translations


class SiteConfig(AppConfig):
    """The site."""

    name = "tilsyn.site"
    label = "site"
    verbose_name = "Tilsyn"

    def ready(self) -> None:
        """What templates translate stands in the same catalogues as what the code says."""
        for language in LANGUAGES:
            trans_real.translation(language).merge(translations(language))
