"""Letters as templates: what is filled in is never markup, and nothing but the facts can be reached."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

from tilsyn.documents.contents import sandbox
from tilsyn.documents.contents.letters import Placed, fill, in_columns
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.model import Bullets, Cell, Column, Heading, Note, Paragraph, Row, Table
from tilsyn.errors import InputError


@dataclass(frozen=True)
class Some(Facts):
    office: str = "Kontoret"
    persons: tuple[str, ...] = ("ledige", "syge", "unge")
    on: dt.date = dt.date(2024, 5, 17)
    none: str | None = None
    count: int = 3
    rows: Placed = Placed(  # noqa: RUF009
        in_columns(Column(3, "left"), Column(1), lines=2)
    )
    _inner: str = "secret"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Fills a template of made-up facts; its file is some.da.md."""
    monkeypatch.setitem(sandbox.FACTS, "some", "x")
    monkeypatch.setattr(sandbox, "facts_of", lambda _: Some)

    def written(text: str, facts: Facts | None = None, *, title: str = "# Om noget\n\n"):
        (tmp_path / "some.da.md").write_text(title + text, encoding="utf-8")
        sandbox.sandbox.cache_clear()
        return fill("some", facts or Some(), "da", tmp_path).blocks

    return written


def test_light_markup_becomes_the_documents_blocks(write) -> None:
    assert write(
        "En sætning over\nto linjer.\n\n## Afsnit\nTekst:\n- et\n  punkt\n\n- et til\n\n> Kilde: loven.\n"
    ) == [
        Paragraph("En sætning over to linjer."),
        Heading("Afsnit"),
        Paragraph("Tekst:"),
        Bullets(("et punkt", "et til")),
        Note("Kilde: loven."),
    ]


@pytest.mark.parametrize(
    "nasty",
    [
        "# x",
        "## x",
        "- x",
        "> x",
        "| x | y |",
        "a\n\n## b",
        "a  b",
        "**x**",
        "[x]",
        "! x",
        "20 pct..",
        "{{ office }} {% if %}",
        "<b>&amp;</b> 'x' \"y\"",
        "\ufffc0\ufffc",
    ],
)
def test_what_is_filled_in_is_never_read_as_markup(write, nasty: str) -> None:
    facts = Some(office=nasty, persons=(nasty, "b"))
    told = write(
        "{{ office }}\n\n- {{ office }}\n\n{% macro own() %}{{ office }}{% endmacro %}{{ own() }}\n\n"
        "{{ persons | joined }}\n\n"
        "{% call table(rows) %}{{ office }}\n\n| a | b |\n| {{ office }} | {{ office }} |\n\n"
        "{{ office }}{% endcall %}",
        facts,
    )
    table = Table(
        nasty,
        (Column(3, "left"), Column(1)),
        told[-1].header,
        (Row(Cell(nasty), (Cell(nasty),)),),
        (nasty,),
    )
    assert told == [
        Paragraph(nasty),
        Bullets((nasty,)),
        Paragraph(nasty),
        Paragraph(f"{nasty} og b"),
        table,
    ]


def test_a_tables_rows_may_be_marked_be_totals_and_hold_fields(write) -> None:
    (table,) = write(
        "{% call table(rows) %}\nTabel 1\n\n| Hvem | Hvad |\n| ! {{ office }} | 4 |\n| **I alt** | |\n"
        "| Andre | [antal] |\n\nEn note.\n{% endcall %}"
    )
    assert [cell.text for cell in table.header[0]] == ["Hvem", "Hvad"]
    assert table.rows == (
        Row(Cell("Kontoret", "breach"), (Cell("4", "breach"),)),
        Row(Cell("I alt"), (Cell(""),), total=True),
        Row(Cell("Andre"), (Cell("antal", field=2),)),
    )
    assert (table.caption, table.notes) == ("Tabel 1", ("En note.",))


def test_lines_of_a_block_are_joined_and_an_empty_piece_parts_no_paragraph(write) -> None:
    assert write(
        "{% macro nothing() %}{% endmacro %}\nDet gælder {% filter joined %}\n{% for one in persons %}\n"
        "de {{ one }}\n{% endfor %}\n{% endfilter %}.\n{{ nothing() }}\nIkke andre end 20 pct.."
    ) == [Paragraph("Det gælder de ledige, de syge og de unge. Ikke andre end 20 pct.")]


def test_an_empty_piece_makes_no_note_of_a_table(write) -> None:
    (table,) = write(
        "{% macro nothing() %}{% endmacro %}\n{% call table(rows) %}\nTabel 1\n\n| a | b |\n\n"
        "{{ nothing() }}\n\nEn note.\n\n{{ nothing() }}\n{% endcall %}"
    )
    assert table.notes == ("En note.",)


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ ofice }}", r"some\.da\.md, line 3: 'ofice' is unknown here; did you mean 'office'\?"),
        ("a\n\n{{ office.name }}", r"line 5: '.name' is unknown here"),
        ("{{ rows.hiden }}", r"did you mean '.hidden'\?"),
        ("{{ office | percnt }}", "No filter named 'percnt'"),
        ("{{ office | percent }}", "line 3: "),
        ("{% if office %}", "line 3: Unexpected end of template"),
        ("| a | b |", "a table's rows stand in"),
        ("{{ table(office) }}", "line 3: "),
        ("{% call table(office) %}x{% endcall %}", "only a table or a picture"),
        ("{% call table(rows) %}{% endcall %}", "holds its caption"),
        ("{% call table(rows) %}x\n\n| a |\n{% endcall %}", "do not fill its header"),
        ("{% call table(rows) %}x\n\n| a | b |\n| c |\n{% endcall %}", "has 0 cells"),
        ('{% import "../secret" as x %}', "line 3: |secret"),
        ('{% import "other.da.md" as x %}', r"other\.da\.md"),
        ("{% macro own() %}{{ own() }}{% endmacro %}{{ own() }}", "recursion"),
    ],
)
def test_a_fault_is_one_line_with_file_and_line(write, template: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        write(template)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "template",
    [
        "{{ office.__class__ }}",
        "{{ office.upper() }}",
        "{{ office['upper'] }}",
        "{{ rows._made }}",
        "{{ _inner }}",
        "{{ on.year }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ joined.__globals__ }}",
        "{{ self }}",
        "{{ range(9) }}",
        "{{ lipsum() }}",
        "{{ office * 99999999 }}",
        "{{ 9 ** 9 }}",
        "{{ office ~ office }}",
        "{{ office % 3 }}",
        "{{ office | attr('upper') }}",
        "{{ office | safe }}",
        "{{ rows.marked() }}",
        "{% include 'some.da.md' %}",
        "{% extends 'some.da.md' %}",
        "{% for one in persons if one %}{% endfor %}",
        "{% set x = namespace(a=1) %}",
        "{{ office if count else on }}",
        "{{ loop.cycle('a') }}",
    ],
)
def test_nothing_but_the_facts_can_be_reached(write, template: str) -> None:
    with pytest.raises(InputError, match=r"some\.da\.md"):
        write(template)


@pytest.mark.parametrize("title", ["", "# Et\n\n# To\n\n"])
def test_a_letter_has_one_title(write, title: str) -> None:
    with pytest.raises(InputError, match="one title"):
        write("x", title=title)


def test_there_are_letters_in_two_languages() -> None:
    with pytest.raises(InputError, match="there are da, en"):
        fill("notice", Some(), "de")
