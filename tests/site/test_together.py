"""Hidden numbers told together, on a page and in what it is made of."""

import datetime as dt

import polars as pl
import pytest

from tests.protection.small import everything, figure
from tilsyn.cases import actions, knowledge
from tilsyn.cases.access import audience
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import table
from tilsyn.protection import Parameters
from tilsyn.site.board import board

PUBLISHED, MONTH = dt.date(2022, 5, 2), dt.date(2022, 2, 1)
DAY = dt.date(2022, 5, 20)
PERSONS = {"a_dagpenge": [5, 2, 4], "kontanthjaelp": [6, 1, 7], "uddannelseshjaelp": [8, 9, 2]}
"""By number of offers; so that each row has a small number beside a larger one."""


def taken_in(installation, figures, folder):
    """A release of these figures, in use."""
    figures = figures.with_columns(
        pl.lit(PUBLISHED).alias("published"), pl.lit("offers").alias("release")
    )
    releases.write(Release("offers", PUBLISHED, figures), folder / "offers")
    record = knowledge.take_in(folder / "offers")
    actions.approve_release(release=record, by=installation.people["head"])
    return installation


@pytest.fixture
def measured(installation, settings, tmp_path):
    """The installation, where Hedensted's offers were measured from a register and are protected."""
    settings.PROTECTION = Parameters(coarsen=True)
    return taken_in(installation, table(everything(PERSONS, area="766", month=MONTH)), tmp_path)


@pytest.fixture
def printed(installation, tmp_path):
    """The installation, where a table was printed that tells hidden numbers together."""
    told = {"month": MONTH, "area": "766"}
    cells = {"0": 5, "1": None, "2+": None, "1+": 6}
    persons = [figure("persons", "a_dagpenge", n, category=c, **told) for c, n in cells.items()]
    share = figure("share", "a_dagpenge", 45.5, **told)
    return taken_in(installation, table([*persons, share]), tmp_path)


def told(installation, who):
    """The numbers of a group by category, as somebody may see them."""
    readers = audience(installation.people[who])
    shown = board(DAY, readers).known.area("municipality", "766", split=True)
    row = shown.filter((pl.col("statistic") == "persons") & (pl.col("grp") == "a_dagpenge"))
    return dict(row.select("category", "value").iter_rows())


def test_others_are_told_together_what_the_municipality_sees_apart(measured):
    assert told(measured, "municipality") == {"0": 5, "1": 2, "2+": 4}
    assert told(measured, "neighbour") == {"0": 5, "1": None, "2+": None, "1+": 6}


def test_the_page_has_a_wide_cell_and_says_what_it_means(printed):
    page = printed.client("officer").get("/municipalities/766/offers_6m/a_dagpenge/")
    text = page.content.decode()
    assert '<td class="n">5</td><td class="together" colspan="2">1+: 6</td>' in text
    assert "»1+: 6« betyder, at kolonnerne er talt sammen" in text
