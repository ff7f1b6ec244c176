"""No route past the door: what is hidden of another municipality is nowhere in what leaves."""

import ast
import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest
from pypdf import PdfReader

import tilsyn
from tests.site.addresses import POSTED, addresses
from tilsyn.cases import actions, facts, knowledge, ledger
from tilsyn.cases.storage import derived_folder
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import Figure, status_of, table
from tilsyn.protection import Parameters
from tilsyn.vocabulary import MUNICIPALITIES, TOTAL, YearMonth

OWN, OTHER = "766", "630"
"""Hedensted and Vejle, in different areas up to the country."""
PUBLISHED = dt.date(2022, 5, 2)
DAY = dt.date(2022, 5, 15)
MONTHS = [YearMonth(2021, 12), YearMonth(2022, 1), YearMonth(2022, 2)]
COUNTS = {OWN: (6173, 2719), OTHER: (5437, 2347)}
"""Persons, and those without the effort; no other number has these digits."""


def measured():
    """Two municipalities' early conversations as measured from a register, and the areas above."""
    added = [sum(pair) for pair in zip(*COUNTS.values(), strict=True)]
    found = []
    for code, (population, unmet) in {**COUNTS, "dk": added}.items():
        places = [("country", "dk")]
        if code != "dk":
            kinds = ("municipality", "rar", "amk", "region")
            places = [(kind, MUNICIPALITIES[code].area(kind)) for kind in kinds]
        for kind, area in places:
            for grp in ("sygedagpenge", TOTAL.code):
                for month in MONTHS:
                    for statistic, value in (
                        ("population", population),
                        ("unmet", unmet),
                        ("share", 100 * unmet / population),
                    ):
                        found.append(
                            Figure(
                                "conversations_6m",
                                statistic,
                                kind,
                                area,
                                grp,
                                "",
                                "",
                                month.first,
                                float(value),
                                status_of(float(value)),
                                "register",
                                "measured",
                                PUBLISHED,
                            )
                        )
    return table(found)


def secrets(code):
    """A municipality's numbers in every way they may be written."""
    population, unmet = COUNTS[code]
    share = 100 * unmet / population
    ways = {f"{share:.1f}".replace(".", ","), f"{share:.3f}", f":{share:.1f}", f",{share:.1f},"}
    for number in (population, unmet):
        ways |= {f"{number}", f"{number:,}", f"{number:,}".replace(",", ".")}
        ways |= {f"{number:,}".replace(",", space) for space in ("\u00a0", "\u202f", " ")}
    return ways


def said(data: bytes) -> str:
    """All that is to be read in some bytes: packed files unpacked, pages of a PDF as text."""
    if data[:4] == b"%PDF":
        reader = PdfReader(io.BytesIO(data))
        parts = [page.extract_text() for page in reader.pages]
        for files in reader.attachments.values():
            parts += [said(file) for file in files]
        return "\n".join(parts)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "\n".join(said(packed.read(name)) for name in packed.namelist())
    return data.decode("utf-8", errors="replace")


def leaked(data, code):
    """Those of a municipality's numbers that stand in some bytes."""
    text = said(data)
    return {way for way in secrets(code) if way in text}


@pytest.fixture
def country(installation, settings, tmp_path):
    """The installation with a register's figures in use, and a case of each municipality with its letter."""
    settings.PROTECTION = Parameters(smallest=50_000)
    folder = tmp_path / "measured"
    releases.write(Release("measured", PUBLISHED, measured()), folder)
    record = knowledge.take_in(folder)
    actions.approve_release(release=record, by=installation.people["head"])
    officer = installation.people["head"]
    approver = actions.create_user(email="k@example.org", name="Kollega", password=None, by=None)
    actions.grant(user=approver, role="approver", scope_kind="country", scope="dk", by=None)
    made = {OWN: (installation.case, installation.letter)}
    for case in actions.open_cases(release=record, on=DAY, by=None):
        proposed = facts.proposed(case, ledger.state_of(case), on=DAY)
        actions.accept(case=case, by=officer, on=DAY)
        actions.set_facts(case=case, facts=proposed, by=officer, on=DAY)
        letter = actions.draft_document(case=case, by=officer, on=DAY)
        actions.approve(document=letter, by=approver, on=DAY)
        actions.send(document=letter, by=officer, on=DAY)
        made[case.area] = (case, letter)
    assert set(made) == {OWN, OTHER}
    return installation, made


def routes(installation, made):
    """Every address: of every case, letter in every form, municipality and release."""
    for code, (case, letter) in made.items():
        installation.case, installation.letter = case, letter
        for release in ("measured", "hedensted-2022-05"):
            for form in ("csv", "xlsx"):
                fill = {"area": code, "name": release, "form": form}
                for name, _, address in addresses(installation, **fill):
                    yield name, address
        for form in letter.files:
            yield "document-file", f"/documents/{letter.pk}/letter.{form}"


QUESTIONS = (
    "?area=630&limit=1000",
    "?area=766&limit=1000",
    "?area_kind=rar&limit=1000",
    "?area_kind=country&limit=1000&format=csv",
    "?limit=1000",
    "?limit=1000&format=csv",
    "?known_on=2022-05-02&limit=1000",
)


