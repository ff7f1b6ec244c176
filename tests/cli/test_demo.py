"""The demo does the whole chain and links everything it makes."""

import re

import pytest


@pytest.fixture
def demo(tilsyn, tmp_path):
    ended = tilsyn("demo", "--out", tmp_path / "demo")
    assert ended.code == 0, ended.err
    return tmp_path / "demo", ended.out


def test_every_link_and_picture_of_its_page_is_there(demo):
    folder, _ = demo
    page = (folder / "index.html").read_text(encoding="utf-8")
    targets = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert any(target.endswith(".pdf") for target in targets)
    assert any(target.endswith(".docx") for target in targets)
    assert any(target.endswith(".png") for target in targets)
    for target in targets:
        assert (folder / target).is_file(), target


def test_it_ends_with_the_municipalitys_own_register(demo):
    folder, printed = demo
    assert "Kommunens eget register" in printed
    assert len(list((folder / "own-register").iterdir())) == 1
    assert len(list((folder / "releases").iterdir())) == 5


def test_it_is_made_anew_but_never_over_something_else(tilsyn, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    ended = tilsyn("demo", "--out", tmp_path / "mine")
    assert ended.code == 3
    assert "holds something else" in ended.err
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["letter.txt"]
