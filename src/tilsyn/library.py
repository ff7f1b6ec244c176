"""What programs and notebooks use: figures, registers, rules and findings that show themselves.

Nothing here is protected: who reads a register's figures sees them exactly as they are.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Group
from rich.jupyter import JupyterMixin
from rich.table import Table

from tilsyn.charts import draw, save, standalone
from tilsyn.charts.lines import Lines
from tilsyn.charts.months import shares, subject
from tilsyn.cli.figures import tables as tables_of_figures
from tilsyn.cli.judge import table as table_of_findings
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.series import series
from tilsyn.figures.vintages import Vintages, known_on
from tilsyn.rules import Catalogue, Finding, at_hand
from tilsyn.rules import judge as _judge
from tilsyn.rules.catalogue import changed, in_force
from tilsyn.rules.model import Version
from tilsyn.vocabulary import COUNTRY, MEASURES, MUNICIPALITIES, ROWS, MonthRange, area_name
from tilsyn.vocabulary.names import CodeList

Files = str | os.PathLike[str]
Day = str | dt.date


class _Shown(JupyterMixin):
    """What a notebook, or a terminal, shows by itself."""

    def __rich__(self) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Figures(_Shown):
    """A figure table.

    Attributes:
        frame: as Polars has it; the columns are described in the reference on figures.
    """

    frame: pl.DataFrame

    def where(
        self,
        *,
        measure: str | None = None,
        municipality: str | None = None,
        group: str | None = None,
        statistic: str | None = None,
        months: str | None = None,
        split: bool | None = None,
    ) -> Figures:
        """Those of a measure, municipality, benefit group (by code, name or spelling) ...

        Args:
            measure: its code.
            municipality: its name or code; areas above it are left out then.
            group: "total" is all groups together.
            statistic: "share", "unmet", "population" ...
            months: "2023-01..2023-08", or one month.
            split: only figures by visitation or category (True), or none of them (False).

        Raises:
            UsageError: there is no such code, or it is no month.
        """
        wanted = []
        if measure is not None:
            wanted.append(pl.col("measure") == _code(MEASURES, measure))
        if municipality is not None:
            wanted.append(pl.col("area_kind") == "municipality")
            wanted.append(pl.col("area") == _code(MUNICIPALITIES, municipality))
        if group is not None:
            wanted.append(pl.col("grp") == _code(ROWS, group))
        if statistic is not None:
            wanted.append(pl.col("statistic") == statistic)
        if months is not None:
            span = _months(months)
            wanted.append(pl.col("month").is_between(span.first.first, span.last.first))
        if split is not None:
            is_split = (pl.col("visitation") != "") | (pl.col("category") != "")
            wanted.append(is_split if split else ~is_split)
        return Figures(self.frame.filter(wanted)) if wanted else self

    def known_on(self, day: Day) -> Figures:
        """Of every cell the vintage that was the latest on a day."""
        return Figures(known_on(self.frame, _day(day)))

    def chart(
        self,
        measure: str,
        municipality: str,
        *,
        group: str = "total",
        months: str | None = None,
        language: str = "da",
    ) -> Chart:
        """A municipality's shares by month, beside the country's where the figures hold them.

        Args:
            measure, municipality, group, months: as `where` takes them; of every cell the latest vintage.
            language: "da" or "en".

        Raises:
            UsageError: there is no such code, or no share of it here.
        """
        code, place = _code(MEASURES, measure), _code(MUNICIPALITIES, municipality)
        chosen = self.where(measure=code, group=group, months=months, split=False)
        frame = known_on(chosen.frame, dt.date.max)
        areas = [
            (place, MUNICIPALITIES[place].name),
            (COUNTRY, area_name("country", COUNTRY, language)),
        ]
        by_area = {one.area: one.months for one in series(frame, kind=None)}
        drawn = [(name, by_area[area]) for area, name in areas if area in by_area]
        known = [m for _, row in drawn for m, figure in row.items() if figure.exact is not None]
        if place not in by_area or not known:
            raise UsageError(
                f"no share of {code} of {MUNICIPALITIES[place].name} is among these figures"
            )
        span = list(MonthRange(min(known), max(known)))
        line = at_hand().line(code, span[-1].last)
        unit = subject(code, _code(ROWS, group), language)
        return Chart(shares(drawn, span, line, unit, language), language)

    def to_polars(self) -> pl.DataFrame:
        """The figures as a Polars frame."""
        return self.frame

    def to_pandas(self) -> Any:
        """The figures as a pandas frame; pandas must be installed."""
        return self.frame.to_pandas()

    def to_arrow(self) -> Any:
        """The figures as an Arrow table."""
        return self.frame.to_arrow()

    def __len__(self) -> int:
        return self.frame.height

    def __rich__(self) -> Any:
        return Group(*tables_of_figures(known_on(self.frame, dt.date.max), "da"))


@dataclass(frozen=True)
class Chart:
    """A chart, drawn where a notebook shows it.

    Attributes:
        lines: what is drawn.
        language: of its words.
    """

    lines: Lines
    language: str

    @property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification, with its data."""
        return self.lines.spec(self.language)

    def save(self, file: Files) -> Path:
        """Draw it into a file that ends in .svg, .png or .pdf.

        Raises:
            UsageError: it ends in something else.
            InputError: it cannot be written.
        """
        return save(self.spec, self.language, Path(file))

    def _repr_svg_(self) -> str:
        return standalone(draw(self.spec, self.language).svg)


