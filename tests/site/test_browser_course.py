"""A whole course as people walk it at their browsers: the officer, the approver, and the municipality.

Figures come in, time is moved by `tick` as the daily run does, and everything else is done by clicking.
Each page on the way is held against axe-core.
"""

import datetime as dt

import pytest

from tests.cases.conftest import figures
from tests.site.browsing import Person
from tests.site.conftest import HEDENSTED
from tilsyn.cases import knowledge
from tilsyn.cases.models import Case, Message
from tilsyn.cases.tick import tick
from tilsyn.figures import release as releases
from tilsyn.figures.reading import read_published
from tilsyn.figures.release import Release
from tilsyn.figures.table import table

OVER, UNDER = (9, 30), (3, 30)
PLAN = b"%PDF-1.7 a made-up plan"


class Office:
    """The people of the course, the day it is, and the figures that come in."""

    def __init__(self, settings, folder, browser, address, people):
        self.settings, self.folder = settings, folder
        self.officer, self.approver, self.head, self.municipality = (
            Person(browser, address, people[role])
            for role in ("officer", "approver", "head", "municipality")
        )
        self.complaints = []

    def on(self, day):
        """It becomes another day, and the daily run does what it does."""
        self.settings.TODAY = dt.date.fromisoformat(day)
        return tick(on=self.settings.TODAY)

    def arrives(self, name, published, figure_table):
        """A release comes in, is looked at and taken into use by the one who may."""
        day = dt.date.fromisoformat(published)
        made = Release(name, day, figure_table)
        knowledge.take_in(releases.write(made, self.folder / name))
        head = self.head
        head.open("/releases/")
        head.follow(name)
        self.checked(head)
        head.press("Godkend til brug")
        head.sees("Udgivelsen er taget i brug")

    def checked(self, person):
        """The page is one that everybody can use."""
        self.complaints += person.complaints()

    def letter(self, case, recipients, **facts):
        """The letter of the step at hand: facts fixed, drafted, approved by another, sent."""
        officer, approver = self.officer, self.approver
        officer.open(case)
        officer.unfold("Forløbets fakta")
        for name, value in facts.items():
            officer.page.fill(f"#id_{name}", value)
        officer.press("Bekræft")
        officer.sees("Forløbets fakta er bekræftet")
        officer.press("Lav udkast")
        officer.sees("Udkastet er lavet")
        self.checked(officer)
        officer.follow("Se, ret og godkend")
        officer.sees("Venter på godkendelse")

        approver.open(case)
        approver.follow("Se, ret og godkend")
        self.checked(approver)
        approver.press("Godkend")
        approver.sees("Brevet er godkendt og kan sendes")

        officer.open(case)
        officer.follow("Se og send")
        officer.page.get_by_label("E-mail til").fill(recipients)
        self.checked(officer)
        officer.press("Notér som sendt")
        officer.sees("Brevet er noteret som sendt")


@pytest.fixture
def office(settings, tmp_path, browser, server, people):
    """The office at work."""
    return Office(settings, tmp_path / "made", browser, server.url, people)


def hedensted(name, published, shares):
    return table(figures(name, dt.date.fromisoformat(published), shares))


