"""How the plan in use is getting on, week by week and team by team; made once per content and day.

No pseudonym is in it.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from tilsyn.cases import outlooks
from tilsyn.cases.models import CallInPlan
from tilsyn.cases.storage import derived_folder
from tilsyn.errors import InputError
from tilsyn.planning.record import WeekProgress
from tilsyn.records import Record
from tilsyn.work.kept import code, kept

KEPT = 50
"""So many stay; those used longest ago go first."""


class Standing(Record):
    """How a plan stands on a day; of the week of that day every call-in counts, whenever it is due.

    Attributes:
        rows: from the plan's first week through this week.
    """

    rows: tuple[WeekProgress, ...]

    def of(self, week: str) -> tuple[WeekProgress, ...]:
        """A week's rows ("2024-W27")."""
        return tuple(row for row in self.rows if row.week == week)


def week_of(day: dt.date) -> str:
    """A day's week as calendars number it."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def standing(plan: CallInPlan, today: dt.date) -> Standing:
    """How a plan that is made stands, by the register as it is now.

    The first to ask waits while it is reckoned.

    Raises:
        InputError: there is no store where the register is said to be, or it is damaged.
    """
    made_by = code(__name__, "tilsyn.planning", "tilsyn.measures")

    def reckoned() -> bytes:
        return _reckoned(plan, today).model_dump_json().encode()

    rests_on = [plan.key, outlooks.content(), today, made_by]
    return Standing.model_validate_json(
        kept(derived_folder("standings"), rests_on, reckoned, keep=KEPT)
    )


def prepare(today: dt.date) -> None:
    """Make ready how the plans in use stand."""
    if outlooks.register_folder() is None:
        return
    for area in outlooks.areas():
        plan = CallInPlan.objects.in_use(area)
        # Whoever opens the plan's page is told what is the matter.
        with suppress(InputError):
            if plan is not None:
                standing(plan, today)


def _reckoned(plan: CallInPlan, today: dt.date) -> Standing:
    register = outlooks.register_folder()
    first = dt.date.fromisoformat(plan.wish["first"])
    if register is None or today < first:
        return Standing(rows=())
    # The engine takes a while to start: only who reckons waits for it.
    from tilsyn.measures import definitions
    from tilsyn.planning import progress, worklist
    from tilsyn.register.store import opened

    calls = worklist.call_ins(worklist.read(plan.worklist, worklist.CALL_INS), "da")
    with opened(register) as store:
        held, gone = progress.held(store, definitions.load(), first, today)
    sunday = today + dt.timedelta(days=6 - today.weekday())
    rows: list[WeekProgress] = []
    for team in sorted({call.team for call in calls}):
        mine = [call for call in calls if call.team == team]
        found = progress.weeks(mine, held, sunday, gone)
        rows += [done.model_copy(update={"team": team}) for done in found]
    return Standing(rows=tuple(rows))
