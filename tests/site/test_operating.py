"""What programs that watch are told: what fails, and no person."""

import datetime as dt
import json
import logging
import sys

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from tests.site.conftest import SecureClient
from tilsyn.cases import tick
from tilsyn.errors import UsageError
from tilsyn.site import logs, operating


def ticked(ago):
    file = tick._kept()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((timezone.now() - ago).isoformat())


def test_health_tells_how_the_installation_is(installation):
    ticked(dt.timedelta(hours=1))
    answer = SecureClient().get("/health")
    told = answer.json()
    assert answer.status_code == 200 and told["failing"] == []
    assert told["database"] is True and told["free_bytes"] > 0
    assert 3600 <= told["tick_seconds"] < 7200
    # The newest release is of 1 May, and the day is 1 June.
    assert told["figures_days"] == 31


def test_a_tick_that_does_not_come_is_failing(installation):
    ticked(dt.timedelta(days=3))
    answer = SecureClient().get("/health")
    assert answer.status_code == 503 and answer.json()["failing"] == ["tick"]


def test_a_full_disk_is_failing(installation, monkeypatch):
    monkeypatch.setattr(operating, "LEAST_SPACE", 2**80)
    assert SecureClient().get("/health").json()["failing"] == ["disk"]


def test_a_database_that_is_away_is_told_and_not_thrown(installation, monkeypatch):
    def away():
        raise OperationalError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        answer = SecureClient().get("/health")
    assert answer.status_code == 503 and answer.json()["failing"] == ["database"]


def test_plain_http_is_answered_on_the_machine_itself(client, installation):
    assert client.get("/health").status_code == 200
    assert client.get("/worklist/").status_code == 301


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer other", "secret"])
def test_metrics_are_there_for_who_has_the_token_alone(installation, settings, given):
    headers = {"Authorization": given} if given else {}
    assert SecureClient().get("/metrics", headers=headers).status_code == 404
    settings.METRICS_TOKEN = "secret"
    assert SecureClient().get("/metrics", headers=headers).status_code == 404


def test_metrics_count_and_name_nobody(installation, settings):
    settings.METRICS_TOKEN = "secret"
    answer = SecureClient().get("/metrics", headers={"Authorization": "Bearer secret"})
    text = answer.content.decode()
    assert answer.status_code == 200 and 'tilsyn_cases{status="open"} 1' in text
    assert "tilsyn_database_up 1" in text and "tilsyn_figures_age_days 31" in text
    for line in text.splitlines():
        assert line.startswith("#") or (
            len(line.rsplit(" ", 1)) == 2 and line.startswith("tilsyn_")
        )
    names = [user.name for user in installation.people.values()]
    assert not [name for name in [*names, "Hedensted", "766"] if name in text]


def test_a_line_of_the_log_is_json_without_a_cpr_number():
    try:
        raise ValueError("0101901234 is not known")
    except ValueError:
        told = sys.exc_info()
    record = logging.LogRecord("tilsyn", logging.ERROR, "f", 1, "of %s", ("010190-1234",), told)
    line = logs.JsonFormatter().format(record)
    read = json.loads(line)
    assert "\n" not in line and "1234" not in line
    assert (read["level"], read["logger"]) == ("ERROR", "tilsyn")
    assert read["message"].startswith("of ") and "ValueError" in read["traceback"]


def test_a_log_of_another_form_is_refused(monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "yaml")
    with pytest.raises(UsageError, match="plain or json"):
        logs.formatter()
