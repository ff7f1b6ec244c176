"""Drawing: a specification becomes SVG once, and the SVG becomes PNG or PDF; the same one is drawn once."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from html import unescape
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import vl_convert

from tilsyn.charts.style import LOCALES
from tilsyn.errors import UsageError
from tilsyn.work.files import put_whole

VEGA_LITE = "6.4"

PNG_SCALE = 2.5
"""Pixels a point: 180 to the inch in a Word file."""

FORMS = ("svg", "png", "pdf")
"""The forms a chart is written in."""

_WEIGHTS = {400: "IBMPlexSans-Regular.ttf", 600: "IBMPlexSans-SemiBold.ttf"}


@dataclass(frozen=True)
class Picture:
    """A drawn chart."""

    svg: str

    @cached_property
    def png(self) -> bytes:
        """The same in pixels."""
        return vl_convert.svg_to_png(self.svg, scale=PNG_SCALE)


def draw(spec: dict[str, Any], language: str) -> Picture:
    """Draw a Vega-Lite specification.

    Several at a time need several processes: threads share one engine and gain nothing.

    Args:
        spec: the specification, data inside.
        language: "da" or "en", for the numbers on axes.
    """
    return _drawn(json.dumps(spec, sort_keys=True, ensure_ascii=False), language)


@lru_cache(maxsize=128)
def _drawn(spec: str, language: str) -> Picture:
    _fonts()
    return Picture(
        vl_convert.vegalite_to_svg(
            spec,
            vl_version=VEGA_LITE,
            format_locale=LOCALES[language],
            allowed_base_urls=[],
        )
    )


def compiled(spec: dict[str, Any], language: str) -> dict[str, Any]:
    """What Vega draws alive in a browser: the specification compiled, and how it writes numbers."""
    vega = vl_convert.vegalite_to_vega(spec, vl_version=VEGA_LITE)
    return {"spec": vega, "locale": LOCALES[language]}


def drawn_as(form: str, picture: Picture) -> bytes:
    """A picture as the bytes of a file: svg, png or pdf.

    Raises:
        UsageError: it is another form.
    """
    if form == "svg":
        return standalone(picture.svg).encode()
    if form == "png":
        return picture.png
    if form == "pdf":
        return vl_convert.svg_to_pdf(picture.svg)
    raise UsageError(f"a chart is written as svg, png or pdf, not '{form}'")


def form_of(file: Path) -> str:
    """The form of a picture that a file's ending asks for.

    Raises:
        UsageError: it is no picture's.
    """
    form = file.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise UsageError(f"{file}: end the name with .svg, .png or .pdf")
    return form


def save(spec: dict[str, Any], language: str, file: Path) -> Path:
    """Draw a specification into a file, as its ending says.

    Raises:
        UsageError: as `form_of`.
        InputError: the file cannot be written.
    """
    return put_whole(file, drawn_as(form_of(file), draw(spec, language)))


def standalone(svg: str) -> str:
    """A drawn chart with the letters it is written in, so that it looks the same on every machine."""
    letters = "".join(sorted(set("".join(unescape(t) for t in re.findall(r">([^<]+)<", svg)))))
    faces = "".join(_faces(letters))
    return re.sub(r"(<svg[^>]*>)", lambda tag: f"{tag[1]}<style>{faces}</style>", svg, count=1)


def _faces(letters: str) -> Iterator[str]:
    for weight, file in _WEIGHTS.items():
        data = base64.b64encode(_subset(file, letters)).decode()
        yield (
            f'@font-face{{font-family:"IBM Plex Sans";font-weight:{weight};'
            f"src:url(data:font/woff;base64,{data})}}"
        )


@lru_cache(maxsize=128)
def _subset(file: str, letters: str) -> bytes:
    """Those letters of a font."""
    # Only who draws waits for it.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # What hints and kerning would add is more than the letters themselves.
    options = Options(hinting=False, layout_features=[], name_IDs=[])
    options.drop_tables += ["meta"]
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    stream = io.BytesIO()
    with TTFont(io.BytesIO(_folder().joinpath(file).read_bytes())) as font:
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(stream)
    return stream.getvalue()


@cache
def _fonts() -> None:
    # Only the shipped fonts: a chart must look the same on every machine. vl-convert reads the
    # folder when it draws, so it must be there for as long as the program runs.
    vl_convert.register_font_directory(str(as_file(_folder()).__enter__()))


def _folder() -> Traversable:
    return files("tilsyn").joinpath("fonts")
