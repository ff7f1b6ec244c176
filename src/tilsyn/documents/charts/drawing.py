"""Drawing: a specification becomes SVG once, and the SVG becomes PNG; the same one is drawn once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import as_file, files
from typing import Any

import vl_convert

import tilsyn
from tilsyn.documents.charts.style import LOCALES
from tilsyn.errors import UsageError

VEGA_LITE = "6.4"

PNG_SCALE = 2.5
"""Pixels a point: 180 to the inch in a Word file."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart."""

    svg: str
    png: bytes


def draw(spec: dict[str, Any], language: str) -> Picture:
    """Draw a Vega-Lite specification.

    Several at a time need several processes: threads share one engine and gain nothing.

    Args:
        spec: the specification, data inside.
        language: "da" or "en", for the numbers on axes.
    """
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    versions = f"{tilsyn.__version__} {version('vl-convert-python')} {VEGA_LITE} {language}"
    return _drawn(hashlib.sha256(f"{versions} {text}".encode()).hexdigest(), _Spec(text, language))


def drawn_as(form: str, picture: Picture) -> bytes:
    """A picture as the bytes of a file: svg, png or pdf.

    Raises:
        UsageError: it is another form.
    """
    if form == "svg":
        return picture.svg.encode()
    if form == "png":
        return picture.png
    if form == "pdf":
        return vl_convert.svg_to_pdf(picture.svg)
    raise UsageError(f"a chart is written as svg, png or pdf, not '{form}'")


class _Spec:
    """A specification as text; equal to every other, so that the cache goes by the hash alone."""

    def __init__(self, text: str, language: str):
        self.text, self.language = text, language

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Spec)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=512)
def _drawn(_: str, spec: _Spec) -> Picture:
    _fonts()
    svg = vl_convert.vegalite_to_svg(
        spec.text,
        vl_version=VEGA_LITE,
        format_locale=LOCALES[spec.language],
        allowed_base_urls=[],
    )
    return Picture(svg, vl_convert.svg_to_png(svg, scale=PNG_SCALE))


@cache
def _fonts() -> None:
    # Only the shipped fonts: a chart must look the same on every machine. vl-convert reads the
    # folder when it draws, so it must be there for as long as the program runs.
    folder = as_file(files("tilsyn.documents").joinpath("fonts")).__enter__()
    vl_convert.register_font_directory(str(folder))
