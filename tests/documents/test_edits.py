import pytest

from tests.documents.hedensted import figures, letter
from tests.documents.ishoej import written
from tilsyn.documents.edits import edits
from tilsyn.documents.model import Paragraph

NOTICE = letter()
"""Shares 23,5, 29,2 and 20,9 of 34, 24 and 64 persons; more than 20 pct. in three months is too many."""
FOUND = 2
"""The paragraph that says so."""


def paragraph(document, place: int) -> str:
    return document.blocks[place].text


def doubts(old: str, new: str, *, place: int = FOUND, document=NOTICE) -> tuple[str, ...]:
    """What is in doubt when a passage of a paragraph is rewritten."""
    text = paragraph(document, place).replace("\N{NO-BREAK SPACE}", " ")
    assert old in text
    (edit,) = edits(document, {str(place): text.replace(old, new)})
    return edit.doubts


@pytest.mark.parametrize("document", [letter(), letter(language="en"), written("decision")])
def test_a_letter_as_it_was_made_holds_no_number_in_doubt(document) -> None:
    for place, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            (edit,) = edits(document, {str(place): f"{block.text} Venlig hilsen."})
            assert not edit.doubts


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("29,2 pct.", "1,1 pct.", ("1,1 pct.",)),
        ("29,2 pct.", "29,2 %", ()),
        ("29,2 pct.", "29 procent", ()),
        ("29,2 pct.", "29.2 pct.", ()),
        ("29,2 pct.", "28 pct.", ("28 pct.",)),
        ("29,2 pct.", "20 pct.", ()),  # the share of another group, as it happens
        ("29,2 pct.", "21 pct.", ()),  # 20,9 rounded
        ("29,2 pct.", "tredive procent", ("tredive procent",)),
        ("23,5 pct., 29,2 pct. og 20,9 pct.", "2,5, 29,2 og 2,9 pct.", ("2,5", "2,9 pct.")),
        ("havde fået", "(3 ud af 10) havde fået", ()),
        ("havde fået", "(ni ud af ti) havde fået", ("ni ud af ti",)),
        ("havde fået", "(64 personer i februar) havde fået", ()),
        ("havde fået", "(65 personer i februar) havde fået", ("65",)),
        ("havde fået", "(1.234 personer) havde fået", ("1.234",)),
        ("færre end fire samtaler", "færre end 4 samtaler", ()),
        ("færre end fire samtaler", "færre end to samtaler", ("to",)),
        ("Derfor henvender", "Efter lovens § 31, stk. 2, henvender", ()),
        (
            "Derfor henvender",
            "Den 3. maj 2022 (uge 18) ringede vi 72 22 12 34. Derfor henvender",
            (),
        ),
        ("Derfor henvender", "Vi ringer om to uger. Derfor henvender", ()),
    ],
)
def test_what_an_editor_wrote_is_held_against_the_letters_figures(old, new, found) -> None:
    assert doubts(old, new) == found


def test_the_rules_line_takes_no_figures_place() -> None:
    decision = written("decision")
    said = next(
        place
        for place, block in enumerate(decision.blocks)
        if isinstance(block, Paragraph) and "20\N{NO-BREAK SPACE}pct." in block.text
    )
    assert doubts("20 pct.", "25 pct.", place=said, document=decision) == ("25 pct.",)
    assert doubts("tre måneder", "fire måneder", place=said, document=decision) == ("fire",)
    notice = letter(figures=figures("sygedagpenge 34 24 64 23,5 29,2 20,9"))
    assert doubts("29,2 pct.", "20 pct.", document=notice) == ("20 pct.",)
    assert doubts("Derfor", "Grænsen er 20 pct. Derfor", document=notice) == ()


def test_both_versions_stand_side_by_side_with_what_differs() -> None:
    text = paragraph(NOTICE, FOUND)
    (edit,) = edits(NOTICE, {str(FOUND): text.replace("29,2", "1,1"), "0": paragraph(NOTICE, 0)})
    assert edit.place == FOUND
    assert "".join(piece.text for piece in edit.before) == text
    assert [piece.text for piece in edit.before if piece.changed] == ["29,2"]
    assert [piece.text for piece in edit.after if piece.changed] == ["1,1"]
    assert (
        "".join(piece.text for piece in edit.after if piece.doubtful) == "1,1\N{NO-BREAK SPACE}pct."
    )


def test_a_new_paragraph_of_plain_words_raises_no_doubt() -> None:
    (edit,) = edits(NOTICE, {"10": "Vi ringer til jer en af de første dage."})
    assert not edit.doubts and all(piece.changed for piece in edit.after if len(piece.text) > 8)
