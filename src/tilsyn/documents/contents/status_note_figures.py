"""The status note's figures as blocks: a picture where one helps, and the table it is drawn from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tilsyn.documents.charts import Grouped, Lines, Multiples, Series, Stacks, draw
from tilsyn.documents.charts.words import Chart, described
from tilsyn.documents.contents.month_tables import Layout, of_categories, of_months, row_name
from tilsyn.documents.contents.phrasing import month as month_name
from tilsyn.documents.contents.phrasing import percent
from tilsyn.documents.contents.sentences import tidy
from tilsyn.documents.contents.status_note_case import Case, Planned, Shown
from tilsyn.documents.contents.status_note_readings import region, year_to
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.model import Block, Cell, Column, Figure, HeaderCell, Note, Row, Table
from tilsyn.figures.printing import is_share
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, TOTAL
from tilsyn.vocabulary.wording import in_words, months

MOST_LINES = 4
"""Groups drawn beside the total; more would hide each other."""

LEAST_POINTS = 3
"""Fewer known numbers than this make no line."""


@dataclass(frozen=True)
class Figures:
    """Makes a note's figures."""

    case: Case
    words: Texts

    @property
    def language(self) -> str:
        """The note's language."""
        return self.words.language

    def caption(self, planned: Planned) -> str:
        """A figure's caption."""
        key = f"figure.{planned.number}"
        slots = {}
        shown = self.case.shown.get(planned.number)
        if "{month}" in self.words.entries[key] and shown:
            slots["month"] = month_name(shown.months.last, self.language)
        if "{period}" in self.words.entries[key] and shown:
            slots["period"] = year_to(shown.months.last, self.words)
        if "{group}" in self.words.entries[key]:
            slots["group"] = ROWS[planned.group].name(self.language)
        return self.words.fill(key, **slots)

    def blocks(self, planned: Planned) -> list[Block]:
        """A figure's picture and table; nothing where its numbers are wanting."""
        shown = self.case.shown.get(planned.number)
        if shown is None:
            return []
        caption = self.caption(planned)
        chart, notes = self._chart(shown)
        if chart is None:
            return [self._table(shown, caption), *self._gaps(shown)]
        numbers = self.words.fill("figure.numbers", number=str(planned.number))
        places = 1 if is_share(planned.statistic) else 0
        picture = draw(chart.spec(self.language), self.language)
        return [
            Figure(
                png=picture.png,
                svg=picture.svg,
                alt=described(chart, self.language, places=places),
                caption=caption,
                notes=notes,
            ),
            self._table(shown, numbers),
            *self._gaps(shown),
        ]

    def _limit(self, planned: Planned) -> Decimal | None:
        finding = self.case.finding(planned.measure)
        return finding.threshold if finding and planned.statistic == "share" else None

    def _chart(self, shown: Shown) -> tuple[Chart | None, tuple[str, ...]]:
        match shown.plan.picture:
            case "lines":
                return self._lines(shown)
            case "multiples":
                return self._multiples(shown)
            case "stacks":
                return self._stacks(shown)
            case "grouped":
                return self._grouped(shown), ()
        return None, ()

    def _series(self, shown: Shown, codes: Sequence[str]) -> tuple[Series, ...]:
        span = list(shown.months)
        return tuple(
            Series(row_name(c, self.language), shown.grid.values(c, span), c == TOTAL.code)
            for c in codes
        )

    def _lines(self, shown: Shown) -> tuple[Chart | None, tuple[str, ...]]:
        groups = shown.grid.groups
        chosen = [code for code in groups if len(self._known(shown, code)) >= 2]
        if len(chosen) > MOST_LINES:
            size = self._sizes(shown)
            largest = sorted(chosen, key=lambda code: -size.get(code, 0))[:MOST_LINES]
            chosen = [code for code in chosen if code in largest]
        total = [TOTAL.code] if self._known(shown, TOTAL.code) else []
        series = self._series(shown, [*total, *chosen])
        if not series or max(len(one.known) for one in series) < LEAST_POINTS:
            return None, ()
        limit, finding = self._limit(shown.plan), self.case.finding(shown.plan.measure)
        fill = self.words.fill
        unit = "per_cent" if shown.plan.statistic == "share" else "persons"
        chart = Lines(
            months=tuple(shown.months),
            series=series,
            unit=fill(f"figure.{unit}"),
            threshold=None if limit is None else float(limit),
            met_at_threshold=finding is None or not finding.over(limit),
            threshold_name=""
            if limit is None
            else fill("figure.limit", limit=percent(limit, self.language)),
            height=135 if len(series) > 2 else 95,
        )
        notes = [fill("picture.chosen")] if len(chosen) < len(groups) and total and chosen else []
        return chart, (*notes, *self._broken(series))

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

    def _multiples(self, shown: Shown) -> tuple[Chart | None, tuple[str, ...]]:
        groups = shown.grid.groups
        chosen = [code for code in groups if len(self._known(shown, code)) >= LEAST_POINTS]
        if not chosen:
            return None, ()
        series = self._series(shown, chosen)
        chart = Multiples(tuple(shown.months), series, self.words.fill("figure.persons"))
        notes = [self.words.fill("picture.shown")] if len(chosen) < len(groups) else []
        return chart, (*notes, *self._broken(series))

    def _broken(self, series: Sequence[Series]) -> list[str]:
        broken = any(None in one.values for one in series)
        return [self.words.fill("picture.broken")] if broken else []

    def _categories(self, shown: Shown) -> tuple[str, ...]:
        return MEASURES[shown.plan.measure].categories

    def _legend(self, shown: Shown) -> str:
        if shown.plan.kind == "durations":
            return self.words.fill("figure.weeks")
        return self.words.fill(f"figure.{MEASURES[shown.plan.measure].event}")

    def _stacks(self, shown: Shown) -> tuple[Chart | None, tuple[str, ...]]:
        categories = self._categories(shown)
        groups = [c for c in shown.grid.groups if any(shown.grid.values(c, categories))]
        if not groups:
            return None, ()
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
        if not hidden:
            return chart, ()
        # What we hide ourselves may be more than two persons.
        if any(cell.most is None for cell in hidden):
            return chart, (self.words.fill("picture.left_out_ours"),)
        if len(hidden) == 1:
            return chart, (self.words.fill("picture.left_out_one"),)
        count = in_words(len(hidden), self.language)
        return chart, (self.words.fill("picture.left_out", count=count.capitalize()),)

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

    def _table(self, shown: Shown, caption: str) -> Table:
        layout = Layout(caption, self.words, *self._marks(shown))
        match shown.plan.kind:
            case "months" | "visitation":
                return of_months(shown.grid, shown.months, layout)
            case "numbers":
                legend = self._legend(shown)
                return of_categories(shown.grid, shown.plan.measure, layout, over=legend)
        return self._side_by_side(shown, layout)

    def _marks(self, shown: Shown) -> tuple[set[tuple[str, Hashable]], str]:
        """The cells over the line that the rule draws, and the note that says so."""
        finding = self.case.finding(shown.plan.measure)
        limit = self._limit(shown.plan)
        if limit is None or finding is None or shown.plan.kind != "months":
            return self._group_marks(shown)
        over: set[tuple[str, Hashable]] = {
            (TOTAL.code, month)
            for month in shown.months
            if finding.over(shown.grid.value(TOTAL.code, month))
        }
        note = self.words.fill("table.over", limit=percent(limit, self.language)) if over else ""
        return over, tidy(note)

    def _group_marks(self, shown: Shown) -> tuple[set[tuple[str, Hashable]], str]:
        if shown.plan.statistic != "share" or shown.plan.kind != "months":
            return set(), ""
        marked: set[tuple[str, Hashable]] = {
            (finding.grp, month)
            for finding in self.case.group_findings(shown.plan.measure)
            if finding.verdict == "flagged"
            for month in finding.span
            if month in shown.months
        }
        return marked, self.words.fill("table.over_groups") if marked else ""

    def _side_by_side(self, shown: Shown, layout: Layout) -> Table:
        """What is compared: the groups of the goal downwards, durations across."""
        compared = self._compared(shown)
        grids = [grid for grid in (shown.grid, shown.other) if grid]
        if shown.plan.kind == "goal":
            rows = [
                Row(
                    Cell(row_name(code, self.language)),
                    tuple(Cell(g.at(code, shown.months.last).shown(self.language)) for g in grids),
                    total=code == TOTAL.code,
                )
                for code in shown.grid.rows
            ]
            heads, first = compared.names, self.words.fill("figure.group")
        else:
            bands = self._categories(shown)
            rows = [
                Row(
                    Cell(name),
                    tuple(Cell(g.at(shown.plan.group, b).shown(self.language)) for b in bands),
                )
                for name, g in zip(compared.names, grids, strict=True)
            ]
            heads, first = bands, compared.places_unit
        return Table(
            caption=layout.caption,
            columns=(Column(4.6, "left"), *(Column(1.8) for _ in heads)),
            header=((HeaderCell(first), *map(HeaderCell, heads)),),
            rows=tuple(rows),
            notes=layout.notes(rows),
        )

    def _gaps(self, shown: Shown) -> list[Block]:
        """Months without a number for all groups together, in words."""
        if shown.plan.kind != "months":
            return []
        gone = [m for m in shown.months if shown.grid.at(TOTAL.code, m).status == "not_available"]
        if not gone:
            return []
        return [Note(self.words.fill("wanting.months", months=months(gone, self.language)))]
