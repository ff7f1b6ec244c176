import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from tests.documents.hedensted import FACTS, HEDENSTED, PUBLISHED, Finding, figures, letter
from tilsyn.documents.contents.early import RuleWording
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.model import Bullets, Document, Heading, Paragraph, Signature, Table
from tilsyn.errors import InputError, NoRuleError
from tilsyn.rules import Catalogue, judge, shipped
from tilsyn.vocabulary import YearMonth

OFFERS = """
total                140 126 149  27,1 25,5 27,1
a_dagpenge            88  77  90  34,6 28,6 41,2
kontanthjaelp         30  15  12  33,3 33,3 100
uddannelseshjaelp      8   -  14  50   -    71,4
overgangsydelse        0   .   4   .   .    25
"""
BOTH = pl.concat([figures(), figures(OFFERS, "offers_6m")])
THREE = [
    Finding("kontanthjaelp", measure="offers_6m"),
    Finding("a_dagpenge", measure="offers_6m"),
    Finding("sygedagpenge"),
]


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def text(document: Document) -> str:
    """The running text, with breaking spaces."""
    parts = []
    for block in document.blocks:
        if isinstance(block, Paragraph | Heading):
            parts.append(block.text)
        elif isinstance(block, Bullets):
            parts += block.items
    return "\n".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def marked(table: Table) -> set[str]:
    rows = (row for row in table.rows if row.head.mark == "breach")
    return {row.head.text for row in rows}


def facts(**changes: object) -> CourseFacts:
    return CourseFacts.model_validate(FACTS.model_dump() | changes)


def test_the_table_is_the_published_one_cell_for_cell() -> None:
    (table,) = tables(letter())
    printed = [[cell.text for cell in row.cells] for row in table.rows]
    for line, cells in zip(PUBLISHED.strip().splitlines(), printed, strict=True):
        raws = line.split()[1:]
        shares = [raw if "," in raw else f"{raw},0" for raw in raws[3:]]
        assert cells == raws[:3] + shares, line


def test_rows_stand_in_published_order_with_the_total_first() -> None:
    heads = [row.head.text for row in tables(letter())[0].rows]
    assert heads[:3] == ["Ydelsesgrupper i alt", "Sygedagpenge", "Ledighedsydelse"]
    assert [row.total for row in tables(letter())[0].rows] == [True] + [False] * 6


def test_only_what_the_judge_flagged_is_marked_every_cell_of_it() -> None:
    (table,) = tables(letter())
    assert marked(table) == {"Sygedagpenge"}
    for row in table.rows:
        assert {cell.mark for cell in row.cells} == {row.head.mark}
    assert "Rækker med rød, fed skrift: Sygedagpenge, hvor" in table.notes[0]


def test_the_judges_own_findings_make_the_letter() -> None:
    findings = judge(figures(), on=FACTS.date, catalogue=shipped(), municipality=HEDENSTED)
    assert marked(tables(letter(findings=findings))[0]) == {"Sygedagpenge"}


def test_the_wording_follows_the_rules_in_force() -> None:
    wording = RuleWording.of(shipped(), letter=FACTS.date, month=YearMonth(2022, 2))
    assert (wording.required("conversations_6m", "a_dagpenge"), wording.seniority) == (4, 6)
    assert not wording.pooled and wording.criterion.smallest_population_in == "every_month"
    assert wording.restoration is not None and not wording.restoration.met_at_threshold
    with pytest.raises(NoRuleError, match="early_effort"):
        RuleWording.of(shipped(), letter=dt.date(2019, 1, 1), month=YearMonth(2018, 10))


def test_the_letter_states_criterion_demand_deadline_and_what_follows() -> None:
    said = text(letter())
    for fact in (
        "fire samtaler",
        "i tre sammenhængende måneder",
        "mere end 20 pct.",
        "mindst ti borgere",
        "sygedagpengemodtagere i opgørelsesmånederne december 2021 til februar 2022",
        "23,5 pct., 29,2 pct. og 20,9 pct. havde fået færre end fire samtaler",
        "frem til januar 2023",
        "opgørelsesmånederne juli til september 2022",
        "under 20 pct., eller hvis færre end ti borgere",
        "ikke genoprettet i januar 2023",
        "skriftlig redegørelse",
        "genopretningsplan",
        "dialogmøde",
        "Jobcenterindblik på jobindsats.dk",
    ):
        assert fact in said, fact


def test_both_measures_and_several_groups_stand_in_one_letter() -> None:
    document = letter(findings=THREE, figures=BOTH)
    assert [marked(table) for table in tables(document)] == [
        {"Sygedagpenge"},
        {"A-dagpenge mv.", "Kontanthjælp"},
    ]
    said = text(document)
    assert "samtaler og tilbud" in document.title
    assert "fire samtaler og for visse ydelsesgrupper ét aktivt tilbud" in said
    assert "A-dagpengemodtagere: 34,6 pct., 28,6 pct. og 41,2 pct. havde ikke fået" in said
    assert "Det vurderes for hver ydelsesgruppe" in said
    assert "A-dagpenge mv. og Kontanthjælp, hvor" in tables(document)[1].notes[0]


def test_hidden_and_absent_cells_are_explained_only_where_they_stand() -> None:
    conversations, offers = tables(letter(findings=THREE, figures=BOTH))
    assert [note[:12] for note in conversations.notes[1:]] == ["Et punktum ("]
    assert [note[:14] for note in offers.notes[1:]] == ["Et punktum (.)", "En tankestreg "]
    assert [cell.text for cell in offers.rows[3].cells] == ["8", "–", "14", "50,0", "–", "71,4"]


