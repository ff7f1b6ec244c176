"""The cases as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import pre_save


class CasesConfig(AppConfig):
    """The cases."""

    name = "tilsyn.cases"
    label = "cases"
    verbose_name = "Cases"

    def ready(self) -> None:
        """Let no row be saved unseen."""
        from tilsyn.cases import citizens

        pre_save.connect(citizens.watch, dispatch_uid="citizens")
