"""Call-in plans: what is asked for, what was made, and what becomes of the lines with it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tilsyn.cases import actions, knowledge, outlooks
from tilsyn.cases.clock import today
from tilsyn.cases.models import CallInPlan
from tilsyn.cases.plans import wishes
from tilsyn.cases.roles import MAKE_PLANS, VIEW_PERSONS, VIEW_PLANS
from tilsyn.errors import InputError, TilsynError
from tilsyn.parsing import whole_number
from tilsyn.planning import goals
from tilsyn.planning.aims import aims, left_out, places
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.record import MILESTONES, PlanRecord, milestones_file
from tilsyn.planning.telling import advised, overbooked
from tilsyn.planning.whatif import Setting
from tilsyn.site import plan_tables
from tilsyn.site.attached import attached
from tilsyn.site.charts import answered, embedded
from tilsyn.site.forms.plan import PlanForm, percent_words
from tilsyn.site.language import gettext, language, of
from tilsyn.site.own_register import demand_own_installation, own_area
from tilsyn.site.plan_tables import Subject
from tilsyn.site.refusals import explained
from tilsyn.site.views.case import done
from tilsyn.vocabulary import MUNICIPALITIES, wording

NEWEST = 12
"""So many plans are listed."""


def index(request: HttpRequest) -> HttpResponse:
    """The plans of the user's municipality, and a form for another one."""
    demand_own_installation()
    user: Any = request.user
    area = own_area(user, VIEW_PLANS)
    context: dict[str, Any] = {"place": MUNICIPALITIES[area] if area else None}
    if area is None or outlooks.register_folder() is None:
        return render(request, "planning/plans.html", context)
    try:
        usual = _like(request) or wishes.usual(area, today())
    except InputError as error:
        usual, context["fault"] = None, explained(error)
    monday = today() + dt.timedelta(days=7 - today().weekday())
    makes = user.may(MAKE_PLANS, area)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PlanForm(*posted, usual=usual, known=wishes.known_goals(area), first=monday)
    if request.method == "POST" and form.is_valid():
        try:
            plan = actions.ask_plan(area=area, wish=form.wish(), by=user)
        except InputError as error:
            form.add_error(None, explained(error))
        except TilsynError as error:
            if not makes:
                raise
            form.add_error(None, explained(error))
        else:
            return redirect("plan", number=plan.pk)
    plans = CallInPlan.objects.visible_to(user).select_related("asked_by")[:NEWEST]
    context |= {
        "register": True,
        "form": form if makes else None,
        "rows": [_listed(plan) for plan in plans],
        "in_use": CallInPlan.objects.in_use(area),
    }
    return render(request, "planning/plans.html", context)


def _like(request: HttpRequest) -> wishes.Wish | None:
    """What the plan that the address names was asked for as, with the share that is to be tried."""
    user: Any = request.user
    number, percent = (request.GET.get(name, "") for name in ("like", "percent"))
    plans = CallInPlan.objects.visible_to(user)
    plan = plans.filter(pk=whole_number(number) or 0).first()
    if plan is None:
        return None
    wish = wishes.Wish.model_validate(plan.wish)
    tried = whole_number(percent)
    more = wish.percent if tried is None else min(tried, wishes.MORE)
    return wish.model_copy(update={"percent": more})


def _listed(plan: CallInPlan) -> dict[str, Any]:
    wish = wishes.Wish.model_validate(plan.wish)
    over = None
    if plan.stage == "made":
        # One whose files are gone says so on its own page.
        with suppress(InputError):
            over = plan.read().figures.over
    return {
        "plan": plan,
        "wish": wish,
        "goal": of(wish.goal.title),
        "room": sum(unit.conversations_per_week for unit in wish.capacity.unit),
        "over": over,
    }


def seen(request: HttpRequest, number: int) -> CallInPlan:
    """A plan of the user's municipality.

    Raises:
        Http404: there is none such.
    """
    demand_own_installation()
    user: Any = request.user
    return get_object_or_404(CallInPlan.objects.visible_to(user), pk=number)


def show(request: HttpRequest, number: int) -> HttpResponse:
    """One plan: how far it is, or what it comes to."""
    plan = seen(request, number)
    user: Any = request.user
    context: dict[str, Any] = {
        **_listed(plan),
        "place": MUNICIPALITIES[plan.area],
        "makes": user.may(MAKE_PLANS, plan.area),
        "sees_persons": user.may(VIEW_PERSONS, plan.area),
        "in_use": CallInPlan.objects.in_use(plan.area) == plan,
    }
    context["aims"] = _aims(context["wish"])
    if plan.stage == "made":
        try:
            context |= _shown(request, plan, context["wish"], plan.read())
        except InputError as error:
            context["fault"] = explained(error)
    return render(request, "planning/plan.html", context)


