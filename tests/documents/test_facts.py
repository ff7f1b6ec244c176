import datetime as dt
from pathlib import Path

import pytest

from tilsyn.documents.facts import CourseFacts, read_facts, to_toml
from tilsyn.errors import InputError
from tilsyn.records import build
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.words import LANGUAGES

WHOLE = """
date = 2022-05-16
reference = "22/00000"
addressee = "Jobcenterchefen, Hedensted Kommune"
follow_up = "2022-07..2022-09"
restore_by = "2023-01"
reply_by = 2022-06-15
contact = "kontoret"

[notice]
months = "2021-12..2022-02"
subjects = [{ measure = "conversations_6m", group = "Sygedagpenge" }]

[[earlier_letters]]
date = 2022-03-01
what = "orientering"
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "facts.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refused(tmp_path: Path, old: str, new: str) -> str:
    assert old in WHOLE
    with pytest.raises(InputError) as error:
        read_facts(written(tmp_path, WHOLE.replace(old, new)))
    assert "\n" not in str(error.value)
    assert "facts.toml" in str(error.value)
    return str(error.value)


def test_facts_are_read_with_months_deadlines_and_spellings(tmp_path: Path) -> None:
    facts = read_facts(written(tmp_path, WHOLE))
    assert facts.follow_up == MonthRange.parse("2022-07..2022-09")
    assert facts.restore_by == YearMonth(2023, 1)
    assert facts.notice is not None
    assert facts.notice.subjects[0].group == "sygedagpenge"
    assert facts.earlier_letters[0].date == dt.date(2022, 3, 1)


def test_a_deadline_may_be_a_day(tmp_path: Path) -> None:
    facts = read_facts(written(tmp_path, WHOLE.replace('"2023-01"', "2023-01-31")))
    assert facts.restore_by == dt.date(2023, 1, 31)


def test_facts_written_are_the_facts_read(tmp_path: Path) -> None:
    for text in (WHOLE, WHOLE.replace('"2023-01"', "2023-01-31"), WHOLE.split("[notice]")[0]):
        facts = read_facts(written(tmp_path, text))
        assert read_facts(written(tmp_path, to_toml(facts))) == facts


def test_an_unknown_key_names_the_nearest_known_one(tmp_path: Path) -> None:
    assert "did you mean 'reply_by'?" in refused(tmp_path, "reply_by", "replyby")
    message = refused(tmp_path, "months = ", "month_of = 1\nmonths = ")
    assert "notice, month_of" in message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('reference = "22/00000"', 'reference = ""', "reference"),
        ('"Jobcenterchefen, Hedensted Kommune"', '" , "', "addressee: nothing is said"),
        ("2022-07..2022-09", "2022-09..2022-07", "ends before it begins"),
        ("2022-07..2022-09", "2022-13", "no month 13"),
        ("2022-07..2022-09", "2022-02..2022-04", "follow_up begins before"),
        ('"2023-01"', '"2022-09"', "restore_by must lie after"),
        ('"2023-01"', "20230131", "write a month as text"),
        ("2022-06-15", "2022-05-15", "reply_by lies before"),
        ("2022-06-15", '"snart"', "reply_by"),
        ("2022-07..2022-09", "2022-03..2022-05", "follow_up lies before the letter of 2022-05-16"),
        (
            'follow_up = "2022-07..2022-09"\nrestore_by = "2023-01"',
            'restore_by = "2022-04"',
            "restore_by lies before the letter of 2022-05-16",
        ),
        (
            'follow_up = "2022-07..2022-09"\n',
            'next_follow_up = "2022-02..2022-04"\n',
            "next_follow_up lies before",
        ),
        ('contact = "kontoret"', "next_letter = 2022-05-15", "next_letter lies before"),
        ("2022-03-01", "2022-06-01", "earlier_letters"),
        ("Sygedagpenge", "Sygepenge", "is no known benefit group"),
        ("conversations_6m", "samtaler_6", "is no known measure"),
        ("date = 2022-05-16", "date = ", "TOML"),
        ('[{ measure = "conversations_6m", group = "Sygedagpenge" }]', "[]", "subjects"),
    ],
)
def test_each_wrong_fact_is_one_line_that_names_it(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert says in refused(tmp_path, old, new)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.toml: cannot be read"):
        read_facts(tmp_path / "nothing.toml")


def test_a_later_letter_tells_of_months_that_lay_ahead_of_the_notice() -> None:
    notice = {
        "date": dt.date(2022, 5, 16),
        "months": "2021-12..2022-02",
        "subjects": [{"measure": "conversations_6m", "group": "total"}],
    }
    asked = {"follow_up": "2022-07..2022-09", "restore_by": "2023-01", "notice": notice}
    later = build(CourseFacts, {"date": dt.date(2023, 2, 20), **asked}, file="f")
    assert later.restore_by == YearMonth(2023, 1)
    with pytest.raises(InputError, match="restore_by lies before the letter of 2023-02-20"):
        build(CourseFacts, {"date": dt.date(2023, 2, 20), "restore_by": "2023-01"}, file="f")


def test_what_is_wrong_is_told_in_words_on_a_page() -> None:
    with pytest.raises(InputError) as refusal:
        build(CourseFacts, {"date": dt.date(2022, 5, 15), "follow_up": "2021-07..2021-09"}, file="")
    assert {one: refusal.value.said(one) for one in LANGUAGES} == {
        "da": "»Opfølgning« (2021-07..2021-09) ligger før brevet af 15. maj 2022.",
        "en": "“Follow-up” (2021-07..2021-09) lies before the letter of 15 May 2022.",
    }


def test_facts_that_are_missing_are_named_by_key_and_in_words() -> None:
    with pytest.raises(
        InputError, match=r"the decision needs these facts: notice\.date, reply_by"
    ) as refusal:
        CourseFacts(date=dt.date(2022, 5, 15)).demand(("notice.date", "reply_by"), "the decision")
    assert refusal.value.said("da") == "Brevet mangler »Henvendelsen er sendt den«, »Svarfrist«."
    assert refusal.value.said("en") == "The letter lacks “The notice was sent on”, “Reply by”."
