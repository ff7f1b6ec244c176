import datetime as dt

from tests.documents.ishoej import said, tables, written
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.model import Signature


def of(day: dt.date, language: str = "da") -> str:
    return said(written("orientation", on=day, facts=CourseFacts(date=day), language=language))


def test_it_describes_the_rule_of_its_day_with_its_source() -> None:
    text = of(dt.date(2022, 5, 15))
    for fact in (
        "mindst fire samtaler og for visse ydelsesgrupper ét aktivt tilbud",
        "gælder a-dagpengemodtagere, kontanthjælpsmodtagere, uddannelseshjælpsmodtagere og",
        "i tre sammenhængende måneder ikke er opfyldt for mere end 20 pct. af borgerne i en",
        "Kommunen får seks måneder",
        "genopretningsplan på højst seks måneder",
        "borgmesteren blive indkaldt",
        "hver ydelsesgruppe for sig, i kraft fra 1. marts 2022. Kilde: Henvendelse om",
    ):
        assert fact in text, fact
    assert "2023-02-20" not in text and "20. februar 2023" not in text, "written after the letter"
    assert "2023" not in text, "what was not known on the letter's day"


def test_where_groups_are_judged_together_nothing_is_demanded() -> None:
    text = of(dt.date(2024, 3, 1))
    assert "Alle ydelsesgrupper opgøres under ét" in text
    assert "højst to henvendelser om året" in text
    assert "borgmesteren" not in text and "Genopretning" not in text


def test_the_requirement_that_differs_by_group_is_worded_by_group() -> None:
    text = of(dt.date(2024, 3, 1))
    assert "mindst fire samtaler (for a-dagpengemodtagere dog tre) og" in text
    assert "kommer hertil de samtaler, der holdes i a-kassen" in text
    assert "dog" not in of(dt.date(2023, 12, 1))


def test_it_holds_no_figures_and_is_not_signed() -> None:
    document = written("orientation")
    assert not tables(document)
    assert not any(isinstance(block, Signature) for block in document.blocks)
    assert document.footer.startswith("Regel: early_effort model-a, early_effort_follow_up model-a")


def test_english() -> None:
    assert "at least four conversations and for some benefit groups, one active offer" in of(
        dt.date(2022, 5, 15), "en"
    )
