import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tilsyn.errors import InputError
from tilsyn.register.looks import broken_at, note, noted


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log" / "looks.jsonl"


def test_two_who_look_at_once_are_noted_one_after_the_other(log: Path) -> None:
    def look(number: int) -> None:
        note(log, look="identify", purpose="uge 10", persons=number)

    with ThreadPoolExecutor(8) as several:
        list(several.map(look, range(80)))

    assert sorted(line["persons"] for line in noted(log)) == list(range(80))
    assert broken_at(log) is None


def test_a_line_taken_out_or_changed_is_noticed(log: Path) -> None:
    for number in range(3):
        note(log, look="explain", persons=number)
    first, second, third = log.read_text().splitlines()
    log.write_text(f"{first}\n{third}\n")
    assert broken_at(log) == 2
    changed = second.replace("explain", "enquire")
    log.write_text(f"{first}\n{changed}\n{third}\n")
    assert broken_at(log) == 3


def test_no_cpr_number_reaches_the_log_and_only_its_owner_reads_it(log: Path) -> None:
    note(log, look="explain", purpose="klage fra 010180-1234", person="0101801234")
    (line,) = noted(log)
    assert "xxxxxx-xxxx" in line["purpose"]
    assert "1234" not in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_where_nobody_has_looked_there_is_nothing_to_tell(log: Path) -> None:
    assert noted(log) == []
    assert broken_at(log) is None


def test_a_log_that_cannot_be_written_or_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    with pytest.raises(InputError, match="nobody is shown; name another place by TILSYN_LOOKS_LOG"):
        note(tmp_path / "log" / "looks.jsonl", look="plan")
    with pytest.raises(InputError, match="line 1: no line of a log of looks"):
        noted(tmp_path / "log")
