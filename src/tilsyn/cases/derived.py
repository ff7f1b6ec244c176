"""Where an installation keeps what it has made ready (`work.kept`)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def derived_folder(kind: str) -> Path:
    """Where what is derived from releases and the register is, by kind; it can always be made again."""
    return Path(settings.DATA_DIR) / "derived" / kind
