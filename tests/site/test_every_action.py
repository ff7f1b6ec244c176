"""Every action of every course, from every state it can be reached in: what is offered can be done, or says why not.

A walker does what a page offers with what stands in its fields, and fills those that are required and
empty; so an action that needs something no field asks for is found. At each letter it goes on both
ways: by the letter, where that can be made, and by recording that it was sent in another way.
"""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests.site.conftest import HEDENSTED, SecureClient
from tilsyn.cases import actions, drafting, ledger
from tilsyn.cases.models import Case, Matter
from tilsyn.documents.contents.occasion import letter
from tilsyn.documents.contents.templates import texts
from tilsyn.documents.model import Paragraph, Stamp
from tilsyn.rules import shipped
from tilsyn.rules.course import CLOSED, courses
from tilsyn.vocabulary import COUNTRY

TODAY = dt.date(2024, 3, 4)
FILLED = {
    "notice_date": "2024-01-15",
    "notice_first": "2023-09",
    "notice_last": "2023-11",
    "follow_up_first": "2024-05",
    "follow_up_last": "2024-07",
    "restore_by": "2024-11",
    "reply_by": "2024-04-01",
    "next_first": "2024-09",
    "next_last": "2024-11",
    "note": "Aftalt med kommunen.",
}
VERSIONS = [(course, version) for course in courses().values() for version in course.version]


