import pytest

from tilsyn.documents.model import Cell, Column, HeaderCell, Placed, Row, Table

COLUMNS = (Column(3, "left"), Column(1), Column(1), Column(1))
HEADER = (
    (HeaderCell("Gruppe", rows=2), HeaderCell("Personer", columns=2), HeaderCell("Andel", rows=2)),
    (HeaderCell("Jan"), HeaderCell("Feb")),
)
CELLS = (Cell("1"), Cell("2"), Cell("3"))


def test_headings_know_their_place_under_spanning_headings() -> None:
    table = Table("Tabel", COLUMNS, HEADER, (Row(Cell("a"), CELLS),))
    assert [(p.row, p.column) for p in table.placed()] == [(0, 0), (0, 1), (0, 3), (1, 1), (1, 2)]
    assert list(table.placed())[-1] == Placed(1, 2, HeaderCell("Feb"))


def test_headings_that_leave_a_hole_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fill"):
        Table("Tabel", COLUMNS, (HEADER[0], HEADER[1][:1]), ())


def test_headings_that_take_too_much_room_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fill"):
        Table("Tabel", COLUMNS, (HEADER[0], (*HEADER[1], HeaderCell("Mar"))), ())


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="the row 'a' of 'Tabel' has 2 cells under 3 columns"):
        Table("Tabel", COLUMNS, HEADER, (Row(Cell("a"), CELLS[:2]),))
