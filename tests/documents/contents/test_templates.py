from importlib.resources import files
from pathlib import Path

import pytest

from tilsyn.documents.contents.templates import Texts, agree, flat, texts
from tilsyn.errors import InputError

KINDS = sorted(
    {
        file.name.split(".")[0]
        for file in files("tilsyn.documents.contents").joinpath("texts").iterdir()
    }
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["da", "en"])
def test_shipped_texts_agree_in_both_languages(kind: str, language: str) -> None:
    assert texts(kind, language).entries


def some(**entries: str) -> Texts:
    return Texts("some.da.toml", "da", entries)


def test_what_is_filled_in_is_never_read_as_a_template() -> None:
    filled = some(greeting="Til {name}").fill("greeting", name="{office} {name} \\1 $x")
    assert filled == "Til {office} {name} \\1 $x"


def test_a_slot_nobody_fills_is_an_error() -> None:
    with pytest.raises(InputError, match=r"greeting: the slot \{nmae\} is unknown here.*name"):
        some(greeting="Til {nmae}").fill("greeting", name="A")


def test_a_slot_given_but_not_used_is_an_error() -> None:
    with pytest.raises(InputError, match=r"the slot \{name\} is not used"):
        some(greeting="Goddag").fill("greeting", name="A")


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(InputError, match=r"some\.da\.toml, closing: is missing"):
        some(greeting="Goddag").fill("closing")


def test_languages_that_differ_in_keys_are_an_error() -> None:
    with pytest.raises(InputError, match="closing: is missing"):
        agree(some(greeting="a", closing="b"), some(greeting="a"))
    with pytest.raises(InputError, match="closing: is unknown"):
        agree(some(greeting="a"), some(greeting="a", closing="b"))


def test_languages_that_differ_in_slots_are_an_error() -> None:
    with pytest.raises(InputError, match=r"\{office\} is unknown"):
        agree(some(greeting="Til {name}"), some(greeting="To {office}"))


@pytest.mark.parametrize("text", ["{Name}", "{a.b}", "{name!r}", "{", "a } b", "{}"])
def test_braces_that_are_no_slot_are_an_error(text: str) -> None:
    with pytest.raises(InputError, match="a slot is a word"):
        flat({"greeting": text}, "f")


def test_an_office_may_word_a_text_itself(tmp_path: Path) -> None:
    shipped = files("tilsyn.documents.contents").joinpath("texts", "frame.da.toml")
    own = shipped.read_text(encoding="utf-8").replace("Med venlig hilsen", "Venlig hilsen")
    (tmp_path / "frame.da.toml").write_text(own, encoding="utf-8")
    assert texts("frame", "da", tmp_path).fill("closing.greeting") == "Venlig hilsen"
    assert texts("frame", "en", tmp_path).fill("closing.greeting") == "Yours sincerely"


def test_an_offices_text_with_another_slot_is_refused_before_use(tmp_path: Path) -> None:
    shipped = files("tilsyn.documents.contents").joinpath("texts", "frame.da.toml")
    own = shipped.read_text(encoding="utf-8").replace("{release}", "{udgave}")
    (tmp_path / "frame.da.toml").write_text(own, encoding="utf-8")
    with pytest.raises(InputError, match=r"frame\.da\.toml, footer: the slot \{udgave\}"):
        texts("frame", "da", tmp_path)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="there are da, en"):
        texts("notice", "de")
