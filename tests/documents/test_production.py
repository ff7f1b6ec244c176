import datetime as dt
from itertools import pairwise

import polars as pl
import pytest

from tests.documents import hedensted
from tests.documents.ishoej import (
    COURSE,
    DECEMBER,
    DECIDED,
    ISHOEJ,
    follow_up,
    said,
    sample,
    written,
)
from tests.documents.ishoej_2023 import warning
from tilsyn.documents.contents.kinds import KINDS, Need, NothingToWrite
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.model import Document
from tilsyn.documents.production import file_name, kind_of, produce
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.table import Figure, table
from tilsyn.protection import Audience, for_audience
from tilsyn.rules import shipped


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_every_kind_has_a_builder_rules_and_enclosures_that_exist(kind) -> None:
    assert callable(kind.build)
    assert all(rule in shipped() for rule in kind.rules)
    assert all(name in KINDS for name in kind.encloses)
    assert not CourseFacts(date=DECIDED).wanting(()) and kind.about.endswith(".")
    for fact in kind.facts:
        assert fact.split(".")[0] in CourseFacts.model_fields


SENT = {**COURSE.model_dump(exclude_none=True), "contact": "Kontoret, telefon 00 00 00 00"}
FIRST = {
    **SENT,
    **hedensted.FACTS.model_dump(exclude_none=True),
    "notice": None,
    "reply_by": dt.date(2022, 6, 1),
}
LATER = {
    **SENT,
    "date": DECEMBER,
    "notice": None,
    "follow_up": "2024-01..2024-03",
    "restore_by": "2024-06",
    "reply_by": dt.date(2024, 1, 15),
    "next_follow_up": "2024-07..2024-09",
    "next_letter": "2024-12",
}
WRITTEN = {
    "notice": (FIRST, lambda facts: hedensted.letter(facts=facts)),
    "decision": (SENT, lambda facts: written("decision", facts=facts)),
    "restoration-plan": (SENT, lambda facts: written("restoration-plan", facts=facts)),
    "warning": (LATER, lambda facts: warning(**facts.model_dump())),
}


@pytest.mark.parametrize(
    "fact",
    ["follow_up", "restore_by", "reply_by", "next_follow_up", "next_letter", "contact"],
)
@pytest.mark.parametrize("kind", WRITTEN)
def test_a_kind_tells_the_facts_it_names_and_no_others(kind, fact) -> None:
    given, write = WRITTEN[kind]
    whole = said(write(CourseFacts.model_validate(given)))
    less = CourseFacts.model_validate({**given, fact: None})
    if fact in KINDS[kind].facts:
        with pytest.raises(InputError, match=f"needs these facts: {fact}"):
            write(less)
        return
    try:
        told = said(write(less)) != whole
    except InputError as error:
        told = f"needs these facts: {fact}" in str(error)
    assert told == (fact in KINDS[kind].tells)


def test_an_unknown_kind_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="no document 'brev'; there are notice, orientation"):
        kind_of("brev")


def test_without_required_figures_nothing_is_written_and_what_is_missing_is_named() -> None:
    with pytest.raises(
        InputError, match=r"Ishøj: the decision .* no figures of conversations_6m or"
    ):
        written("decision", follow_up().filter(pl.col("measure") == "durations"))


def test_all_facts_that_are_missing_are_listed() -> None:
    facts = CourseFacts(date=DECIDED)
    with pytest.raises(InputError, match=r"reference, notice, notice\.date, follow_up, restore_by"):
        written("decision", facts=facts)


def slipped() -> pl.DataFrame:
    """Early-effort figures whose shares stand one row below their counts in two months."""
    counts = {
        "sygedagpenge": (20, 20), "ledighedsydelse": (30, 31), "ressourceforloeb": (40, 42),
        "jobafklaringsforloeb": (50, 53),
    }  # fmt: skip
    populations = {"sygedagpenge": 83, "ledighedsydelse": 111, "ressourceforloeb": 131}
    groups = list(counts)
    figures = []

    def add(statistic: str, grp: str, month: int, value: float) -> None:
        figures.append(
            Figure(
                "conversations_6m", statistic, "municipality", ISHOEJ, grp, "", "",
                dt.date(2022, month, 1), value, "value", "published", "x", dt.date(2022, 12, 1),
            )
        )  # fmt: skip

    for number, month in enumerate((9, 10)):
        for above, below in pairwise(groups):
            add("unmet", above, month, counts[above][number])
            share = round(100 * counts[above][number] / populations[above], 1)
            add("share", below, month, share)
        add("share", groups[0], month, 77.7)
    return table(figures)


def test_figures_that_have_slipped_block_a_letter_until_they_are_corrected() -> None:
    with pytest.raises(InputError, match="not written from figures that have slipped; make a corr"):
        written("decision", slipped())


def test_a_slip_in_figures_the_kind_does_not_use_blocks_nothing() -> None:
    damaged = sample("ishoej-2023-09", dt.date(2023, 9, 4))
    assert isinstance(written("decision", pl.concat([follow_up(), damaged])), Document)


def test_nothing_to_write_is_told_from_what_is_wrong() -> None:
    with pytest.raises(NothingToWrite, match="Ishøj has no finding 'flagged' on 2023-02-20"):
        written("notice")


def test_the_addressee_is_by_default_the_head_of_the_job_centre() -> None:
    assert written("decision").addressee == ("Jobcenterchefen", "Ishøj Kommune")
    named = COURSE.model_copy(update={"addressee": "Kommunaldirektøren, Ishøj Kommune"})
    assert written("decision", facts=named).addressee[0] == "Kommunaldirektøren"


def test_files_are_named_after_kind_place_and_day() -> None:
    assert file_name(KINDS["decision"], "183", DECIDED) == "decision-ishøj-2023-02-20"


def test_a_need_is_met_by_a_hidden_figure_but_not_by_an_absent_one() -> None:
    need = Need(("conversations_6m",), ("share",))
    one = follow_up().filter(pl.col("measure") == "conversations_6m").head(1)
    assert need.met(one.with_columns(status=pl.lit("suppressed")), ISHOEJ)
    assert not need.met(one.with_columns(status=pl.lit("not_available")), ISHOEJ)


@pytest.mark.parametrize("kind", ["decision", "restoration-plan"])
def test_the_figures_behind_a_letter_are_those_of_its_tables(kind: str) -> None:
    behind = written(kind).behind
    assert len(behind) == 39
    assert {figure.measure for figure in behind} == {"conversations_6m", "offers_6m"}


def test_the_same_figures_give_the_same_document() -> None:
    def made() -> Document:
        return produce(
            KINDS["decision"],
            for_audience(follow_up(), Audience.of(ISHOEJ)),
            municipality=ISHOEJ,
            on=DECIDED,
            facts=COURSE,
            catalogue=shipped(),
        )

    assert made() == made()
