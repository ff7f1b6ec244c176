"""Documents as Word files, for officials to edit; every part is native and follows a style."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import docx as python_docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from tilsyn.documents.model import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Signature,
    Table,
)
from tilsyn.documents.renderers.word_styles import TEXT_WIDTH, shell
from tilsyn.documents.renderers.word_table import LINE, NAVY, element, table, whole_words

PARTICULARS_WIDTH = Mm(52)
ROOM_TO_SIGN = Mm(13)
LOGO_HEIGHT = Mm(12)


def docx(document: Document) -> bytes:
    """The document as .docx; equal trees give equal bytes."""
    word = python_docx.Document(BytesIO(shell(document.locale)))
    _properties(word, document)
    writer = _Writer(word)
    writer.letterhead(document)
    for block in document.blocks:
        writer.block(block)
    writer.footer(document)
    file = BytesIO()
    word.save(file)
    return _repeatable(file.getvalue())


def _properties(word: WordDocument, document: Document) -> None:
    core = word.core_properties
    # Word counts time without zone.
    time = document.timestamp.replace(tzinfo=None)
    core.title, core.author, core.language = document.title, document.sender.office, document.locale
    core.comments, core.last_modified_by, core.revision = document.footer, "", 1
    core.created = core.modified = time


def _repeatable(data: bytes) -> bytes:
    """The same .docx with one fixed time on every part, so that bytes depend on content alone."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as made,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in made.namelist():
            part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(part, made.read(name))
    return file.getvalue()


class _Writer:
    """Writes a document tree into a Word document."""

    def __init__(self, word: WordDocument):
        self.word = word
        self.styles = {str(style.name): style.style_id for style in word.styles}
        self.pictures = 0

    def paragraph(self, text: str, style: str) -> WordParagraph:
        """A paragraph at the end."""
        paragraph = self.word.add_paragraph()
        paragraph.add_run()._r.extend(whole_words(text))
        paragraph._p.get_or_add_pPr().style = self.styles[style]
        return paragraph

    def letterhead(self, document: Document) -> None:
        """Sender, particulars beside the addressee, title."""
        sender = document.sender
        if sender.logo:
            holder = self.paragraph("", "Letterhead Office")
            holder.paragraph_format.space_after = Pt(6)
            shape = holder.add_run().add_picture(BytesIO(sender.logo.png), height=LOGO_HEIGHT)
            self.described(shape, sender.office)
        self.paragraph(sender.office, "Letterhead Office")
        agency = self.paragraph(sender.agency, "Letterhead Agency")
        agency._p.get_or_add_pPr().append(
            element("pBdr", element("bottom", val="single", sz=10, space=6, color=NAVY))
        )
        _in_order(agency)
        lines = [*sender.lines, *(f"{p.label}: {p.text}" for p in document.particulars)]
        for line in lines:
            _beside(self.paragraph(line, "Particulars"))
        for line in document.addressee:
            last = self.paragraph(line, "Addressee")
        # The title begins below the frame with the particulars, however short the address.
        height = max(11.5 * len(lines) - 13.5 * len(document.addressee), 0)
        last.paragraph_format.space_after = Pt(height + 22)
        self.paragraph(document.title, "Heading 1")

    def block(self, block: Block) -> None:
        """A block of the tree."""
        match block:
            case Heading(text, level):
                self.paragraph(text, f"Heading {level}")
            case Paragraph(text):
                self.paragraph(text, "Normal")
            case Note(text):
                self.paragraph(text, "Table Note")
            case Bullets(items):
                for item in items:
                    self.paragraph(item, "List Bullet")
            case Table():
                self.paragraph(block.caption, "Caption")
                end: Any = self.word.element.body.sectPr
                end.addprevious(table(block, width=TEXT_WIDTH.twips, styles=self.styles))
                self.notes(block.notes)
            case Figure():
                self.figure(block)
            case Signature(greeting, lines):
                # The closing never stands alone on a page.
                self.word.paragraphs[-1].paragraph_format.keep_with_next = True
                opening = self.paragraph(greeting, "Signature")
                opening.paragraph_format.space_before = Pt(14)
                opening.paragraph_format.space_after = ROOM_TO_SIGN
                for number, line in enumerate(lines):
                    paragraph = self.paragraph(line, "Signature")
                    paragraph.runs[0].bold = number == 0
                    paragraph.paragraph_format.keep_with_next = number < len(lines) - 1

    def notes(self, notes: tuple[str, ...]) -> None:
        """The notes under a table or picture, kept together with it."""
        for number, note in enumerate(notes or ("",)):
            paragraph = self.paragraph(note, "Table Note")
            paragraph.paragraph_format.keep_with_next = number < len(notes) - 1
        paragraph.paragraph_format.space_after = Pt(8)

    def figure(self, figure: Figure) -> None:
        """A picture with its alternative text."""
        self.paragraph(figure.caption, "Caption")
        holder = self.paragraph("", "Normal")
        holder.paragraph_format.keep_with_next = bool(figure.notes)
        shape = holder.add_run().add_picture(
            BytesIO(figure.png), width=int(TEXT_WIDTH * figure.width)
        )
        self.described(shape, figure.alt)
        if figure.notes:
            self.notes(figure.notes)

    def described(self, shape: Any, alt: str) -> None:
        """Set a picture's alternative text and put it on the margin."""
        # Room beside a picture that stands alone in its line only pushes it off the margin.
        for side in ("distL", "distR"):
            shape._inline.set(side, "0")
        self.pictures += 1
        properties = shape._inline.docPr
        properties.set("descr", alt)
        properties.set("name", f"{self.pictures}")

    def footer(self, document: Document) -> None:
        """The stamp and the page numbers."""
        footer = self.word.sections[0].footer
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        properties = paragraph._p.get_or_add_pPr()
        properties.style = self.styles["Footer"]
        properties.append(element("pBdr", element("top", val="single", sz=4, space=4, color=LINE)))
        _in_order(paragraph)
        paragraph.paragraph_format.tab_stops.clear_all()
        paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"{document.footer}\t{document.page_number.before}")
        _field(paragraph, "PAGE")
        paragraph.add_run(document.page_number.between)
        _field(paragraph, "NUMPAGES")


def _field(paragraph: WordParagraph, code: str) -> None:
    number = element("t")
    number.text = "1"
    paragraph._p.append(element("fldSimple", element("r", number), instr=code))


def _beside(paragraph: WordParagraph) -> None:
    """Put a paragraph in the frame at the right margin; consecutive ones share it."""
    frame = element(
        "framePr", w=PARTICULARS_WIDTH.twips, hSpace=142, wrap="around", vAnchor="text",
        hAnchor="margin", xAlign="right", y=1,
    )  # fmt: skip
    paragraph._p.get_or_add_pPr().append(frame)
    _in_order(paragraph)


_ORDER = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
          "suppressLineNumbers", "pBdr", "shd", "tabs", "spacing", "ind", "jc"]  # fmt: skip


def _in_order(paragraph: WordParagraph) -> None:
    """Sort a paragraph's properties as the format demands; Word refuses another order."""
    properties = paragraph._p.get_or_add_pPr()
    rank = {qn(f"w:{tag}"): number for number, tag in enumerate(_ORDER)}
    properties[:] = sorted(properties, key=lambda child: rank[str(child.tag)])
