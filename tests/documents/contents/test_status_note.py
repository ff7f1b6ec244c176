import datetime as dt
from dataclasses import replace
from itertools import groupby

import polars as pl
import pytest

from tests.documents.ishoej_2023 import (
    ISHOEJ,
    SAMPLES,
    changed,
    full,
    note,
    one,
    pictures,
    published,
    tables,
    text,
)
from tilsyn.documents.contents.status_note_case import plan
from tilsyn.documents.renderers import render
from tilsyn.errors import InputError
from tilsyn.figures import table
from tilsyn.vocabulary import GROUPS, MEASURES, ROWS, VISITATION, YearMonth

PUBLISHED = published("ishoej-2023-11")
TOTAL = pl.col("grp") == "total"


def cell(measure: str, statistic: str, month: str | None = None) -> pl.Expr:
    chosen = (pl.col("measure") == measure) & (pl.col("statistic") == statistic)
    chosen &= (pl.col("visitation") == "") & (pl.col("category") == "")
    return chosen if month is None else chosen & (pl.col("month") == YearMonth.parse(month).first)


def test_every_table_is_the_seeds_cell_for_cell() -> None:
    """Each printed cell of the published note stands in the note's table of the same figure."""
    made = tables(note())
    printed = pl.read_csv(SAMPLES / "ishoej-2023-11/tables.csv", infer_schema=False).fill_null("")
    figures = {
        ("conversations_12m", "share_pct"): "2",
        ("conversations_12m", "count"): "3",
        ("conversations_12m", "persons_by_number"): "4",
        ("offers_12m", "share_pct"): "6",
        ("offers_12m", "persons_by_number"): "7",
        ("conversations_6m", "share_pct"): "8",
        ("conversations_6m", "count"): "9",
        ("offers_6m", "share_pct"): "10",
        ("offers_6m", "persons_by_number"): "11",
    }
    compared = 0
    keys = ("measure", "statistic", "group", "category")
    rows = sorted(printed.to_dicts(), key=lambda r: [r[k] for k in keys[:3]])
    for (measure, statistic, grp), found in groupby(
        rows, key=lambda r: tuple(r[k] for k in keys[:3])
    ):
        cells = list(found)
        split = {r["category"] for r in cells} & set(VISITATION.codes)
        for category in sorted(split) or [""]:
            chosen = [r for r in cells if r["category"] == category] if split else cells
            chosen = [r for r in chosen if split or r["category"] not in VISITATION.codes]
            number = "5" if split else figures[measure, statistic]
            name = VISITATION[category].da if split else ROWS[grp].da
            (row,) = [row for row in made[number].rows if row.head.text == name]
            raws = [_as_printed(r["raw"], statistic) for r in chosen]
            assert [c.text for c in row.cells] == raws, (number, name)
            compared += len(raws)
        rest = [r for r in cells if split and r["category"] == ""]
        if rest:
            (row,) = [row for row in made["3"].rows if row.head.text == ROWS[grp].da]
            assert [c.text for c in row.cells] == [_as_printed(r["raw"], statistic) for r in rest]
            compared += len(rest)
    assert compared == printed.height


def _as_printed(raw: str, statistic: str) -> str:
    # The sheets drop ",0".
    return f"{raw},0" if statistic == "share_pct" and raw.isdigit() else raw


FACTS = (
    "flere borgere på offentlig forsørgelse, end kommunens rammevilkår tilsiger",
    "(3. kvartal 2022 til 2. kvartal 2023)",
    "Siden februar 2023 har mere end 20 pct. af de langvarige ydelsesmodtagere ikke fået fire samtaler",
    "i risiko for skærpet tilsyn",
    "flere borgere i jobafklaringsforløb uden fire samtaler: fra højst to i september 2022 til 68",
    "en forholdsvis stor gruppe kontanthjælpsmodtagere",
    "68 borgere i jobafklaringsforløb og 39 kontanthjælpsmodtagere",
    "de fleste fået to eller tre samtaler (figur 4)",
    "De 39 kontanthjælpsmodtagere fordeler sig på 34 aktivitetsparate og 5 jobparate (figur 5)",
    "har 15,4 pct. af de langvarige ydelsesmodtagere hverken fået et aktivt tilbud",
    "Men andelen er steget i de seneste måneder: fra 13,5 pct. i juni 2023 til 18,6 pct. i august 2023",
    "kontanthjælpsmodtagere: 40 i august 2023 (figur 7)",
    "27 borgere i jobafklaringsforløb og 26 sygedagpengemodtagere",
    "Ishøj opfylder ikke kravet: i hver af månederne marts-august 2023",
    "sygedagpengemodtagere: 16 af 33 personer i august 2023 (figur 9)",
    "Siden juni 2023 har mere end 20 pct. ikke fået et aktivt tilbud",
    "Det er især a-dagpengemodtagere",
    "I august 2023 har 10 a-dagpengemodtagere og 4 kontanthjælpsmodtagere ikke fået et tilbud",
)


@pytest.mark.parametrize("fact", FACTS)
def test_the_sentences_state_what_the_agency_stated(fact: str) -> None:
    assert fact in text(note())


