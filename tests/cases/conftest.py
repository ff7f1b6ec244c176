"""An installation to act in: its data folder, its people, and releases of figures to order."""

import datetime as dt
from dataclasses import dataclass

import polars as pl
import pytest

from tilsyn.cases import actions, drafting, knowledge
from tilsyn.cases.models import User
from tilsyn.documents.contents.occasion import letter
from tilsyn.documents.contents.templates import texts
from tilsyn.documents.facts import read_facts
from tilsyn.documents.model import Paragraph, Stamp
from tilsyn.figures import release as releases
from tilsyn.figures.reading import read_published
from tilsyn.figures.release import Release
from tilsyn.figures.table import Figure, status_of, table
from tilsyn.vocabulary import MonthRange

HEDENSTED = "766"
MAY = dt.date(2022, 5, 15)


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    """The installation's own folder."""
    settings.DATA_DIR = tmp_path / "data"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return settings.DATA_DIR


@dataclass
class People:
    """One for each role: the country's, an office's, the municipality's."""

    reader: User
    officer: User
    colleague: User
    approver: User
    head: User
    administrator: User
    elsewhere: User
    municipality: User
    neighbour: User


ROLES = {
    "reader": ("reader", "amk", "midt_nord"),
    "officer": ("officer", "amk", "midt_nord"),
    "colleague": ("officer", "amk", "midt_nord"),
    "approver": ("approver", "amk", "midt_nord"),
    "head": ("approver", "country", "dk"),
    "administrator": ("administrator", "country", "dk"),
    "elsewhere": ("approver", "amk", "oest"),
    "municipality": ("officer", "municipality", HEDENSTED),
    "neighbour": ("officer", "municipality", "630"),
}


@pytest.fixture
def people(db):
    """The people."""
    made = {}
    for name, (role, kind, scope) in ROLES.items():
        user = actions.create_user(email=f"{name}@example.org", name=name, password=None, by=None)
        actions.grant(user=user, role=role, scope_kind=kind, scope=scope, by=None)
        made[name] = user
    return People(**made)


def figures(
    name, published, shares, *, area=HEDENSTED, measure="conversations_6m", grp="sygedagpenge"
):
    """Figures of one group: persons with too few and persons, by month."""
    rows = []
    for month, (unmet, population) in shares.items():
        first = MonthRange.parse(month).first.first
        values = {
            "population": population,
            "unmet": unmet,
            "share": round(100 * unmet / population, 1),
        }
        rows += [
            Figure(
                measure,
                statistic,
                "municipality",
                area,
                grp,
                "",
                "",
                first,
                float(value),
                status_of(value),
                "published",
                name,
                published,
            )
            for statistic, value in values.items()
        ]
    return rows


@pytest.fixture
def release(people, tmp_path):
    """Make a release of made-up figures, and take it into use."""

    def make(name, published, shares, **where):
        published = dt.date.fromisoformat(published)
        made = Release(name, published, table(figures(name, published, shares, **where)))
        record = knowledge.take_in(releases.write(made, tmp_path / "made" / name))
        return actions.approve_release(release=record, by=people.head)

    return make


@pytest.fixture
def hedensted(people, samples, tmp_path):
    """The real release behind the notice to Hedensted, in use."""
    reading = read_published(samples / "hedensted-2022-05" / "tables.csv")
    name = "hedensted-2022-05"
    made = Release(name, dt.date(2022, 5, 1), reading.figures.with_columns(release=pl.lit(name)))
    record = knowledge.take_in(releases.write(made, tmp_path / "made" / name))
    return actions.approve_release(release=record, by=people.head)


@pytest.fixture
def case(hedensted):
    """The case that follows from it: proposed."""
    (case,) = actions.open_cases(release=hedensted, on=MAY, by=None)
    return case


@pytest.fixture
def facts(samples):
    """The facts of the real notice."""
    return read_facts(samples / "hedensted-2022-05" / "facts.toml")


@pytest.fixture
def draft(case, facts, people):
    """The notice, drafted by the officer."""
    actions.set_facts(case=case, facts=facts, by=people.officer, on=MAY)
    return actions.draft_document(case=case, by=people.officer, on=MAY)


@pytest.fixture
def sent(draft, people):
    """The notice, sent: the case waits for July to September."""
    approved = actions.approve(document=draft, by=people.approver, on=dt.date(2022, 5, 16))
    actions.send(document=approved, by=people.officer, on=dt.date(2022, 5, 17))
    draft.case.refresh_from_db()
    return draft.case


@pytest.fixture
def all_kinds(monkeypatch):
    """The later letters as plain ones: what is tested is the course, not their contents."""

    def plain(request):
        frame = texts("frame", request.language)
        return letter(
            title="Brev",
            blocks=[Paragraph("Et brev.")],
            facts=request.facts,
            letterhead=request.letterhead,
            frame=frame,
            stamp=Stamp(("r",), "x", "p"),
        )

    for kind in ("decision", "warning", "committee"):
        monkeypatch.setitem(drafting.BUILDERS, kind, plain)
