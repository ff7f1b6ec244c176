"""What the values of a workbook do not tell: number formats, what is hidden, formulas and errors."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree

from tilsyn.vocabulary.wording import joined

Place = tuple[int, int]
"""Row and column, both counted from 1."""

MOST_NAMED = 12
"""Of more cells the others are counted."""

_PER_CENT = {"9", "10"}
"""The built-in number formats with a per cent sign."""

# What a number format prints as it stands: quoted, escaped, in brackets, a space as wide as, filling.
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it looks.

    Attributes:
        hidden: whether the whole sheet is.
        per_cent: cells shown in per cent.
        hidden_rows, hidden_columns: their numbers.
        uncomputed: formulas without a stored value.
        errors: cells that hold an error.
    """

    name: str
    hidden: bool
    per_cent: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncomputed: list[Place] = field(default_factory=list)
    errors: list[Place] = field(default_factory=list)

    def sees(self, place: Place) -> bool:
        """Whether a cell is shown."""
        return place[0] not in self.hidden_rows and place[1] not in self.hidden_columns


def sheets(archive: zipfile.ZipFile) -> dict[str, Sheet]:
    """The sheets of a workbook by name; charts are none.

    Raises:
        KeyError, ValueError, ElementTree.ParseError: a part is missing or damaged.
    """
    targets = {
        element.get("Id", ""): posixpath.join("/xl", element.get("Target", "")).lstrip("/")
        for element in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
        if element.get("Type", "").endswith("/worksheet")
    }
    workbook = list(_elements(archive, "xl/workbook.xml", "sheet", "calcPr"))
    # Who writes a workbook without computing it asks for that, and may have put noughts meanwhile.
    pending = any(_is_on(element.get("fullCalcOnLoad")) for element in workbook)
    styles = _per_cent_styles(archive)
    found = {}
    for element in workbook:
        relation = next((v for k, v in element.items() if k.endswith("}id")), "")
        if element.get("name") is None or relation not in targets:
            continue
        sheet = Sheet(element.get("name", ""), element.get("state", "visible") != "visible")
        with archive.open(posixpath.normpath(targets[relation])) as stream:
            _look(stream, sheet, styles, pending)
        found[sheet.name] = sheet
    return found


def _is_on(attribute: str | None) -> bool:
    return attribute in ("1", "true", "on")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _elements(archive: zipfile.ZipFile, part: str, *names: str) -> Iterator[ElementTree.Element]:
    with archive.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if _name(element) in names:
                yield element


def _per_cent_styles(archive: zipfile.ZipFile) -> set[str]:
    """The numbers of the cell styles that show per cent."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    codes: dict[str, str] = {}
    for element in _elements(archive, "xl/styles.xml", "numFmt", "cellXfs"):
        if _name(element) == "numFmt":
            codes[element.get("numFmtId", "")] = _LITERAL.sub("", element.get("formatCode", ""))
        else:
            return {
                str(at)
                for at, style in enumerate(element)
                if (number := style.get("numFmtId", "")) in _PER_CENT
                or "%" in codes.get(number, "")
            }
    return set()


def _look(stream: IO[bytes], sheet: Sheet, styles: set[str], pending: bool) -> None:
    at = 0
    for _, element in ElementTree.iterparse(stream):
        name = _name(element)
        if name == "col" and _is_hidden(element, "width"):
            first, last = int(element.get("min", "0")), int(element.get("max", "0"))
            sheet.hidden_columns.update(range(first, min(last, 1 << 14) + 1))
        elif name == "row":
            at = int(element.get("r", at + 1))
            if _is_hidden(element, "ht"):
                sheet.hidden_rows.add(at)
            _look_at_cells(element, at, sheet, styles, pending)
            element.clear()


def _is_hidden(element: ElementTree.Element, size: str) -> bool:
    return _is_on(element.get("hidden")) or float(element.get(size, "1")) == 0


def _look_at_cells(
    row: ElementTree.Element, at: int, sheet: Sheet, styles: set[str], pending: bool
) -> None:
    column = 0
    for cell in row:
        match = _CELL.fullmatch(cell.get("r", ""))
        column = column_number(match[1]) if match else column + 1
        kind, value, formula = cell.get("t", "n"), "", False
        for part in cell:
            value = part.text or "" if _name(part) == "v" else value
            formula = formula or _name(part) == "f"
        if kind == "e":
            sheet.errors.append((at, column))
        elif formula and kind == "n" and (not value or (pending and value == "0")):
            sheet.uncomputed.append((at, column))
        elif kind == "n" and cell.get("s") in styles:
            sheet.per_cent.add((at, column))


def column_number(letters: str) -> int:
    """The number of a column: of A 1, of AB 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def reference(place: Place) -> str:
    """A cell as a sheet names it: B4."""
    row, column = place
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row or ''}"


def named(sheet: Sheet, places: list[Place], language: str = "da") -> str:
    """Cells of a sheet in words: "ark Tal: B4, C4 og 3 til"."""
    word = "ark" if language == "da" else "sheet"
    return f"{word} {sheet.name}: {joined(map(reference, places), language, most=MOST_NAMED)}"
