"""The site as a Django app: its templates, static files and texts."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site."""

    name = "tilsyn.site"
    label = "site"
    verbose_name = "Tilsyn"
