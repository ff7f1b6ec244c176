"""Showing again what was hidden needlessly.

The fast pattern hides as it goes and does not look back; later patterns often keep safe what an
earlier one was found for. So the patterns are kept. A cell that need not be hidden for its own sake is
shown again if the patterns through it can be left out: if by those that remain every hidden cell is
still open to everybody it is kept from. What no remaining pattern keeps safe may be shown with it, if
it too was hidden for others alone. The cells that cost a reader most are tried first; for the costliest
of those that stay, patterns that do without them are looked for among the hidden cells.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from tilsyn.protection.matrix import Matrix, Whole, components
from tilsyn.protection.pattern import Marks, Pattern, Patterns, State

_EFFORT = 50_000
"""Hidden counts of a table times programs for second looks: some seconds for a country."""
_HANGING = 80
"""Cells that may hang on one that gets a second look."""


def reopen(
    open_rows: Matrix, state: State, mine: Marks, kept: Marks, needed: Marks, measures: int = 1
) -> None:
    """Show cells of a table again as far as every other hidden cell stays as safe as it is.

    Args:
        open_rows: the rows among the table's hidden cells.
        state: `hidden` is changed in place; nothing more is hidden.
        mine: the table's counts.
        kept: cells that stay hidden for their own sake.
        needed: counts by those they are kept from, as `State.closed` before patterns were looked for.
        measures: how many there are in the table; each gets the effort it would get alone.
    """
    spare = mine & state.hidden & ~kept & (state.weights > 0)
    costliest = np.flatnonzero(spare)
    costliest = costliest[np.argsort(-state.weights[costliest], kind="stable")]
    if not len(costliest):
        return
    books, hidden = _Books(state, mine, spare, needed), int(state.hidden[mine].sum())
    books.show(costliest)
    look = _SecondLook(open_rows, books)
    for cell in costliest[state.hidden[costliest]]:
        if look.programs * hidden >= _EFFORT * measures**2:
            break
        # The patterns found for others before it may be enough.
        look.leave(books.show(np.array([cell])))
        if state.hidden[cell]:
            look.at(int(cell))
    # The patterns found on the way may make others needless.
    books.show(costliest)


class _SecondLook:
    """Patterns that do without a cell, looked for among the cells hidden already."""

    def __init__(self, open_rows: Matrix, books: _Books) -> None:
        self.books = books
        # What is asked for are those that the patterns left do not serve; at first there are none.
        self.state = replace(books.state, closed=np.zeros_like(books.needed), patterns=[])
        self.programs = 0
        self.among: dict[int, Patterns] = {}
        for part in components(open_rows):
            patterns = Patterns(part, self.state, last=False)
            self.among |= dict.fromkeys(patterns.columns.tolist(), patterns)
        self.leave([cell for cell in self.among if not self.state.hidden[cell]])

    def leave(self, cells: list[int]) -> None:
        """From now on let no pattern go through these cells: they are shown."""
        for cell in cells:
            if cell in self.among:
                self.among[cell].hold(cell)

    def at(self, cell: int) -> None:
        """Show a cell again if what hangs on it can be kept safe without it."""
        books, hidden = self.books, self.state.hidden
        patterns = self.among.get(cell)
        dropped = books.drop_through(cell)
        hanging = [one for one in books.unsafe(dropped) if one != cell]
        within = all(self.among.get(one) is patterns for one in hanging)
        if patterns is None or not within or len(hanging) > _HANGING:
            books.take_back(dropped)
            return
        patterns.hold(cell)
        # Those of single municipalities are the hardest to keep safe.
        hanging.sort(key=lambda one: (self.state.weights[one], one))
        if all(self._served(one, patterns) for one in hanging):
            hidden[cell] = False
            return
        books.take_back(dropped)
        patterns.release(cell)

    def _served(self, one: int, patterns: Patterns) -> bool:
        """Whether a cell could be made open again to everybody."""
        closed = self.state.closed
        while len(shut := np.flatnonzero(self.books.shut(one))):
            closed[one] = self.books.shut(one)
            before = len(self.state.patterns)
            found = patterns.serve_at_once(one)
            self.programs += 1
            closed[one] = False
            for pattern in self.state.patterns[before:]:
                self.books.add(pattern)
            if not found or len(np.flatnonzero(self.books.shut(one))) == len(shut):
                return False
        return True


class _Books:
    """Which patterns are left, and by how many of them each count is open to each who is to be kept out."""

    def __init__(self, state: State, mine: Marks, spare: Marks, needed: Marks) -> None:
        self.state, self.spare = state, spare
        asked = mine & state.hidden & (state.weights > 0)
        self.needed = needed & ~state.closed & asked[:, np.newaxis]
        self.times = np.zeros(needed.shape, dtype=np.int32)
        self.patterns: list[Pattern] = []
        self.left: list[bool] = []
        self.through: dict[int, list[int]] = defaultdict(list)
        for pattern in list(state.patterns):
            if mine[pattern.columns].all():
                self.add(pattern)

    def add(self, pattern: Pattern) -> None:
        """One more pattern."""
        for cell in pattern.columns[self.spare[pattern.columns]].tolist():
            self.through[cell].append(len(self.patterns))
        self.patterns.append(pattern)
        self.left.append(True)
        self.times[pattern.far] += pattern.fooled

    def show(self, cells: Whole) -> list[int]:
        """Show those of some cells again that can be, one after another; all that are shown then."""
        shown = []
        for cell in cells.tolist():
            if self.state.hidden[cell]:
                together = self.shown_with(cell)
                self.state.hidden[together] = False
                shown += together
        return shown

    def shown_with(self, cell: int) -> list[int]:
        """The cells that can be shown if this one is, itself among them; none where it cannot be."""
        shown, dropped = [cell], []
        for one in shown:  # which grows on the way
            gone = self.drop_through(one)
            dropped += gone
            for other in self.unsafe(gone):
                if not self.spare[other]:
                    self.take_back(dropped)
                    return []
                if other not in shown:
                    shown.append(other)
        return shown

    def drop_through(self, cell: int) -> list[int]:
        """Leave out the patterns through a cell; which these were."""
        gone = [k for k in self.through[cell] if self.left[k]]
        for k in gone:
            self.left[k] = False
            self.times[self.patterns[k].far] -= self.patterns[k].fooled
        return gone

    def take_back(self, gone: list[int]) -> None:
        """Patterns left out count again."""
        for k in gone:
            self.left[k] = True
            self.times[self.patterns[k].far] += self.patterns[k].fooled

    def shut(self, cells: int | Whole) -> Marks:
        """To whom, of those they are kept from, no pattern left keeps cells open."""
        found: Marks = self.needed[cells] & (self.times[cells] == 0)
        return found

    def unsafe(self, gone: list[int]) -> list[int]:
        """The hidden cells that are not safe for want of patterns left out."""
        if not gone:
            return []
        far = np.unique(np.concatenate([self.patterns[k].far for k in gone]))
        found: list[int] = far[self.shut(far).any(axis=1) & self.state.hidden[far]].tolist()
        return found
