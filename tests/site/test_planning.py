"""Outlook and plan: a municipality's own installation tells of its own register, and nobody else's does."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.site.browsing import PHONE, Person
from tests.site.conftest import HEDENSTED, TODAY
from tilsyn.cases import outlooks, trials
from tilsyn.register.store import open_store
from tilsyn.site import own_register
from tilsyn.vocabulary import wording

PAGE = "/planning/"


def text(client, address=PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_is_not_there_in_the_authority_s_installation(installation, settings, store):
    settings.REGISTER = str(store)
    assert installation.client("municipality").get(PAGE).status_code == 404


@pytest.mark.parametrize("who", ["officer", "head", "administrator"])
def test_the_authority_s_people_never_see_it(own, who):
    assert own.client(who).get(PAGE).status_code == 403


def test_the_outlook_is_shown_with_its_numbers_and_its_picture(own):
    page = text(own.client("municipality"))
    ahead = outlooks.ahead(HEDENSTED, TODAY)
    assert ahead is not None and ahead.on <= TODAY
    assert (
        "Udsigt og plan" in page
        and "juni 2022" in page
        and '<img src="/planning/chart.svg?' in page
    )
    lines = ahead.lines(ahead.months[0])
    shown = page[: page.index('id="course"')]
    assert shown.count('<th scope="row">') == len(lines) > 0


def test_no_pseudonym_is_on_the_page_nor_in_what_is_kept(own, settings, store):
    page = text(own.client("municipality"))
    kept = next((settings.DATA_DIR / "derived" / "outlooks").glob("[!.]*")).read_text()
    persons = [p for part in open_store(store).parts for p in part.persons.to_pylist()]
    assert len(persons) > 100
    assert not [person for person in persons if person in page or person in kept]


def test_the_outlook_is_made_once_a_day_and_content(own, settings, monkeypatch):
    outlooks.prepare(TODAY)
    assert [f.suffix for f in (settings.DATA_DIR / "derived" / "outlooks").glob("[!.]*")]
    monkeypatch.setattr(outlooks, "_made", lambda *_: pytest.fail("made again"))
    text(own.client("municipality"))
    text(own.client("municipal administrator"), f"{PAGE}?month=2022-09")
    with pytest.raises(pytest.fail.Exception, match="made again"):
        outlooks.ahead(HEDENSTED, TODAY + dt.timedelta(days=1))


def test_how_good_earlier_outlooks_were_stands_by_the_verdicts(own, monkeypatch):
    monkeypatch.setattr(own_register, "UNLIKELY", 0)
    client, ahead = own.client("municipality"), outlooks.ahead(HEDENSTED, TODAY)
    assert "kun et fingerpeg" in text(client) and trials.trials(ahead) is None
    trials.prepare([ahead])
    found = trials.trials(ahead)
    assert found.count > 0 and 0 < found.covered <= 1 and 0 < found.near < 100
    page = text(client)
    assert f"i {wording.percent(100 * found.covered, 'da', 0)} af tilfældene" in page
    assert f"gennemsnit {wording.number(found.near, 'da', 1)} procentpoint ved siden af" in page
    monkeypatch.setattr(trials, "_tried", lambda *_: pytest.fail("tried again"))
    trials.prepare([ahead])
    loaded_anew = ahead.model_copy(update={"content": "0" * 64})
    assert trials.trials(loaded_anew) is None


def test_a_register_too_short_to_be_tried_is_said_to_be_so(own, monkeypatch):
    monkeypatch.setattr(own_register, "UNLIKELY", 0)
    nothing = trials.Trials(count=0, covered=0, near=None, far=None)
    monkeypatch.setattr(trials, "trials", lambda _: nothing)
    assert "går ikke langt nok tilbage" in text(own.client("municipality"))


def test_a_measure_and_group_may_be_chosen_and_nonsense_is_as_usual(own):
    client = own.client("municipality")
    page = text(client, f"{PAGE}?measure=offers_12m&group=total")
    assert re.search(r'<h2 id="course">[^<]*[Tt]ilbud', page)
    assert text(client, f"{PAGE}?measure=x&group=y&month=z").count('id="course"') == 1


def test_the_verdicts_stand_by_month_with_their_probability(own, monkeypatch):
    client, ahead = own.client("municipality"), outlooks.ahead(HEDENSTED, TODAY)
    assert ahead is not None and {one.verdict for one in ahead.verdicts} >= {"flagged", "missed"}
    assert all(0 <= one.probability <= 1 for one in ahead.verdicts)
    by_month = [one for one in ahead.verdicts if one.verdict != "restored"]

    def rows(page):
        return page[page.index('id="verdicts"') :].count('<th scope="row">')

    likely = {_key(one) for one in by_month if one.probability >= own_register.UNLIKELY}
    assert rows(text(client)) == len(likely)
    monkeypatch.setattr(own_register, "UNLIKELY", 0)
    assert rows(page := text(client)) == len({_key(one) for one in by_month}) > len(likely)
    sure = by_month[0].model_copy(update={"probability": 0.876})
    monkeypatch.setattr(own_register, "UNLIKELY", 0.01)
    surer = ahead.model_copy(update={"verdicts": (sure,)})
    monkeypatch.setattr(outlooks, "ahead", lambda *_: surer)
    page = text(client)
    assert rows(page) == 1 and f'over">{wording.percent(87.6, "da", 0)}<' in page


def _key(one):
    return (one.rule, one.verdict, one.measure, one.group)


def test_it_speaks_english_too(own):
    client = own.client("municipality")
    client.cookies["django_language"] = "en"
    assert "If nothing more is done" in text(client)


def test_without_a_register_the_pages_say_what_is_missing(own, settings):
    settings.REGISTER = ""
    client = own.client("municipality")
    assert "REGISTER" in text(client)
    assert "Der er endnu ikke indlæst et register" in text(client, "/home/")


def test_a_register_that_cannot_be_read_is_said_not_hidden(own, settings, tmp_path):
    settings.REGISTER = str(tmp_path / "gone")
    client = own.client("municipality")
    assert "kan ikke læses" in text(client) and "kan ikke læses" in text(client, "/home/")


def test_a_municipality_the_register_does_not_know_has_nobody(own):
    assert "har ingen borgere fra" in text(own.client("neighbour"))


def test_a_register_that_is_behind_is_said_to_be(own, settings):
    settings.TODAY = dt.date(2022, 7, 20)
    page = text(own.client("municipality"))
    assert "Indlæs det igen" in page


def test_the_home_page_tells_what_is_missing(own):
    page = text(own.client("municipality"), "/home/")
    ahead = outlooks.ahead(HEDENSTED, TODAY)
    assert ahead is not None
    by_month = [[c for c in ahead.lines(m) if c.holds and c.persons] for m in ahead.months]
    nearest = next(missing for missing in by_month if missing)
    assert page.count("#course") == len(nearest)
    assert "Registret er kendt til og med" in page


def test_the_pages_are_usable_by_all_and_on_a_phone(server, own, browser):
    person = Person(browser, server.url, own.people["municipality"], size=PHONE)
    for address in (PAGE, "/home/"):
        assert person.open(address).status == 200
        assert not person.complaints()
        assert person.overflow() <= 0
