import datetime as dt

import polars as pl
import pytest

from tests.documents.contents.test_decision import BOTH_LOWER, LOWER
from tests.documents.ishoej import COURSE, ISHOEJ, follow_up, said, tables, written
from tilsyn.documents.contents.kinds import NothingToWrite
from tilsyn.documents.facts import CourseFacts
from tilsyn.figures.table import Figure, table


def test_it_holds_the_four_points_with_what_is_not_restored() -> None:
    document = written("restoration-plan")
    text = said(document)
    for heading in ("1. Målgrupper", "2. Konkrete", "3. Mål og milepæle", "4. Politisk og"):
        assert heading in text
    targets, initiatives, milestones, follow = tables(document)
    assert [(row.head.text, [c.text for c in row.cells]) for row in targets.rows][:2] == [
        ("Samtaler med sygedagpengemodtagere", ["45,5", "52,6", "50,0", "under 20\xa0pct."]),
        ("Tilbud til a-dagpengemodtagere", ["34,6", "28,6", "41,2", "under 20\xa0pct."]),
    ]
    assert [h.text for h in milestones.header[1]] == ["mar.\xa02023", "apr.\xa02023", "maj\xa02023"]
    assert [cell.text for cell in milestones.rows[0].cells] == ["under 20\xa0pct."] * 3
    for filled in (initiatives, follow):
        assert all(cell.field for row in filled.rows for cell in row.cells)
    assert "senest den 7. marts 2023" in text and "højst løbe i seks måneder" in text


def test_what_is_restored_is_not_in_the_plan() -> None:
    targets = tables(written("restoration-plan", follow_up(**LOWER)))[0]
    assert [row.head.text for row in targets.rows][:-1] == ["Tilbud til a-dagpengemodtagere"]
    with pytest.raises(NothingToWrite, match="Ishøj has no finding 'not restored'"):
        written("restoration-plan", follow_up(**BOTH_LOWER))


def test_after_a_plan_there_is_no_new_one() -> None:
    earlier = {"date": dt.date(2022, 12, 1), "subjects": COURSE.model_dump()["notice"]["subjects"]}
    facts = CourseFacts.model_validate(COURSE.model_dump() | {"decision": earlier})
    with pytest.raises(NothingToWrite, match="demanded before"):
        written("restoration-plan", facts=facts)


@pytest.mark.parametrize(("persons", "most"), [(20, 3), (21, 4), (25, 4), (26, 5)])
def test_the_line_is_told_in_persons_where_their_number_is_known(persons: int, most: int) -> None:
    known = Figure(
        "offers_6m", "population", "municipality", ISHOEJ, "a_dagpenge", "", "",
        dt.date(2022, 11, 1), float(persons), "value", "published", "ishoej-2023-02",
        dt.date(2023, 2, 20),
    )  # fmt: skip
    document = written("restoration-plan", pl.concat([follow_up(), table([known])]))
    (note,) = tables(document)[2].notes
    assert f"ved {persons} borgere, som der var i november\xa02022, må højst {most} mangle" in note
    assert 100 * most < 20 * persons <= 100 * (most + 1)


def test_a_call_in_plans_milestones_are_the_municipalitys_goals() -> None:
    def promised(month: str, share: float) -> dict[str, object]:
        return {"measure": "conversations_6m", "group": "sygedagpenge", "month": month,
                "population": 24, "unmet": 3, "share": share}  # fmt: skip

    given = [promised("2023-03", 12.5), promised("2023-05", 0)]
    facts = CourseFacts.model_validate(COURSE.model_dump() | {"milestones": given})
    rows = tables(written("restoration-plan", facts=facts))[2].rows
    assert [cell.text for cell in rows[1].cells] == ["højst 13\xa0pct.", "pct.", "højst 0\xa0pct."]
    assert [cell.text for cell in rows[4].cells] == ["pct."] * 3, "of offers nothing is promised"
