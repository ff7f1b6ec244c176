"""A small installation with pages: the sample figures in use, a case at each stage, somebody in each role."""

import datetime as dt
import shutil
from dataclasses import dataclass, field

import polars as pl
import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from tests.cases.conftest import figures
from tests.conftest import absent
from tests.site.providers.openid import PlayedOpenId
from tests.site.providers.saml import PlayedSaml
from tilsyn.cases import actions, drafting, facts, knowledge, ledger
from tilsyn.cases.models import Case, Document, User
from tilsyn.cases.plans import working
from tilsyn.documents.renderers import render
from tilsyn.figures import release as releases
from tilsyn.figures.reading import read_published
from tilsyn.figures.release import Release
from tilsyn.figures.table import table
from tilsyn.register.door import admit
from tilsyn.register.store import load
from tilsyn.register.synthetic import make
from tilsyn.site.models import new_token
from tilsyn.site.providers.configuration import read_sign_in
from tilsyn.vocabulary import MonthRange

PASSWORD = "korrekt hest batteri"
HEDENSTED = "766"
OPENED = dt.date(2022, 5, 15)
TODAY = dt.date(2022, 6, 1)

ROLES = {
    "reader": ("reader", "amk", "midt_nord"),
    "officer": ("officer", "amk", "midt_nord"),
    "approver": ("approver", "amk", "midt_nord"),
    "head": ("approver", "country", "dk"),
    "administrator": ("administrator", "country", "dk"),
    "other office": ("approver", "amk", "oest"),
    "municipality": ("officer", "municipality", HEDENSTED),
    "neighbour": ("officer", "municipality", "630"),
    "municipal administrator": ("administrator", "municipality", HEDENSTED),
}


FROM_ELSEWHERE = {
    "area": "630",
    "course": "early_effort",
    "date": "2022-05-20",
    "reference": "22/999",
    "first": "2021-12",
    "last": "2022-02",
    "matters_chosen": ["offers_6m kontanthjaelp", "conversations_6m a_dagpenge"],
    "follow_up_first": "2022-07",
    "follow_up_last": "2022-09",
    "restore_by": "2023-01",
}
"""What the form asks of a course whose first letter was sent elsewhere, made up."""


class SecureClient(Client):
    """A browser that comes by https, as every browser must."""

    def request(self, **request):
        return super().request(**{**request, "wsgi.url_scheme": "https"})


@dataclass
class Installation:
    """What is there: people by role, the case, its letters."""

    people: dict[str, User] = field(default_factory=dict)
    case: Case | None = None
    letter: Document | None = None

    def client(self, role: str | None) -> Client:
        """A browser signed in as this role; None is nobody."""
        client = SecureClient()
        if role is not None:
            client.force_login(self.people[role])
        return client


@pytest.fixture(autouse=True)
def strict_site(settings, tmp_path):
    """The strict settings, with a data folder of its own and a fixed day."""
    settings.DATA_DIR = tmp_path / "data"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.TODAY = TODAY
    # Slow hashes keep passwords safe; here nobody waits for nine of them before each test.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def people(db):
    """Somebody in each role."""
    made = {}
    for number, (name, (role, kind, scope)) in enumerate(ROLES.items()):
        made[name] = actions.create_user(
            email=f"role{number}@example.org", name=f"Rolle {name}", password=PASSWORD, by=None
        )
        actions.grant(user=made[name], role=role, scope_kind=kind, scope=scope, by=None)
    return made


@pytest.fixture(scope="session")
def early_release(samples, tmp_path_factory):
    """Hedensted's real figures of the early effort; and a year of the long-term group's, made up."""
    published = dt.date(2022, 5, 1)
    early = read_published(samples / "hedensted-2022-05" / "tables.csv").figures
    year = {str(month): (10, 100) for month in MonthRange.parse("2021-03..2022-02")}
    long_term = table(
        figures("hedensted-2022-05", published, year, measure="conversations_12m", grp="total")
    )
    folder = tmp_path_factory.mktemp("release") / "hedensted-2022-05"
    releases.write(Release("hedensted-2022-05", published, pl.concat([early, long_term])), folder)
    return folder


@pytest.fixture(scope="session")
def derived(tmp_path_factory):
    """What is kept ready of these figures: each installation would make the same again."""
    return tmp_path_factory.mktemp("derived")