def test_a_course_from_the_release_to_its_end(office, samples):
    officer, municipality = office.officer, office.municipality
    office.on("2022-05-16")
    real = read_published(samples / "hedensted-2022-05" / "tables.csv").figures
    office.arrives("hedensted-2022-05", "2022-05-01", real)

    # A case is proposed from it, and taken up by its officer.
    officer.open("/worklist/")
    officer.sees("Ingen sager passer til valget")
    officer.press("Foreslå sager ud fra hedensted-2022-05")
    officer.sees("1 nye sager foreslået")
    officer.follow("Hedensted")
    office.checked(officer)
    case = f"/cases/{Case.objects.get(area=HEDENSTED).pk}/"
    officer.press("Overtag sagen")
    officer.sees("Sagen er overtaget")
    assert municipality.open(case).status == 404, "nothing has been announced yet"

    # The notice: drafted, seen as it will be, a paragraph rewritten, approved by another, sent.
    officer.open(case)
    officer.unfold("Forløbets fakta")
    for name, value in {
        "follow_up_first": "2022-07",
        "follow_up_last": "2022-09",
        "restore_by": "2023-01",
    }.items():
        officer.page.fill(f"#id_{name}", value)
    officer.press("Bekræft")
    officer.sees("Forløbets fakta er bekræftet")
    officer.press("Lav udkast")
    officer.sees("Udkastet er lavet")
    officer.follow("Se, ret og godkend")
    letter = officer.page.frame_locator("iframe.letter")
    letter.get_by_text("sygedagpenge").first.wait_for()
    officer.unfold("Ret afsnit")
    officer.page.get_by_label("Afsnit 1", exact=True).fill("Et afsnit, som kontoret har skrevet.")
    office.checked(officer)
    officer.press("Gem som nyt udkast")
    officer.sees("Rettelserne er gemt som et nyt udkast")
    letter.get_by_text("Et afsnit, som kontoret har skrevet.").wait_for()
    assert not officer.page.get_by_role("button", name="Godkend", exact=True).count()

    approver = office.approver
    approver.open(case)
    approver.follow("Se, ret og godkend")
    letter = approver.page.frame_locator("iframe.letter")
    letter.get_by_text("Et afsnit, som kontoret har skrevet.").wait_for()
    office.checked(approver)
    approver.press("Godkend")
    approver.sees("Brevet er godkendt og kan sendes")
    officer.open(case)
    officer.follow("Se og send")
    officer.page.get_by_label("E-mail til").fill("jobcenter@example.org")
    officer.press("Notér som sendt")
    officer.sees("Brevet er noteret som sendt")
    office.checked(officer)

    municipality.open("/worklist/")
    municipality.follow("Hedensted")
    municipality.sees("Kommunen genopretter indsatsen")
    assert "Notat" not in municipality.reads()
    office.checked(municipality)

    # The follow-up: the figures are over in all three months, and the rule says so.
    shares = {"2022-07": OVER, "2022-08": OVER, "2022-09": OVER}
    office.arrives("later-1", "2022-12-01", hedensted("later-1", "2022-12-01", shares))
    assert office.on("2022-12-02")["data"] == 1
    officer.open(case)
    officer.sees("Reglen foreslår")
    office.checked(officer)
    officer.press("Notér resultatet")
    officer.sees("Resultatet er noteret")
    assert "ikke genoprettet" in officer.reads()
    office.on("2022-12-08")
    office.letter(
        case,
        "jobcenter@example.org",
        date="2022-12-08",
        reply_by="2022-12-23",
        next_first="2023-03",
        next_last="2023-05",
    )

    # The municipality answers; the plan is held against the four points.
    office.on("2022-12-20")
    for kind in ("Redegørelse", "Genopretningsplan"):
        municipality.open(case)
        municipality.page.get_by_label("Hvad", exact=True).select_option(label=kind)
        municipality.page.set_input_files(
            "#file", {"name": f"{kind}.pdf", "mimeType": "application/pdf", "buffer": PLAN}
        )
        municipality.press("Modtag")
        municipality.sees("Dokumentet er modtaget")
    office.checked(municipality)

    officer.open(case)
    plan = officer.page.locator(".card-box", has=officer.page.get_by_text("Genopretningsplan.pdf"))
    points = plan.get_by_role("checkbox")
    assert points.count() == 4
    box = "e => getComputedStyle(e).appearance + getComputedStyle(e).opacity"
    assert points.first.evaluate(box) == "auto1", "a box that cannot be seen cannot be ticked"
    for number in range(3):
        points.nth(number).check()
    officer.press("Gem tjekliste", plan)
    officer.sees("Tjeklisten er gemt")
    assert "mangler Plan for politisk og ledelsesmæssig opfølgning" in officer.reads()
    plan.get_by_role("checkbox").nth(3).check()
    officer.press("Gem tjekliste", plan)
    officer.sees("alle punkter er med")
    office.checked(officer)
    officer.page.get_by_label("Måned", exact=True).fill("2023-03")
    officer.page.get_by_label("Højst, pct.").fill("20")
    officer.press("Notér")
    officer.sees("Milepælen er noteret")
    officer.unfold("Notér, hvordan trinnet endte")
    officer.press("Notér resultatet")
    officer.sees("Resultatet er noteret")

    # New figures: the milestone is missed in March, and the effort is restored by May.
    office.arrives("later-2", "2023-06-01", hedensted("later-2", "2023-06-01", {"2023-03": OVER}))
    assert office.on("2023-06-02")["milestones"] == 1
    shares = {"2023-04": OVER, "2023-05": UNDER}
    office.arrives("later-3", "2023-07-20", hedensted("later-3", "2023-07-20", shares))
    assert office.on("2023-08-01")["data"] == 1
    officer.open(case)
    officer.sees("Reglen foreslår")
    office.checked(officer)
    officer.press("Notér resultatet")
    officer.sees("Resultatet er noteret")
    office.on("2023-08-03")
    office.letter(case, "jobcenter@example.org", date="2023-08-03")
    office.on("2023-08-04")

    municipality.open(case)
    municipality.sees("afsluttet")
    office.checked(municipality)
    officer.open("/worklist/?state=closed&whose=all")
    officer.sees("Hedensted")
    assert Case.objects.get(area=HEDENSTED).status == "closed"
    letters = Message.objects.filter(key__startswith="document/")
    assert letters.count() == 3 and not letters.unsent().exists()
    assert not office.complaints
    for person in (officer, approver, municipality, office.head):
        assert not person.elsewhere, "nothing is asked for anywhere else"
