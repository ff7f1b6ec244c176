"""Every refusal of the cases has a code, and words for it."""

import ast
import datetime as dt
import re
from pathlib import Path

import tilsyn.cases
from tilsyn.cases.refusals import REFUSALS, refused
from tilsyn.errors import ConflictError, InputError
from tilsyn.words import gettext

ROOM = Path(tilsyn.cases.__file__).parent
ERRORS = {"ConflictError", "InputError", "NotAllowedError", "TilsynError"}


def _calls():
    for module in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield module.relative_to(ROOM), node, getattr(node.func, "id", "")


def test_every_code_is_used_and_every_use_has_its_words_and_slots():
    used = set()
    for module, call, name in _calls():
        if name == "refused":
            code = ast.literal_eval(call.args[1])
            used.add(code)
            slots = set(re.findall(r"{(\w+)}", REFUSALS[code]))
            given = {word.arg for word in call.keywords}
            assert slots <= given, f"{module}: {code}"
    assert used == set(REFUSALS)


def test_in_danish_a_refusal_is_a_sentence():
    for code, message in REFUSALS.items():
        danish = gettext(message, "da")
        assert danish[0].isupper() or danish[0] in "»{", code
        assert danish.endswith((".", "}")), code


def test_nothing_is_refused_without_a_code():
    bare = [
        f"{module}:{call.lineno}"
        for module, call, name in _calls()
        # The letterhead hands on what the documents' room says.
        if name in ERRORS and module.name != "letterheads.py"
    ]
    assert not bare


def test_the_words_are_in_the_reader_s_language_and_the_message_is_english():
    error = refused(
        ConflictError,
        "letters_of_the_year",
        place="Hedensted",
        count=2,
        limit=2,
        day=dt.date(2025, 2, 5),
    )
    assert str(error).endswith("the next can be sent on 2025-02-05")
    assert error.said("da").endswith("kan sendes den 5. februar 2025.".replace(" ", " "))
    assert isinstance(refused(InputError, "note_empty"), InputError)
