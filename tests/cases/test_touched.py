"""The cases that new figures touch are named, and no others."""

import polars as pl
import pytest

from tests.cases.conftest import HEDENSTED
from tilsyn.cases import knowledge
from tilsyn.cases.models import Case
from tilsyn.cases.touched import touched
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release


@pytest.fixture
def folder(case, tmp_path):
    """The release the case rests on, and a later one that says otherwise of sickness benefit."""
    (old,) = releases.releases(knowledge.releases_folder())
    figures = releases.read(old).figures
    share = (pl.col("grp") == "sygedagpenge") & (pl.col("statistic") == "share")
    later = figures.with_columns(
        pl.when(share).then(10.0).otherwise(pl.col("value")).alias("value"),
        pl.lit("later").alias("release"),
        pl.col("published").dt.offset_by("1mo"),
    )
    releases.write(Release("later", later["published"][0], later), tmp_path / "later")
    return old, tmp_path / "later"


def moved(area, measure, grp):
    return pl.DataFrame(
        {"area_kind": ["municipality"], "area": [area], "measure": [measure], "grp": [grp]}
    )


def test_a_case_is_touched_by_its_own_matters_only(case):
    (matter,) = case.matters.all()
    under_way = Case.objects.under_way()
    own = moved(HEDENSTED, matter.measure, matter.grp)
    assert list(touched(under_way, own, [])) == [case]
    for other in (
        moved("630", matter.measure, matter.grp),
        moved(HEDENSTED, "offers_12m", matter.grp),
        moved(HEDENSTED, matter.measure, "revalidering"),
        own.with_columns(area_kind=pl.lit("rar")),
    ):
        assert not touched(under_way, other, []).exists()


def test_the_difference_of_two_releases_names_the_cases_it_touches(tilsyn, case, folder):
    ended = tilsyn("figures", "diff", *folder, "--cases")
    assert "1 cases touched" in ended.out and f"{case.number} Hedensted" in ended.out
    record = tilsyn("figures", "diff", *folder, "--cases", "--format", "json").json
    assert [one["number"] for one in record["cases"]] == [case.number]


def test_without_an_installation_no_case_is_asked_for(tilsyn, folder, monkeypatch):
    monkeypatch.delenv("DATA_DIR", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert "cases touched" not in tilsyn("figures", "diff", *folder).out
    assert "cases" not in tilsyn("figures", "diff", *folder, "--format", "json").json