def test_no_sentence_ends_in_two_full_stops_or_leaves_a_slot() -> None:
    for language in ("da", "en"):
        said = text(note(full(), language=language))
        for odd in ("..", "{", "}", "None", "  ", " ,", "( "):
            assert odd not in said, odd


def test_below_the_line_nothing_is_said_to_be_over_it() -> None:
    low = changed(PUBLISHED, cell("conversations_12m", "share") & TOTAL, 15.0)
    said = text(note(low))
    assert "I august 2023 havde 15,0 pct. af de langvarige ydelsesmodtagere ikke fået" in said
    assert "det er ikke over grænsen på 20 pct." in said
    for absent in ("Siden februar 2023", "i risiko for", "Den stigende andel"):
        assert absent not in said


def test_with_the_result_goal_met_there_is_no_risk() -> None:
    met = changed(PUBLISHED, pl.col("statistic") == "met", 1.0)
    said = text(note(met))
    assert "ikke flere borgere på offentlig forsørgelse" in said
    assert "udtages den ikke til skærpet tilsyn" in said
    assert "i risiko for skærpet tilsyn" not in said


def test_with_the_result_goal_unknown_the_note_says_so() -> None:
    said = text(note(PUBLISHED.filter(pl.col("measure") != "result_goal")))
    assert "Om Ishøj opfylder resultatmålet, er ikke oplyst." in said
    assert "afhænger af resultatmålet, som ikke er oplyst" in said


def test_a_group_that_did_not_drive_the_growth_is_not_said_to() -> None:
    still = changed(
        PUBLISHED,
        cell("conversations_12m", "unmet") & (pl.col("grp") == "jobafklaringsforloeb"),
        20.0,
    )
    assert "Den stigende andel" not in text(note(still))


def test_a_falling_share_is_said_to_fall() -> None:
    frame = PUBLISHED
    for month, share in (("2023-06", 16.0), ("2023-07", 15.0), ("2023-08", 12.0)):
        frame = changed(frame, cell("offers_12m", "share", month) & TOTAL, share)
    said = text(note(frame))
    assert "Andelen er faldet i de seneste måneder: fra 16,0 pct. i juni 2023 til 12,0 pct." in said
    assert "er steget" not in said


def test_visitation_that_does_not_add_up_is_not_said_to() -> None:
    hidden = changed(
        PUBLISHED,
        (pl.col("visitation") == "jobparat") & (pl.col("month") == dt.date(2023, 8, 1)),
        None,
        "suppressed",
    )
    said = text(note(hidden))
    assert "fordeler sig på" not in said
    assert "Blandt de 39 kontanthjælpsmodtagere er 34 aktivitetsparate; resten er ikke vist" in said


def test_marks_are_the_months_over_the_line() -> None:
    total = tables(note())["2"].rows[0]
    over = [cell.text for cell in total.cells if cell.mark == "breach"]
    assert over == ["20,2", "20,4", "20,5", "24,7", "27,0", "25,0", "24,7", "25,8"]
    assert all(c.mark == "none" for row in tables(note())["2"].rows[1:] for c in row.cells)
    assert all(c.mark == "none" for row in tables(note())["6"].rows for c in row.cells)


def test_the_fourteen_figures_are_planned_in_order() -> None:
    assert [planned.number for planned in plan()] == list(range(1, 15))


def test_the_wanting_figures_are_named_in_words() -> None:
    said = text(note())
    assert "Figur 1 vises ikke, fordi tallene ikke foreligger." in said
    assert "figur 12, figur 13 og figur 14" in said


def test_with_all_figures_all_fourteen_stand_and_none_is_wanting() -> None:
    document = note(full())
    said = text(document)
    assert "vises ikke, fordi" not in said
    for number in range(1, 15):
        assert f"Figur {number}." in said
    assert len(pictures(document)) == 12
    assert "Den faktiske andel er 17,9 pct. mod en forventet andel på 16,8 pct." in said
    assert "Det gælder både a-dagpenge mv. og sygedagpenge mv.\n" in said
    assert "markant højere andel a-dagpengemodtagere" in said
    assert "70,0 pct. mod 56,4 pct. (figur 12)" in said
    assert "højere andel sygedagpengemodtagere med mindst 14 uger" in said
    assert "markant højere andel borgere i jobafklaringsforløb" in said
    assert "forløbene længere end gennemsnittet i RAR Hovedstaden" in said
    assert [c.text for c in tables(document)["12"].rows[0].cells][:2] == ["20,1", "9,9"]


def test_a_hidden_duration_silences_the_comparison() -> None:
    hidden = changed(
        full(),
        (pl.col("measure") == "durations")
        & (pl.col("grp") == "a_dagpenge")
        & (pl.col("category") == "105+")
        & (pl.col("area_kind") == "municipality"),
        None,
        "suppressed",
    )
    said = text(note(hidden))
    assert "a-dagpengemodtagere med mindst 14 uger" not in said
    assert "borgere i jobafklaringsforløb med mindst 14 uger" in said
    assert tables(note(hidden))["12"].rows[0].cells[-1].text == "."


