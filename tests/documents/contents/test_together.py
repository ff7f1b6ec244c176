"""Hidden numbers told together take one wide cell in every form of a document."""

import io
import re
import zipfile

import polars as pl
import pytest

from tests.documents.ishoej_2023 import full, note
from tilsyn.documents.model import Table
from tilsyn.documents.renderers import render
from tilsyn.documents.renderers.text import text
from tilsyn.figures.table import rows, table


@pytest.fixture(scope="module")
def told():
    """The status note, where two hidden numbers of a group are told together."""
    figures = full()
    hidden = figures.filter(
        (pl.col("measure") == "conversations_12m")
        & (pl.col("statistic") == "persons")
        & (pl.col("grp") == "overgangsydelse")
        & (pl.col("category") == "0")
        & (pl.col("status") == "suppressed")
    )
    (like,) = rows(hidden)
    together = hidden.with_columns(
        pl.lit("0-1").alias("category"), pl.lit(4.0).alias("value"), pl.lit("value").alias("status")
    )
    assert like.value is None
    return note(pl.concat([figures, table(rows(together))]))


def test_the_table_says_what_the_wide_cell_means(told):
    (found,) = [
        block
        for block in told.blocks
        if isinstance(block, Table) and any(c.columns > 1 for row in block.rows for c in row.cells)
    ]
    (row,) = [row for row in found.rows if any(cell.columns > 1 for cell in row.cells)]
    assert [(at, cell.text, cell.columns) for at, cell in row.placed()][:2] == [
        (1, "0-1: 4", 2),
        (3, ".", 1),
    ]
    assert (
        "»0-1: 4« betyder, at kolonnerne er talt sammen: i alt 4 personer. Hvor mange der er i hver "
        "af dem, vises ikke." in found.notes
    )


def test_every_form_has_it_over_two_columns(told):
    assert re.search(
        r'<td headers="(\S+) (\S+) (\S+) (\S+)" colspan="2" class="center[^"]*">0-1: 4</td>',
        render(told, "html").decode(),
    )
    with zipfile.ZipFile(io.BytesIO(render(told, "docx"))) as packed:
        body = packed.read("word/document.xml").decode()
    (cell,) = [part for part in body.split("<w:tc>") if "0-1: 4<" in part.split("</w:tc>")[0]]
    assert '<w:gridSpan w:val="2"/>' in cell
    with zipfile.ZipFile(io.BytesIO(render(told, "xlsx"))) as packed:
        sheets = [packed.read(n).decode() for n in packed.namelist() if "worksheets/" in n]
    assert any(re.search(r'<mergeCell ref="B\d+:C\d+"/>', sheet) for sheet in sheets)
    assert re.search(r"program +0-1: 4 +\. ", text(told))
