"""From the server to a release: windows, resumption, what is missing, and what moved."""

import datetime as dt

import polars as pl
import pytest

from tests.figures.jobindsats.playback import KEY, MONTHS, send
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.jobindsats.archive import Archive
from tilsyn.figures.jobindsats.fetching import Wanted, fetch, supervisory
from tilsyn.figures.jobindsats.settings import shipped
from tilsyn.vocabulary import MonthRange


@pytest.fixture
def command(tilsyn, playback, tmp_path, monkeypatch):
    """The command against the playback server, in a folder of its own."""
    monkeypatch.setenv("TILSYN_JOBINDSATS_URL", playback.url)
    monkeypatch.setenv("TILSYN_JOBINDSATS_TOKEN", KEY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: tilsyn("jobindsats", *arguments)


def cell(frame, area, group, month, statistic="unmet"):
    (row,) = frame.filter(
        (pl.col("area") == area)
        & (pl.col("grp") == group)
        & (pl.col("month") == month)
        & (pl.col("statistic") == statistic)
    ).rows(named=True)
    return row["value"], row["status"]


def fetched(connection, tmp_path, measure, **wanted):
    (found,) = supervisory(connection, shipped(), [measure])
    readings, left_out = fetch(connection, found, Wanted("r", **wanted), Archive(tmp_path))
    return pl.concat([reading.figures for reading in readings]), left_out


def test_missing_numbers_keep_their_reasons(connection, playback, tmp_path):
    frame, left_out = fetched(connection, tmp_path, "conversations_12m", latest=2)
    may, june = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
    assert cell(frame, "101", "total", may)[1] == "value"
    # group 4: a share beside a hidden count; group 5: neither; group 3 in June: not matured
    assert cell(frame, "101", "ledighedsydelse", may) == (None, "suppressed")
    assert cell(frame, "101", "ledighedsydelse", may, "share")[1] == "value"
    assert cell(frame, "101", "ressourceforloeb", may) == (None, "suppressed")
    assert cell(frame, "101", "ressourceforloeb", may, "share") == (None, "suppressed")
    assert cell(frame, "101", "ressourceforloeb", june) == (None, "not_available")
    assert cell(frame, "101", "sygedagpenge", june, "share") == (None, "not_available")
    assert cell(frame, "101", "sygedagpenge", june, "population")[1] == "value"
    assert set(frame["area_kind"]) == {"country", "municipality"}
    assert frame.filter(pl.col("area_kind") == "municipality")["area"].n_unique() == 98
    assert [a.da for a in left_out] == ["16 rækker om området »Uoplyst område« er ikke læst."]
    assert set(frame["published"]) == {dt.date(2026, 7, 26)}


def test_an_area_that_is_missing_from_an_answer_is_reported(connection, playback, tmp_path):
    playback.absent = {("Læsø", "2026M05"), ("Læsø", "2026M06"), ("Ærø", "2026M06")}
    frame, left_out = fetched(connection, tmp_path, "conversations_12m", latest=2)
    assert frame.filter(pl.col("area") == "825").is_empty()
    assert [one.da for one in left_out][1:] == [
        "Området »Ærø« mangler i svaret for 2026-06.",
        "Området »Læsø« mangler i svaret for alle måneder.",
    ]


def test_a_rolling_year_stands_under_its_last_month(connection, tmp_path):
    frame, _ = fetched(connection, tmp_path, "result_goal", latest=1)
    assert cell(frame, "183", "sygedagpenge_mv", dt.date(2026, 3, 1), "actual_share") == (
        21.3,
        "value",
    )


def test_never_more_periods_are_asked_for_than_there_are(connection, playback, tmp_path):
    fetched(connection, tmp_path, "offers_6m", latest=400)
    asked = [id for call in playback.data_calls() for id in call["period.M"].split(",")]
    assert asked == MONTHS


def test_only_the_months_asked_for(connection, playback, tmp_path):
    span = MonthRange.parse("2026-02..2026-03")
    frame, _ = fetched(connection, tmp_path, "conversations_6m", months=span)
    assert set(frame["month"]) == {dt.date(2026, 2, 1), dt.date(2026, 3, 1)}
    with pytest.raises(InputError, match="it has 2026M01 to 2026M06"):
        fetched(connection, tmp_path, "conversations_6m", months=MonthRange.parse("2019-01"))


def test_wide_tables_are_asked_for_in_small_windows(connection, playback, tmp_path, monkeypatch):
    monkeypatch.setattr("tilsyn.figures.jobindsats.calls.MOST_CELLS", 7000)
    whole, _ = fetched(connection, tmp_path / "a", "conversations_12m")
    # A call that a busy machine lets time out is made again.
    asked = dict.fromkeys(call["period.M"] for call in playback.data_calls())
    assert [periods.count(",") for periods in asked] == [1, 1, 1]
    playback.calls.clear()
    monkeypatch.setattr("tilsyn.figures.jobindsats.calls.MOST_CELLS", 1300)
    fetched(connection, tmp_path / "b", "conversations_12m", latest=1)
    areas = [call["hierarchy._nykom"] for call in playback.data_calls()]
    assert len(areas) == 2
    assert areas[0].startswith("/0/,/1/,")
    assert len(",".join(areas).split(",")) == 100
    assert whole.height == 6 * 99 * 8 * 3


def test_an_interrupted_fetch_goes_on_where_it_stopped(command, playback, monkeypatch):
    monkeypatch.setattr("tilsyn.figures.jobindsats.calls.MOST_CELLS", 2500)
    ok = playback.data
    playback.failures = [lambda h: ok(h, "y30s12", playback.data_calls()[-1])] * 2
    playback.failures += [lambda h: send(h, {"cause": "no"}, 400)]
    arguments = ("fetch", "--measure", "conversations_12m", "--latest", "4", "--into", "r")
    first = command(*arguments)
    assert (first.code, len(playback.data_calls())) == (3, 3)
    assert "400: no" in first.err
    second = command(*arguments)
    assert second.code == 0, second.err
    assert len(playback.data_calls()) == 5
    assert "2 answers were kept from before, 2 asked for" in second.err


def test_a_damaged_answer_is_asked_for_again(connection, playback, tmp_path):
    fetched(connection, tmp_path, "offers_6m", latest=1)
    (file,) = (tmp_path / "y30t06").iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    fetched(connection, tmp_path, "offers_6m", latest=1)
    assert len(playback.data_calls()) == 2


def test_an_answer_from_before_an_update_is_not_used_again(connection, playback, tmp_path):
    fetched(connection, tmp_path, "offers_6m", latest=1)
    playback.updated = "2026-08-27"
    frame, _ = fetched(connection, tmp_path, "offers_6m", latest=1)
    assert len(playback.data_calls()) == 2
    assert set(frame["published"]) == {dt.date(2026, 8, 27)}


def test_fetch_makes_a_release_with_the_hashes_of_the_raw_answers(command, tmp_path):
    ended = command("fetch", "--latest", "1", "--into", "releases/july")
    assert ended.code == 0, ended.err
    assert "releases/july: 10098 figures, published 2026-07-26" in ended.out
    assert "Uoplyst område" in ended.err
    assert KEY not in ended.out + ended.err
    made = releases.read(tmp_path / "releases" / "july")
    kept = {file.name for file in (tmp_path / "cache").rglob("*.json")}
    assert {source.name for source in made.sources} == kept
    assert len(kept) == 5
    assert [t["id"] for t in made.extra["jobindsats"]["tables"]] == [
        "y30s12",
        "y30t12",
        "y30s06",
        "y30t06",
        "y30r21",
    ]
    assert set(made.printed["raw"]) >= {"null", "21.3"}
    assert KEY not in (tmp_path / "releases" / "july" / "manifest.toml").read_text(encoding="utf-8")


def test_watch_fetches_what_was_updated_and_nothing_else(command, playback, tmp_path):
    watch = ("watch", "--into", "releases", "--latest", "1", "--measure", "offers_6m")
    assert command(*watch).code == 0
    calls = len(playback.data_calls())
    again = command(*watch)
    assert "Nothing new" in again.out
    assert len(playback.data_calls()) == calls
    playback.updated = "2026-08-27"
    assert command(*watch).code == 0
    names = [folder.name for folder in releases.releases(tmp_path / "releases")]
    assert names == ["jobindsats-2026-07-26", "jobindsats-2026-08-27"]


def test_watch_remembers_nothing_of_a_fetch_that_failed(command, playback, tmp_path):
    playback.failures = [lambda h: send(h, {"cause": "no"}, 400)]
    watch = ("watch", "--into", "releases", "--latest", "1", "--measure", "offers_6m")
    assert command(*watch).code == 3
    assert not (tmp_path / "releases").exists()
    assert command(*watch).code == 0


def test_a_damaged_state_is_named(command, tmp_path):
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / ".jobindsats.json").write_text('{"tables": 7}', encoding="utf-8")
    ended = command("watch", "--into", "releases")
    assert ended.code == 3
    assert "remove it to fetch every table anew" in ended.err


