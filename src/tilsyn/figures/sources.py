"""Where figures come from, in words: by provenance, with every release named."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from itertools import groupby

import polars as pl

from tilsyn.figures.table import Figure
from tilsyn.vocabulary.wording import date, joined

_WORDS = tomllib.loads(files(__package__).joinpath("sources.toml").read_text(encoding="utf-8"))

Origin = tuple[str, dt.date, str]
"""What is said of a figure ("published", "own" or "register"), its day, and its release."""


def provenance(code: str, language: str) -> str:
    """A provenance in words: "målt på register"."""
    words: str = _WORDS[language]["provenance"][code]
    return words


def own_registers(known: pl.DataFrame) -> frozenset[str]:
    """The releases measured from the register of one municipality alone.

    Args:
        known: all figures at hand, others' too: only they tell whose register it was.
    """
    measured = known.filter(
        (pl.col("provenance") == "register") & (pl.col("area_kind") == "municipality")
    )
    places = measured.group_by("release").agg(pl.col("area").n_unique())
    return frozenset(places.filter(pl.col("area") == 1)["release"])


def source(
    shown: Mapping[int, Iterable[Figure]], language: str, own: frozenset[str] = frozenset()
) -> str:
    """The line that says where the figures shown come from; empty where none are.

    Where they do not all come from the same, it says of which pictures and tables which do.

    Args:
        shown: the figures by the number of the picture or table they stand in.
        own: the releases measured from one municipality's own register (`own_registers`).
    """
    words = _WORDS[language]
    origins = {number: {_origin(f, own) for f in figures} for number, figures in shown.items()}
    kinds = sorted(
        {kind for found in origins.values() for kind, *_ in found}, key=list(words).index
    )
    parts = []
    for kind in kinds:
        where = [n for n, found in origins.items() if any(one[0] == kind for one in found)]
        releases = sorted({one for found in origins.values() for one in found if one[0] == kind})
        said = words[kind].format(releases=_releases(kind, releases, language))
        if len(kinds) > 1 and len(shown) > 1:
            said = words["part"].format(figures=joined(_spans(where), language), source=said)
        parts.append(said)
    if not parts:
        return ""
    return str(words["line" if len(parts) == 1 else "lines"]).format(sources="; ".join(parts))


def _origin(figure: Figure, own: frozenset[str]) -> Origin:
    kind = "own" if figure.release in own and figure.provenance == "register" else figure.provenance
    return kind, figure.published, figure.release


def _releases(kind: str, origins: Iterable[Origin], language: str) -> str:
    words, published = _WORDS[language], kind == "published"
    form = words["published_release" if published else "measured_release"]
    each = (form.format(release=name, date=date(day, language)) for _, day, name in origins)
    return "; ".join(each) if published else joined(each, language)


def _spans(numbers: Iterable[int]) -> Iterable[str]:
    """Numbers in a row together: "1", "3–5"."""
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        row = [number for _, number in run]
        yield str(row[0]) if len(row) == 1 else f"{row[0]}–{row[-1]}"
