"""Beside the newest months stands where they will probably settle, where history can say."""

import datetime as dt

import pytest

from tests.site.conftest import HEDENSTED, TODAY
from tilsyn.cases import actions, knowledge
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import Figure, table
from tilsyn.vocabulary import MUNICIPALITIES, TOTAL, YearMonth

DAYS = (dt.date(2022, 3, 10), dt.date(2022, 5, 10))
MONTHS = [YearMonth(2021, 10), YearMonth(2021, 11), YearMonth(2021, 12)]
"""In March they were five to three months old; in May there is a month more that is four months old."""


def share(area, month, value, day):
    return Figure(
        "offers_12m", "share", "municipality", area, TOTAL.code, "", "", month.first, value,
        "value", "published", f"offers-{day}", day,
    )  # fmt: skip


@pytest.fixture
def settling(installation, tmp_path):
    """Two releases in which shares of each age fell by two points, some more and some less."""
    for day in DAYS:
        found = []
        for place, area in enumerate((*MUNICIPALITIES.codes[:40], HEDENSTED)):
            fallen = (place % 5 - 4) / 2 - 1 if day == DAYS[1] else 0
            found += [share(area, month, 30 + fallen, day) for month in MONTHS]
            if day == DAYS[1]:
                found += [
                    share(area, month, 30.0, day)
                    for month in (YearMonth(2022, 1), YearMonth(2022, 2))
                ]
        name = f"offers-{day}"
        releases.write(Release(name, day, table(found)), tmp_path / name)
        record = knowledge.take_in(tmp_path / name)
        actions.approve_release(release=record, by=installation.people["head"])
    return installation


def test_the_newest_months_come_with_where_they_will_settle(settling):
    client = settling.client("officer")
    page = client.get(f"/municipalities/{HEDENSTED}/offers_12m/total/").content.decode()
    page = page.replace("\N{NO-BREAK SPACE}", " ")
    # Three and four months old; of those two months old nothing is known.
    assert "Forventet endeligt tal" in page and page.count("28,0 % <span") == 2
    assert "(27,0 %–29,0 %)" in page
    whole = client.get(f"/municipalities/{HEDENSTED}/").content.decode()
    assert "Forventet endeligt tal" in whole


def test_without_history_nothing_is_said(installation):
    page = installation.client("officer").get(f"/municipalities/{HEDENSTED}/").content.decode()
    assert "Forventet endeligt tal" not in page


def test_a_day_before_the_second_release_knows_of_no_movement(settling):
    client = settling.client("officer")
    page = client.get(f"/municipalities/{HEDENSTED}/offers_12m/total/?on={DAYS[0]}")
    assert page.status_code == 200 and "Forventet endeligt tal" not in page.content.decode()
    assert DAYS[1] < TODAY