def test_a_table_renamed_is_an_error_that_names_the_nearest(command, playback):
    playback.names["y30s12"] = "Kontakt med langtidsledige"
    ended = command("fetch", "--measure", "conversations_12m", "--into", "r")
    assert ended.code == 3
    assert "no table under subject 1815 is" in ended.err.replace("\n", " ")
    assert "y30s06 'Samtaler til personer med 6 mdr. anciennitet'" in ended.err


def test_two_tables_that_fit_are_both_named(command, playback):
    playback.names["y30x99"] = "Samtaler til langvarige sager"
    ended = command("fetch", "--measure", "conversations_12m", "--into", "r")
    assert ended.code == 3
    assert "2 tables fit" in ended.err


def test_a_column_renamed_is_an_error_that_names_the_columns(command, playback, monkeypatch):
    monkeypatch.setitem(
        __import__("tests.figures.jobindsats.playback", fromlist=["MEASURES"]).MEASURES,
        "y30s12",
        ["Personer", "Færre", "Andel"],
    )
    ended = command("fetch", "--measure", "conversations_12m", "--into", "r", "--latest", "1")
    assert ended.code == 3
    assert "no column for conversations_12m population" in ended.err
    assert "Periode, Område, Ydelsesgrupper, Personer, Færre, Andel" in ended.err


