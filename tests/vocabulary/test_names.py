import datetime as dt
import re
from pathlib import Path

import pytest

import tilsyn
from tilsyn.vocabulary import AREAS, GROUPS, MEASURES, MUNICIPALITIES, ROWS, VISITATION, YearMonth
from tilsyn.vocabulary.names import CodeList, Term


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Kortantihjælp", "kontanthjaelp"),
        ("Kontantihjælp", "kontanthjaelp"),
        ("Jobklaringsforløb", "jobafklaringsforloeb"),
        ("Revalidering inkl. forevalidering", "revalidering"),
        ("<b>Ydelsesgrupper i alt</b>", "total"),
        ("A-dagpenge mv.", "a_dagpenge"),
        ("sygedagpenge_mv", "sygedagpenge_mv"),
    ],
)
def test_groups_are_known_by_the_spellings_met_in_letters(spelling, code):
    assert ROWS.read(spelling).code == code


def test_an_unknown_group_is_told_what_there_is():
    with pytest.raises(
        ValueError, match=r"'Dagpenge plus' is no known benefit group; known are: Yd"
    ):
        ROWS.read("Dagpenge plus")


def test_the_groups_stand_in_published_order():
    assert GROUPS.codes == (
        "a_dagpenge",
        "revalidering",
        "sygedagpenge",
        "ledighedsydelse",
        "ressourceforloeb",
        "jobafklaringsforloeb",
        "kontanthjaelp",
        "uddannelseshjaelp",
        "overgangsydelse",
    )


def test_groups_folded_into_cash_benefit_end_with_june_2025():
    for code in ("uddannelseshjaelp", "overgangsydelse"):
        assert GROUPS[code].exists_in(YearMonth(2025, 6))
        assert not GROUPS[code].exists_in(YearMonth(2025, 7))
    assert GROUPS["kontanthjaelp"].exists_in(YearMonth(2026, 1))


def test_every_list_says_when_its_members_exist():
    every = [
        *ROWS,
        *VISITATION,
        *MEASURES,
        *MUNICIPALITIES,
        *(a for k in AREAS.values() for a in k),
    ]
    later = [member.code for member in every if not member.exists_in(YearMonth(2023, 1))]
    reform = "conversations_6m_2026 offers_6m_2026 first_conversation sick_followup_6m"
    assert later == [*reform.split(), "arbejdspligt_effort"]
    assert all(MEASURES[code].exists_in(YearMonth(2026, 7)) for code in later)
    assert not any(MEASURES[code].exists_in(YearMonth(2026, 6)) for code in later)
    assert not GROUPS["ressourceforloeb"].exists_in(YearMonth(2012, 12))
    assert not VISITATION["uddannelsesparat"].exists_in(YearMonth(2013, 12))
    assert not MUNICIPALITIES["101"].exists_in(YearMonth(2006, 12))


def test_a_month_in_which_a_member_begins_or_ends_is_one_of_its_own():
    begun = Term("a", "A", "A", valid_from=dt.date(2023, 1, 31), valid_to=dt.date(2023, 3, 2))
    found = [month for month in range(1, 5) if begun.exists_in(YearMonth(2023, month))]
    assert found == [1, 2, 3]


def test_there_are_98_municipalities_in_8_rar_3_amk_and_5_regions():
    assert len(MUNICIPALITIES) == 98
    for kind, number in (("rar", 8), ("amk", 3), ("region", 5)):
        assert {m.area(kind) for m in MUNICIPALITIES} == set(AREAS[kind].codes)
        assert len(AREAS[kind]) == number


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Århus", "Aarhus"),
        ("Hoje Taastrup", "Høje-Taastrup"),
        ("Lase", "Læsø"),
        ("183", "Ishøj"),
        ("Hedensted Kommune", "Hedensted"),
        ("ishøj", "Ishøj"),
        ("Københavns Kommune", "København"),
        ("København Kommune", "København"),
        ("City of Copenhagen", "København"),
        ("Bornholms Regionskommune", "Bornholm"),
        ("bornholms\N{NO-BREAK SPACE}regionskommune", "Bornholm"),
        ("Århus Kommune", "Aarhus"),
        ("Lyngby-Taarbæk Kommune", "Lyngby-Taarbæk"),
        ("Vesthimmerland Kommune", "Vesthimmerlands"),
        ("Nordfyns Kommune", "Nordfyns"),
    ],
)
def test_municipalities_are_known_by_spelling_and_code(spelling, name):
    assert MUNICIPALITIES.read(spelling).name == name


def test_every_measure_and_category_has_both_languages():
    for term in (*MEASURES, *VISITATION, *GROUPS):
        assert term.da
        assert term.en


def test_one_spelling_cannot_name_two_things():
    with pytest.raises(ValueError, match="names both a and b"):
        CodeList("thing", [Term("a", "Same", "X"), Term("b", "same", "Y")])


def test_each_municipality_is_read_by_its_official_names():
    for one in MUNICIPALITIES:
        assert MUNICIPALITIES.read(one.official("da")) is one
        assert MUNICIPALITIES.read(one.official("en")) is one


def test_official_names_are_the_names_with_their_word_and_the_odd_ones_are_known():
    odd = {m.code: m.official_da for m in MUNICIPALITIES if m.official_da != f"{m.name} Kommune"}
    assert odd == {"101": "Københavns Kommune", "400": "Bornholms Regionskommune"}


def test_part_of_any_name_finds_municipalities():
    assert [m.name for m in MUNICIPALITIES.matching("Københavns")] == ["København"]
    assert [m.name for m in MUNICIPALITIES.matching("regionskommune")] == ["Bornholm"]
    assert [m.name for m in MUNICIPALITIES.matching("djurs")] == ["Syddjurs", "Norddjurs"]


def test_official_names_are_put_together_nowhere_but_in_the_list():
    source = Path(tilsyn.__file__).parent
    found = [
        f"{file.relative_to(source)}: {line.strip()}"
        for ending in ("py", "html", "toml")
        for file in source.rglob(f"*.{ending}")
        for line in file.read_text("utf-8").splitlines()
        if re.search(r"[^%]\}\s*((Regionsk|K)ommune|Municipality)\b|Municipality of \{", line)
        and file.name != "areas.py"
    ]
    assert found == []
