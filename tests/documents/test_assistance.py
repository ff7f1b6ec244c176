import datetime as dt
from pathlib import Path

import pytest

from tilsyn.documents.assistance import Assistance, read_assistance
from tilsyn.errors import InputError

DAY = dt.date(2021, 9, 1)
EACH = """municipality,quarter,contacted,status,accepted_on,kinds
Assens,2021-Q3,2021-07-01,in_progress,2021-07-10,data_analysis; workflow_analysis
Fanø,2021-Q3,2021-07-02,accepted_not_begun,2021-08-15,
Samsø,2021-Q3,2021-07-02,declined,,
Læsø,2021-Q2,2021-04-02,undecided,,
Lolland,2021-Q4,2021-08-02,undecided,,
"""
COUNTS = "status,count\nin_progress,9\naccepted_not_begun,1\ndeclined,3\nundecided,3\n"


def read(tmp_path: Path, text: str) -> Assistance:
    file = tmp_path / "assistance.csv"
    file.write_text(text, encoding="utf-8")
    return read_assistance(file, DAY)


def test_one_row_a_municipality_of_the_latest_quarter_begun(tmp_path: Path) -> None:
    given = read(tmp_path, EACH)
    assert given.counts == {"in_progress": 1, "accepted_not_begun": 1, "declined": 1}
    assert given.names["declined"] == ("741",)
    assert given.kinds == ("workflow_analysis", "data_analysis")
    assert given.total == 3


def test_counts_alone(tmp_path: Path) -> None:
    given = read(tmp_path, COUNTS)
    assert (given.total, given.measure, given.names) == (16, "", {})


@pytest.mark.parametrize(
    ("text", "old", "new", "says"),
    [
        (EACH, "contacted,", "", "the column contacted is missing"),
        (EACH, "Assens", "Asens", "row 2, municipality: 'Asens' is no known municipality"),
        (EACH, "Fanø", "Assens", "row 3: Assens stands twice"),
        (EACH, "declined", "no", "row 4: no status 'no'; there are in_progress"),
        (EACH, "2021-Q3,2021-07-01", "Q3,2021-07-01", "row 2: 'Q3' is no quarter"),
        (EACH, "2021-07-01", "1/7", "row 2, contacted: '1/7' is no date"),
        (EACH, "2021-08-15", "2021-09-15", "row 3, accepted_on: 2021-09-15 is later than"),
        (EACH, "declined,,", "declined,2021-08-01,", "row 4: accepted_on is given, but the status"),
        (EACH, "data_analysis", "magic", "row 2: no kind of assistance 'magic'"),
        (COUNTS, "9", "nine", "row 2: 'nine' is no count"),
        (COUNTS, "declined", "in_progress", "row 4: in_progress stands twice"),
        (COUNTS, "status,", "answer,", "the column status is missing"),
        (COUNTS, COUNTS[13:], "", "has a header and no rows"),
    ],
)
def test_each_fault_is_one_line_that_names_its_place(
    tmp_path: Path, text: str, old: str, new: str, says: str
) -> None:
    assert old in text
    with pytest.raises(InputError) as error:
        read(tmp_path, text.replace(old, new, 1))
    assert says in str(error.value) and "assistance.csv" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: cannot be read"):
        read_assistance(tmp_path / "none.csv", DAY)
