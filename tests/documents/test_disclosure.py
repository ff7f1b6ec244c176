"""Documents show what their readers may see: every kind, in every form."""

import datetime as dt
import io
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import get_type_hints

import polars as pl
import pytest
from pypdf import PdfReader

import tilsyn
from tests.documents.ishoej import COURSE, ISHOEJ
from tilsyn import exports
from tilsyn.documents import batch, committee, production
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import sample_letterhead
from tilsyn.documents.proposal import proposed
from tilsyn.documents.renderers import FORMATS, render
from tilsyn.errors import InputError
from tilsyn.figures.table import Figure, status_of, table
from tilsyn.protection import OWN, PUBLIC, Audience, Door, Parameters, Shown
from tilsyn.rules import shipped
from tilsyn.vocabulary import MUNICIPALITIES, TOTAL, MonthRange

OTHER = "153"
"""Brøndby, in the same council area."""
MONTHS = MonthRange.parse("2021-12..2023-08")
COUNTS = {ISHOEJ: (5437, 2347), OTHER: (6173, 2719)}
"""Persons, and those without the effort; no other number has these digits."""
EARLY, LONG = ("conversations_6m", "offers_6m"), ("conversations_12m", "offers_12m")
DAYS = {
    "notice": dt.date(2022, 11, 15),
    "orientation": dt.date(2022, 11, 15),
    "warning": dt.date(2023, 9, 4),
    "note": dt.date(2023, 12, 1),
}
"""When each kind is written; the others on the course's own day."""


def figures(day):
    """Two municipalities and the area both lie in, measured from a register; their goals, published."""
    above = [sum(pair) for pair in zip(*COUNTS.values(), strict=True)]
    places = {
        ("municipality", ISHOEJ): COUNTS[ISHOEJ],
        ("municipality", OTHER): COUNTS[OTHER],
        ("rar", MUNICIPALITIES[ISHOEJ].rar): above,
    }
    published = day - dt.timedelta(days=1)
    found = []
    months = [month for month in MONTHS if month.first < published.replace(day=1)]
    for (kind, area), (population, unmet) in places.items():
        for measure in (*EARLY, *LONG):
            for grp in ("a_dagpenge", "sygedagpenge", TOTAL.code):
                for month in months:
                    for statistic, value in (
                        ("population", population),
                        ("unmet", unmet),
                        ("share", 100 * unmet / population),
                    ):
                        found.append(
                            Figure(
                                measure,
                                statistic,
                                kind,
                                area,
                                grp,
                                "",
                                "",
                                month.first,
                                float(value),
                                status_of(value),
                                "register",
                                "measured",
                                published,
                            )
                        )
        if kind == "municipality":
            for statistic, value in (("actual_share", 17.9), ("expected_share", 16.8)):
                found.append(
                    Figure(
                        "result_goal",
                        statistic,
                        kind,
                        area,
                        TOTAL.code,
                        "",
                        "",
                        months[-1].first,
                        value,
                        "value",
                        "published",
                        "goals",
                        published,
                    )
                )
    return table(found)


@cache
def door(day):
    """The figures on their way out, where nothing below a large number is shown to others."""
    return Door(figures(day), day, parameters=Parameters(smallest=50_000))


def written(kind, audience):
    """A document of a kind about Ishøj."""
    day = DAYS.get(kind, COURSE.date)
    shown = door(day).shown(audience)
    facts = COURSE if kind not in DAYS else CourseFacts(date=day, reference="23/00000")
    if kind == "notice":
        facts = proposed(shown.figures, ISHOEJ, day, shipped(), reference="23/00000")
    return production.produce(
        KINDS[kind],
        shown,
        municipality=ISHOEJ,
        on=day,
        facts=facts,
        catalogue=shipped(),
    )


def numbers(*counts):
    """Numbers in every way they may be written."""
    population, unmet = counts
    share = 100 * unmet / population
    ways = {f"{share:.1f}".replace(".", ","), f"{share:.3f}"}
    for number in counts:
        ways |= {f"{number}", f"{number:,}", f"{number:,}".replace(",", ".")}
        ways |= {f"{number:,}".replace(",", space) for space in ("\u00a0", "\u202f", " ")}
    return ways


SECRETS = numbers(*COUNTS[OTHER]) | numbers(*(sum(p) for p in zip(*COUNTS.values(), strict=True)))


def read(data):
    """All that is to be read in some bytes."""
    if data[:4] == b"%PDF":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "\n".join(read(packed.read(name)) for name in packed.namelist())
    return data.decode("utf-8", errors="replace")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_document_has_the_municipalitys_own_numbers_and_no_hidden_ones(kind):
    document = written(kind, Audience.of(ISHOEJ))
    own = numbers(*COUNTS[ISHOEJ])
    for form in FORMATS:
        text = read(render(document, form))
        assert {way for way in SECRETS if way in text} == set(), form
        if form != "png" and kind != "orientation":  # which tells no numbers
            assert any(way in text for way in own), form


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_for_the_public_its_own_hidden_numbers_are_not_in_it_either(kind):
    try:
        document = written(kind, PUBLIC)
    except InputError as refused:
        # What is hidden gives no occasion for a letter, or is what it cannot do without.
        assert not any(way in str(refused) for way in numbers(*COUNTS[ISHOEJ]))
        return
    hidden = SECRETS | numbers(*COUNTS[ISHOEJ])
    for form in FORMATS:
        text = read(render(document, form))
        assert {way for way in hidden if way in text} == set(), form


def test_the_committees_report_shows_what_anybody_may_see():
    day = DAYS["note"]

    def report(audience):
        document = committee.committee(
            door(day).shown(audience),
            on=day,
            dated=day,
            catalogue=shipped(),
            letterhead=sample_letterhead("ministry"),
        )
        return read(render(document, "html"))

    assert "Ishøj" in report(OWN)
    with pytest.raises(InputError, match="nothing is known of the focus goals"):
        report(PUBLIC)


WRITERS = {
    production.produce: Shown,
    production.issue: Shown,
    committee.committee: Shown,
    batch.batch: Door,
    exports.write_tidy: Shown,
    exports.write_jsonstat: Shown,
    exports.write_excel: Shown,
    exports.write_kmd: Shown,
}
"""What makes something others read, and what it takes of figures."""


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
def test_what_writes_for_others_takes_figures_that_passed_the_door(writer):
    hints = get_type_hints(writer)
    assert WRITERS[writer] in hints.values()
    assert pl.DataFrame not in hints.values()


def test_every_export_there_is_takes_figures_that_passed_the_door():
    named = {getattr(exports, name) for name in exports.__all__}
    assert {writer for writer in named if writer.__name__.startswith("write_")} <= set(WRITERS)


def test_the_builders_of_documents_are_called_behind_the_door_only():
    root = Path(tilsyn.__file__).parent
    builders = re.compile(r"\bcommittee_report\(|\bkind\.build\(|\bstatus_note\(")
    callers = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        if builders.search(file.read_text("utf-8")) and "contents" not in file.parts
    }
    assert callers == {"documents/production.py", "documents/committee.py"}
