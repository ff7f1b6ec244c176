"""The document tree as JSON-ready values: what the Typst template reads, and what tests look into."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from tilsyn.documents.model import Block, Document, Figure


def record(document: Document) -> dict[str, Any]:
    """The tree as JSON-ready values; every block says its `kind` ("heading", "table", …)."""
    # The figures behind are for the data annex only, and many.
    whole = {
        field: value
        for field, value in asdict(replace(document, blocks=(), behind=())).items()
        if field not in ("blocks", "behind", "date", "language")
    }
    if logo := document.sender.logo:
        whole["sender"]["logo"] = {"svg": logo.svg, "png": _bytes(logo.png, logo.svg)}
    language, _, region = document.locale.partition("-")
    return {
        **whole,
        "language": language,
        "region": region,
        "date": {
            "year": document.date.year,
            "month": document.date.month,
            "day": document.date.day,
        },
        "blocks": [_block(block) for block in document.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    values = asdict(block)
    if isinstance(block, Figure):
        values["png"] = _bytes(block.png, block.svg)
    return {"kind": type(block).__name__.lower(), **values}


def _bytes(png: bytes, svg: str | None) -> list[int] | None:
    # JSON has no bytes, and Typst no base64: a list of bytes, only where there is no SVG.
    return None if svg else list(png)