def test_an_error_page_instead_of_data(command, playback):
    playback.failures = [lambda h: send(h, "<html><body>Vi arbejder på sagen</body></html>")]
    ended = command("fetch", "--measure", "offers_6m", "--into", "r")
    assert ended.code == 3
    assert "a web page, not data" in ended.err


def test_own_settings_replace_the_shipped_ones(command, playback, own_data):
    own_data({
        "tables/supervision.toml": 'subject = 1815\n[[table]]\nmeasure = "durations"\nid = "Y30X99"\n'
        'group = []\n[table.statistics]\npopulation = ["Antal"]\n'
    })  # fmt: skip
    ended = command("tables", "--format", "json")
    assert {row["table"]: row["measure"] for row in ended.json}["y30x99"] == "durations"
    own_data({"tables/supervision.toml": 'subject = 1815\n[[table]]\nmeasur = "x"\n'})
    ended = command("tables")
    assert ended.code == 3
    assert "did you mean 'measure'" in ended.err


def test_describe_shows_periods_columns_and_divisions(command):
    ended = command("describe", "y30s12")
    assert "periods M: 2026M01 to 2026M06 (6)" in ended.out
    assert "column: Antal personer med færre end 4 samtaler" in ended.out
    assert "divided by _nykom: Hele landet, København" in ended.out
    assert command("describe", "y30s12", "--format", "json").json["table_id"] == "y30s12"
    assert command("describe", "../../etc").code == 3
    assert command("describe", "y99z99").code == 3
