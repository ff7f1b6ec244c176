"""The status note's figures: a picture where one helps, and the table it is drawn from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tilsyn.charts import Chart, Grouped, Lines, Multiples, Series, Stacks, described, draw
from tilsyn.documents.contents.letters import Placed, Written
from tilsyn.documents.contents.month_tables import of_categories, of_months, placed, row_name
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.contents.status_note_case import Case, Planned, Shown
from tilsyn.documents.contents.status_note_readings import region, year_to
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.model import Cell, Column, Figure, HeaderCell, Row, Table
from tilsyn.figures.printing import is_share
from tilsyn.rules.model import Threshold
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, TOTAL, YearMonth

MOST_LINES = 4
"""Groups drawn beside the total; more would hide each other."""

LEAST_POINTS = 3
"""Fewer known numbers than this make no line."""


@dataclass(frozen=True)
class Drawn(Facts):
    """What the template asks about a picture: which notes stand under it.

    Attributes:
        chosen: whether only some groups are drawn, beside all of them together.
        known_only: whether groups with too few known numbers are left out.
        broken: whether a line is broken.
        left_out: how many numbers are not shown; `ours` where we hid them.
    """

    picture: Placed
    chosen: bool = False
    known_only: bool = False
    broken: bool = False
    left_out: int = 0
    ours: bool = False


@dataclass(frozen=True)
class NoteFigure(Facts):
    """A figure of the note.

    Attributes:
        kind: "goal", "months", "numbers", "visitation" or "durations".
        statistic: "share", "unmet" …
        event: what is counted: "conversations" or "offers".
        group, group_code: the one group it is about, where it is one.
        month, period: its latest month, and the rolling year that ends with it.
        drawn: its picture; None where only the table is shown.
        over: the limit, where months over it are marked; else groups may be, as `table.marked` says.
        gaps: months without a number for all groups together.
    """

    number: int
    kind: str
    statistic: str
    event: str
    group: str
    group_code: str
    month: YearMonth
    period: str
    drawn: Drawn | None
    table: Placed
    over: Decimal | None
    gaps: tuple[YearMonth, ...]


@dataclass(frozen=True)
class Figures:
    """Makes a note's figures."""

    case: Case
    words: Texts

    @property
    def language(self) -> str:
        """The note's language."""
        return self.words.language

    def figure(self, shown: Shown) -> NoteFigure:
        """A figure's picture and table."""
        plan, last = shown.plan, shown.months.last
        over, marked = self._marks(shown)
        gone = [m for m in shown.months if shown.grid.at(TOTAL.code, m).status == "not_available"]
        return NoteFigure(
            number=plan.number,
            kind=plan.kind,
            statistic=plan.statistic,
            event=MEASURES[plan.measure].event or "",
            group=ROWS[plan.group].name(self.language) if plan.group else "",
            group_code=plan.group,
            month=last,
            period=year_to(last, self.words),
            drawn=self._drawn(shown),
            table=self._table(shown, marked),
            over=over,
            gaps=tuple(gone) if plan.kind == "months" else (),
        )

    def _drawn(self, shown: Shown) -> Drawn | None:
        chart, known = self._chart(shown)
        if chart is None:
            return None
        places = 1 if is_share(shown.plan.statistic) else 0

        def made(written: Written) -> Figure:
            picture = draw(chart.spec(self.language), self.language)
            return Figure(
                png=picture.png,
                svg=picture.svg,
                alt=described(chart, self.language, places=places),
                caption=written.caption,
                notes=written.notes,
            )

        return Drawn(Placed(made), **known)

    def _limit(self, planned: Planned) -> Threshold | None:
        finding = self.case.finding(planned.measure) if planned.statistic == "share" else None
        line = finding.version.criterion if finding else None
        return line if isinstance(line, Threshold) else None

    def _chart(self, shown: Shown) -> tuple[Chart | None, dict[str, Any]]:
        """What is drawn, and what there is to say of it, as `Drawn` has it."""
        match shown.plan.picture:
            case "lines":
                return self._lines(shown)
            case "multiples":
                return self._multiples(shown)
            case "stacks":
                return self._stacks(shown)
            case "grouped":
                return self._grouped(shown), {}
        return None, {}

    def _series(self, shown: Shown, codes: Sequence[str]) -> tuple[Series, ...]:
        span = list(shown.months)
        return tuple(
            Series(row_name(c, self.language), shown.grid.values(c, span), c == TOTAL.code)
            for c in codes
        )

    def _lines(self, shown: Shown) -> tuple[Chart | None, dict[str, Any]]:
        groups = shown.grid.groups
        chosen = [code for code in groups if len(self._known(shown, code)) >= 2]
        if len(chosen) > MOST_LINES:
            size = self._sizes(shown)
            largest = sorted(chosen, key=lambda code: -size.get(code, 0))[:MOST_LINES]
            chosen = [code for code in chosen if code in largest]
        total = [TOTAL.code] if self._known(shown, TOTAL.code) else []
        series = self._series(shown, [*total, *chosen])
        if not series or max(len(one.known) for one in series) < LEAST_POINTS:
            return None, {}
        unit = "per_cent" if shown.plan.statistic == "share" else "persons"
        chart = Lines(
            months=tuple(shown.months),
            series=series,
            unit=self.words.fill(f"figure.{unit}"),
            threshold=self._limit(shown.plan),
            height=135 if len(series) > 2 else 95,
        )
        some = bool(len(chosen) < len(groups) and total and chosen)
        return chart, {"chosen": some, "broken": _broken(series)}

    def _sizes(self, shown: Shown) -> dict[str, float]:
        """How many persons lack the effort in each group, as far as is known."""
        for other in self.case.shown.values():
            if other.plan.measure != shown.plan.measure:
                continue
            if other.plan.statistic == "unmet" and other.plan.kind == "months":
                column: Hashable = other.months.last
            elif other.plan.kind == "numbers":
                column = other.plan.short[0]
            else:
                continue
            grid = other.grid
            return {c: float(grid.value(c, column) or 0) for c in grid.groups}
        return {c: float(shown.grid.value(c, shown.months.last) or 0) for c in shown.grid.groups}

    def _known(self, shown: Shown, code: str) -> list[float]:
        return [v for v in shown.grid.values(code, list(shown.months)) if v is not None]

    def _multiples(self, shown: Shown) -> tuple[Chart | None, dict[str, Any]]:
        groups = shown.grid.groups
        chosen = [code for code in groups if len(self._known(shown, code)) >= LEAST_POINTS]
        if not chosen:
            return None, {}
        series = self._series(shown, chosen)
        chart = Multiples(tuple(shown.months), series, self.words.fill("figure.persons"))
        fewer = len(chosen) < len(groups)
        return chart, {"known_only": fewer, "broken": _broken(series)}

    def _categories(self, shown: Shown) -> tuple[str, ...]:
        return MEASURES[shown.plan.measure].categories

    def _legend(self, shown: Shown) -> str:
        if shown.plan.kind == "durations":
            return self.words.fill("figure.weeks")
        return self.words.fill(f"figure.{MEASURES[shown.plan.measure].event}")

    def _stacks(self, shown: Shown) -> tuple[Chart | None, dict[str, Any]]:
        categories = self._categories(shown)
        groups = [c for c in shown.grid.groups if any(shown.grid.values(c, categories))]
        if not groups:
            return None, {}
        chart = Stacks(
            bars=tuple(
                (row_name(c, self.language), shown.grid.values(c, categories)) for c in groups
            ),
            categories=categories,
            short=len(shown.plan.short),
            legend=self._legend(shown),
            unit=self.words.fill("figure.persons"),
        )
        cells = [shown.grid.at(code, category) for code in groups for category in categories]
        hidden = [cell for cell in cells if cell.status == "suppressed"]
        # What we hide ourselves may be more than two persons.
        ours = any(cell.most is None for cell in hidden)
        return chart, {"left_out": len(hidden), "ours": ours}

    def _grouped(self, shown: Shown) -> Chart:
        compared = self._compared(shown)
        names, places, unit = compared.names, compared.places, compared.unit
        return Grouped(names, places, self.words.fill("figure.per_cent"), unit)

    def _compared(self, shown: Shown) -> Grouped:
        """What is put side by side: places along the axis, and a value of each name at each."""
        grids = [grid for grid in (shown.grid, shown.other) if grid]
        if shown.plan.kind == "goal":
            names: tuple[str, ...] = (
                self.words.fill("figure.actual"),
                self.words.fill("figure.expected"),
            )
            keys: list[tuple[str, str, Hashable]] = [
                (row_name(c, self.language), c, shown.months.last) for c in shown.grid.rows
            ]
            unit = ""
        else:
            names = (MUNICIPALITIES[self.case.municipality].name, region(self.case))[: len(grids)]
            keys = [(c, shown.plan.group, c) for c in self._categories(shown)]
            unit = self.words.fill("figure.weeks")
        places = tuple(
            (label, tuple(grid.values(row, [column])[0] for grid in grids))
            for label, row, column in keys
        )
        return Grouped(names, places, "", unit)

    def _table(self, shown: Shown, marked: set[tuple[str, Hashable]]) -> Placed:
        match shown.plan.kind:
            case "months" | "visitation":
                return of_months(shown.grid, shown.months, self.language, marked)
            case "numbers":
                return of_categories(shown.grid, shown.plan.measure, self.language)
        return self._side_by_side(shown)

    def _marks(self, shown: Shown) -> tuple[Decimal | None, set[tuple[str, Hashable]]]:
        """The cells over the line that the rule draws, with the line; else the groups flagged."""
        if shown.plan.statistic != "share" or shown.plan.kind != "months":
            return None, set()
        finding = self.case.finding(shown.plan.measure)
        if finding is not None and finding.threshold is not None:
            return finding.threshold, {
                (TOTAL.code, month)
                for month in shown.months
                if finding.over(shown.grid.value(TOTAL.code, month))
            }
        return None, {
            (finding.grp, month)
            for finding in self.case.group_findings(shown.plan.measure)
            if finding.verdict == "flagged"
            for month in finding.span
            if month in shown.months
        }

    def _side_by_side(self, shown: Shown) -> Placed:
        """What is compared: the groups of the goal downwards, durations across."""
        compared = self._compared(shown)
        grids = [grid for grid in (shown.grid, shown.other) if grid]
        if shown.plan.kind == "goal":
            last = shown.months.last
            rows = [
                Row(
                    Cell(row_name(code, self.language)),
                    tuple(Cell(g.at(code, last).shown(self.language)) for g in grids),
                    total=code == TOTAL.code,
                )
                for code in shown.grid.rows
            ]
            heads = compared.names
        else:
            heads = self._categories(shown)
            rows = [
                Row(
                    Cell(name),
                    tuple(Cell(g.at(shown.plan.group, b).shown(self.language)) for b in heads),
                )
                for name, g in zip(compared.names, grids, strict=True)
            ]

        def made(written: Written) -> Table:
            return Table(
                caption=written.caption,
                columns=(Column(4.6, "left"), *(Column(1.8) for _ in heads)),
                header=(tuple(map(HeaderCell, (*written.headed(1), *heads))),),
                rows=tuple(rows),
                notes=written.notes,
            )

        return placed(rows, made)


def _broken(series: Sequence[Series]) -> bool:
    return any(None in one.values for one in series)
