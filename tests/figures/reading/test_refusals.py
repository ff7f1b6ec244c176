import datetime as dt

import pytest

from tilsyn.errors import InputError
from tilsyn.figures.reading import read_published

DAY = dt.date(2023, 6, 1)
SHARE = "Ishøj\nAndel personer (6 mdr. på ydelse), som har fået afholdt færre end 4 samtaler\n"
COUNT = SHARE.replace("Andel", "Antal")
HEAD = "\tJan 2023\tFeb 2023\n"


def refusal(tmp_path, text, **options):
    file = tmp_path / "tabel.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_published(file, **{"published": DAY} | options)
    message = str(caught.value)
    assert message.startswith(str(file)), "every refusal names the file"
    assert "\n" not in message, "every refusal is one line"
    return message.removeprefix(str(file)).lstrip(", :")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SHARE + HEAD + "Kontanthjælp\t25\t30\nFleksjob\t1\t2\n", "line 5: 'Fleksjob' is no known"),
        (SHARE + HEAD + "Kontanthjælp\t25\t30\nKontantjælp\t1\t2\n", "is Kontanthjælp meant?"),
        (SHARE + "Jan 2023 Feb 2023\nKontanthjælp 25 30\nFleksjob 1 2\n", "line 5: 'Fleksjob'"),
        (SHARE + HEAD + "Fleksjob\t25\t30\n", "line 4: 'Fleksjob' is no known"),
        (SHARE + HEAD + "Kontanthjælp\t25\t101\n", "line 4, column 3 (Feb 2023): a share lies"),
        (SHARE + HEAD + "Kontanthjælp\t-1\t30\n", "line 4, column 2 (Jan 2023): a share lies"),
        (COUNT + HEAD + "Kontanthjælp\t-1\t30\n", "column 2 (Jan 2023): a count of persons is not"),
        (COUNT + HEAD + "Kontanthjælp\t5\t3.5\n", "column 3 (Feb 2023): a count of persons is a"),
        (COUNT + HEAD + f"Kontanthjælp\t5\t{'9' * 400}\n", "not a number that can be counted"),
        (COUNT + HEAD + "Kontanthjælp\t5\t2530353637\n", "more than there are in the country"),
        (SHARE + HEAD + "Kontanthjælp\t2S\t30\n", "column 2 (Jan 2023): '2S' is no number"),
        (SHARE + "Jan 2023 Feb 2023\nKontanthjælp 2S 30\n", "line 4, column 2: '2S' is no number"),
        (SHARE + HEAD + "Kontanthjælp\t25\t30\t35\n", "line 4, column 4: '35' stands under no"),
        (SHARE + "Jan 2023 Feb 2023\nKontanthjælp 25 30 35\n", "3 numbers under 2 column heads"),
        (SHARE + "Jan 2023 Feb 2023\nKontanthjælp 25\n", "1 numbers under 2 column heads"),
        (SHARE + "\tJan 2023\t2023M13\nKontanthjælp\t2\t3\n", "line 3, column 3: '2023M13' is no"),
        (SHARE + "2023M12 2023M13\nKontanthjælp 2 3\n", "line 3, column 3: '2023M13' is no month"),
        (SHARE + "\t2023M13\nKontanthjælp\t2\n", "line 3, column 2: '2023M13' is no month"),
        (SHARE + "\tJan 2023\tFeb 2023\tGns.\nKontanthjælp\t2\t3\t4\n", "column 4: 'Gns.' is no"),
        (SHARE + HEAD + "Kontanthjælp\t2\t3\n\t1\t2\n", "line 5: a row of numbers without a label"),
        (SHARE + HEAD + "Kontanthjælp\t2\t3\nKontanthjælp\t2\t4\n", "two values for the same cell"),
        (SHARE + HEAD + "Kontanthjælp\t0,25\t0,333\n", "shares look like fractions"),
        (SHARE + HEAD + "Jobparat\t2\t3\n", "line 4: which group does this visitation category"),
        (HEAD + "Kontanthjælp\t2\t3\n", "line 1: the table's title is missing"),
        (SHARE.replace("Ishøj\n", "") + HEAD + "Kontanthjælp\t2\t3\n", "--municipality Ishøj"),
        (SHARE.replace("6 mdr. ", "") + HEAD + "Kontanthjælp\t2\t3\n", "--seniority 6"),
        (SHARE.replace("samtaler", "gange") + HEAD + "Kontanthjælp\t2\t3\n", "neither 'samtaler'"),
        (
            SHARE.replace("afholdt færre end", "mindst") + HEAD + "Kontanthjælp\t2\t3\n",
            "the title does not say that the table is about those who did not get",
        ),
        (COUNT + "0 1 2 3 4 5+\nKontanthjælp 1 2 3 4 5 6\n", "the month of the counts by number"),
        (
            COUNT.replace("samtaler", "tilbud")
            + "Aug 2023\n0 1 2 3 4 5+\nKontanthjælp 1 2 3 4 5 6\n",
            "offers_6m has no category '2'; known are: 0, 1, 2+",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path, text, said):
    assert said in refusal(tmp_path, text)


