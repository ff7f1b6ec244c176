"""The local engine: threads over the parts of a store; the kernel runs without the interpreter lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Lock
from typing import Any

import pyarrow as pa

from tilsyn.measures import counting
from tilsyn.measures.plan import Plan
from tilsyn.register.store import Part

Done = Callable[[], None]
"""Called after each part."""

MEMORY_FOR_COUNTS = 1 << 30
"""Bytes that the threads' counts may take together."""


def nothing() -> None:
    """Tell nobody."""


def threads(plan: Plan) -> int:
    """How many threads: one a core, as long as their counts fit in memory."""
    cells, counters, months = plan.shape
    fit = MEMORY_FOR_COUNTS // max(1, cells * counters * months * 4)
    return max(1, min(os.cpu_count() or 1, fit))


def counts(
    plan: Plan, parts: Sequence[Part], *, only_replaced: bool = False, done: Done = nothing
) -> Any:
    """Count the persons of these parts.

    Returns:
        Counts of the plan's shape.
    """
    waiting, lock = iter(parts), Lock()

    def work() -> Any:
        mine = counting.zeros(plan)
        while True:
            with lock:
                part = next(waiting, None)
            if part is None:
                return mine
            counting.add(plan, part, mine, only_replaced=only_replaced)
            done()

    workers = min(threads(plan), max(1, len(parts)))
    with ThreadPoolExecutor(workers) as pool:
        first, *others = [future.result() for future in [pool.submit(work) for _ in range(workers)]]
    for other in others:
        first += other
    return first


def unmet_persons(plan: Plan, parts: Sequence[Part], *, done: Done = nothing) -> Iterator[pa.Table]:
    """The persons behind the unmet counts, part by part, in the parts' order."""
    workers = threads(plan)
    ahead = iter(parts)
    with ThreadPoolExecutor(workers) as pool:
        queue = [pool.submit(counting.unmet_persons, plan, p) for p in islice(ahead, workers)]
        while queue:
            yield queue.pop(0).result()
            done()
            queue += [pool.submit(counting.unmet_persons, plan, p) for p in islice(ahead, 1)]
