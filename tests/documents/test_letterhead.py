from pathlib import Path

import pytest

from tilsyn.documents.letterhead import read_letterhead, sample_letterhead
from tilsyn.errors import InputError
from tilsyn.vocabulary import AREAS


@pytest.mark.parametrize("amk", AREAS["amk"].codes)
def test_every_office_has_a_sample_that_says_it_is_one(amk: str) -> None:
    letterhead = sample_letterhead(amk)
    assert letterhead.da.office == AREAS["amk"][amk].da
    assert letterhead.en.office == AREAS["amk"][amk].en
    assert "Eksempel på brevhoved" in letterhead.sender("da").lines
    assert "Sample letterhead" in letterhead.sender("en").lines


@pytest.mark.parametrize("amk", AREAS["amk"].codes)
def test_samples_hold_no_real_address_or_number(amk: str) -> None:
    for language in ("da", "en"):
        text = " ".join(sample_letterhead(amk).sender(language).lines)
        assert "example.org" in text
        assert not set(text) & set("23456789"), text


def test_an_unknown_office_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="there are midt_nord, ministry, oest, syd"):
        sample_letterhead("vest")


def test_a_misspelt_key_names_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    part = 'office = "A"\nagency = "B"\nrole = "C"\nlinies = []\n'
    file.write_text(f"[da]\n{part}[en]\n{part}", encoding="utf-8")
    with pytest.raises(InputError, match="did you mean 'lines'"):
        read_letterhead(file)
