"""Tables of pages, one way for all: filtered and sorted by the address, and taken away as they are seen.

Without script: a heading is a link, a filter a field of a form, a file the same address with `form`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse

from tilsyn.exports.files import TABLES
from tilsyn.site.attached import TYPES, attached
from tilsyn.site.language import gettext, language
from tilsyn.vocabulary import AREAS, MUNICIPALITIES
from tilsyn.vocabulary.names import plain
from tilsyn.vocabulary.wording import decimal

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column.

    Attributes:
        key: its name in addresses; words: its heading, in the reader's language.
        value: what a row is sorted by and what files hold of it: text, number, day or None.
        order: what it is sorted by, where that is not its value.
    """

    key: str
    words: str
    value: Callable[[Row], Any]
    numeric: bool = False
    order: Callable[[Row], Any] | None = None


@dataclass(frozen=True)
class Filter(Generic[Row]):
    """A choice that leaves rows out; without options, a text to be found.

    Attributes:
        holds: whether a row is left, of the row and what is chosen.
        options: what can be chosen, with its words; anything else is as nothing chosen.
    """

    key: str
    words: str
    holds: Callable[[Row, str], bool]
    options: Sequence[tuple[str, str]] = ()


class Listing(Generic[Row]):
    """A table as an address asks for it.

    Args:
        request: whose address says `sort` (a column, "-" before it for downwards) and the filters.
        rows: all that can be seen, in the order of those that are alike.
        name: what its file is called, without ending.
        sort: as it is sorted when the address does not say.
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: Iterable[Row],
        columns: Sequence[Column[Row]],
        *,
        name: str,
        filters: Sequence[Filter[Row]] = (),
        sort: str = "",
    ) -> None:
        self.columns = columns
        self.name = name
        self.filters = filters
        self.chosen = {one.key: _chosen(request, one) for one in filters}
        by_key = {column.key: column for column in columns}
        asked = request.GET.get("sort", sort)
        self.sort = asked if asked.removeprefix("-") in by_key else sort
        kept = [row for row in rows if self._holds(row)]
        self.rows = _sorted(kept, by_key[self.sort.removeprefix("-")], self.sort) if sort else kept
        self._form = request.GET.get("form", "")

    def _holds(self, row: Row) -> bool:
        return all(
            one.holds(row, chosen) for one in self.filters if (chosen := self.chosen[one.key])
        )

    @property
    def filtered(self) -> bool:
        """Whether a filter is chosen."""
        return any(self.chosen.values())

    @property
    def fields(self) -> list[tuple[Filter[Row], str]]:
        """The filters with what is chosen of each, for a form."""
        return [(one, self.chosen[one.key]) for one in self.filters]

    @property
    def labels(self) -> Mapping[str, str]:
        """The headings by column, which cells bear where a narrow screen has no head."""
        return {column.key: column.words for column in self.columns}

    def file(self) -> HttpResponse | None:
        """The rows as a file, where the address asks for one: Danish CSV, or Excel."""
        write = TABLES.get(f".{self._form}")
        if write is None:
            return None
        heads = [column.words for column in self.columns]
        lines = [[column.value(row) for column in self.columns] for row in self.rows]
        return attached(write(heads, lines), f"{self.name}.{self._form}", TYPES[self._form])


def _chosen(request: HttpRequest, one: Filter[Any]) -> str:
    asked = request.GET.get(one.key, "").strip()
    return asked if not one.options or asked in dict(one.options) else ""


def _sorted(rows: list[Row], by: Column[Row], sort: str) -> list[Row]:
    """By a column; what has no value comes last whichever way."""
    order = by.order or by.value
    valued = [(value, row) for row in rows if (value := order(row)) not in (None, "")]
    without = [row for row in rows if order(row) in (None, "")]
    valued.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [row for _, row in valued] + without


def seen(share: Fraction | None) -> Decimal | None:
    """A share or a distance with the one decimal that pages show."""
    return None if share is None else decimal(share)


def places(area: Callable[[Row], str]) -> list[Filter[Row]]:
    """Filters by office and region.

    Args:
        area: the code of a row's municipality, or another area's, which is in neither.
    """

    def lies(kind: str) -> Callable[[Row, str], bool]:
        return lambda row, chosen: (
            area(row) in MUNICIPALITIES and MUNICIPALITIES[area(row)].area(kind) == chosen
        )

    return [
        Filter(kind, words, lies(kind), [(one.code, one.name(language())) for one in AREAS[kind]])
        for kind, words in (("amk", gettext("Office")), ("region", gettext("Region")))
    ]


def municipality_named(area: Callable[[Row], str]) -> Filter[Row]:
    """A filter by a municipality's name, spelling or code, or a part of one."""

    def named(row: Row, chosen: str) -> bool:
        code = area(row)
        if code not in MUNICIPALITIES:
            return plain(chosen) in plain(gettext("Denmark"))
        return code in {one.code for one in MUNICIPALITIES.matching(chosen)}

    return Filter("q", gettext("Municipality"), named)
