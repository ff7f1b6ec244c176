"""What coverage.toml may say, and what a store keeps of it and of the rows set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.register.door_registers import write
from tilsyn.errors import InputError
from tilsyn.register.coverage import COVERAGE
from tilsyn.register.door import admit
from tilsyn.register.store import Store, fold, load, open_store

SOUND = 'municipalities = ["183", "København"]\nfrom = 2020-01-01\nto = "2021-12-31"\n'


def loaded(folder: Path, text: str = "", **how: object) -> Store:
    """A register with one bad row of hours, loaded."""
    source = write(folder / "in", hours=["p1,2020-03,1", "p1,2020-03,much"])
    (source / COVERAGE).unlink(missing_ok=True)
    if text:
        (source / COVERAGE).write_text(text)
    number = len(list(folder.glob("out-*")))
    admission = admit(source, folder / f"out-{number}")
    return load(admission.folder, folder / "store", most_set_aside=1, **how)  # type: ignore[arg-type]


def test_a_store_keeps_what_the_register_covers(tmp_path: Path) -> None:
    covers = loaded(tmp_path, SOUND).coverage
    assert covers is not None
    assert covers.codes == {101, 183}
    assert (str(covers.first), str(covers.last)) == ("2020-01-01", "2021-12-31")
    later = SOUND.replace("2021-12-31", "2022-01-31")
    assert str(loaded(tmp_path, later).coverage.last) == "2022-01-31"  # type: ignore[union-attr]
    assert loaded(tmp_path).coverage is None


def test_rows_set_aside_add_up_over_updates_until_the_register_is_loaded_anew(
    tmp_path: Path,
) -> None:
    once = {"hours": {"hours": 1}}
    assert loaded(tmp_path, SOUND).set_aside == once
    store = loaded(tmp_path, update=True)
    assert store.set_aside == {"hours": {"hours": 2}}
    folded = fold(tmp_path / "store")
    assert folded.set_aside == store.set_aside
    assert folded.coverage == store.coverage is not None
    assert loaded(tmp_path).set_aside == once
    assert open_store(tmp_path / "store").set_aside == once


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"183"', '"Nowhere"', "'Nowhere' is no municipality"),
        ('["183", "København"]', "[]", "write a list of codes or names"),
        ('["183", "København"]', '"everything"', "write a list of codes"),
        ("2020-01-01", "2022-01-01", "to .2021-12-31. lies before from .2022-01-01."),
        ("2020-01-01", "2020", "'2020' is no date; write it as 2022-01-01"),
        ("2020-01-01", "0001-01-01", "0001-01-01 lies outside 1990-2100"),
        ("from =", "form =", "form: unknown key; did you mean 'from'"),
        ("from = 2020-01-01", "", "from: this key is missing"),
        ("from =", "from", "not valid TOML"),
    ],
)
def test_a_statement_without_meaning_is_refused_in_one_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in SOUND
    with pytest.raises(InputError, match=said) as refused:
        loaded(tmp_path, SOUND.replace(old, new))
    assert COVERAGE in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.glob("out-*"))
