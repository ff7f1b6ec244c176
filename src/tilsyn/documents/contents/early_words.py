"""What the law requires in the early effort, what those lack who did not get it, and their table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tilsyn.documents.contents.early_effort import Cells, TableWords, table
from tilsyn.documents.contents.phrasing import capitalised, percent
from tilsyn.documents.contents.rule_wording import RuleWording
from tilsyn.documents.contents.templates import Texts, texts
from tilsyn.documents.model import Table
from tilsyn.errors import InputError
from tilsyn.vocabulary import MEASURES, ROWS, MonthRange
from tilsyn.vocabulary.wording import in_words, joined


@dataclass(frozen=True)
class EarlyWords:
    """Words that every document on the early effort shares, from the texts of kind "early_effort"."""

    words: Texts
    rule: RuleWording

    @classmethod
    def of(cls, rule: RuleWording, language: str) -> EarlyWords:
        """The words for a rule in a language, in the office's own version where there is one."""
        return cls(texts("early_effort", language), rule)

    @property
    def seniority(self) -> str:
        """The months the requirement covers, in words."""
        return in_words(self.rule.seniority, self.words.language)

    def law(self, measures: Iterable[str]) -> str:
        """What the law requires: "fire samtaler og for visse ydelsesgrupper ét aktivt tilbud"."""
        return joined((self._required(measure) for measure in measures), self.words.language)

    def besides(self, measures: Iterable[str]) -> list[str]:
        """Sentences on what those get besides, for whom the law requires another number."""
        keys = [f"besides.{measure}.{g}" for measure in measures for g in self.rule.apart(measure)]
        return [self.words.fill(key) for key in keys if key in self.words.entries]

    def _required(self, measure: str) -> str:
        language = self.words.language
        text = self.words.counted(f"required.{measure}", self.rule.required(measure, "default"))
        for group, number in self.rule.apart(measure).items():
            text += " " + self.words.fill(
                "required.apart",
                persons=ROWS[group].persons(language),
                count=in_words(number, language),
            )
        return text

    def lacked(self, measure: str, groups: Sequence[str]) -> str:
        """What the persons counted lack, in a sentence: "havde fået færre end fire samtaler"."""
        return self._short_of(f"lacked.{measure}", measure, groups)

    def lacking(self, measure: str, groups: Sequence[str]) -> str:
        """The same in a clause that depends on another: "(der) ikke havde fået et aktivt tilbud"."""
        return self._short_of(f"lacking.{measure}", measure, groups)

    def share(self, measure: str, groups: Sequence[str]) -> str:
        """The heading over shares of these groups."""
        return self._short_of(f"share.{measure}", measure, groups)

    def unmet(self, measure: str, groups: Sequence[str]) -> str:
        """The heading over counts of those who lack it."""
        return self._short_of(f"unmet.{measure}", measure, groups)

    def _short_of(self, section: str, measure: str, groups: Sequence[str]) -> str:
        number = self.rule.common(measure, groups)
        if number is None:
            return self.words.fill(f"{section}.required")
        return self.words.counted(section, number)

    def criterion(self, office: str) -> str:
        """When the office writes to a municipality."""
        rule, language = self.rule, self.words.language
        kind, prefix = ("pooled", "pooled_") if rule.pooled else ("group", "")
        said = self.words.fill(
            f"criterion.{kind}",
            office=office,
            persistence=in_words(rule.criterion.months, language),
            threshold=percent(rule.criterion.threshold, language),
        )
        if (smallest := rule.criterion.smallest_population) is None:
            return said
        extent = "every_month" if rule.population_every_month else "latest_month"
        return f"{said} " + self.words.fill(
            f"criterion.{prefix}{extent}",
            smallest=in_words(smallest, language),
            seniority=self.seniority,
        )

    def restored_when(self, *, subjects: int) -> str:
        """When the effort counts as restored; `subjects` is how many groups and measures it is about.

        Raises:
            InputError: the rule has no follow-up.
        """
        rule, language = self.rule.restoration, self.words.language
        if rule is None:
            raise InputError(
                "the rule has no follow-up, so nothing says when the effort is restored"
            )
        said = self.words.fill(
            f"restored.{'not_over' if rule.met_at_threshold else 'under'}",
            count=in_words(rule.months, language),
            threshold=percent(rule.threshold, language),
        )
        if rule.smallest_population is None:
            said += self.words.fill("restored.end")
        else:
            smallest = in_words(rule.smallest_population, language)
            said += self.words.fill(
                "restored.or_small", smallest=smallest, seniority=self.seniority
            )
        return f"{said} {self.words.fill('restored.each')}" if subjects > 1 else said

    def event(self, measure: str) -> str:
        """What is measured: "samtaler"."""
        return MEASURES[measure].events(self.words.language)

    def table(
        self,
        cells: Cells,
        *,
        number: int,
        measure: str,
        months: MonthRange,
        breaching: Sequence[str],
        authority: str,
        marked: str,
    ) -> Table:
        """The table of a measure.

        Args:
            cells: the figures.
            number: the table's number in its document.
            measure: the measure.
            months: the months shown.
            breaching: the groups whose rows are marked.
            authority: the municipality's authority.
            marked: what the marks mean, in words: nothing may hang on colour.
        """
        heads = {
            "population": self.words.fill("table.population", seniority=self.seniority),
            "unmet": self.unmet(measure, cells.groups),
            "share": self.share(measure, cells.groups),
        }
        return table(
            cells,
            months=months,
            breaching=breaching,
            language=self.words.language,
            words=TableWords(
                caption=self.words.fill(
                    "table.caption",
                    number=str(number),
                    event=capitalised(self.event(measure)),
                    authority=authority,
                ),
                group=self.words.fill("table.group"),
                heads=heads,
                marked=marked,
                hidden=self.words.fill("table.hidden"),
                absent=self.words.fill("table.absent"),
            ),
        )
