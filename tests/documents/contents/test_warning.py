import csv

import polars as pl
import pytest

from tests.documents.ishoej_2023 import SAMPLES, changed, mended, published, tables, text, warning
from tilsyn.errors import InputError
from tilsyn.figures.anomalies import find
from tilsyn.vocabulary import ROWS

FACTS = (
    "Risiko for skærpet tilsyn: fokusmålet for samtaler i Ishøj Kommune",
    "flere borgere på offentlig forsørgelse, end dens rammevilkår tilsiger",
    "på tal for hele 2023",
    "er steget fra 17,3 pct. i maj 2022 til 25,8 pct. i april 2023",
    "er andelen 20,4 pct.; den må højst være 20 pct.",
    "Det er både kontanthjælpsmodtagere, borgere i jobafklaringsforløb, borgere i ressourceforløb og "
    "sygedagpengemodtagere, hvor en forholdsvis stor andel mangler fire samtaler",
    "I april 2023 drejer det sig om 48 kontanthjælpsmodtagere, 48 borgere i jobafklaringsforløb, "
    "20 borgere i ressourceforløb og 18 sygedagpengemodtagere.",
    "De 48 kontanthjælpsmodtagere fordeler sig på 45 aktivitetsparate og 3 jobparate.",
    "så mindst 80 pct. af de langvarige ydelsesmodtagere",
)


@pytest.mark.parametrize("fact", FACTS)
def test_the_letter_states_what_the_agency_stated(fact: str) -> None:
    assert fact in text(warning())


def test_a_slipped_row_blocks_the_letter_until_it_is_mended() -> None:
    with pytest.raises(InputError, match=r"slipped.*tilsyn figures correct"):
        warning(published("ishoej-2023-09"))
    assert "shifted_rows" not in {anomaly.kind for anomaly in find(mended())}


def test_the_tables_are_the_seeds_cell_for_cell_but_for_what_was_mended() -> None:
    made = tables(warning())
    folder = SAMPLES / "ishoej-2023-09"
    with (folder / "corrections/mended.csv").open(encoding="utf-8") as file:
        corrected = {
            (r["statistic"], r["group"], r["month"]): r["raw"] for r in csv.DictReader(file)
        }
    with (folder / "tables.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if not r["category"]]
    months = sorted({r["month"] for r in rows})
    compared = 0
    for row in rows:
        table = made["1" if row["statistic"] == "share_pct" else "2"]
        raw = corrected.get((row["statistic"], row["group"], row["month"]), row["raw"])
        name = ROWS[row["group"]].da
        lines = [line for line in table.rows if line.head.text == name]
        if not lines:
            # A row without any number is not printed.
            assert raw == ""
            continue
        shown = lines[0].cells[months.index(row["month"])].text
        whole = row["statistic"] == "share_pct" and raw.isdigit()
        assert shown == (f"{raw},0" if whole else raw or "–"), row
        compared += 1
    assert compared > 190


def test_the_months_over_the_line_are_marked_and_nothing_else() -> None:
    shares, counts = tables(warning()).values()
    assert [c.text for c in shares.rows[0].cells if c.mark == "breach"] == [
        "22,2", "20,1", "21,0", "21,1", "25,8",
    ]  # fmt: skip
    assert all(c.mark == "none" for row in shares.rows[1:] for c in row.cells)
    assert all(c.mark == "none" for row in counts.rows for c in row.cells)


def test_a_share_exactly_at_the_line_is_neither_marked_nor_behind_it() -> None:
    share = pl.col("statistic") == "share"
    november = share & (pl.col("grp") == "total") & (pl.col("value") == 20.1)
    behind = (
        share & (pl.col("grp") == "ressourceforloeb") & (pl.col("month") == pl.date(2023, 4, 1))
    )
    made = warning(changed(changed(mended(), november, 20.0), behind, 20.0))
    shares, _ = tables(made).values()
    assert [c.text for c in shares.rows[0].cells if c.mark == "breach"] == [
        "22,2", "21,0", "21,1", "25,8",
    ]  # fmt: skip
    assert "borgere i ressourceforløb" in text(warning())
    assert "20 borgere i ressourceforløb" not in text(made)


def test_a_share_that_has_not_risen_is_not_said_to_have() -> None:
    first = (
        (pl.col("statistic") == "share")
        & (pl.col("grp") == "total")
        & (pl.col("month") == pl.col("month").min())
    )
    said = text(warning(changed(mended(), first, 26.0)))
    assert "er steget" not in said
    assert "I april 2023 havde 25,8 pct." in said


def test_one_group_is_not_said_to_be_both() -> None:
    others = pl.col("grp").is_in(["kontanthjaelp", "ressourceforloeb", "sygedagpenge"])
    share = (pl.col("statistic") == "share") & others
    said = text(warning(changed(mended(), share, 12.0)))
    assert "Det er især borgere i jobafklaringsforløb" in said
    assert "Det er både" not in said
    assert "drejer det sig om 48 borgere i jobafklaringsforløb." in said


def test_without_risk_there_is_no_warning() -> None:
    met = changed(mended(), pl.col("statistic") == "met", 1.0)
    with pytest.raises(InputError, match="at risk"):
        warning(met)


def test_whom_to_contact_and_by_when_are_said_when_known() -> None:
    assert "kontakte" not in text(warning())
    known = text(warning(contact="kontorets postkasse", reply_by="2023-09-20"))
    assert "senest den 20. september 2023" in known
    assert "kontakte kontorets postkasse." in known


def test_the_english_letter_says_the_same() -> None:
    said = text(warning(language="en"))
    for fact in (
        "has risen from 17.3% in May 2022 to 25.8% in April 2023",
        "48 recipients of cash benefit, 48 persons in a job clarification course",
        "The 48 recipients of cash benefit are 45 activity-ready and 3 job-ready.",
    ):
        assert fact in said, fact
