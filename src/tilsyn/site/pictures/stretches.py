"""The unbroken pieces of a line: what is hidden or absent is never drawn across."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Point = TypeVar("Point")


def stretches(points: Iterable[tuple[int, Point | None]]) -> Iterator[list[tuple[int, Point]]]:
    """The pieces between the places where there is nothing.

    Args:
        points: place and what stands there, in order; None breaks the line.
    """
    piece: list[tuple[int, Point]] = []
    for place, point in points:
        if point is not None:
            piece.append((place, point))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece
