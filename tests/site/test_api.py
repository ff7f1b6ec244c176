"""The API: what it answers, how it refuses, and whatever a program may send it."""

import csv
import io
import json

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from hypothesis import HealthCheck, Phase, given, settings

from tests.site.conftest import SecureClient
from tilsyn.cases.models import Case
from tilsyn.site import attempts
from tilsyn.site.api import LARGEST_PAGE

ROUTES = ("figures", "findings", "cases", "releases")


@pytest.fixture
def ask(installation, token):
    """Ask the API as a role."""

    def ask(route, role="officer", method="get", headers=(), **query):
        known = {"Authorization": f"Bearer {token(role)}"} if role else {}
        client = SecureClient(headers={**known, **dict(headers)}, raise_request_exception=False)
        return getattr(client, method)(f"/api/{route}", query)

    return ask


@pytest.mark.parametrize("route", ROUTES)
def test_pages_laid_together_are_the_whole(ask, route):
    whole = ask(route, limit=LARGEST_PAGE).json()
    assert whole["next_offset"] is None and whole["total"] == len(whole["rows"]) > 0
    rows, offset = [], 0
    size = max(1, whole["total"] // 3)
    while offset is not None:
        page = ask(route, limit=size, offset=offset).json()
        assert page["total"] == whole["total"] and len(page["rows"]) <= size
        rows, offset = rows + page["rows"], page["next_offset"]
    assert rows == whole["rows"]
    beyond = ask(route, offset=whole["total"] + 5).json()
    assert beyond == {"total": whole["total"], "next_offset": None, "rows": []}


@pytest.mark.parametrize("route", ROUTES)
def test_csv_has_the_same_rows(ask, route):
    page = ask(route, limit=7).json()
    answer = ask(route, limit=7, format="csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert int(answer["X-Total"]) == page["total"]
    read = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(read) == len(page["rows"])
    for text, row in zip(read, page["rows"], strict=True):
        plain = {k: v for k, v in row.items() if isinstance(v, str)}
        assert {k: text[k] for k in plain} == plain or route == "findings"


def test_figures_can_be_narrowed(ask):
    wanted = {"area": "766", "measure": "conversations_6m", "group": "sygedagpenge"}
    rows = ask("figures", **wanted, statistic="share", first_month="2022-01").json()["rows"]
    shares = [(row["month"], row["value"]) for row in rows]
    assert shares == [("2022-01-01", 29.2), ("2022-02-01", 20.9)]
    assert rows and all(row["group"] == "sygedagpenge" and row["area"] == "766" for row in rows)
    assert ask("figures", area="766", known_on="2020-01-01").json()["total"] == 0


REFUSED = [
    ("figures", {"role": None}, 401, "not_signed_in"),
    ("figures", {"role": None, "headers": {"Authorization": "Bearer x"}}, 401, "not_signed_in"),
    ("nothing", {}, 404, "not_found"),
    ("nothing", {"role": None}, 404, "not_found"),
    ("figures", {"method": "post"}, 405, "method_not_allowed"),
    ("figures", {"area": "999"}, 422, "invalid"),
    ("figures", {"limit": 0}, 422, "invalid"),
    ("figures", {"limit": LARGEST_PAGE + 1}, 422, "invalid"),
    ("figures", {"first_month": "13-2022"}, 422, "invalid"),
    ("cases", {"status": "lost"}, 422, "invalid"),
    ("figures", {"grp": "sygedagpenge"}, 422, "invalid"),
]


@pytest.mark.parametrize("route, how, status, kind", REFUSED)
def test_every_refusal_has_one_shape(ask, route, how, status, kind):
    answer = ask(route, **how)
    assert answer.status_code == status
    told = answer.json()
    assert set(told) == {"error", "message"} and told["error"] == kind and told["message"]


def test_who_holds_no_role_is_refused_in_the_same_shape(ask, installation):
    installation.people["reader"].memberships.all().delete()
    answer = ask("figures", role="reader")
    assert answer.status_code == 403 and answer.json()["error"] == "not_allowed"


@pytest.mark.parametrize(
    "what, status, kind", [(OperationalError, 503, "unavailable"), (KeyError, 500, "defect")]
)
def test_what_breaks_is_told_in_the_same_shape(ask, monkeypatch, what, status, kind):
    def breaks(*_):
        raise what("x")

    monkeypatch.setattr(Case.objects, "visible_to", breaks)
    answer = ask("cases")
    assert answer.status_code == status and answer.json()["error"] == kind
    assert ("Retry-After" in answer) == (status == 503)


def test_guessing_tokens_is_slowed_and_a_right_one_is_taken(ask, settings, monkeypatch):
    monkeypatch.setattr(attempts.time, "time", lambda: 1_700_000_000.0)
    wrong = {"Authorization": "Bearer gaet"}
    most, _ = settings.ATTEMPTS["token"]
    answers = [ask("releases", role=None, headers=wrong).status_code for _ in range(most + 2)]
    assert answers[:most] == [401] * most and answers[most:] == [429] * 2
    assert ask("releases", role=None, headers=wrong).json()["error"] == "too_many"
    assert ask("releases").status_code == 200


def test_a_new_token_ends_the_old_and_a_user_shut_out_has_none(ask, installation, token):
    old = {"Authorization": f"Bearer {token('officer')}"}
    assert ask("cases", role=None, headers=old).status_code == 200
    token("officer")
    assert ask("cases", role=None, headers=old).status_code == 401
    mine = {"Authorization": f"Bearer {token('officer')}"}
    officer = installation.people["officer"]
    officer.is_active = False
    officer.save()
    assert ask("cases", role=None, headers=mine).status_code == 401


def test_a_token_opens_what_its_user_may_see(ask, installation):
    seen = {role: ask("cases", role=role).json()["total"] for role in installation.people}
    assert seen["officer"] == seen["municipality"] == 1
    assert seen["other office"] == seen["neighbour"] == 0


def test_what_has_not_changed_is_not_sent_again(ask):
    first = ask("figures", area="766")
    again = ask("figures", area="766", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db(transaction=True)
def test_whatever_is_sent_is_answered_as_described(installation, token, settings, monkeypatch):
    """Schemathesis draws requests, right and wrong ones, from the description itself."""
    settings.ATTEMPTS = {**settings.ATTEMPTS, "token": (10_000, 1)}
    settings.SECURE_SSL_REDIRECT = False
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
    bearer = {"Authorization": f"Bearer {token('officer')}"}
    operations = [found.ok() for found in schema.get_all_operations()]
    assert {operation.path for operation in operations} == {f"/api/{route}" for route in ROUTES}
    statuses = set()
    for operation in operations:
        for mode in schemathesis.GenerationMode:
            _drawn(operation, mode, bearer, statuses)
    assert {200, 422} <= statuses


def _drawn(operation, mode, bearer, statuses):
    @settings_of_the_draw
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered(case):
        response = case.call(headers=bearer)
        statuses.add(response.status_code)
        case.validate_response(response, headers=bearer)
        if response.status_code >= 400:
            assert set(json.loads(response.content)) == {"error", "message"}

    answered()


settings_of_the_draw = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
