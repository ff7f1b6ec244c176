"""Catalogues are whole: each message of the code and the templates, translated once, with its slots."""

import ast
import datetime as dt
import re
import string

import pytest
from babel.messages.pofile import read_po
from docs.words import KEYWORDS, ROOT, TRANSLATED, catalogue, extracted, updated

from tilsyn.words import Message, gettext, pgettext


def _messages(language):
    with catalogue(language).open("rb") as source:
        yield from (one for one in read_po(source, locale=language) if one.id)


def _slots(text):
    """What is filled in: by name in braces, or as Django's templates have it."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} | {
        *re.findall(r"%\((.+?)\)s", text)
    }


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_holds_what_the_code_says_and_nothing_else(language):
    assert catalogue(language).read_bytes().decode() == updated(language).decode(), (
        "run `make words`"
    )


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_none_in_doubt(language):
    for one in _messages(language):
        texts = [one.string] if isinstance(one.string, str) else one.string
        assert all(texts), f"not translated: {one.id!r}"
        assert not one.fuzzy, f"in doubt: {one.id!r}"


# What only the English of an error says: a code of the program, or what a command line offers.
_FOR_PROGRAMS = {
    *("anomaly", "cause", "found_alone", "hint", "interval", "kind", "known", "nearest", "part"),
    *("permission", "stated_alone", "verdicts"),
}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_slots_and_the_ends_of_its_message(language):
    for one in _messages(language):
        ids, texts = (
            [part] if isinstance(part, str) else list(part) for part in (one.id, one.string)
        )
        for text in texts:
            assert _slots(text) <= _slots(ids[-1]), one.id
            assert _slots(ids[-1]) - _slots(text) <= _FOR_PROGRAMS, one.id
            # A space at an end is the layout's.
            assert (text[:1].isspace(), text[-1:].isspace()) == (
                ids[0][:1].isspace(),
                ids[0][-1:].isspace(),
            ), one.id


def test_the_code_marks_no_message_that_is_not_found():
    """A call within an f-string is read as text on older Pythons; no message may be written so."""
    known = {(one.context, one.id) for one in extracted() if one.id}
    for module in sorted(ROOT.rglob("*.py")):
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(call, ast.alias):
                assert call.name not in KEYWORDS or not call.asname, f"{module}:{call.lineno}"
            name = getattr(call, "func", None)
            name = getattr(name, "id", getattr(name, "attr", ""))
            if not isinstance(call, ast.Call) or name not in KEYWORDS or not call.args:
                continue
            in_context = name.startswith("pgettext")
            message = call.args[1 if in_context else 0]
            assert not isinstance(message, ast.JoinedStr), f"{module}:{call.lineno}"
            if isinstance(message, ast.Constant):
                context = ast.literal_eval(call.args[0]) if in_context else None
                assert (context, message.value) in known, f"{module}:{call.lineno}"


def test_a_message_is_filled_in_the_language_asked_for():
    day = dt.date(2022, 8, 29)
    assert gettext("{week} (from {day})", "da", week=35, day=day) == "35 (fra 29. august 2022)"
    assert gettext("{week} (from {day})", "en", week=35, day=day) == "35 (from 29 August 2022)"
    assert pgettext("of a rule", "Measures", "da") == "Mål" != gettext("Measures", "da")


def test_a_message_that_is_carried_is_plain_for_programs_and_in_words_for_people():
    inner = Message("Goal: {goal}", goal={"da": "indsats", "en": "effort"})
    carried = Message("{week} (from {day})", week=inner, day=dt.date(2022, 8, 29))
    assert str(carried) == "Goal: effort (from 2022-08-29)"
    assert carried.said("da") == "Mål: indsats (fra 29. august 2022)"
