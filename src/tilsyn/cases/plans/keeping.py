"""How long plans are kept: they hold pseudonyms, and are of no use when their weeks are over."""

from __future__ import annotations

import datetime as dt
import shutil

from tilsyn.cases.models import CallInPlan
from tilsyn.cases.plans.told import folder_of
from tilsyn.cases.plans.wishes import Wish

UNUSED_DAYS = 30
"""A plan that nobody took into use goes so many days after it was asked for."""
USED_DAYS = 365
"""One that was in use goes so many days after its last week."""


def forget(today: dt.date) -> int:
    """Throw away what need not be kept, the files before the row; returns how many plans."""
    gone = 0
    for plan in CallInPlan.objects.all():
        if today > _until(plan):
            shutil.rmtree(folder_of(plan), ignore_errors=True)
            plan.delete()
            gone += 1
    return gone


def _until(plan: CallInPlan) -> dt.date:
    if plan.used_at is None:
        return plan.asked_at.date() + dt.timedelta(days=UNUSED_DAYS)
    wish = Wish.model_validate(plan.wish)
    return wish.first + dt.timedelta(weeks=wish.weeks, days=USED_DAYS)