@dataclass(frozen=True)
class Findings(_Shown):
    """Judgements, as `judge` gives them."""

    findings: tuple[Finding, ...]

    def to_polars(self) -> pl.DataFrame:
        """One row a finding; its months, sentences and releases as they are in JSON."""
        return pl.DataFrame([finding.record() for finding in self.findings])

    def to_pandas(self) -> Any:
        """The findings as a pandas frame; pandas must be installed."""
        return self.to_polars().to_pandas()

    def to_arrow(self) -> Any:
        """The findings as an Arrow table."""
        return self.to_polars().to_arrow()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, place: int) -> Finding:
        return self.findings[place]

    def __rich__(self) -> Any:
        return table_of_findings(list(self.findings), "da")


@dataclass(frozen=True)
class Rules(_Shown):
    """The rules of a day.

    Attributes:
        day: the judgement's.
        catalogue: all versions of all rules, those changed here among them.
    """

    day: dt.date
    catalogue: Catalogue

    def change(self, rule: str, **criterion: Any) -> Rules:
        """The same rules, one with another criterion: `change("early_effort", threshold=25)`.

        The changed rule says so in its title: a finding under it does not pass for an official one.

        Raises:
            UsageError: there is no such rule, or its criterion has no such key.
            NoRuleError: no version of it is in force on the day.
            InputError: the criterion cannot have such a value.
        """
        return replace(self, catalogue=changed(self.catalogue, rule, self.day, **criterion))

    def __iter__(self) -> Iterator[Version]:
        return (found for rule in self.catalogue if (found := in_force(rule, self.day)))

    def __rich__(self) -> Any:
        shown = Table("rule", "version", "in force", "status", title=f"rules on {self.day}")
        for rule in self.catalogue:
            if version := in_force(rule, self.day):
                names = (f"{rule.title['da']} [dim]({rule.rule})[/]", version.title["da"])
                shown.add_row(*names, version.interval, version.status)
        return shown


