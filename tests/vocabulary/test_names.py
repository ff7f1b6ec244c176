import datetime as dt

import pytest

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
    assert all(member.exists_in(YearMonth(2023, 1)) for member in every)
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
