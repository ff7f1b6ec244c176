import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tilsyn.register.identification import broken_at, note


def test_two_who_identify_at_once_are_noted_one_after_the_other(tmp_path: Path) -> None:
    log, listed = tmp_path / "log.jsonl", tmp_path / "worklist.csv"
    listed.write_text("person,week\n")

    def identify(number: int) -> None:
        now = dt.datetime(2024, 3, 4, tzinfo=dt.UTC)
        into = tmp_path / f"{number}.csv"
        note(log, now=now, file=listed, into=into, purpose="uge 10", persons=number)

    with ThreadPoolExecutor(8) as several:
        list(several.map(identify, range(80)))

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert sorted(line["persons"] for line in lines) == list(range(80))
    assert broken_at(log) is None
