"""The cases as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases."""

    name = "tilsyn.cases"
    label = "cases"
    verbose_name = "Cases"
