"""Which tables are the supervisory measures, and what their columns are called: configuration.

The shipped file is ``supervision.toml``; one's own (``tables/supervision.toml``) takes its place whole.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import as_file, files
from typing import Literal

from pydantic import Field, field_validator, model_validator

from tilsyn import own
from tilsyn.figures.jobindsats.answers import Answer
from tilsyn.figures.jobindsats.periods import PERIOD_TYPES
from tilsyn.records import Record, read_toml
from tilsyn.vocabulary import MEASURES, STATISTICS
from tilsyn.vocabulary.names import plain

Labels = tuple[str, ...]


class TableSetting(Record):
    """One table of a measure.

    Attributes:
        measure: the measure its figures are of.
        id: its id, where it is known; goes before `names`. One without either is not fetched, only
            known where an answer is read from a file.
        names: what it is called under the subject; "*" stands for any words.
        period_type: one of `PERIOD_TYPES`.
        hierarchies: the area hierarchies asked for; those the table lacks are left out.
        group, visitation, category: labels of the columns that divide the persons.
        where: a column's label, and the one value of it whose rows are meant.
        statistics: a statistic, and the labels its column may have; or the columns that divide it
            ("Antal personer fordelt på antal samtaler : 3+"), without what follows the last colon.
        groups: spellings of groups beyond the vocabulary's, to its codes.
        categories: spellings of categories ("5 eller flere") to the measure's ("5+").
        matures_after: how many of the newest periods may lack numbers that come later.
        both_missing: what a count is when neither it nor its share is given in a period that has
            matured. The publisher hides 0 as well as 1 and 2, so nothing more is known than that.
    """

    measure: str
    id: str = ""
    names: Labels = ()
    period_type: str = "M"
    hierarchies: Labels = ("_nykom", "_hele_landet")
    group: Labels = ("Ydelsesgrupper", "Ydelsesgruppe")
    visitation: Labels = ("Visitationskategori", "Visitation")
    category: Labels = ("Antal samtaler", "Antal tilbud")
    where: dict[str, str] = Field(default_factory=dict)
    statistics: dict[str, Labels]
    groups: dict[str, str] = Field(default_factory=dict)
    categories: dict[str, str] = Field(default_factory=dict)
    matures_after: int = 1
    both_missing: Literal["suppressed", "zero", "not_available"] = "suppressed"

    @field_validator("measure")
    @classmethod
    def _known_measure(cls, code: str) -> str:
        if code not in MEASURES:
            raise ValueError(f"no measure '{code}'; measures are {', '.join(MEASURES.codes)}")
        return code

    @field_validator("period_type")
    @classmethod
    def _known_type(cls, code: str) -> str:
        if code not in PERIOD_TYPES:
            raise ValueError(f"no period type '{code}'; types are {', '.join(PERIOD_TYPES)}")
        return code

    @model_validator(mode="after")
    def _complete(self) -> TableSetting:
        if unknown := [name for name in self.statistics if name not in STATISTICS]:
            raise ValueError(f"no statistic '{unknown[0]}'; there are: {', '.join(STATISTICS)}")
        if not self.statistics:
            raise ValueError("no statistic is named, so no column would be read")
        return self

    @property
    def fetched(self) -> bool:
        """Whether it says which table of the catalogue it is."""
        return bool(self.id or self.names)

    def fits(self, table_id: str, name: str) -> bool:
        """Whether a table of the catalogue is the one meant."""
        if self.id:
            return table_id.casefold() == self.id.casefold()
        return any(fnmatchcase(plain(name), plain_pattern(p)) for p in self.names)

    def reads(self, answer: Answer) -> bool:
        """Whether an answer has a column, or columns that divide it, for every statistic."""
        return all(
            answer.index(*labels) is not None or answer.divided(*labels)
            for labels in self.statistics.values()
        )


def plain_pattern(pattern: str) -> str:
    """A name pattern without what printing varies, its stars kept."""
    return "*".join(plain(part) for part in pattern.split("*"))


class Settings(Record):
    """The supervisory tables.

    Attributes:
        subject: the subject they stand under in the catalogue.
    """

    subject: int
    table: tuple[TableSetting, ...]


@cache
def shipped() -> Settings:
    """The settings that come with the program."""
    with as_file(files(__package__).joinpath("supervision.toml")) as file:
        return read_toml(file, Settings)


def settings() -> Settings:
    """The user's settings, or the shipped ones.

    Raises:
        InputError: the file cannot be read, or a key or value of it is wrong.
    """
    file = own.file("tables", "supervision.toml")
    return read_toml(file, Settings) if file else shipped()
