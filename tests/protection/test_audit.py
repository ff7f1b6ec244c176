"""What can be computed from published tables is found, and nothing else is claimed."""

import datetime as dt

import polars as pl
import pytest
from bench.country import country
from bench.disclosure import as_the_agency_prints
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protection.small import (
    GROUPS,
    counts,
    everything,
    extremes,
    figure,
    with_hidden,
)
from tilsyn.figures.reading import read_published
from tilsyn.figures.table import table
from tilsyn.protection import SOURCES, Discretion, audit, protected


@pytest.fixture(scope="module")
def note(samples):
    return audit(read_published(samples / "ishoej-2023-11" / "tables.csv").figures)


def of(found, statistic, grp, category="", *, measure="conversations_12m", month="2023-08-01"):
    (one,) = [
        r
        for r in found
        if (r.figure.measure, r.figure.statistic, r.figure.grp, r.figure.category)
        == (measure, statistic, grp, category)
        and str(r.figure.month) == month
    ]
    return one


def test_one_person_on_sickness_benefit_had_one_conversation(note):
    one = of(note, "persons", "sygedagpenge", "1")
    assert (one.low, one.high) == (1, 1)
    assert one.derivation["da"] == one.derivation["en"] == "17 − 3 − 5 − 8 = 1"


def test_a_printed_share_gives_one_of_six(note):
    one = of(note, "unmet", "overgangsydelse")
    assert (one.low, one.high) == (1, 1)
    assert one.derivation == {"da": "16,7\N{NO-BREAK SPACE}% = 1 af 6", "en": "16.7% = 1 of 6"}


def test_who_is_found_first_is_named(note):
    one = of(note, "unmet", "a_dagpenge")
    assert (one.low, one.high) == (0, 0)
    assert one.derivation["en"].startswith("155 − 2 − 17 − 2 − 21 − 68 − 39 − 5 − 1 = 0 (once ")


def test_a_column_that_leaves_room_keeps_its_secret(note):
    one = of(note, "persons", "ledighedsydelse", "1")
    assert one.low < one.high and not one.derivation


def test_every_hidden_cell_is_listed_once(samples, note):
    frame = read_published(samples / "ishoej-2023-11" / "tables.csv").figures
    hidden = frame.filter(pl.col("status") == "suppressed")
    assert len(note) == hidden.height
    assert len({r.figure.cell for r in note}) == len(note)


def test_every_interval_lies_within_what_a_dot_says(note):
    for one in note:
        if one.figure.statistic != "share":
            assert 0 <= one.low <= one.high <= 2


@settings(max_examples=60, deadline=None)
@given(counts, st.sets(st.integers(0, 24), max_size=6), st.booleans())
def test_intervals_are_those_of_all_tables_there_are(persons, also, zeros):
    low = 0 if zeros else 1
    frame = with_hidden(
        everything(persons, provenance="published"),
        lambda f: f.value is not None and low <= f.value <= 2,
    )
    # Some more cells are simply missing.
    missing = [i for i in also if frame["statistic"][i] == "population"]
    frame = frame.filter(~pl.int_range(pl.len()).is_in(missing))
    rule = Discretion(3, "hidden" if zeros else "shown")
    expected = extremes(frame, {}, low, 2)
    for one in audit(frame, discretion=rule):
        cell = one.figure
        assert (one.low, one.high) == expected[cell.statistic, cell.grp, cell.category], cell


@settings(max_examples=60, deadline=None)
@given(counts)
def test_printed_shares_narrow_as_far_as_they_can(persons):
    figures = everything(persons, provenance="published")
    shares = {
        grp: (2000 * row[0] + sum(row)) // (2 * sum(row)) / 10
        for grp, row in persons.items()
        if sum(row)
    }
    figures += [figure("share", grp, share) for grp, share in shares.items()]
    frame = with_hidden(figures, lambda f: f.statistic != "share" and f.value <= 2)
    expected = extremes(frame, shares, 0, 2)
    for one in audit(frame, discretion=Discretion(3, "hidden")):
        cell = one.figure
        assert (one.low, one.high) == expected[cell.statistic, cell.grp, cell.category], cell


