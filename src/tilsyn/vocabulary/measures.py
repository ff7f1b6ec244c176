"""The measures' names and what their rows and categories are called, from ``measures.toml``.

Official measures stand there. A measure of one's own brings its words with it: from the file that
defines it, the manifest of a release that has figures of it, or a list of one's own. Whoever meets
a figure has read one of these, so that `MEASURES` need only ever grow; a code that has a meaning
keeps it (the words read last are used), and official codes and names stay the official measures'.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Literal

from pydantic import Field

from tilsyn.errors import InputError
from tilsyn.records import Record, build
from tilsyn.vocabulary import lists
from tilsyn.vocabulary.months import YearMonth
from tilsyn.vocabulary.names import CodeList, Term, Validity

_FILE = "measures.toml"
_OFFICIAL = lists.shipped(_FILE)

EVENTS = CodeList("event", (Term(r["code"], r["da"], r["en"]) for r in _OFFICIAL["event"]))
"""What a measure may count, and what it is called."""

Text = Annotated[str, Field(max_length=300)]


class Numbers(Record):
    """Which persons by number are unmet, in a group's row (empty: in any) from a month on.

    Attributes:
        equals: the unmet are exactly the persons with these numbers.
        at_most: the unmet are among them.
        at_least: these are all unmet, and there may be more.
    """

    group: str = ""
    valid_from: dt.date = dt.date.min
    equals: tuple[str, ...] = ()
    at_most: tuple[str, ...] = ()
    at_least: tuple[str, ...] = ()


class Measure(Record):
    """A measure in words.

    Attributes:
        da_unmet, en_unmet: what those counted as unmet got, as a sentence says it.
        da_not_said, en_not_said: what its figures do not say.
        event: one of `EVENTS`, or empty.
        effort: the supervision it belongs to: of the early effort, of the focus goals, or empty.
        population: whom it counts: who reaches the seniority in the month, who has it, whose
            deadline lies in it, everybody placed; empty where it is not measured from registers.
        seniority_months: seniority of its population in months; 0 where none.
        groups: the groups it is measured for; empty: all.
        categories: its "persons by number" categories or duration bands, in order.
        numbers: which of them are unmet.
        official: whether it is one of the authorities', not one's own.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
    da: Text
    en: Text
    da_unmet: Text = ""
    en_unmet: Text = ""
    da_not_said: Annotated[str, Field(max_length=600)] = ""
    en_not_said: Annotated[str, Field(max_length=600)] = ""
    event: Literal["", "conversations", "offers"] = ""
    effort: Literal["", "early", "focus"] = ""
    population: Literal["", "reaching", "at_least", "deadline", "placed"] = ""
    seniority_months: int = Field(0, ge=0)
    groups: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    numbers: tuple[Numbers, ...] = ()
    spellings: tuple[str, ...] = ()
    official: bool = False
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def exists_in(self, month: YearMonth) -> bool:
        """Whether there are figures of it in a month."""
        return Validity(valid_from=self.valid_from, valid_to=self.valid_to).exists_in(month)

    def name(self, language: str) -> str:
        """The name in tables."""
        return self.da if language == "da" else self.en

    def unmet(self, language: str) -> str:
        """What those counted as unmet got."""
        return self.da_unmet if language == "da" else self.en_unmet

    def not_said(self, language: str) -> str:
        """What its figures do not say; empty where nobody wrote it down."""
        return self.da_not_said if language == "da" else self.en_not_said

    def events(self, language: str) -> str:
        """What is counted; empty where nothing is."""
        return EVENTS[self.event].name(language) if self.event else ""

    def unmet_numbers(self, group: str, month: dt.date) -> Numbers | None:
        """Which persons by number are unmet in a row; None where that is not known."""
        fitting = [n for n in self.numbers if n.group in ("", group) and n.valid_from <= month]
        return max(fitting, key=lambda n: (n.group, n.valid_from), default=None)

    @property
    def missing_words(self) -> list[str]:
        """The keys of the words it needs and has not."""
        wanted = ("da", "en", *(("da_unmet", "en_unmet") if self.event else ()))
        return [key for key in wanted if not getattr(self, key).strip()]

    def record(self) -> dict[str, Any]:
        """The words as a manifest or a list keeps them."""
        return self.model_dump(exclude_defaults=True)


