"""The same function over many keys: on this machine's threads or processes, or on a Spark cluster.

Results come in the keys' order, and on one machine few keys wait at a time, so that what many give need not
fit in memory together. What the function raises is raised at its key's place; of the keys after it no
further are begun, and neither are they where whoever takes the results stops.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Any, Protocol, TypeVar

from tilsyn.errors import InputError

Key = TypeVar("Key")
Result = TypeVar("Result")
Done = Callable[[], None]
"""Called after each key."""


def nothing() -> None:
    """Tell nobody."""


def cores() -> int:
    """How many threads or processes this machine runs at once."""
    return os.cpu_count() or 1


class Engine(Protocol):
    """Where the work is done."""

    @property
    def name(self) -> str:
        """As a manifest calls it."""

    def over(
        self, keys: Iterable[Key], function: Callable[[Key], Result], *, done: Done = ...
    ) -> Iterator[Result]:
        """What the function gives for each key, in the keys' order."""


class Sharing(Engine, Protocol):
    """An engine that can also give a worker many keys for one result."""

    def shares(
        self,
        keys: Sequence[Key],
        function: Callable[[Iterator[Key]], Result],
        *,
        most: int,
        done: Done = ...,
    ) -> Iterator[Result]:
        """What the function gives for each share of the keys: for sums that take memory, one a share.

        Which keys make a share follows from who is free first.

        Args:
            keys: all of them.
            function: takes a share's keys one after another, and gives one result.
            most: shares at a time in the memory of one machine.
            done: called after each key.
        """


@dataclass(frozen=True, slots=True)
class Threads:
    """Threads of this process, for functions that run without the interpreter's lock."""

    number: int = field(default_factory=cores)
    name: str = "local"

    def over(
        self, keys: Iterable[Key], function: Callable[[Key], Result], *, done: Done = nothing
    ) -> Iterator[Result]:
        """As `Engine.over`; keys are asked for in the caller's thread, when a thread needs one."""
        if self.number == 1:
            return _here(keys, function, done)
        return _in_order(ThreadPoolExecutor(self.number), self.number, keys, function, done)

    def shares(
        self,
        keys: Sequence[Key],
        function: Callable[[Iterator[Key]], Result],
        *,
        most: int,
        done: Done = nothing,
    ) -> Iterator[Result]:
        """As `Sharing.shares`, one a thread."""
        lock, ahead = Lock(), iter(keys)

        def share() -> Iterator[Key]:
            while True:
                with lock:
                    taken = tuple(islice(ahead, 1))
                if not taken:
                    return
                yield taken[0]
                done()

        number = max(1, min(self.number, most, len(keys)))
        return Threads(number).over(range(number), lambda _: function(share()))


@dataclass(frozen=True, slots=True)
class Processes:
    """Processes of their own, for functions that hold the interpreter's lock; with one, this process.

    Function, keys and results are pickled; the function once a process, which reads what it needs when it
    is first called.
    """

    number: int = field(default_factory=cores)
    name: str = "local"

    def over(
        self, keys: Iterable[Key], function: Callable[[Key], Result], *, done: Done = nothing
    ) -> Iterator[Result]:
        """As `Engine.over`.

        Raises:
            InputError: a process was killed, most likely because memory ran out.
        """
        if self.number == 1:
            yield from _here(keys, function, done)
            return
        # A process that is copied while threads run can hang; one that begins afresh cannot.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self.number, context, _remember, (function,))
        try:
            yield from _in_order(pool, 2 * self.number, keys, _call, done)
        except BrokenProcessPool as error:
            raise InputError(
                "a process was killed, most likely because memory ran out; what was written stays. "
                "Try again with fewer processes"
            ) from error


def _here(keys: Iterable[Key], function: Callable[[Key], Result], done: Done) -> Iterator[Result]:
    for key in keys:
        yield function(key)
        done()


def _in_order(
    pool: Executor, ahead: int, keys: Iterable[Key], function: Callable[[Key], Result], done: Done
) -> Iterator[Result]:
    source = iter(keys)
    try:
        waiting: deque[Future[Result]] = deque(
            pool.submit(function, key) for key in islice(source, ahead)
        )
        while waiting:
            result = waiting.popleft().result()
            waiting.extend(pool.submit(function, key) for key in islice(source, 1))
            yield result
            done()
    finally:
        pool.shutdown(cancel_futures=True)


_function: Callable[[Any], Any]


def _remember(function: Callable[[Any], Any]) -> None:
    global _function
    _function = function


def _call(key: Any) -> Any:
    return _function(key)
