"""Showing again what was hidden needlessly.

The fast pattern hides as it goes and does not look back; later patterns often keep safe what an
earlier one was found for. So the patterns are kept. A cell that need not be hidden for its own sake is
shown again if the patterns through it can be left out: if by those that remain every hidden cell is
still open to everybody it is kept from. What no remaining pattern keeps safe may be shown with it, if
it too was hidden for others alone. The cells that cost a reader most are tried first.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from tilsyn.figures.disclosure.pattern import Marks, State


def reopen(state: State, kept: Marks, needed: Marks) -> None:
    """Show cells again as far as every other hidden cell stays as safe as it is.

    Args:
        state: `hidden` and `patterns` are changed in place; nothing more is hidden.
        kept: cells that stay hidden for their own sake.
        needed: counts by those they are kept from, as `State.closed` before patterns were looked for.
    """
    spare = state.hidden & ~kept & (state.weights > 0)
    if not spare.any():
        return
    books = _Books(state, spare, needed)
    costliest = np.flatnonzero(spare)
    costliest = costliest[np.argsort(-state.weights[costliest], kind="stable")]
    for cell in costliest.tolist():
        if state.hidden[cell]:
            state.hidden[books.shown_with(cell)] = False
    state.patterns = [one for one, left in zip(state.patterns, books.left, strict=True) if left]


class _Books:
    """Which patterns are left, and by how many of them each count is open to each who is to be kept out."""

    def __init__(self, state: State, spare: Marks, needed: Marks) -> None:
        self.state, self.spare = state, spare
        asked = state.hidden & (state.weights > 0)
        self.needed = needed & ~state.closed & asked[:, np.newaxis]
        self.times = np.zeros(needed.shape, dtype=np.int32)
        self.left = [True] * len(state.patterns)
        self.through: dict[int, list[int]] = defaultdict(list)
        for k, pattern in enumerate(state.patterns):
            self.times[pattern.far] += pattern.fooled
            for cell in pattern.columns[spare[pattern.columns]].tolist():
                self.through[cell].append(k)

    def shown_with(self, cell: int) -> list[int]:
        """The cells that can be shown if this one is, itself among them; none where it cannot be."""
        shown, dropped = [cell], []
        for one in shown:  # which grows on the way
            for k in self.through[one]:
                if not self.left[k]:
                    continue
                self._drop(k)
                dropped.append(k)
                for other in self._unsafe(k):
                    if not self.spare[other]:
                        self._take_back(dropped)
                        return []
                    if self.state.hidden[other] and other not in shown:
                        shown.append(other)
        return shown

    def _drop(self, k: int) -> None:
        pattern = self.state.patterns[k]
        self.left[k] = False
        self.times[pattern.far] -= pattern.fooled

    def _take_back(self, dropped: list[int]) -> None:
        for k in dropped:
            pattern = self.state.patterns[k]
            self.left[k] = True
            self.times[pattern.far] += pattern.fooled

    def _unsafe(self, k: int) -> list[int]:
        """The hidden cells of a pattern that no pattern left keeps open to all."""
        far = self.state.patterns[k].far
        shut = (self.needed[far] & (self.times[far] == 0)).any(axis=1)
        found: list[int] = far[shut & self.state.hidden[far]].tolist()
        return found
