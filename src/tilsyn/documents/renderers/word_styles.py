"""The empty Word document every document starts from: page, language and styles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

# Found on every office machine; the PDF has its own fonts, a file for editing cannot count on them.
FONT = "Arial"

INK, NAVY, GREY = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x14, 0x39, 0x5B), RGBColor(0x55, 0x60, 0x6B)
MARGIN, TEXT_WIDTH = Mm(23), Mm(164)


@dataclass(frozen=True)
class Look:
    """A style's look: size and spacing in points."""

    size: float
    colour: RGBColor = INK
    bold: bool = False
    before: float = 0
    after: float = 0
    lines: float = 1.0
    keep_next: bool = False


STYLES = {
    "Normal": Look(10, after=7, lines=1.15),
    "Heading 1": Look(14, NAVY, bold=True, after=9, keep_next=True),
    "Heading 2": Look(10.5, NAVY, bold=True, before=11, after=4, keep_next=True),
    "Heading 3": Look(10, NAVY, bold=True, before=9, after=3, keep_next=True),
    "List Bullet": Look(10, after=4, lines=1.15),
    "Caption": Look(9, NAVY, bold=True, before=8, after=4, keep_next=True),
    "Footer": Look(7.5, GREY),
    "Table Text": Look(9, before=2, after=2),
    "Table Text Small": Look(7, before=1, after=1),
    "Table Note": Look(8, GREY, before=3),
    "Letterhead Office": Look(13, NAVY, bold=True),
    "Letterhead Agency": Look(9, GREY, after=16),
    "Particulars": Look(8, GREY),
    "Addressee": Look(10, lines=1.15),
    "Signature": Look(10, lines=1.15, keep_next=True),
}
"""The styles a document uses; an office can restyle the Word file by them."""

_THEME_FONTS = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


@cache
def shell(locale: str) -> bytes:
    """An empty .docx in A4 with the styles, in a language ("da-DK")."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Mm(15), Mm(20)
    section.footer_distance = Mm(10)
    known = {style.name for style in document.styles}
    for name, look in STYLES.items():
        style = (
            document.styles[name]
            if name in known
            else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        )
        assert isinstance(style, ParagraphStyle)
        if name not in known:
            style.base_style = document.styles["Normal"]
        _dress(style, look)
    _speak(document, locale)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _dress(style: ParagraphStyle, look: Look) -> None:
    font, space = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = FONT, Pt(look.size), look.bold, False
    font.color.rgb = look.colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # A theme font left behind would go before the font set here.
    for attribute in _THEME_FONTS:
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    for script in ("cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    space.space_before, space.space_after = Pt(look.before), Pt(look.after)
    space.line_spacing = look.lines
    space.keep_with_next = look.keep_next
    space.widow_control = True
    # Tab stops that come with the built-in styles stand where American paper wants them.
    for tabs in style.element.get_or_add_pPr().findall(qn("w:tabs")):
        tabs.getparent().remove(tabs)


def _speak(document: Any, locale: str) -> None:
    """Set the language where Word and LibreOffice look for it: the defaults, not one style."""
    for language in document.styles.element.iter(qn("w:lang")):
        for script in ("val", "eastAsia"):
            language.set(qn(f"w:{script}"), locale)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), locale)