def answers(installation, made, token, who):
    """What every address says to somebody."""
    client = installation.client(who)
    for name, address in dict.fromkeys(routes(installation, made)):
        if name not in POSTED:
            yield address, client.get(address).content
    for query in ("", "?on=2022-05-20", "?measure=conversations_6m&group=sygedagpenge"):
        yield f"/{query}", client.get(f"/{query}").content
    key = {"Authorization": f"Bearer {token(who)}"}
    for route in ("figures", "findings", "cases", "releases"):
        for question in QUESTIONS:
            address = f"/api/{route}{question}"
            yield address, installation.client(None).get(address, headers=key).content


@pytest.mark.parametrize(("who", "other"), [("municipality", OTHER), ("neighbour", OWN)])
def test_a_municipality_finds_anothers_hidden_numbers_nowhere(country, token, who, other):
    own = OWN if other == OTHER else OTHER
    found = {a: leaked(data, other) for a, data in answers(*country, token, who)}
    assert {address: ways for address, ways in found.items() if ways} == {}
    assert any(leaked(data, own) for _, data in answers(*country, token, who))


def test_its_own_and_those_of_all_stand_exact_where_they_may(country, token):
    exact = [
        "/",
        f"/municipalities/{OWN}/",
        f"/municipalities/{OWN}/figures.csv",
        f"/municipalities/{OWN}/figures.xlsx",
        "/api/figures?area=766&limit=1000",
        "/api/findings?area=766&limit=1000",
    ]
    for who in ("municipality", "officer"):
        said_to = dict(answers(*country, token, who))
        assert [a for a in exact if not leaked(said_to[a], OWN)] == [], who
    everything = dict(answers(*country, token, "head"))
    assert leaked(everything["/api/figures?area=630&limit=1000"], OTHER)
    assert leaked(everything[f"/municipalities/{OTHER}/"], OTHER)


def test_a_municipalitys_letter_has_its_own_numbers(country):
    installation, made = country
    letter = made[OTHER][1]
    client = installation.client("neighbour")
    opened = {form: client.get(f"/documents/{letter.pk}/letter.{form}") for form in letter.files}
    files = {form: answer.content for form, answer in opened.items() if answer.status_code == 200}
    assert {"pdf", "docx", "html"} <= set(files)
    for form, data in files.items():
        assert leaked(data, OTHER) and not leaked(data, OWN), form


def test_others_get_what_was_protected_beforehand(country, monkeypatch):
    knowledge.prepare(DAY)
    kept = sorted((knowledge.data_folder() / "shown").glob("[!.]*"))
    assert len(kept) == len(MONTHS)

    def again(*given, **named):
        raise AssertionError("protected anew")

    monkeypatch.setattr("tilsyn.protection.history.protected", again)
    shutil.rmtree(derived_folder("snapshots"))
    page = country[0].client("neighbour").get("/").content
    assert not leaked(page, OWN)
    assert sorted((knowledge.data_folder() / "shown").glob("[!.]*")) == kept


INSIDE = {
    "cases/knowledge.py": "hands exact figures to those that judge",
    "cases/snapshots.py": "keeps both faces, exact and public",
    "cases/settling.py": "tells medians over the country only",
    "cases/showing.py": "picks the face for an audience",
    "cases/judgements.py": "judges what it is given",
    "cases/tick.py": "judges",
    "cases/actions/opening.py": "judges",
    "cases/actions/elsewhere.py": "judges",
}
"""The modules above the rules that may handle exact figures, and what for."""
EXACT = {
    "knowledge.known",
    "snapshots.snapshot",
    "tilsyn.cases.knowledge.known",
    "tilsyn.cases.snapshots.snapshot",
    "tilsyn.cases.snapshots.vintages",
    "tilsyn.figures.vintages.known_on",
    "tilsyn.figures.vintages.combined",
    "tilsyn.figures.vintages.gather",
    "tilsyn.figures.reading.read_published",
    "pl.read_parquet",
    "pl.scan_parquet",
}
"""What hands out exact figures, by the names it goes by."""


def test_nothing_that_shows_figures_takes_them_by_another_way():
    """Pages and the seam to documents name nothing that hands out exact figures."""
    root = Path(tilsyn.__file__).parent
    past = []
    for room in ("site", "cases", "documents"):
        for file in sorted((root / room).rglob("*.py")):
            place = file.relative_to(root).as_posix()
            if place in INSIDE:
                continue
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    names = {f"{node.module}.{alias.name}" for alias in node.names}
                elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    names = {f"{node.value.id}.{node.attr}"}
                else:
                    continue
                past += [(place, name) for name in names & EXACT]
    assert past == []


def test_no_file_to_take_away_holds_a_formula(installation, token, tmp_path):
    named = measured().with_columns(release=pl.lit("=1+1"), provenance=pl.lit("published"))
    releases.write(Release("=1+1", PUBLISHED, named), tmp_path / "=1+1")
    record = knowledge.take_in(tmp_path / "=1+1")
    actions.approve_release(release=record, by=installation.people["head"])
    key = {"Authorization": f"Bearer {token('head')}"}
    answer = installation.client(None).get("/api/figures?format=csv&limit=1000", headers=key)
    file = installation.client("head").get(f"/municipalities/{OWN}/figures.csv")
    for text, between in ((answer.content.decode(), ","), (file.content.decode("utf-8-sig"), ";")):
        assert f"{between}'=1+1{between}" in text and f"{between}=1+1" not in text