def test_required_figures_that_are_wanting_are_all_listed_before_anything_is_written() -> None:
    only = PUBLISHED.filter(pl.col("measure").is_in(["offers_12m", "result_goal"]))
    with pytest.raises(InputError) as stopped:
        note(only)
    for number in (2, 3, 8, 10):
        assert f"figure {number} (" in str(stopped.value)
    assert "figure 6 (" not in str(stopped.value)


def test_a_required_figure_hidden_in_its_newest_month_is_wanting() -> None:
    hidden = changed(PUBLISHED, cell("offers_12m", "share", "2023-08") & TOTAL, None, "suppressed")
    with pytest.raises(InputError, match=r"figure 6 .*2023-08"):
        note(hidden)


def test_a_month_without_data_is_said_in_words_and_breaks_the_line() -> None:
    gone = PUBLISHED.filter(~cell("conversations_12m", "share", "2023-03"))
    document = note(gone)
    assert "Der foreligger ingen tal for alle under ét for marts 2023." in text(document)
    row = tables(document)["2"].rows[0]
    assert [cell.text for cell in row.cells][6] == "–"
    assert "Ydelsesgrupper i alt er ikke vist i marts 2023." in pictures(document)[0].alt
    assert "0,0" not in {cell.text for cell in row.cells}


def test_a_group_that_has_ceased_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        GROUPS._by_code,
        "uddannelseshjaelp",
        type(GROUPS["uddannelseshjaelp"])(
            **{
                **{
                    f: getattr(GROUPS["uddannelseshjaelp"], f)
                    for f in GROUPS["uddannelseshjaelp"].__slots__
                },
                "valid_to": dt.date(2023, 6, 1),
            }
        ),
    )
    frame = PUBLISHED.filter(
        ~((pl.col("grp") == "uddannelseshjaelp") & (pl.col("month") >= dt.date(2023, 6, 1)))
    )
    document = note(frame)
    assert "Uddannelseshjælp opgøres ikke fra og med juni 2023." in text(document)
    (row,) = [r for r in tables(document)["2"].rows if r.head.text == "Uddannelseshjælp"]
    assert [cell.text for cell in row.cells][-3:] == ["–", "–", "–"]


def test_before_model_b_the_groups_are_judged() -> None:
    said = text(note(on=dt.date(2023, 11, 10)))
    assert "Ingen ydelsesgruppe har været over grænsen" in said or "i tre måneder i træk" in said
    assert "Ishøj opfylder ikke kravet" not in said


def test_the_english_note_says_the_same() -> None:
    said = text(note(language="en"))
    for fact in (
        "Since February 2023, more than 20% of the long-term recipients",
        "at risk of intensified supervision",
        "The 39 recipients of cash benefit are 34 activity-ready and 5 job-ready",
        "15.4% of the long-term recipients",
        "in each month of March–August 2023",
    ):
        assert fact in said, fact


def test_the_note_is_known_by_its_stamp_and_is_not_signed() -> None:
    document = note()
    assert "ishoej-2023-11" in document.footer and "focus_conversations 2020" in document.footer
    assert type(document.blocks[-1]).__name__ == "Note"


def test_a_second_pdf_is_the_same_byte_for_byte() -> None:
    assert render(note(full()), "pdf") == render(note(full()), "pdf")


def test_the_figures_behind_are_the_municipalitys_and_its_regions() -> None:
    behind = note(full()).behind
    assert {(f.area_kind, f.area) for f in behind} == {
        ("municipality", ISHOEJ),
        ("rar", "hovedstaden"),
    }
    assert len({f.cell for f in behind}) == len(behind) >= 600


def measured_durations() -> pl.DataFrame:
    """What measuring a municipality's own register gives: persons by band, no shares, no RAR area."""
    bands = dict(zip(MEASURES["durations"].categories, (5, 3, 5, 4, 2, 1), strict=True))
    persons = [
        replace(
            one("durations", "persons", "a_dagpenge", n, month="2023-08", category=band),
            provenance="register",
            release="own",
        )
        for band, n in (*bands.items(), ("", 20))
    ]
    persons[-1] = replace(persons[-1], statistic="population")
    return pl.concat([published("ishoej-2023-11"), table.table(persons)])


def test_durations_that_were_measured_are_shown_without_a_region_to_compare_with() -> None:
    said = note(measured_durations())
    shares = [cell.text for cell in tables(said)["12"].rows[0].cells]
    assert shares == ["25,0", "15,0", "25,0", "20,0", "10,0", "5,0"]
    assert len(tables(said)["12"].rows) == 1
    assert "RAR Hovedstaden foreligger ikke" in text(said)
    assert "figur 12, figur 13" not in text(said) and "figur 13 og figur 14" in text(said)


def test_the_source_line_follows_provenance_figure_by_figure() -> None:
    said = text(note(measured_durations()))
    assert "figur 12: kommunens eget register, opgjort den 1. november 2023 (udgivelse own)" in said
    assert "figur 2–11: offentliggjorte tal fra Jobindsats.dk" in said
    assert "kommunens eget register" not in text(note())


def test_the_footer_names_every_release_behind_the_tables() -> None:
    assert "own" in note(measured_durations()).footer