class _File(Record):
    measure: tuple[Measure, ...]


_MEANING = ("event", "population", "seniority_months", "categories")


class Measures(CodeList[Measure]):
    """The measures that are known; it grows, and no code changes its meaning."""

    def __init__(self, official: Iterable[Measure]):
        super().__init__("measure", official)
        self._lock = Lock()

    def know(self, measures: Iterable[Measure], *, file: Path | None = None) -> None:
        """Add measures of one's own; of one that is known the words may be put better.

        Raises:
            InputError: a code or a name means something else already.
        """
        with self._lock:
            for measure in measures:
                known = self._by_code.get(measure.code)
                if known == measure:
                    continue
                if known is not None and (
                    known.official
                    or any(getattr(known, k) != getattr(measure, k) for k in _MEANING)
                ):
                    why = "is an official measure" if known.official else "means another elsewhere"
                    raise InputError(
                        f"'{measure.code}' {why}; give yours a code and a name of its own",
                        file=file,
                    )
                own = {m.code: m for m in (*self, measure) if not m.official}
                try:
                    every = CodeList(
                        self.kind,
                        (*(m for m in self if m.official), *(own[code] for code in sorted(own))),
                    )
                except ValueError as error:
                    raise InputError(f"{error}; give yours a name of its own", file=file) from None
                self._by_code, self._by_spelling = every._by_code, every._by_spelling

    def know_records(self, records: object, *, file: Path) -> None:
        """Add measures of one's own from records, as manifests and lists keep them.

        Raises:
            InputError: a record is unsound, or a code or a name means something else already.
        """
        measures = build(_File, {"measure": records}, file=file).measure
        for measure in measures:
            if missing := measure.missing_words:
                raise InputError(f"'{measure.code}' lacks {', '.join(missing)}", file=file)
        self.know((m.model_copy(update={"official": False}) for m in measures), file=file)

    def words(self, codes: Iterable[str]) -> list[dict[str, Any]]:
        """Records of those of the codes that are no official measures."""
        return [self[c].record() for c in sorted(codes) if c in self and not self[c].official]

    def of_effort(self, effort: str, event: str = "") -> tuple[str, ...]:
        """The codes of a supervision's measures, of one event or of each."""
        return tuple(m.code for m in self if m.effort == effort and event in ("", m.event))


MEASURES = Measures(Measure(**record, official=True) for record in _OFFICIAL["measure"])
"""The supervisory measures, durations, the result goal, and what is known of one's own."""

if (_own := lists.own_file(_FILE)) is not None:
    MEASURES.know_records(lists.records(_FILE).get("measure"), file=_own)

STATISTIC_NAMES = CodeList(
    "statistic", (Term(r["code"], r["da"], r["en"]) for r in _OFFICIAL["statistic"])
)
"""What a figure may be of its measure; ``share`` is in per cent, ``met`` is 1 or 0."""

STATISTICS = STATISTIC_NAMES.codes
"""Their codes."""

Part = Literal["unmet", "exempted", "missed"]
"""A part of a population: those who did not get the effort, and of them those exempted and not."""

PARTS: dict[str, tuple[str, ...]] = {
    r["code"]: tuple(r["parts"]) for r in _OFFICIAL["statistic"] if "parts" in r
}
"""The counts that add up to a count, where a measure has them."""

COUNT_OF_SHARE: dict[str, str] = {
    r["code"]: r["count"] for r in _OFFICIAL["statistic"] if "count" in r
}
"""Of each share of the population, the count it is of."""