def test_a_document_without_a_date_asks_for_it(tmp_path):
    text = SHARE + HEAD + "Kontanthjælp\t2\t3\n"
    assert "--published 2023-02-20" in refusal(tmp_path, text, published=None)
    assert "--published" in refusal(tmp_path, "Dato: 1. januar 2023\n" + text, published=None)


def test_options_that_mean_nothing_are_refused(tmp_path):
    with pytest.raises(InputError, match="--municipality: 'Atlantis'"):
        read_published(tmp_path / "x", municipality="Atlantis")
    with pytest.raises(InputError, match="--seniority: 9"):
        read_published(tmp_path / "x", seniority=9)


EARLY = "2023-05 had not ended on 2023-05-30, the day of publication"
ANSWER_LABELS = (
    "Antal personer",
    "Antal personer uden tilbud",
    "Andel personer uden tilbud",
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (SHARE + "\tApr 2023\tMaj 2023\nKontanthjælp\t25\t30\n", "line 4, column 3 (Maj 2023): "),
        (
            "municipality;measure;statistic;group;month;value\nIshøj;offers_6m;share;total;2023-05;20",
            "row 2: ",
        ),
        (
            "municipality;measure;statistic;group;month;value;quote\n"
            "Ishøj;conversations_12m;met;total;2023-05;1;ja",
            "row 2: ",
        ),
        ("measure,statistic,area,grp,month,value\noffers_6m,share,183,total,2023-05,20", "row 2: "),
        (
            f"Periode;Område;Ydelsesgrupper;{';'.join(ANSWER_LABELS)}\n"
            "2023M04;Ishøj;Sygedagpenge;20;4;20,0\n2023M05;Ishøj;Sygedagpenge;20;4;20,0\n",
            "row 2, column Antal personer: ",
        ),
        (
            '{"class": "dataset", "id": ["measure", "statistic", "area", "group", "month"],'
            '"size": [1, 1, 1, 1, 1], "value": [20], "dimension": {'
            '"measure": {"category": {"index": ["offers_6m"]}},'
            '"statistic": {"category": {"index": ["share"]}},'
            '"area": {"category": {"index": ["municipality:183"]}},'
            '"group": {"category": {"index": ["total"]}},'
            '"month": {"category": {"index": ["2023-05"]}}}}',
            "offers_6m, share, municipality:183, total, 2023-05: ",
        ),
    ],
    ids=["letter", "tidy", "statements", "figure table", "answer", "JSON-stat"],
)
def test_a_month_that_had_not_ended_is_refused_in_every_way_in(tmp_path, text, place):
    assert refusal(tmp_path, text, published=dt.date(2023, 5, 30)).startswith(place + EARLY)
    file = tmp_path / "tabel.txt"
    assert read_published(file, published=dt.date(2023, 5, 31)).figures.height


def test_a_foreign_json_stat_dataset_is_told_what_it_lacks(tmp_path):
    text = (
        '{"version": "2.0", "class": "dataset", "id": ["area", "time"], "size": [1, 2], "dimension":'
        '{"area": {"category": {"index": ["a"]}}, "time": {"category": {"index": ["2020", "2021"]}}},'
        '"value": [1, 2]}'
    )
    said = refusal(tmp_path, text)
    assert "it has no dimension measure, statistic, group or month (its dimensions are" in said
    assert "sound" not in said
