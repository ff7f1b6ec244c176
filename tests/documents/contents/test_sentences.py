from fractions import Fraction

import pytest

from tilsyn.documents.contents.sentences import Reading, Rule, rules, sentences, tidy
from tilsyn.documents.contents.templates import texts
from tilsyn.errors import InputError


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        ("run >= 2", {"run": 2}, True),
        ("run >= 2", {"run": 1}, False),
        ("run >= 2", {"run": None}, False),
        ("run >= 2", {}, False),
        ("mean > limit", {"mean": Fraction(201, 10), "limit": Fraction(20)}, True),
        ("mean > limit", {"mean": Fraction(20), "limit": Fraction(20)}, False),
        ("mean > limit", {"mean": Fraction(30), "limit": None}, False),
        ("verdict = at_risk", {"verdict": "at_risk"}, True),
        ("verdict = at_risk", {"verdict": "met"}, False),
        ("verdict = at_risk", {"verdict": None}, False),
        ("part > 0.5", {"part": Fraction(1, 2)}, False),
        ("part > 0.5", {"part": Fraction(51, 100)}, True),
        ("by <= -1", {"by": Fraction(-1)}, True),
        ("unknown", {"unknown": 1}, True),
        ("unknown", {"unknown": 0}, False),
    ],
)
def test_a_condition_holds_of_what_is_known_and_of_nothing_else(
    condition: str, facts: dict[str, object], holds: bool
) -> None:
    assert Rule(say="x", when=(condition,)).holds(facts) is holds  # type: ignore[arg-type]


@pytest.mark.parametrize("condition", ["run => 2", "run >=2", "2 < run", "run >= ", "a and b"])
def test_what_is_no_condition_is_refused(condition: str) -> None:
    with pytest.raises(ValueError, match="is no condition"):
        Rule(say="x", when=(condition,))


def test_a_sentence_with_a_slot_nothing_is_known_of_is_not_written() -> None:
    words = texts("status_note", "da")
    reading = Reading({"unknown": 1}, {"name": "Ærø"})
    assert sentences("goal", reading, words) == ["Om Ærø opfylder resultatmålet, er ikke oplyst."]
    assert sentences("goal", Reading({"unknown": 1}, {"name": None}), words) == []


def test_a_slot_that_is_never_read_is_an_error_not_a_hole() -> None:
    with pytest.raises(InputError, match=r"\{name\} is not read"):
        sentences("goal", Reading({"unknown": 1}, {}), texts("status_note", "da"))


def test_a_section_without_rules_is_an_error() -> None:
    with pytest.raises(InputError, match="no sentence rules for 'weather'"):
        sentences("weather", Reading(), texts("status_note", "da"))


def test_names_pass_unread_as_templates() -> None:
    nasty = "Søren's & <Ærø> #1 $x$ @ref {period}"
    said = sentences("goal", Reading({"unknown": 1}, {"name": nasty}), texts("status_note", "da"))
    assert said == [f"Om {nasty} opfylder resultatmålet, er ikke oplyst."]


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_rule_has_its_template_and_every_template_its_rule(language: str) -> None:
    words = texts("status_note", language)
    for section, listed in rules().items():
        keys = {key for key in words.entries if key.startswith(f"{section}.")}
        assert keys == {f"{section}.{rule.say}" for rule in listed}, section


def test_abbreviations_end_a_sentence_once() -> None:
    assert tidy("højst være 20 pct..") == "højst være 20 pct."
    assert tidy("(figur 5).") == "(figur\N{NO-BREAK SPACE}5)."
