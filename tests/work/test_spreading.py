"""The same function over many keys: every engine gives the same, in the keys' order."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from itertools import count

import pytest

from tilsyn.errors import InputError
from tilsyn.work.spreading import Engine, Processes, Threads

HERE = [Threads(1), Threads(3), Processes(1), Processes(2)]


def later_first(key: int) -> int:
    """A square, the first keys' last."""
    time.sleep(0.02 * (key < 2))
    return key * key


def odd_refused(key: int) -> int:
    if key % 2:
        raise InputError(f"key {key} is odd")
    return key


def killed(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def summed(share: Iterator[int]) -> int:
    return sum(share)


@pytest.mark.parametrize("engine", HERE, ids=repr)
def test_results_come_in_the_keys_order_and_each_is_told(engine: Engine) -> None:
    told = count()
    found = list(engine.over(range(9), later_first, done=lambda: next(told)))
    assert found == [key * key for key in range(9)]
    assert next(told) == 9
    assert list(engine.over([], later_first)) == []


@pytest.mark.parametrize("engine", HERE, ids=repr)
def test_what_a_key_raises_is_raised_at_its_place(engine: Engine) -> None:
    results = engine.over([0, 2, 3, 4], odd_refused)
    assert [next(results), next(results)] == [0, 2]
    with pytest.raises(InputError, match="key 3 is odd"):
        next(results)


def test_of_endless_keys_only_the_few_that_are_wanted_are_begun() -> None:
    asked = []

    def keys() -> Iterator[int]:
        for key in count():
            asked.append(key)
            yield key

    results = Threads(2).over(keys(), later_first)
    assert [next(results) for _ in range(5)] == [0, 1, 4, 9, 16]
    results.close()
    assert len(asked) <= 5 + 2


def test_a_process_that_is_killed_is_one_clear_line() -> None:
    with pytest.raises(InputError, match=r"a process was killed.*Try again with fewer processes"):
        list(Processes(2).over([1, 2], killed))


@pytest.mark.parametrize(("threads", "most", "shares"), [(3, 9, 3), (3, 2, 2), (3, 0, 1)])
def test_shares_take_every_key_once_and_no_more_than_fit_in_memory(threads, most, shares):
    told = count()
    found = list(Threads(threads).shares(range(100), summed, most=most, done=lambda: next(told)))
    assert len(found) == shares
    assert sum(found) == sum(range(100))
    assert next(told) == 100


def test_shares_of_nothing_are_a_sum_of_nothing():
    assert list(Threads(2).shares([], summed, most=2)) == [0]
