"""Whoever guesses is stopped, and nobody can make the count be forgotten or grow without end."""

from threading import Barrier, Thread

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import RequestFactory

from tests.site.conftest import PASSWORD, SecureClient
from tilsyn.site import attempts
from tilsyn.site.models import Attempts

WRONG = "forkert adgangskode"


@pytest.fixture
def clock(monkeypatch):
    """The time attempts are counted by, moved by the test."""
    now = [1_700_000_000.0]
    monkeypatch.setattr(attempts.time, "time", lambda: now[0])
    return now


@pytest.fixture
def sign_in(people):
    """Try to sign in; whether it came to that."""

    def tried(login="role1@example.org", password=WRONG, client=None, **headers):
        browser = client or SecureClient()
        answer = browser.post("/accounts/login/", {"login": login, "password": password}, **headers)
        assert answer.status_code in (200, 302)
        return "_auth_user_id" in browser.session

    return tried


def guess(sign_in, times, first=1, **given):
    for number in range(times):
        assert not sign_in(REMOTE_ADDR=f"198.51.{first}.{number % 250}", **given)


def test_an_account_is_locked_and_opens_again_with_time(sign_in, clock):
    guess(sign_in, 5)
    assert not sign_in(password=PASSWORD)
    # Another account is not.
    assert sign_in(login="role2@example.org", password=PASSWORD)
    clock[0] += 59
    assert not sign_in(password=PASSWORD)
    clock[0] += 2
    assert sign_in(password=PASSWORD)


def test_failed_names_by_the_hundred_do_not_open_it(sign_in, clock):
    guess(sign_in, 5)
    for number in range(320):
        assert not sign_in(f"navn{number}@example.org", REMOTE_ADDR=f"203.0.113.{number % 250}")
    cache.clear()
    assert not sign_in(password=PASSWORD)


@pytest.mark.parametrize("login", ["ROLE1@EXAMPLE.ORG", " role1@example.org ", "Role1@Example.org"])
def test_another_spelling_is_the_same_account(sign_in, clock, login):
    guess(sign_in, 5, login=login)
    assert not sign_in(password=PASSWORD)


def test_who_knows_his_password_is_not_counted(sign_in, clock):
    for _ in range(12):
        assert sign_in(password=PASSWORD)
    guess(sign_in, 4)
    assert sign_in(password=PASSWORD)


def test_a_name_nobody_has_is_locked_like_one_somebody_has(sign_in, people, clock):
    answers = []
    for login in ("role1@example.org", "ingen@example.org"):
        for number in range(6):
            answer = SecureClient().post(
                "/accounts/login/",
                {"login": login, "password": WRONG},
                REMOTE_ADDR=f"198.51.100.{number}",
            )
        answers.append(answer.context["form"].errors)
    assert answers[0] == answers[1] != {}


@pytest.mark.parametrize(
    ("same", "other"),
    [
        (["192.0.2.7"], "192.0.2.8"),
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"], "2001:db8:1:3::1"),
        (["192.0.2.7", "::ffff:192.0.2.7"], "::ffff:192.0.2.8"),
    ],
)
def test_a_network_is_stopped_whatever_names_it_tries(sign_in, clock, same, other):
    for number in range(10):
        assert not sign_in(f"n{number}@example.org", REMOTE_ADDR=same[number % len(same)])
    assert not sign_in(password=PASSWORD, REMOTE_ADDR=same[-1])
    assert sign_in(password=PASSWORD, REMOTE_ADDR=other)


def test_an_address_a_reader_makes_up_counts_for_nothing(sign_in, clock):
    for number in range(10):
        forged = f"203.0.113.{number}"
        assert not sign_in(f"n{number}@example.org", HTTP_X_FORWARDED_FOR=forged)
    assert not sign_in(password=PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.99")


def test_behind_a_proxy_the_address_it_adds_counts_and_those_before_it_do_not(
    sign_in, clock, settings
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        told = f"203.0.113.{number}, 192.0.2.7"
        assert not sign_in(f"n{number}@example.org", HTTP_X_FORWARDED_FOR=told)
    assert not sign_in(password=PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.7")
    assert sign_in(password=PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.7, 192.0.2.8")


def test_the_table_stays_small_whoever_tries_whatever(db, monkeypatch):
    monkeypatch.setattr(attempts, "SLOTS", 8)
    for number in range(60):
        request = RequestFactory().get("/", REMOTE_ADDR=f"10.0.0.{number}")
        attempts.take(attempts.of_sign_in(request, f"n{number}@example.org"))
        attempts.take(attempts.of_token(request))
    assert Attempts.objects.count() <= 3 * 8


def test_what_is_over_is_forgotten_by_tick(sign_in, clock, data_folder_ticked):
    guess(sign_in, 3)
    clock[0] += 30
    data_folder_ticked()
    assert Attempts.objects.filter(row__startswith="user/").exists()
    assert not Attempts.objects.filter(row__startswith="network/").exists()
    clock[0] += 400
    data_folder_ticked()
    assert not Attempts.objects.exists()


@pytest.fixture
def data_folder_ticked(monkeypatch, settings):
    """The command `tilsyn tick`, run within the test."""
    from tilsyn.cli import cases as command

    def run():
        monkeypatch.setattr(command.installation, "ready", lambda: None)
        command._tick()

    return run


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_come_through_than_there_is_room_for(settings):
    settings.ATTEMPTS = {"account": (5, 10**6), "network": (100, 10**6)}
    counts = [attempts.Counted("user/1", "account")]
    together, taken = Barrier(12), []

    def run():
        try:
            together.wait()
            taken.append(attempts.take(counts))
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True] * 5
