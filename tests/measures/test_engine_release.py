"""A measured release: exactly the rows and values of the reference, and updates equal to full runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given

from tests.measures.handwritten import register
from tests.measures.reference import Register, figures, judged
from tests.measures.register_files import write_admitted
from tests.measures.registers import Scene, examples, random_scene, scenes, together, when_over
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.table import CELL, SCHEMA, ordered
from tilsyn.measures import definitions
from tilsyn.measures.earlier import Earlier, earlier
from tilsyn.measures.explanation import explanation, in_words
from tilsyn.measures.measurement import measure, plan_of, write
from tilsyn.measures.tabulation import Counts
from tilsyn.measures.tabulation import figures as tabulated
from tilsyn.register.store import Store, load
from tilsyn.vocabulary import MonthRange, YearMonth

PUBLISHED = dt.date(2025, 2, 3)
DEFINED = definitions.load()


def stored(
    of: Register, folder: Path, buckets: int | None = None, *, update: bool = False
) -> Store:
    number = len(list(folder.iterdir())) if folder.exists() else 0
    admitted = write_admitted(of, folder / f"rows-{number}")
    return load(admitted, folder / "store", buckets=buckets, update=update)


def measured(
    store: Store, first: dt.date, last: dt.date, known_on: dt.date | None = None
) -> Counts:
    months = MonthRange(YearMonth.of(first), YearMonth.of(last))
    return measure(store, plan_of(store, DEFINED, months, known_on))


def table(counts: Counts) -> pl.DataFrame:
    return tabulated(counts, release="r", published=PUBLISHED)


def expected(scene: Scene) -> dict:
    cells = figures(judged(scene.register, scene.first, scene.last, scene.known_on))
    return {
        cell: (None if value is None else float(value), status)
        for cell, (value, status) in cells.items()
    }


@examples(25)
@given(scenes())
def test_the_figures_are_the_references(tmp_path_factory, scene):
    scene = when_over(scene)
    store = stored(scene.register, tmp_path_factory.mktemp("scene"))
    found = table(measured(store, scene.first, scene.last, scene.known_on))
    rows = {
        row[: len(CELL)]: row[len(CELL) :]
        for row in found.select(*CELL, "value", "status").iter_rows()
    }
    assert rows == expected(scene)
    assert found.equals(ordered(found))
    assert found.schema == SCHEMA


def test_who_has_no_category_stands_in_the_split_where_a_group_has_categories(tmp_path):
    """One municipality: kontanthjaelp without a category and with one, sygedagpenge without."""
    months = dt.date(2023, 7, 1), dt.date(2023, 7, 1)
    store = stored(
        register("""
            spell Ane 101 kontanthjaelp -        2021-01-01 ..
            spell Bo  101 kontanthjaelp jobparat 2021-01-01 ..
            spell Cai 101 sygedagpenge  -        2021-01-01 ..
        """),
        tmp_path,
    )
    mine = (pl.col("statistic") == "population") & (pl.col("measure") == "durations")
    mine &= (pl.col("area_kind") == "municipality") & (pl.col("value") > 0)
    found = table(measured(store, *months)).filter(mine)
    assert set(found.select("grp", "visitation", "value").iter_rows()) == {
        ("kontanthjaelp", "", 2.0),
        ("kontanthjaelp", "jobparat", 1.0),
        ("kontanthjaelp", "uoplyst", 1.0),
        ("sygedagpenge", "", 1.0),
        ("total", "", 3.0),
        ("total", "jobparat", 1.0),
        ("total", "uoplyst", 1.0),
    }


@pytest.fixture(scope="module")
def crowd() -> Scene:
    """Many persons with the edge cases of many scenes, in the same years."""
    parts = []
    for seed in range(60):
        of = random_scene(seed).register
        parts.append(_renamed(of, seed))
    return Scene(together(parts), dt.date(2021, 1, 1), dt.date(2024, 6, 1), None)


def _renamed(of: Register, seed: int) -> Register:
    from dataclasses import replace

    return Register(
        *(
            tuple(replace(row, person=f"{seed}-{row.person}") for row in rows)
            for rows in (of.spells, of.conversations, of.offers, of.hours, of.exemptions)
        )
    )


def test_bucket_count_changes_nothing(tmp_path, crowd):
    tables = [
        table(measured(stored(crowd.register, tmp_path / str(n), n), crowd.first, crowd.last))
        for n in (1, 5, 32)
    ]
    assert tables[0].height > 1000
    assert all(other.equals(tables[0]) for other in tables[1:])


def test_a_written_release_reads_as_it_was_measured(tmp_path, crowd):
    store = stored(crowd.register, tmp_path)
    counts = measured(store, crowd.first, crowd.last)
    folder = write(counts, store, tmp_path / "releases" / "2025-02", published=PUBLISHED)
    read = releases.read(folder)
    assert read.id == "2025-02"
    assert read.figures.equals(tabulated(counts, release="2025-02", published=PUBLISHED))
    assert read.extra["measured"]["register"] == store.content
    assert set(read.extra["measured"]["definitions"]) >= {"seniority.toml", "offers_6m.toml"}


def test_a_release_of_nobody_is_read(tmp_path):
    store = stored(Register(), tmp_path)
    counts = measured(store, dt.date(2024, 1, 1), dt.date(2024, 2, 1))
    folder = write(counts, store, tmp_path / "release", published=PUBLISHED)
    assert releases.read(folder).figures.height == 0


# --- updates --------------------------------------------------------------------------------------


def updated(store: Store, begun: Path, first: dt.date, last: dt.date) -> tuple[Counts, Earlier]:
    plan = plan_of(store, DEFINED, MonthRange(YearMonth.of(first), YearMonth.of(last)))
    start = earlier(begun, store, plan)
    assert isinstance(start, Earlier), start
    return measure(store, plan, earlier=start), start


@pytest.mark.parametrize(
    ("first", "last"),
    [("2021-01-01", "2024-06-01"), ("2020-11-01", "2024-09-01"), ("2022-03-01", "2022-03-01")],
)
def test_corrected_persons_and_other_months_equal_a_full_run(tmp_path, crowd, first, last):
    store = stored(crowd.register, tmp_path, 4)
    begun = write(
        measured(store, crowd.first, crowd.last), store, tmp_path / "r1", published=PUBLISHED
    )
    # Person 3-… gets the rows of another scene's person; one person is new, in a new municipality.
    news = register("""
        spell        3-P0  101  kontanthjaelp  jobparat  2021-02-01 .. 2023-01-01
        conversation 3-P0  4  2021-03-03
        spell        new   461  sygedagpenge   -         2021-02-01 .. 2024-03-01
    """)
    store = stored(news, tmp_path, update=True)
    assert store.corrections is not None
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    counts, start = updated(store, begun, *days)
    assert not start.is_current(store)
    assert (counts.values == measured(store, *days).values).all()


def test_a_further_month_of_the_same_register_equals_a_full_run(tmp_path, crowd):
    store = stored(crowd.register, tmp_path, 4)
    half = dt.date(2022, 12, 1)
    begun = write(measured(store, crowd.first, half), store, tmp_path / "r1", published=PUBLISHED)
    counts, _ = updated(store, begun, crowd.first, crowd.last)
    assert (counts.values == measured(store, crowd.first, crowd.last).values).all()


def test_what_cannot_be_updated_is_said(tmp_path, crowd):
    store = stored(crowd.register, tmp_path, 4)
    begun = write(
        measured(store, crowd.first, crowd.last), store, tmp_path / "r1", published=PUBLISHED
    )
    months = MonthRange(YearMonth.of(crowd.first), YearMonth.of(crowd.last))
    late = plan_of(store, DEFINED, months, dt.date(2024, 7, 1))
    assert earlier(begun, store, late) == "it was measured with another --known-on"
    fewer = plan_of(store, DEFINED.only("offers_6m"), months)
    assert earlier(begun, store, fewer) == "it was measured by other definitions"
    other = stored(random_scene(7).register, tmp_path)
    assert earlier(begun, other, plan_of(other, DEFINED, months)) == (
        "the register was loaded anew since"
    )
    with pytest.raises(InputError, match="not a release"):
        earlier(tmp_path / "nothing", store, fewer)


# --- one person explained -------------------------------------------------------------------------


@examples(40)
@given(scenes(persons=(1, 2)))
def test_an_explanation_says_what_was_counted(tmp_path_factory, scene):
    scene = when_over(scene)
    store = stored(scene.register, tmp_path_factory.mktemp("scene"))
    month = YearMonth.of(scene.last)
    everyone = judged(scene.register, scene.last, scene.last, scene.known_on)
    for person in {s.person for s in scene.register.spells}:
        told = explanation(store, DEFINED, person, month, scene.known_on)
        found = sorted(
            (
                m["measure"],
                c["municipality"],
                c["group"],
                c["visitation"],
                c["category"],
                c["unmet"],
            )
            for m in told["measures"]
            for c in m["counted"]
        )
        assert found == sorted(
            (c.measure, c.municipality, c.group, c.visitation, c.category, c.unmet)
            for c in everyone
            if c.person == person and c.measure != "durations"
        )
        for language in ("da", "en"):
            assert all(isinstance(line, str) for line in in_words(told, language))


def test_an_explanation_in_words(tmp_path):
    store = stored(
        register("""
            spell        Ane  183  overgangsydelse  -         2022-01-10 .. 2022-03-31
            spell        Ane  183  kontanthjaelp    jobparat  2022-04-05 ..
            conversation Ane  4    2022-09-01
            conversation Ane  7    2022-09-01
            conversation Ane  10   2022-10-01
            conversation Ane  4    2023-01-05  registered 2023-06-01
            hours        Ane  2022-08  100
        """),
        tmp_path,
    )
    told = explanation(store, DEFINED, "Ane", YearMonth(2023, 1), dt.date(2023, 3, 1))
    assert list(in_words(told, "en")) == [
        "Ane, January 2023",
        "Runs on a benefit, as they stood at the end of the month:",
        "  Transition benefit outside the introduction programme: 10 January 2022 to 31 March 2022; "
        "6 months are reached 10 July 2022, 12 months 10 January 2023",
        "  Cash benefit: 10 January 2022 to 31 January 2023; 6 months are reached 10 July 2022, "
        "12 months 10 January 2023 (continues transition benefit)",
        "Counted by 31 January 2023: municipality Ishøj, Cash benefit, Job-ready, 55 whole weeks.",
        "Conversations, long-term: 1 in the window 1 February 2022 to 31 January 2023, "
        "required 4: unmet, 3 missing.",
        "  counts: 2022-09-01 4",
        "  does not count: 2022-09-01 7 (the same day as another)",
        "  does not count: 2022-10-01 10 (the type does not count)",
        "  does not count: 2023-01-05 4 2023-06-01 (registered later)",
        "Offers, long-term: 0 in the window 1 February 2022 to 31 January 2023, "
        "required 1: met by ordinary hours.",
        "  Ordinary hours in the window: 100.00 (enough is 100).",
        "Conversations, early effort: not counted (6 months' seniority is not reached in this "
        "month, or the run ended before).",
        "Offers, early effort: not counted (6 months' seniority is not reached in this month, or "
        "the run ended before).",
    ]
    assert "mangler 3" in "\n".join(in_words(told, "da"))
