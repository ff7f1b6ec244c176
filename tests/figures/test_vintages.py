"""What was known on a day, and what a correction changes."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from tests.figures.test_releases import figure
from tilsyn.errors import InputError
from tilsyn.figures import release
from tilsyn.figures.release import Release
from tilsyn.figures.table import table
from tilsyn.figures.vintages import Vintages, combined, corrected, gather, known_on, moved

SEPTEMBER, NOVEMBER = dt.date(2023, 9, 4), dt.date(2023, 11, 1)


def value(frame):
    return frame["value"].to_list()


def test_the_latest_publication_on_or_before_the_day_is_known():
    figures = table([figure(142.0, published=SEPTEMBER), figure(141.0, published=NOVEMBER)])
    assert value(known_on(figures, dt.date(2023, 9, 3))) == []
    assert value(known_on(figures, SEPTEMBER)) == [142.0]
    assert value(known_on(figures, dt.date(2023, 10, 31))) == [142.0]
    assert value(known_on(figures, NOVEMBER)) == [141.0]


def test_two_sources_that_disagree_under_one_date_are_refused():
    with pytest.raises(InputError, match="two values for the same cell"):
        combined([table([figure(142.0)]), table([figure(141.0)])])


def test_a_folder_of_releases_is_one_source(tmp_path):
    release.write(Release("a", SEPTEMBER, table([figure(142.0)])), tmp_path / "a")
    release.write(
        Release("b", NOVEMBER, table([figure(141.0, published=NOVEMBER)])), tmp_path / "b"
    )
    assert gather([tmp_path]).height == 2


def test_a_folder_without_releases_is_named(tmp_path):
    with pytest.raises(InputError, match="holds no release"):
        gather([tmp_path])


def test_a_correction_of_the_same_day_stands_in_the_old_ones_place(tmp_path):
    old = Release("a", SEPTEMBER, table([figure(142.0), figure(9.0, grp="uddannelseshjaelp")]))
    release.write(old, tmp_path / "a")
    mended = corrected(
        old, table([figure(37.0, grp="uddannelseshjaelp")]), release="b", published=SEPTEMBER
    )
    release.write(Release("b", SEPTEMBER, mended, supersedes="a", reason="slipped"), tmp_path / "b")
    known = known_on(gather([tmp_path]), SEPTEMBER)
    assert dict(known.select("grp", "value").iter_rows()) == {
        "total": 142.0,
        "uddannelseshjaelp": 37.0,
    }
    assert value(
        release.read(tmp_path / "a").figures.filter(pl.col("grp") == "uddannelseshjaelp")
    ) == [9.0]


@pytest.mark.parametrize(
    "wanted",
    [
        [pl.col("area") == "183"],
        [pl.col("measure") == "offers_6m", pl.col("published") <= SEPTEMBER],
        [pl.col("month").is_between(dt.date(2023, 2, 1), dt.date(2023, 3, 1))],
        [pl.col("grp") == "uddannelseshjaelp"],
        [pl.col("area") == "nowhere"],
    ],
    ids=["area", "measure and day", "months", "group", "nothing"],
)
def test_what_is_asked_for_is_what_the_whole_holds_of_it(tmp_path, monkeypatch, wanted):
    # Few rows lie together, so that most are passed over.
    monkeypatch.setattr(release, "ROW_GROUP", 3)
    cells = [
        figure(float(n), measure=measure, area=area, grp=grp, month=dt.date(2023, n, 1))
        for measure in ("conversations_12m", "offers_6m")
        for area in ("183", "101")
        for grp in ("total", "uddannelseshjaelp")
        for n in (1, 2, 3)
    ]
    old = Release("a", SEPTEMBER, table(cells))
    release.write(old, tmp_path / "a")
    later = table([replace(one, value=50.0, published=NOVEMBER) for one in cells[::4]])
    release.write(Release("b", NOVEMBER, later), tmp_path / "b")
    mended = corrected(
        old, table([replace(cells[4], value=99.0)]), release="c", published=SEPTEMBER
    )
    release.write(Release("c", SEPTEMBER, mended, supersedes="a", reason="slip"), tmp_path / "c")
    whole = gather([tmp_path])
    assert gather([tmp_path], *wanted).sort(pl.all()).equals(whole.filter(*wanted).sort(pl.all()))
    assert Vintages([tmp_path]).days() == {SEPTEMBER: ["a", "c"], NOVEMBER: ["b"]}


def test_a_later_correction_is_not_known_before_its_day():
    old = Release("a", SEPTEMBER, table([figure(142.0)]))
    mended = corrected(old, table([figure(141.0)]), release="b", published=NOVEMBER)
    both = combined([old.figures, mended])
    assert value(known_on(both, SEPTEMBER)) == [142.0]
    assert value(known_on(both, NOVEMBER)) == [141.0]


def test_a_correction_that_changes_nothing_is_refused():
    old = Release("a", SEPTEMBER, table([figure(142.0)]))
    with pytest.raises(InputError, match="changes nothing"):
        corrected(old, table([figure(142.0)]), release="b", published=NOVEMBER)


def test_moved_cells_are_those_whose_value_or_status_differs():
    old = table(
        [
            figure(142.0),
            figure(None, grp="a_dagpenge", status="suppressed"),
            figure(5.0, grp="sygedagpenge"),
        ]
    )
    new = table([figure(141.0), figure(3.0, grp="a_dagpenge"), figure(5.0, grp="sygedagpenge")])
    cells = moved(old, new)
    assert sorted(cells.select("grp", "value", "value_new").iter_rows(), key=str) == [
        ("a_dagpenge", None, 3.0),
        ("total", 142.0, 141.0),
    ]