def _shown(
    request: HttpRequest, plan: CallInPlan, wish: wishes.Wish, page: PlanRecord
) -> dict[str, Any]:
    months, lines = plan_tables.lines(page)
    subjects = plan_tables.subjects(page)
    chosen = _subject(request, subjects) or (subjects[0] if subjects else None)
    shares = plan_tables.shares(page, *chosen) if chosen else None
    if chosen and shares:
        shares["chart"] = embedded(
            shares["chart"], "half", "plan-shares-chart", plan.pk, subject=" ".join(chosen)
        )
    return {
        "page": page,
        "outdated": _outdated(plan),
        "advice": list(advised(page, wish.goal, language())) if page.figures.over else [],
        "remarks": list(overbooked(page, language())),
        "beside": [
            (beside_words(setting), one)
            for setting, one in zip(wish.beside(), page.others, strict=True)
        ],
        "months": months,
        "lines": lines,
        "small": plan_tables.small(page),
        "dues": plan_tables.dues(page),
        "charts": [_drawn(plan, load) for load in plan_tables.loads(page)],
        "subjects": subjects,
        "chosen": chosen,
        "shares": shares,
    }


def _subject(request: HttpRequest, subjects: list[Subject]) -> Subject | None:
    """The measure and group that the address names, if the plan has them."""
    asked = request.GET.get("subject", "").partition(" ")[::2]
    return asked if asked in subjects else None


def _drawn(plan: CallInPlan, load: dict[str, Any]) -> dict[str, Any]:
    chart = embedded(load["chart"], "half", "plan-load-chart", plan.pk, load["kind"])
    return {**load, "chart": chart}


def _record_of(request: HttpRequest, number: int) -> PlanRecord:
    """What a plan of the user's municipality tells.

    Raises:
        Http404: there is none such, or it is not made, or its files are gone.
    """
    plan = seen(request, number)
    try:
        return plan.read()
    except InputError as error:
        # The plan's page says what is the matter.
        raise Http404 from error


def shares_chart(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """The chart of the shares without and with a plan, for the measure and group of the address."""
    page = _record_of(request, number)
    asked = _subject(request, plan_tables.subjects(page))
    chart = plan_tables.shares(page, *asked)["chart"] if asked else None
    return answered(request, chart, form, "-".join((f"plan-{number}", *(asked or ()))))


def load_chart(request: HttpRequest, number: int, kind: str, form: str) -> HttpResponse:
    """The chart of a plan's conversations or offers by week."""
    page = _record_of(request, number)
    chart = plan_tables.load_chart(page, kind) if kind in KINDS else None
    return answered(request, chart, form, f"plan-{number}-{kind}")


def _outdated(plan: CallInPlan) -> bool:
    """Whether the register has been loaded anew since."""
    try:
        return outlooks.content() != plan.content
    except InputError:
        return False


def beside_words(setting: Setting) -> str:
    """What was tried beside a plan: "20 % mere kapacitet"; another goal, another margin."""
    what = setting.name.partition("=")[0]
    if what == "goal":
        return gettext("Goal: {goal}", goal=of(setting.goal.title))
    if what == "margin":
        margin = wording.number(setting.goal.margin, language(), places(setting.goal.margin))
        return gettext("Margin: {margin} percentage points", margin=margin)
    percent = int(setting.name.removeprefix("capacity").removesuffix("%"))
    return gettext("{percent} capacity", percent=percent_words(percent))


def _aims(wish: wishes.Wish) -> list[str]:
    """What a plan's goal asks for, and what of it the plan does not hold."""
    rules = knowledge.catalogue()
    return [
        *aims(wish.goal, rules, language()),
        *left_out(wish.goal, rules, wish.first, language()),
    ]


def goal_file(request: HttpRequest, number: int) -> HttpResponse:
    """The plan's goal as `tilsyn plan --goal` and the form take it."""
    goal = wishes.Wish.model_validate(seen(request, number).wish).goal
    return attached(goals.to_toml(goal).encode(), "goal.toml", "application/toml")


def milestones(request: HttpRequest, number: int) -> HttpResponse:
    """What the plan lets the municipality promise, as `tilsyn letter restoration-plan` takes it."""
    plan = seen(request, number)
    try:
        file = milestones_file(plan.read())
    except InputError:
        raise Http404 from None
    return attached(file, MILESTONES, "application/toml")


@require_POST
def use(request: HttpRequest, number: int) -> HttpResponse:
    """Take a plan into use."""
    plan, user = seen(request, number), request.user

    def used() -> str:
        actions.use_plan(plan=plan, by=user)  # type: ignore[arg-type]
        return gettext("The plan is in use.")

    done(request, used)
    return redirect("plan", number=number)