@pytest.fixture(scope="session")
def drawn():
    """The forms of the installation's letter, by the document: each would draw the same again."""
    return {}


@pytest.fixture
def drafted(people, early_release, derived, drawn, settings, monkeypatch):
    """Hedensted's notice: proposed and drafted from its figures."""

    def once(document, form):
        key = repr(document), form
        if key not in drawn:
            drawn[key] = render(document, form)
        return drawn[key]

    shutil.copytree(derived, settings.DATA_DIR / "derived")
    record = knowledge.take_in(early_release)
    actions.approve_release(release=record, by=people["head"])
    (case,) = actions.open_cases(release=record, on=OPENED, by=None)
    officer = people["officer"]
    actions.accept(case=case, by=officer, on=OPENED)
    actions.set_facts(
        case=case,
        facts=facts.proposed(case, ledger.state_of(case), on=OPENED),
        by=officer,
        on=OPENED,
    )
    with monkeypatch.context() as drawing:
        drawing.setattr(drafting, "render", once)
        letter = actions.draft_document(case=case, by=officer, on=OPENED)
    if not any(derived.iterdir()):
        shutil.copytree(settings.DATA_DIR / "derived", derived, dirs_exist_ok=True)
    return Installation(people, case, letter)


@pytest.fixture
def installation(drafted):
    """The notice approved and sent."""
    people, letter = drafted.people, drafted.letter
    actions.approve(document=letter, by=people["approver"], on=OPENED)
    actions.send(document=letter, by=people["officer"], on=OPENED + dt.timedelta(days=2))
    drafted.case.refresh_from_db()
    return drafted


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """A store of Hedensted's, to the evening before the site's day; every third person is of a team."""
    folder = tmp_path_factory.mktemp("register")
    months = MonthRange.parse("2021-06..2022-05")
    make(folder / "register", 1500, months, 1, municipality=HEDENSTED)
    spells = pl.scan_parquet(folder / "register" / "spells" / "*.parquet").collect()
    persons = spells["person"].unique().sort().gather_every(3)
    pl.DataFrame({"person": persons}).with_columns(
        team=pl.lit("Nord"), caseworker=pl.lit("SB1"), start=pl.lit("2020-06-01"), end=pl.lit(None)
    ).write_csv(folder / "register" / "caseworkers.csv")
    admit(folder / "register", folder / "admitted")
    load(folder / "admitted", folder / "store")
    return folder / "store"


@pytest.fixture
def own(installation, settings, store):
    """The installation as Hedensted's own."""
    settings.INSTALLATION = "municipality"
    settings.REGISTER = str(store)
    return installation


@pytest.fixture
def asking(own, monkeypatch):
    """The own installation, where asking for a plan starts no process."""
    monkeypatch.setattr(working, "start", lambda number: None)
    return own


@pytest.fixture
def token(installation):
    """An API token of a role."""
    return lambda role: new_token(installation.people[role])


@pytest.fixture
def server(transactional_db, settings):
    """The site on plain http on this machine; begun after its settings are made."""
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    running = LiveServer("localhost")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def _openid():
    played = PlayedOpenId()
    yield played
    played.close()


@pytest.fixture(scope="session")
def _saml():
    played = PlayedSaml()
    yield played
    played.close()


@pytest.fixture
def openid(_openid):
    """An OpenID provider as it should be; each test bends its own."""
    before = {**vars(_openid), "person": dict(_openid.person)}
    _openid.claims, _openid.information, _openid.down = {}, {}, set()
    yield _openid
    vars(_openid).update(before)


@pytest.fixture
def saml(_saml):
    """A SAML provider as it should be; each test bends its own."""
    before = {**vars(_saml), "attributes": dict(_saml.attributes), "answers": []}
    yield _saml
    vars(_saml).update(before)


@pytest.fixture
def providers(settings, tmp_path):
    """Let the site know providers, from a file as an installation has it."""

    def known(text):
        file = tmp_path / "sign-in.toml"
        file.write_text(text, encoding="utf-8")
        settings.SIGN_IN = read_sign_in(str(file))
        settings.SOCIALACCOUNT_PROVIDERS = settings.SIGN_IN.as_allauth_has_them()

    return known


@pytest.fixture
def browser(monkeypatch):
    """A browser, the system's Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        absent("chromium")
    # The browser's loop in this thread is not Django's.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()
