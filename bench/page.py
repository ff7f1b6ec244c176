"""The page of measurements: one section a benchmark, each replaced alone."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def put(title: str, lines: list[str], *, page: Path = PAGE) -> None:
    """Put a section in the place of the last one with its title; the others stay as they are."""
    text = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    head, *sections = text.split("\n## ")
    kept = [section for section in sections if section.split("\n", 1)[0] != title]
    new = "\n".join([title, "", *lines]).rstrip()
    page.write_text(
        "\n\n## ".join([head.rstrip(), *sorted([*(s.rstrip() for s in kept), new])]) + "\n",
        encoding="utf-8",
    )
