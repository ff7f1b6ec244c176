"""The notice where all benefit groups are judged together: an offer, and no demand."""

import datetime as dt

import polars as pl
import pytest

from tests.documents.hedensted import FACTS, Finding, Month, figures, letter
from tests.documents.ishoej import DECEMBER, ISHOEJ, marked, pooled, said, sample, tables
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.proposal import proposed
from tilsyn.errors import InputError
from tilsyn.rules import shipped
from tilsyn.vocabulary import MonthRange

COUNTS = ["20", "19", "15", "19", "41", "33"]
SHARES = ["23,3", "23,5", "20,5", "32,8", "45,1", "34,4"]


def test_the_facts_proposed_have_no_follow_up_and_name_all_groups_together() -> None:
    facts = proposed(sample("ishoej-2023-11", DECEMBER), ISHOEJ, DECEMBER, shipped())
    assert facts.follow_up is None and facts.restore_by is None
    assert facts.notice is not None
    assert facts.notice.months == MonthRange.parse("2023-03..2023-08")
    assert [(s.measure, s.group) for s in facts.notice.subjects] == [("conversations_6m", "total")]


def test_the_table_shows_six_months_and_marks_the_row_over_all_groups() -> None:
    (table,) = tables(pooled())
    assert marked(table) == {"Ydelsesgrupper i alt"}
    assert [cell.text for cell in table.rows[0].cells] == COUNTS + SHARES
    assert [cell.text for cell in table.rows[1].cells][:6] == [".", ".", ".", ".", "4", "4"]
    assert any(note.startswith("En tankestreg") for note in table.notes)


def test_it_states_the_criterion_and_offers_help_and_demands_nothing() -> None:
    text = said(pooled())
    for fact in (
        "hvert halve år",
        "i seks sammenhængende måneder ikke er opfyldt for mere end 20 pct. af borgerne. Alle",
        "mindst ti borgere",
        "23,3 pct., 23,5 pct., 20,5 pct., 32,8 pct., 45,1 pct. og 34,4 pct. af borgerne havde fået",
        "anledning til at tale om",
        "medfører normalt ikke krav om en redegørelse eller en genopretningsplan",
        "højst to henvendelser om året",
        "tilbyder at hjælpe Ishøj Kommune",
        "står til rådighed for et dialogmøde",
    ):
        assert fact in text, fact
    for absent in ("genoprettet", "frem til", "Hvad kommunen skal gøre", "{"):
        assert absent not in text


def test_months_to_look_at_next_are_said_where_they_are_known() -> None:
    facts = proposed(sample("ishoej-2023-11", DECEMBER), ISHOEJ, DECEMBER, shipped(), reference="1")
    known = CourseFacts.model_validate(facts.model_dump() | {"follow_up": "2023-09..2024-02"})
    assert "opgørelsesmånederne september 2023 til februar 2024" in said(pooled(facts=known))


def test_english() -> None:
    text = said(pooled(language="en"))
    assert "at most two such letters a year" in text and "All benefit groups" in text


def later(groups: list[str]) -> str:
    """A notice on figures measured after the requirement began to differ by group."""
    moved = figures().with_columns(pl.col("month").dt.offset_by("26mo"))
    months = MonthRange.parse("2024-02..2024-04")

    found = [Finding(grp, months=tuple(map(Month, months))) for grp in groups]
    facts = FACTS.model_copy(update={"date": dt.date(2024, 6, 1), "follow_up": None})
    return said(letter(findings=found, figures=moved, facts=facts))


def test_from_2024_the_requirement_is_worded_by_group() -> None:
    text = later(["total"])
    assert "fire samtaler (for a-dagpengemodtagere dog tre)" in text
    assert "de samtaler, der holdes i a-kassen" in text
    assert "af borgerne havde fået færre samtaler, end loven kræver" in text


def test_a_notice_on_groups_without_follow_up_months_is_refused() -> None:
    bare = FACTS.model_copy(update={"follow_up": None})
    with pytest.raises(InputError, match="the notice needs these facts: follow_up"):
        letter(facts=bare)
