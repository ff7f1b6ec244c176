"""Growing surroundings in which a second table is looked for: small ones are quick and often enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from tilsyn.protection.matrix import Whole
from tilsyn.protection.relations import Cell
from tilsyn.vocabulary import MUNICIPALITIES

_LARGEST = 2


def surroundings(
    cells: Sequence[Cell],
    indices: Sequence[int],
    sizes: Whole,
    unsettled: Callable[[Sequence[int]], bool],
) -> Iterator[tuple[list[int], Sequence[int]]]:
    """Sets of counts of one table, those that hold an unsettled one.

    The municipalities that lie in the same areas, so that what one has more another can have less;
    the areas above with the largest municipalities of each;
    the same with each municipality that still needs it; everything.

    Args:
        cells: all counts.
        indices: those of the table.
        sizes: a number for each count; the larger, the more room it has to move.
        unsettled: whether some of these counts still look for a second table; asked as it goes on.

    Yields:
        The counts that may differ, and those of them a second table is looked for.
    """
    by_area: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i in indices:
        by_area[cells[i][2], cells[i][3]].append(i)
    alike: dict[tuple[str, str, str], list[list[int]]] = defaultdict(list)
    for one in MUNICIPALITIES:
        if inside := by_area.get(("municipality", one.code)):
            alike[one.rar, one.amk, one.region].append(inside)
    above = [i for (kind, _), inside in by_area.items() if kind != "municipality" for i in inside]
    if above:
        for one_class in alike.values():
            if len(one_class) > 1 and unsettled(together := _joined(one_class)):
                yield together, together
        largest = [
            inside
            for one_class in alike.values()
            for inside in sorted(one_class, key=lambda i: -int(sizes[i].sum()))[:_LARGEST]
        ]
        core = above + _joined(largest)
        if unsettled(core):
            yield core, core
        for one_class in alike.values():
            for inside in one_class:
                if inside not in largest and unsettled(inside):
                    yield core + inside, inside
    if unsettled(indices):
        yield list(indices), indices


def _joined(parts: Iterable[list[int]]) -> list[int]:
    return [i for part in parts for i in part]
