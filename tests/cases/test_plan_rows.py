"""Plans whose lists an earlier version wrote as CSV: nothing of them is lost."""

import importlib
import json
import shutil
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from polars.testing import assert_frame_equal

from tests.cases.test_plans import made, own, store, wish
from tilsyn.cases.models.plan import FILE
from tilsyn.planning import record, sheets, worklist
from tilsyn.planning.worklist import CALL_INS, DUTIES

__all__ = ["own", "store"]

migration = importlib.import_module("tilsyn.cases.migrations.0007_plan_rows")


def forwards():
    migration.forwards(apps, SimpleNamespace(connection=connection))


@pytest.fixture
def earlier(own):
    """A plan as an earlier version wrote it; its record, worklist and duty list."""
    plan = made(own, wish(1, goal="lines", percent=20))
    now = plan.read()
    rows, duties = worklist.read(plan.worklist, CALL_INS), worklist.read(plan.duties, DUTIES)
    shutil.rmtree(plan.folder)
    for language in ("da", "en"):
        folder = plan.folder / language
        folder.mkdir(parents=True)
        (folder / "worklist.csv").write_bytes(sheets.call_in_csv(rows, language))
        (folder / "duty.csv").write_bytes(sheets.as_csv(duties))
        values = now.summary()
        del values["persons"]
        for line in values["line"]:
            del line["threshold"], line["smallest"]
        (folder / "plan.toml").write_bytes(record.to_toml(values))
    whole = json.loads(now.as_json())
    lines = [{k: v for k, v in line.items() if k != "smallest"} for line in whole["line"]]
    forecast = [{k: v for k, v in c.items() if k != "whole"} for c in whole["counts"] if c["whole"]]
    page = {"lines": lines, "forecast": forecast, "figures": whole["plan"], "enough": None}
    page |= {name: whole[name] for name in ("first", "persons", "load", "due", "teams")}
    (plan.folder / FILE).write_text(json.dumps(page))
    return plan, now, rows, duties


def test_a_plan_of_an_earlier_version_says_what_it_said(earlier):
    plan, now, rows, duties = earlier
    assert plan.is_gone()
    forwards()
    forwards()
    found = plan.read()
    assert found.figures == now.figures and found.others == now.others and found.load == now.load
    assert found.forecast == now.forecast and found.due == now.due and found.teams == now.teams
    assert found.advice == now.advice and found.persons == now.persons
    assert [(one.threshold, one.over) for one in found.lines] == [
        (one.threshold, one.over) for one in now.lines
    ]
    assert_frame_equal(worklist.read(plan.worklist, CALL_INS), rows)
    assert_frame_equal(worklist.read(plan.duties, DUTIES), duties)
    assert plan.worklist.stat().st_mode & 0o077 == 0


def test_one_that_is_damaged_is_left_as_it_is(earlier):
    plan = earlier[0]
    (plan.folder / "en" / "worklist.csv").write_text("person\n")
    forwards()
    assert plan.is_gone() and not plan.worklist.exists()
