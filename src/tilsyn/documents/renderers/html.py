"""Documents as one accessible HTML page, for a preview or for those who read on a screen."""

from __future__ import annotations

import base64
from html import escape
from importlib.resources import files

from tilsyn.documents.model import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Signature,
    Table,
)

STYLE = files(__package__).joinpath("page.css").read_text(encoding="utf-8")


def page(document: Document) -> bytes:
    """The document as a page that stands alone: no script, nothing fetched; UTF-8."""
    return (
        f'<!doctype html>\n<html lang="{document.locale}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        f"{body(document)}\n</body>\n</html>\n"
    ).encode()


def body(document: Document) -> str:
    """The document as HTML without a page around it, for a site that has its own."""
    sender = document.sender
    particulars = "".join(
        f"<div><dt>{escape(p.label)}:</dt> <dd>{escape(p.text)}</dd></div>"
        for p in document.particulars
    )
    parts = [
        f'<header>{_logo(document)}<p class="office">{escape(sender.office)}</p>'
        f'<p class="agency">{escape(sender.agency)}</p></header>',
        "<main>",
        f'<div class="opening"><address class="sender">{_lines(sender.lines)}</address>'
        f"<dl>{particulars}</dl>"
        f'<p class="addressee">{_lines(document.addressee)}</p></div>',
        f"<h1>{escape(document.title)}</h1>",
        *(_block(block, number) for number, block in enumerate(document.blocks)),
        "</main>",
        f"<footer>{escape(document.footer)}</footer>",
    ]
    return f'<div class="document" lang="{document.locale}">\n' + "\n".join(parts) + "\n</div>"


def _logo(document: Document) -> str:
    logo = document.sender.logo
    if logo is None:
        return ""
    return f'<img class="logo" src="{_data(logo.png, logo.svg)}" alt="{escape(document.sender.office)}">'


def _data(png: bytes, svg: str | None) -> str:
    """A picture as an address that holds it, so that nothing is fetched."""
    kind, data = ("svg+xml", svg.encode()) if svg else ("png", png)
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _lines(lines: tuple[str, ...]) -> str:
    return "<br>".join(map(escape, lines))


def _block(block: Block, number: int) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Note(text):
            return f'<p class="note">{escape(text)}</p>'
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Signature(greeting, lines):
            return f'<div class="signature"><p>{escape(greeting)}</p><p>{_lines(lines)}</p></div>'
        case Figure():
            return _figure(block)
        case Table():
            return _table(block, number)


def _notes(notes: tuple[str, ...]) -> str:
    return "".join(f'<p class="note">{escape(note)}</p>' for note in notes)


def _figure(figure: Figure) -> str:
    source = _data(figure.png, figure.svg)
    return (
        f"<figure><figcaption>{escape(figure.caption)}</figcaption>"
        f'<img src="{source}" alt="{escape(figure.alt)}" style="width:{figure.width:.0%}">'
        f"{_notes(figure.notes)}</figure>"
    )


def _table(table: Table, number: int) -> str:
    # Headings over several columns: each cell names all its headings, for screen readers that do
    # not follow scope through two header rows.
    above: list[list[str]] = [[] for _ in table.columns]
    header: list[list[str]] = [[] for _ in table.header]
    for level, column, heading in table.placed():
        name = f"t{number}r{level}c{column}"
        for covered in range(column, column + heading.columns):
            above[covered].append(name)
        scope = "colgroup" if heading.columns > 1 else "col"
        span = (f' colspan="{heading.columns}"' if heading.columns > 1 else "") + (
            f' rowspan="{heading.rows}"' if heading.rows > 1 else ""
        )
        css = _css(table.columns[column], centred=heading.columns > 1)
        header[level].append(
            f'<th id="{name}" scope="{scope}"{span}{css}>{escape(heading.text)}</th>'
        )
    lines = [f"<table><caption>{escape(table.caption)}</caption>", _widths(table), "<thead>"]
    lines += [f"<tr>{''.join(cells)}</tr>" for cells in header]
    lines.append("</thead><tbody>")
    for index, row in enumerate(table.rows):
        name = f"t{number}h{index}"
        css = _css(table.columns[0], row.head)
        cells = [f'<th id="{name}" scope="row"{css}>{escape(row.head.text)}</th>']
        for place, cell in enumerate(row.cells, 1):
            headers, css = " ".join([name, *above[place]]), _css(table.columns[place], cell)
            text = escape(cell.text)
            if cell.field:
                text = f'<span class="field">{text}</span>'
            cells.append(f'<td headers="{headers}"{css}>{text}</td>')
        total = ' class="total"' if row.total else ""
        lines.append(f"<tr{total}>{''.join(cells)}</tr>")
    lines.append("</tbody></table>")
    return f'<div class="table">{"".join(lines)}{_notes(table.notes)}</div>'


def _widths(table: Table) -> str:
    # A colgroup a block, so that the headings over a block have a group to belong to.
    whole = sum(column.width for column in table.columns)
    parts = ["<colgroup>"]
    for column in table.columns:
        parts.append("</colgroup><colgroup>" if column.begins_block else "")
        parts.append(f'<col style="width:{column.width / whole:.1%}">')
    return "".join([*parts, "</colgroup>"])


def _css(column: Column, cell: Cell | None = None, *, centred: bool = False) -> str:
    names: list[str] = ["center" if centred else column.align]
    names += ["block"] if column.begins_block else []
    names += ["breach"] if cell and cell.mark == "breach" else []
    return f' class="{" ".join(names)}"'
