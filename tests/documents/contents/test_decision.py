import datetime as dt

import pytest

from tests.documents.ishoej import COURSE, follow_up, marked, said, tables, written
from tilsyn.documents.facts import CourseFacts
from tilsyn.errors import InputError

OFFERS = """
A-dagpenge mv.                              34,6 28,6 41,2
Kontanthjælp                                69,2 75,0 20,0
Uddannelseshjælp                            33,3 .    20,0
"""
CONVERSATIONS = """
Ydelsesgrupper i alt                        45,6 34,4 45,2
A-dagpenge mv.                              3,8  7,1  .
Revalidering inkl. forrevalidering          0,0  0,0  0,0
Sygedagpenge                                45,5 52,6 50,0
Ledighedsydelse                             50,0 50,0 75,0
Ressourceforløb                             50,0 0,0  100,0
Jobafklaringsforløb                         100,0 80,0 100,0
Kontanthjælp                                84,6 60,0 80,0
Uddannelseshjælp                            66,7 .    42,9
Overgangsydelsesmodtagere uden for program  100,0 100,0 100,0
"""
LOWER = {"conversations_6m__sygedagpenge": {"2022-10": 15.0}}
BOTH_LOWER = {**LOWER, "offers_6m__a_dagpenge": {"2022-11": 19.9}}


def facts(**changes: object) -> CourseFacts:
    return CourseFacts.model_validate(COURSE.model_dump() | changes)


@pytest.mark.parametrize(("number", "published"), [(0, CONVERSATIONS), (1, OFFERS)])
def test_the_tables_are_the_published_ones_cell_for_cell(number: int, published: str) -> None:
    table = tables(written("decision"))[number]
    lines = [line.split() for line in published.strip().splitlines()]
    assert [(row.head.text, [cell.text for cell in row.cells]) for row in table.rows] == [
        (" ".join(words[:-3]), words[-3:]) for words in lines
    ]


def test_only_what_the_notice_was_about_and_is_not_restored_is_marked() -> None:
    conversations, offers = tables(written("decision"))
    assert (marked(conversations), marked(offers)) == ({"Sygedagpenge"}, {"A-dagpenge mv."})
    for row in (*conversations.rows, *offers.rows):
        assert {cell.mark for cell in row.cells} == {row.head.mark}
    assert conversations.notes[0].startswith("Rækker med rød, fed skrift: Sygedagpenge, hvor")


def test_the_letter_states_grounds_demand_and_what_follows() -> None:
    text = said(written("decision"))
    for fact in (
        "Den tidlige indsats i Ishøj Kommune er ikke genoprettet",
        "den 29. august 2022 til Ishøj Kommune",
        "En opgørelse for marts til maj 2022 viste, at mere end 20 pct. af borgerne i hver af de tre",
        "sygedagpengemodtagere, der havde fået færre end fire samtaler",
        "a-dagpengemodtagere, der ikke havde fået et aktivt tilbud",
        "fire samtaler og for visse ydelsesgrupper ét aktivt tilbud",
        "opgørelsesmånederne september til november 2022",
        "Sygedagpengemodtagere: 45,5 pct., 52,6 pct. og 50,0 pct. havde fået færre end fire samtaler",
        "A-dagpengemodtagere: 34,6 pct., 28,6 pct. og 41,2 pct. havde ikke fået et aktivt tilbud",
        "redegørelse for årsagerne",
        "samtaler med sygedagpengemodtagere og tilbud til a-dagpengemodtagere",
        "højst løbe i seks måneder",
        "målgrupper, som planen omfatter",
        "beskrivelse af konkrete initiativer",
        "mål og milepæle for genopretningen",
        "plan for politisk og ledelsesmæssig opfølgning",
        "senest den 7. marts 2023",
        "opgørelsesmånederne marts til maj 2023 og vender tilbage i august 2023",
        "mindst én af de tre måneder er under 20 pct., eller hvis færre end ti borgere",
        "kan borgmesteren blive indkaldt til et møde med beskæftigelsesministeren",
    ):
        assert fact in text, fact
    assert "kontanthjælpsmodtagere" not in text and "afsluttet" not in text