@dataclass(frozen=True)
class Register(_Shown):
    """A register of persons: a store made by `tilsyn register load`, a folder of its files, or a mapping."""

    folder: Path

    def measure(
        self, months: str, *, known_on: Day | None = None, measures: Sequence[str] = ()
    ) -> Figures:
        """Measure it.

        Args:
            months: "2023-01..2023-08", or one month.
            known_on: leave out what was registered later.
            measures: these; all where none is named.

        Raises:
            InputError: the register cannot be read, or covers none of the months.
            UsageError: there is no such measure, or it is no month.
        """
        from tilsyn.measures import definitions, measurement
        from tilsyn.measures.tabulation import figures

        day = None if known_on is None else _day(known_on)
        asked = definitions.load()
        if measures:
            asked = asked.only(*(_code(MEASURES, code) for code in measures))
        with self._opened() as store:
            plan = measurement.plan_of(store, asked, _months(months), day)
            counts = measurement.measure(store, plan)
            published = day or dt.date.today()
            return Figures(figures(counts, release=self._place.name, published=published))

    @property
    def _place(self) -> Path:
        """The folder of the store or of the files."""
        return self.folder.absolute().parent if self.folder.is_file() else self.folder

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        from tilsyn.register.store import is_store, load, opened

        if is_store(self.folder):
            with opened(self.folder) as store:
                yield store
            return
        from tilsyn.register.door import admit
        from tilsyn.register.mapping import whole_mapping
        from tilsyn.register.pseudonyms import read_secret

        mapping = whole_mapping(self.folder) if self.folder.is_file() else None
        with tempfile.TemporaryDirectory() as place:
            rows = admit(
                self._place, Path(place) / "rows", secret=read_secret(None), mapping=mapping
            )
            load(rows.folder, Path(place) / "store")
            with opened(Path(place) / "store") as store:
                yield store

    def __rich__(self) -> Any:
        return f"register {self.folder}"


def read(*sources: Files, municipality: str | None = None, measure: str | None = None) -> Figures:
    """Read figures: files as published, releases and folders of releases, every vintage.

    Args:
        sources: paths.
        municipality, measure: as `Figures.where`; of a release nothing else is read.

    Raises:
        InputError: a source is missing or cannot be read.
        UsageError: there is no such municipality or measure.
    """
    vintages = Vintages(map(Path, sources))  # a release says what measures of its own are called
    wanted = []
    if municipality is not None:
        wanted.append(pl.col("area") == _code(MUNICIPALITIES, municipality))
    if measure is not None:
        wanted.append(pl.col("measure") == _code(MEASURES, measure))
    return Figures(vintages.figures(*wanted))


def open_register(folder: Files) -> Register:
    """A register of persons.

    Args:
        folder: a store made by `tilsyn register load`, or the folder of a register's files, which are
            then read at each measurement; the rows of files go when it is over. Or a mapping: how files
            of another form are read (`tilsyn register look`).

    Raises:
        InputError: there is no such folder or mapping.
    """
    if not Path(folder).exists():
        raise InputError("no such folder", file=Path(folder))
    return Register(Path(folder))


def rules_on(day: Day) -> Rules:
    """The rules of a day: the shipped ones, and those of the folder of one's own."""
    return Rules(_day(day), at_hand())


def judge(
    figures: Figures | pl.DataFrame,
    rules: Rules | Day,
    *,
    rule: str | None = None,
    municipality: str | None = None,
) -> Findings:
    """Judge figures by the rules of a day, as far as they were known then.

    Args:
        figures: as `read` or a register's `measure` gives them.
        rules: as `rules_on` gives them, or the day itself.
        rule: only this rule.
        municipality: only this one, by name or code.

    Raises:
        NoRuleError: no rule is in force that day.
        UsageError: there is no such municipality or rule.
    """
    held = rules if isinstance(rules, Rules) else rules_on(rules)
    frame = figures.frame if isinstance(figures, Figures) else figures
    area = None if municipality is None else _code(MUNICIPALITIES, municipality)
    found: Iterable[Finding] = _judge(
        known_on(frame, held.day),
        on=held.day,
        catalogue=held.catalogue,
        rule=rule,
        municipality=area,
    )
    return Findings(tuple(found))


def _code(known: CodeList[Any], text: str) -> str:
    try:
        return str(known.read(text).code)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _day(day: Day) -> dt.date:
    if isinstance(day, dt.date):
        return day
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"'{day}' is no date; write it as 2023-12-01") from None


def _months(text: str) -> MonthRange:
    try:
        return MonthRange.parse(text if ".." in text else f"{text}..{text}")
    except ValueError as error:
        raise UsageError(str(error)) from None