def test_an_earlier_release_gives_a_cell_away():
    early = figure("unmet", "a_dagpenge", 2, release="early", published=dt.date(2023, 9, 1))
    late = figure("unmet", "a_dagpenge", None)
    (one,) = audit(table([early, late]))
    assert (one.low, one.high) == (2, 2)
    assert one.derivation["en"] == "printed in another release"


def test_an_earlier_number_that_a_dot_excludes_says_nothing():
    early = figure("unmet", "a_dagpenge", 7, release="early", published=dt.date(2023, 9, 1))
    (one,) = audit(table([early, figure("unmet", "a_dagpenge", None)]))
    assert (one.low, one.high) == (0, 2)


def test_a_municipality_is_what_its_area_has_more_than_the_others():
    frame = table(
        [
            figure("unmet", "a_dagpenge", 14, area_kind="rar", area="bornholm"),
            figure("unmet", "a_dagpenge", None, area="400"),
        ]
    )
    (one,) = audit(frame, discretion=Discretion(larger=True))
    assert (one.low, one.high) == (14, 14)


def test_persons_saved_by_hours_leave_the_offer_measure_open():
    frame = table(
        [
            figure("persons", "a_dagpenge", 6, category="0", measure="offers_12m"),
            figure("unmet", "a_dagpenge", None, measure="offers_12m"),
        ]
    )
    (one,) = audit(frame)
    assert (one.low, one.high) == (0, 2)


def test_a_share_shown_as_a_dot_can_stand_for_nought():
    frame = table([figure("share", "a_dagpenge", None), figure("unmet", "a_dagpenge", None)])
    loose = audit(frame)
    strict = audit(frame, discretion=Discretion(empty_share_is_zero=True))
    assert [(r.low, r.high) for r in loose if r.figure.statistic == "unmet"] == [(0, 2)]
    assert [(r.low, r.high) for r in strict if r.figure.statistic == "unmet"] == [(0, 0)]


def test_damaged_tables_are_audited_as_far_as_they_go():
    figures = [figure("unmet", grp, 9) for grp in GROUPS[:3]]
    figures += [figure("unmet", GROUPS[3], None), figure("unmet", "total", 20)]
    (one,) = audit(table(figures))
    assert (one.low, one.high) == (0, 2)


def test_nothing_hidden_nothing_found():
    assert audit(table([figure("unmet", "a_dagpenge", 9)])) == []


@pytest.mark.parametrize("made", ["printed", "protected"])
def test_large_tables_are_searched_another_way_and_the_same_cells_found(monkeypatch, made):
    four = country(municipalities=4)
    frame = as_the_agency_prints(four) if made == "printed" else protected(four).figures
    shown = {"published": Discretion(3, "shown"), "register": SOURCES["register"]}
    if made == "printed":
        # Some more hidden, so that much is left open.
        more = (pl.col("statistic") == "persons") & pl.col("category").is_in(["1", "2"])
        more &= pl.col("value") < 40
        frame = frame.with_columns(
            pl.when(more).then(None).otherwise(pl.col("value")).alias("value"),
            pl.when(more).then(pl.lit("suppressed")).otherwise(pl.col("status")).alias("status"),
        )
        shown["register"] = Discretion(40, "shown")
    slow = audit(frame, discretion=shown)
    monkeypatch.setattr("tilsyn.protection.intervals._LARGE", 0)
    quick = audit(frame, discretion=shown)
    assert len(quick) == len(slow) > 100
    for one, other in zip(quick, slow, strict=True):
        assert one.exact == other.exact
        if one.exact:
            assert (one.low, one.derivation) == (other.low, other.derivation)
        assert one.low <= other.low
        assert one.high is None or (other.high is not None and one.high >= other.high)
