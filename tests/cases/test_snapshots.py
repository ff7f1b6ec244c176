"""A snapshot holds what the releases together told on a day, whatever it was made from."""

import datetime as dt
import itertools
import shutil

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tilsyn.cases import knowledge
from tilsyn.cases.judgements import finding_of, judgements, record
from tilsyn.cases.models import ReleaseRecord
from tilsyn.cases.snapshots import _know_measures, bases, snapshot
from tilsyn.cases.storage import derived_folder
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import SCHEMA, Figure, status_of, table
from tilsyn.figures.vintages import gather, known_on
from tilsyn.rules import judge, shipped
from tilsyn.vocabulary import MEASURES

counting = itertools.count()
DAYS = [dt.date(2022, month, 1) for month in (3, 4, 5)]
MONTHS = [dt.date(2021, 12, 1), dt.date(2022, 1, 1)]

cells = st.tuples(
    st.sampled_from(["conversations_6m", "offers_12m"]),
    st.sampled_from([("municipality", "183"), ("municipality", "766"), ("country", "dk")]),
    st.sampled_from(["", "jobparat"]),
    st.sampled_from(MONTHS),
    st.sampled_from(DAYS),
)
told = st.dictionaries(cells, st.sampled_from([None, 0.0, 3.0, 7.0]), min_size=1, max_size=8)


def figures(name, provenance, rows):
    return table(
        Figure(measure, "unmet", kind, area, "kontanthjaelp", visitation, "", month, value,
               status_of(value), provenance, name, day)
        for (measure, (kind, area), visitation, month, day), value in rows.items()
    )  # fmt: skip


def known(folders, day):
    """What the library says, with everything in memory at once."""
    frame = gather(folders) if folders else SCHEMA.to_frame()
    return known_on(frame, day).sort(SCHEMA.names())


def held(shot):
    """All that a snapshot holds."""
    parts = [shot.scan(split=split).collect() for split in (False, True)]
    return pl.concat(parts).sort(SCHEMA.names())


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sets=st.lists(told, max_size=3), corrects=st.booleans(), backwards=st.booleans())
def test_a_snapshot_is_what_was_known(db, data_folder, sets, corrects, backwards):
    folders = []
    # A release never changes and never goes away, so every example has its own.
    example = next(counting)
    for number, rows in enumerate(sets):
        name = f"r{example}-{number}"
        # Two that tell the same cell on the same day would be refused: one of them is measured.
        frame = figures(name, "register" if number % 2 else "published", rows)
        supersedes = f"r{example}-{number - 1}" if corrects and number else ""
        release = Release(name, frame["published"].max(), frame, supersedes=supersedes)
        folder = knowledge.releases_folder() / name
        releases.write(release, folder)
        ReleaseRecord.objects.create(name=name, published=release.published, manifest_sha256=name)
        folders.append(folder)
    names = [folder.name for folder in folders]
    days = [dt.date(2022, 1, 1), *DAYS, dt.date(2023, 1, 1)]
    # From the earliest on, each is made from the one before; backwards, each from nothing.
    for day in reversed(days) if backwards else days:
        try:
            expected = known(folders, day)
        except InputError:
            return
        assert held(snapshot(day, bases(names))).equals(expected)
        shot = snapshot(day, bases(names))
        for kind, area in {("municipality", "183"), ("country", "dk")}:
            here = expected.filter(pl.col("area_kind") == kind, pl.col("area") == area)
            found = [shot.area(kind, area, split=split) for split in (False, True)]
            assert pl.concat(found).sort(SCHEMA.names()).equals(here)
        row = shot.across("offers_12m", "kontanthjaelp")
        wanted = (pl.col("measure") == "offers_12m") & (pl.col("visitation") == "")
        assert row.sort(SCHEMA.names()).equals(
            expected.filter(wanted, pl.col("area_kind") == "municipality")
        )


def test_two_that_disagree_about_a_cell_of_one_day_are_refused(db, data_folder):
    cell = ("offers_12m", ("municipality", "183"), "", MONTHS[0], DAYS[0])
    for name, value in (("one", 3.0), ("two", 4.0)):
        frame = figures(name, "published", {cell: value})
        releases.write(Release(name, DAYS[0], frame), knowledge.releases_folder() / name)
        ReleaseRecord.objects.create(name=name, published=DAYS[0], manifest_sha256=name)
    with pytest.raises(InputError, match="two values for the same cell"):
        snapshot(DAYS[0], bases(["one", "two"]))
    assert list(derived_folder("snapshots").glob("[!.]*")) == []


def test_of_one_day_a_published_figure_goes_before_a_measured_one_whatever_their_names(
    db, data_folder
):
    cell = ("offers_12m", ("municipality", "183"), "", MONTHS[0], DAYS[0])
    for name, provenance, value in (("a", "register", 3.0), ("b", "published", 4.0)):
        frame = figures(name, provenance, {cell: value})
        releases.write(Release(name, DAYS[0], frame), knowledge.releases_folder() / name)
        ReleaseRecord.objects.create(name=name, published=DAYS[0], manifest_sha256=name)
    shown = held(snapshot(DAYS[0], bases(["a", "b"])))
    assert shown.select("value", "provenance").rows() == [(4.0, "published")]


def test_judgements_are_the_same_when_read_back(hedensted):
    day = dt.date(2022, 5, 15)
    shot = snapshot(day)
    made = judge(shot.area("municipality", "766"), on=day, catalogue=shipped())
    assert made
    for finding in made:
        again = finding_of(record(finding), day, shipped())
        assert again.record() == finding.record()
        assert again.sentence == finding.sentence and again.span == finding.span
        assert [m.releases for m in again.months] == [m.releases for m in finding.months]
    first, second = judgements(shot, day), judgements(shot, day)
    assert first == second
    assert [f.record() for f in first] == [f.record() for f in made]


def test_a_snapshot_thrown_away_is_made_again(hedensted):
    day = dt.date(2022, 5, 15)
    before = held(snapshot(day))
    shutil.rmtree(derived_folder("snapshots"))
    assert held(snapshot(day)).equals(before)


def test_a_process_learns_what_a_releases_own_measures_are_called(db, data_folder, tmp_path):
    words = {
        "code": "own_snapshot", "da": "Egen måling", "en": "Own measure", "da_unmet": "for få",
        "en_unmet": "too few", "event": "conversations", "population": "reaching",
        "seniority_months": 3, "categories": ["0", "1+"],
    }  # fmt: skip
    MEASURES.know_records([words], file=tmp_path)
    rows = {("own_snapshot", ("municipality", "183"), "", MONTHS[0], DAYS[0]): 7.0}
    made = Release("own", DAYS[0], figures("own", "published", rows))
    knowledge.take_in(releases.write(made, tmp_path / "made" / "own"))
    # Another process, in which nobody has said anything yet.
    MEASURES._by_code = {m.code: m for m in MEASURES if m.official}
    _know_measures.cache_clear()
    shot = snapshot(DAYS[0], bases(["own"]))
    assert MEASURES["own_snapshot"].name("da") == "Egen måling"
    assert held(shot)["measure"].to_list() == ["own_snapshot"]
