from pathlib import Path

import pytest

from tests.documents.hedensted import letter
from tests.documents.renderers.forms import SVG, png
from tilsyn.documents.letterhead import read_letterhead, sample_letterhead
from tilsyn.documents.renderers import FORMATS, render
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


def with_logo(tmp_path: Path, name: str, data: bytes) -> Path:
    (tmp_path / name).write_bytes(data)
    part = 'office = "Kontor"\nagency = "Styrelse"\nrole = "Chef"\n'
    file = tmp_path / "own.toml"
    file.write_text(f'logo = "{name}"\n[da]\n{part}[en]\n{part}', encoding="utf-8")
    return file


@pytest.mark.parametrize(("name", "data"), [("logo.png", png(60, 20)), ("logo.svg", SVG.encode())])
def test_a_logo_stands_in_every_form(tmp_path: Path, name: str, data: bytes) -> None:
    own = read_letterhead(with_logo(tmp_path, name, data))
    logo = own.sender("da").logo
    assert logo is not None and logo.png.startswith(b"\x89PNG")
    assert (logo.svg is not None) == name.endswith("svg")
    document = letter(letterhead=own)
    plain = letter(letterhead=own.model_copy(update={"logo": None}))
    for form in ("pdf", "docx", "html"):
        assert form in FORMATS
        assert len(render(document, form)) > len(render(plain, form)), form
    assert render(document, "pdf") == render(document, "pdf")
    assert 'alt="Kontor"' in render(document, "html").decode()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("logo.gif", b"GIF89a", "neither PNG nor SVG"),
        ("logo.svg", b"<html/>", "neither PNG nor SVG"),
        ("logo.svg", SVG.replace("<rect", "<script/><rect").encode(), "holds <script>"),
        (
            "logo.svg",
            SVG.replace("<rect", '<image href="http://x/y.png"/><rect').encode(),
            "fetches",
        ),
        ("logo.svg", SVG.replace("<rect", '<rect onload="x()"').encode(), "fetches or runs"),
        ("logo.svg", b"<!DOCTYPE svg>" + SVG.encode(), "DOCTYPE"),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 1_000_001, "larger than 1000 kB"),
    ],
)
def test_a_logo_is_checked_when_the_letterhead_is_read(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        read_letterhead(with_logo(tmp_path, name, data))


def test_a_logo_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = with_logo(tmp_path, "logo.png", png())
    (tmp_path / "logo.png").unlink()
    with pytest.raises(InputError, match=r"logo\.png: the logo cannot be read"):
        read_letterhead(file)
