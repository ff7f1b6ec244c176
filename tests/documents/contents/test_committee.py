import datetime as dt
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from tests.documents.ishoej import DECEMBER, marked, said, sample, tables
from tilsyn.documents.assistance import Assistance, read_assistance
from tilsyn.documents.contents.committee import GOALS, RESULT_GOAL, committee_report
from tilsyn.documents.letterhead import sample_letterhead
from tilsyn.documents.model import Document
from tilsyn.documents.production import stamp
from tilsyn.errors import InputError
from tilsyn.figures.reading import read_published
from tilsyn.rules import Finding, judge, shipped
from tilsyn.vocabulary import MUNICIPALITIES

SAMPLE = Path(str(files("tilsyn.samples"))) / "committee-2021-09"
DAY = dt.date(2021, 9, 1)
AT_RISK = {"Bornholm", "Lejre", "Samsø", "Slagelse", "Ærø"}


def found(name: str, day: dt.date) -> list[Finding]:
    known = sample(name, day)
    return [
        finding
        for rule in (*GOALS, RESULT_GOAL)
        for finding in judge(known, on=day, catalogue=shipped(), rule=rule)
    ]


def report(
    findings: Sequence[Finding] | None = None,
    *,
    on: dt.date = DAY,
    assistance: Assistance | None = None,
    language: str = "da",
    stated: bool = True,
) -> Document:
    findings = found("committee-2021-09", DAY) if findings is None else findings
    return committee_report(
        findings=findings,
        figures=sample("committee-2021-09", on),
        on=on,
        letterhead=sample_letterhead("ministry"),
        stamp=stamp(findings),
        assistance=assistance,
        language=language,
        anomalies=read_published(SAMPLE / "statements.csv").anomalies if stated else (),
    )


def test_it_tells_who_misses_what_and_who_is_at_risk_when() -> None:
    text = said(report())
    for fact in (
        "Den dækker juli 2020 til juni 2021.",
        "Seks kommuner lever ifølge opgørelsen ikke op til målet, heraf fem, der heller ikke lever op "
        "til resultatmålet. Fem er nævnt ved navn: Bornholm, Lejre, Samsø, Slagelse og Ærø. De fem "
        "kommuner er dermed i risiko for at komme i skærpet tilsyn i april 2022.",
        "30 kommuner lever ifølge opgørelsen ikke op til målet, heraf 16, der heller ikke lever op til "
        "resultatmålet. 15 er nævnt ved navn: Assens, Fanø, Fredericia,",
        "Samsø, Slagelse og Aalborg.",
        "suspenderet i 2021 og 2022. Ingen kommune er derfor i risiko",
        "ny opgørelse i november 2021",
    ):
        assert fact in text, fact


def test_every_statement_it_tells_of_stands_in_the_workbook_behind_it() -> None:
    behind = report().behind
    assert {
        MUNICIPALITIES[f.area].name for f in behind if f.measure == "conversations_12m"
    } >= AT_RISK
    assert {f.measure for f in behind} == {"conversations_12m", "offers_12m", "result_goal"}
    assert {f.area_kind for f in behind} == {"municipality"}


def test_where_all_are_named_the_names_are_counted() -> None:
    text = said(report(stated=False))
    assert (
        "Fem kommuner lever ifølge opgørelsen ikke op til målet: Bornholm, Lejre, Samsø, Slagelse og "
        "Ærø. Ingen af dem lever op til resultatmålet."
    ) in text
    assert "15 kommuner lever ifølge opgørelsen ikke op til målet: Assens" in text


def test_the_table_marks_those_at_risk_and_says_that_only_statements_are_known() -> None:
    (table,) = tables(report())
    assert marked(table) == AT_RISK
    assert len(table.rows) == 18
    cells = {row.head.text: [cell.text for cell in row.cells] for row in table.rows}
    assert cells["Samsø"] == ["ikke opfyldt"] * 3
    assert cells["Assens"] == ["–", "ikke opfyldt", "ikke opfyldt"]
    assert any("hvor langt kommunen er fra målet, er ikke oplyst" in n for n in table.notes)
    assert any(note.startswith("En tankestreg") for note in table.notes)


def test_names_stand_as_danish_sorts_them() -> None:
    names = [row.head.text for row in tables(report())[0].rows]
    assert names[0] == "Assens" and names[-2:] == ["Ærø", "Aalborg"]


def test_the_assistance_and_its_counts() -> None:
    given = read_assistance(SAMPLE / "assistance" / "assistance.csv", DAY)
    table = tables(report(assistance=given))[1]
    assert [cell.text for row in table.rows for cell in row.cells] == ["9", "1", "3", "3", "16"]
    assert table.notes[0].startswith("Tabellen omfatter 16 kommuner; i opgørelsen er 15 kommuner")
    whole = Assistance({"in_progress": 12, "undecided": 3}, "offers_12m", kinds=("data_analysis",))
    document = report(assistance=whole)
    assert tables(document)[1].notes == ()
    assert "Bistanden omfatter blandt andet dataanalyse." in said(document)


def test_without_assistance_it_says_so() -> None:
    assert "foreligger ikke oplysninger om, hvilken bistand" in said(report())


def test_distances_are_told_where_the_figures_are_known() -> None:
    document = report(found("ishoej-2023-11", DECEMBER), on=DECEMBER)
    (table,) = tables(document)
    assert [cell.text for cell in table.rows[0].cells] == ["2,2 over", "14,6 under", "ikke opfyldt"]
    text = said(document)
    assert "Én kommune lever ikke op til målet: Ishøj. Kommunen lever heller ikke op til" in text
    assert "Ingen af de kommuner, der er oplysninger om, ligger over grænsen." in text
    assert "skærpet tilsyn i april 2024" in text and "ny opgørelse i marts 2024" in text


def test_english() -> None:
    text = said(report(language="en"))
    assert (
        "Six municipalities are stated to miss the goal, of which five miss the result goal too. "
        "Five are named: Bornholm"
    ) in text
    assert "intensified supervision in April 2022" in text


def test_without_focus_goals_there_is_nothing_to_report() -> None:
    with pytest.raises(InputError, match="nothing is known of the focus goals"):
        report([])