class Forms(HTMLParser):
    """The forms of a page by their action: each field's value, and which are required."""

    def __init__(self, page):
        super().__init__()
        self.found, self.fields, self.select, self.area = [], None, None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name")
        if tag == "form":
            self.fields = {}
            self.found.append((given.get("action", ""), self.fields))
        elif self.fields is None or "disabled" in given:
            return
        elif tag == "input" and name:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.fields[name] = [given.get("value") or "", "required" in given, []]
            else:
                self.fields.setdefault(name, [None, False, []])[2].append(given.get("value", "on"))
        elif tag == "select":
            self.select = self.fields.setdefault(name, ["", False, []])
        elif tag == "option" and self.select is not None:
            self.select[2].append(given["value"])
            if "selected" in given or len(self.select[2]) == 1:
                self.select[0] = given["value"]
        elif tag == "textarea":
            self.area = self.fields.setdefault(name, ["", "required" in given, []])

    def handle_data(self, data):
        if self.area is not None:
            self.area[0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.fields = None

    def of(self, action):
        """The forms of an action: "…/facts/"."""
        return [fields for address, fields in self.found if address.endswith(f"/{action}/")]


class Walker:
    """Somebody who does what the pages offer, at both ends of a letter."""

    def __init__(self, case, writer, approver):
        self.case, self.address = case, f"/cases/{case.pk}/"
        self.writer, self.approver = writer, approver
        self.done, self.letters = set(), set()

    def forms(self, address=None, who=None):
        answer = (who or self.writer).get(address or self.address)
        assert answer.status_code == 200
        return Forms(answer.content.decode())

    def does(self, address, fields, who=None, **more):
        """Post a form as it stands; what is required and empty is filled. What is said comes back."""
        given = {
            name: value or (FILLED.get(name) or str(TODAY) if required else "")
            for name, (value, required, _) in fields.items()
            if name != "csrfmiddlewaretoken" and value is not None
        }
        answer = (who or self.writer).post(address, {**given, **more}, follow=True)
        assert answer.status_code == 200
        page = answer.content.decode()
        said = " ".join(
            re.sub(r"<[^>]+>", " ", alert)
            for alert in re.findall(r'(?s)<div class="alert.*?</div>\s*</div>', page)
        )
        assert not re.search(r"\b[a-z]+_[a-z]+\b|\bnotice\.|None", said), said
        return "alert-success" in page, said

    def walk(self, before=""):
        """From the state at hand along every outcome that was not taken from here before."""
        self.case.refresh_from_db()
        if self.case.status == "closed":
            return
        step = self.case.step_data
        page = self.forms()
        for fields in page.of("receive"):
            for kind in fields["kind"][2]:
                file = SimpleUploadedFile("svar.pdf", b"%PDF-1.7 made up")
                assert self.does(f"{self.address}receive/", fields, kind=kind, file=file)[0]
        for fields in self.forms().of("check"):
            assert self.does(f"{self.address}check/", fields, held=fields["held"][2])[0]
        if step.document:
            (facts,) = page.of("facts")
            done, said = self.does(f"{self.address}facts/", facts)
            assert done, f"{step.name} after {before}: {said}"
        ways = [
            (fields, outcome)
            for fields in self.forms().of("outcome")
            for outcome in fields["outcome"][2]
        ]
        offered = {outcome for _, outcome in ways}
        assert offered == {one.name for one in step.outcome}, f"{step.name} after {before}"
        for fields, outcome in ways:
            if (before, step.name, outcome) in self.done:
                continue
            self.done.add((before, step.name, outcome))
            self.branch(step, lambda f=fields, o=outcome: self.ends(f, o))
        if step.document:
            self.branch(step, self.sends)

    def branch(self, step, way):
        """Go one way, and come back."""
        with transaction.atomic():
            if way():
                self.walk(step.name)
            transaction.set_rollback(True)
        self.case = Case.objects.get(pk=self.case.pk)

    def ends(self, fields, outcome):
        done, said = self.does(f"{self.address}outcome/", fields, outcome=outcome)
        assert done, said
        return True

    def sends(self):
        """The letter: drafted, approved by another, sent; False where it cannot be made, which was told."""
        step = self.case.step
        (draft,) = self.forms().of("draft")
        done, said = self.does(f"{self.address}draft/", draft)
        if not done:
            assert said, "why not"
            return False
        made = self.case.documents.get(status="drafted")
        page = f"/documents/{made.pk}/"
        for action, who in (("approve", self.approver), ("send", self.writer)):
            (fields,) = self.forms(page, who).of(action)
            assert self.does(f"{page}{action}/", fields, who)[0]
        first = (step, "letter") not in self.letters
        self.letters.add((step, "letter"))
        return first


@pytest.fixture
def walker(people, settings):
    """A case at the beginning of a course, on no figures at all, and two who may do everything about it."""
    settings.TODAY = TODAY
    clients = []
    for name in ("first", "second"):
        user = actions.create_user(email=f"{name}@example.org", name=name, password=None, by=None)
        actions.grant(user=user, role="approver", scope_kind="country", scope="dk", by=None)
        client = SecureClient()
        client.force_login(user)
        clients.append(client)

    def at(course, version):
        area = COUNTRY if version.scope == "country" else HEDENSTED
        case = Case.objects.create(
            course=course.course,
            version=version.name,
            area=area,
            opened_on=TODAY,
            step=version.first.name,
        )
        rule = version.opened_by.rule
        for measure in shipped()[rule].version[-1].measures if rule else ():
            Matter.objects.create(
                case=case, course=course.course, area=area, measure=measure, grp="total", through=""
            )
        ledger.add(case, "opened", by=None, on=TODAY)
        return Walker(case, *clients)

    return at


@pytest.fixture
def plain_letters(monkeypatch):
    """Letters that say nothing, made whatever the figures: what is tested is the way to them."""

    def plain(request):
        return letter(
            title="Brev",
            blocks=[Paragraph("Et brev.")],
            facts=request.facts,
            letterhead=request.letterhead,
            frame=texts("frame", request.language),
            stamp=Stamp("r", "x", "p"),
        )

    for kind in drafting.BUILDERS:
        monkeypatch.setitem(drafting.BUILDERS, kind, plain)


def walked(version):
    """The outcomes of a course, step by step."""
    return {(step.name, outcome.name) for step in version.step for outcome in step.outcome}


IDS = [f"{course.course}-{version.name}" for course, version in VERSIONS]


@pytest.mark.parametrize(("course", "version"), VERSIONS, ids=IDS)
def test_every_action_leads_on_by_the_letters(walker, plain_letters, course, version):
    walker = walker(course, version)
    walker.walk()
    assert {(step, outcome) for _, step, outcome in walker.done} == walked(version)
    assert {step for step, _ in walker.letters} == {s.name for s in version.step if s.document}


@pytest.mark.parametrize(("course", "version"), VERSIONS, ids=IDS)
def test_every_action_leads_on_where_no_figures_are_known(walker, course, version):
    walker = walker(course, version)
    walker.walk()
    assert {(step, outcome) for _, step, outcome in walker.done} == walked(version)
    assert any(o.leads_to == CLOSED for s in version.step for o in s.outcome)