def test_a_restored_course_has_ended_and_says_by_which_month_and_figure() -> None:
    document = written("decision", follow_up(**BOTH_LOWER))
    text = said(document)
    assert "Ishøj Kommune er genoprettet" in document.title.replace("\N{NO-BREAK SPACE}", " ")
    assert "i oktober 2022 var det 15,0 pct., der havde fået færre end fire samtaler" in text
    assert "i november 2022 var det 19,9 pct., der ikke havde fået et aktivt tilbud" in text
    assert "begyndte med vores henvendelse den 29. august 2022, er hermed afsluttet" in text
    assert [marked(table) for table in tables(document)] == [set(), set()]
    for absent in ("redegørelse", "genopretningsplan", "borgmesteren", "Rødt og fed"):
        assert absent not in text


def test_a_restored_course_needs_no_facts_about_a_plan() -> None:
    bare = facts(reply_by=None, next_follow_up=None, next_letter=None)
    assert "afsluttet" in said(written("decision", follow_up(**BOTH_LOWER), facts=bare))
    with pytest.raises(InputError, match="these facts: reply_by, next_follow_up"):
        written("decision", facts=bare)


def test_one_group_restored_and_one_not_stand_in_one_letter() -> None:
    document = written("decision", follow_up(**LOWER))
    text = said(document)
    assert "kun delvis genoprettet" in text
    assert "Indsatsen er ikke genoprettet for:\nA-dagpengemodtagere: 34,6 pct." in text
    assert "Indsatsen er genoprettet for:\nSygedagpengemodtagere: i oktober 2022" in text
    assert "genopretningsplan for tilbud til a-dagpengemodtagere." in text
    assert [marked(table) for table in tables(document)] == [set(), {"A-dagpenge mv."}]


def test_after_a_plan_the_last_step_is_told_and_no_new_plan_demanded() -> None:
    earlier = {
        "date": dt.date(2022, 12, 1),
        "subjects": [{"measure": "offers_6m", "group": "a_dagpenge"}],
    }
    document = written(
        "decision", facts=facts(decision=earlier, reply_by=None, next_follow_up=None)
    )
    text = said(document)
    assert "Den 1. december 2022 skrev vi til kommunen" in text
    assert "heller ikke genoprettet efter genopretningsplanen" in text
    assert "Redegørelse og genopretningsplan" not in text
    assert len(tables(document)) == 1


def test_too_few_persons_restore_and_the_letter_says_so() -> None:
    import polars as pl

    from tests.documents.ishoej import ISHOEJ
    from tilsyn.figures.table import Figure, table

    few = Figure(
        "conversations_6m", "population", "municipality", ISHOEJ, "sygedagpenge", "", "",
        dt.date(2022, 10, 1), 8.0, "value", "published", "ishoej-2023-02", dt.date(2023, 2, 20),
    )  # fmt: skip
    text = said(written("decision", pl.concat([follow_up(), table([few])])))
    assert "Sygedagpengemodtagere: i oktober 2022 var der færre end ti, der nåede seks" in text


def test_a_month_without_its_share_leaves_the_matter_open_and_is_named() -> None:
    holed = follow_up().filter(
        ~((follow_up()["grp"] == "a_dagpenge") & (follow_up()["month"] == dt.date(2022, 11, 1)))
    )
    with pytest.raises(InputError, match=r"wanting: A-dagpenge mv\. 2022-11 \(offers_6m share\)"):
        written("decision", holed)


def test_missing_facts_are_listed() -> None:
    with pytest.raises(InputError, match=r"needs these facts: reference, notice, notice\.date"):
        written(
            "decision", facts=CourseFacts(date=dt.date(2022, 8, 29), follow_up=COURSE.follow_up)
        )


def test_the_english_decision_says_the_same() -> None:
    text = said(written("decision", language="en"))
    assert "recipients of sickness benefit: 45.5%, 52.6% and 50.0% had received" in text.lower()
    assert "by 7 March 2023" in text and "in August 2023" in text