def test_counts_go_before_printed_shares() -> None:
    counted = (
        figures()
        .filter((pl.col("grp") == "sygedagpenge") & (pl.col("statistic") == "population"))
        .with_columns(statistic=pl.lit("unmet"), value=pl.lit(9.0))
    )
    row = tables(letter(figures=pl.concat([figures(), counted])))[0].rows[1]
    assert [cell.text for cell in row.cells[3:]] == ["26,5", "37,5", "14,1"]


def test_every_wanting_figure_is_listed_before_anything_is_written() -> None:
    holed = figures().with_columns(
        value=pl.when((pl.col("grp") == "sygedagpenge") & (pl.col("statistic") == "share"))
        .then(None)
        .otherwise(pl.col("value"))
    )
    with pytest.raises(InputError, match=r"wanting: .*2021-12.*; .*2022-01.*; .*2022-02"):
        letter(figures=holed)


def test_without_a_flagged_finding_there_is_no_notice() -> None:
    near = Finding("sygedagpenge", verdict="near_line")
    elsewhere = Finding("sygedagpenge", municipality="183")
    with pytest.raises(InputError, match="Hedensted: no finding is flagged"):
        letter(findings=[near, elsewhere])


def test_findings_of_different_rules_do_not_mix() -> None:
    other = Finding("kontanthjaelp", threshold=Decimal(30))
    with pytest.raises(InputError, match="do not rest on the same months"):
        letter(findings=[Finding("sygedagpenge"), other])


def test_facts_that_name_another_group_stop_the_letter() -> None:
    stated = {
        "months": "2021-12..2022-02",
        "subjects": [{"measure": "conversations_6m", "group": "kontanthjaelp"}],
    }
    with pytest.raises(InputError, match=r"only in the facts: kontanthjaelp .*only found: syge"):
        letter(facts=facts(notice=stated))


def test_facts_that_name_other_months_stop_the_letter() -> None:
    stated = {
        "months": "2021-11..2022-01",
        "subjects": [{"measure": "conversations_6m", "group": "sygedagpenge"}],
    }
    with pytest.raises(InputError, match=r"2021-11\.\.2022-01.*2021-12\.\.2022-02"):
        letter(facts=facts(notice=stated))


def test_optional_facts_are_said_when_known_and_leave_no_hole_when_not() -> None:
    known = facts(
        reply_by=dt.date(2022, 6, 15),
        contact="kontorets postkasse",
        earlier_letters=[{"date": dt.date(2022, 3, 1), "what": "orientering"}],
    )
    said = text(letter(facts=known))
    assert "senest den 15. juni 2022" in said
    assert "rettes til kontorets postkasse." in said
    assert "tidligere skrevet til kommunen: orientering af 1. marts 2022." in said
    silent = text(letter())
    for absent in ("15. juni", "Spørgsmål", "tidligere", "None", "  "):
        assert absent not in silent


def with_rules(**criteria: dict[str, object]) -> Catalogue:
    """The shipped rules with another criterion in every version of some of them."""
    changed = []
    for code, update in criteria.items():
        rule = shipped()[code]
        versions = tuple(
            v.model_copy(update={"criterion": v.criterion.model_copy(update=update)})
            for v in rule.version
        )
        changed.append(rule.model_copy(update={"version": versions}))
    return Catalogue([*shipped(), *changed])


def test_a_rule_without_smallest_population_says_nothing_of_it() -> None:
    none: dict[str, object] = {"smallest_population": None}
    catalogue = with_rules(early_effort=none, early_effort_follow_up=none)
    finding = Finding("sygedagpenge", smallest_population=None)
    said = text(letter(findings=[finding], catalogue=catalogue))
    assert "fire samtaler" in said and "mindst ti" not in said and "færre end ti" not in said


def test_exactly_at_the_threshold_follows_the_rule() -> None:
    lenient = with_rules(early_effort_follow_up={"met_at_threshold": True})
    assert "ikke er over 20 pct." in text(letter(catalogue=lenient))


def test_a_deadline_is_a_month_or_a_day() -> None:
    day = text(letter(facts=facts(restore_by=dt.date(2023, 1, 31))))
    assert "Hedensted Kommune har frem til den 31. januar 2023 til at få" in day
    assert "ikke genoprettet senest den 31. januar 2023, vil vi" in day


def test_the_letter_is_signed_by_a_role_never_by_a_name() -> None:
    signature = letter().blocks[-1]
    assert signature == Signature(
        "Med venlig hilsen", ("Arbejdsmarkedschef", "Arbejdsmarkedskontor Midt-Nord")
    )


def test_the_english_letter_says_the_same_in_english() -> None:
    document = letter(language="en")
    said = text(document)
    assert document.locale == "en-GB"
    assert "recipients of sickness benefit in the measurement months December 2021" in said
    assert "23.5%, 29.2% and 20.9% had received fewer than four conversations" in said
    assert [cell.text for cell in tables(document)[0].rows[0].cells][3:] == ["27.1", "25.5", "27.1"]


def test_the_footer_says_what_the_letter_was_made_from() -> None:
    footer = letter().footer
    assert "hedensted-2022-05" in footer and "early_effort_a" in footer and "tilsyn 0.1.0" in footer
