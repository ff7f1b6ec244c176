"""One case: what has happened, the next step, and everything that can be done about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tilsyn.cases import actions, facts, ledger, letters
from tilsyn.cases.actions.office import CORRECTABLE
from tilsyn.cases.actions.receiving import KINDS
from tilsyn.cases.clock import today
from tilsyn.cases.models import Case, Document, Event, Incoming, Milestone, User
from tilsyn.cases.models.document import CURRENT
from tilsyn.cases.roles import APPROVE, ASSIGN, DRAFT, RECEIVE, SUBMIT
from tilsyn.cases.state import State
from tilsyn.documents.contents.kinds import KINDS as LETTERS
from tilsyn.documents.contents.phrasing import period
from tilsyn.errors import ConflictError, InputError, NotAllowedError, TilsynError
from tilsyn.parsing import whole_number
from tilsyn.rules.course import Step
from tilsyn.site.forms.facts import FactsForm
from tilsyn.site.language import gettext, language, of
from tilsyn.site.refusals import explained
from tilsyn.site.standings import kinds_in_words
from tilsyn.vocabulary import MonthRange, YearMonth


def seen(request: HttpRequest, number: int) -> Case:
    """The case, if the user may see it; else it is not there."""
    user: Any = request.user
    return get_object_or_404(Case.objects.visible_to(user).select_related("assignee"), pk=number)


def show(request: HttpRequest, number: int) -> HttpResponse:
    """The case's page."""
    return _page(request, seen(request, number))


def _page(
    request: HttpRequest, case: Case, kept: Mapping[str, QueryDict] | None = None
) -> HttpResponse:
    """The page; `kept` is what was written in an action that was refused, and stands there still."""
    user: Any = request.user
    kept = kept or {}
    state, step = ledger.state_of(case), case.step_data
    works = user.may(DRAFT, case.area)
    events = Event.objects.visible_to(user).filter(case=case).select_related("by", "release")
    documents = Document.objects.visible_to(user).filter(case=case)
    current = documents.filter(step=case.step, status__in=CURRENT).first()
    receives = bool(step and step.receives) and (
        user.may(RECEIVE, case.area) or user.may(SUBMIT, case.area)
    )
    endings, noted, hindrances = actions.endings(case, by=user, on=today())
    path = [(one, _stage(one.name, case, state)) for one in case.version_data.step]
    context = {
        "case": case,
        "state": state,
        "step": step,
        "path": path,
        "events": events.order_by("-sequence"),
        "documents": documents.select_related("drafted_by", "approved_by"),
        "document": current,
        "returned": events.filter(kind="returned", payload__document=current.pk).first()
        if current and current.status == "returned"
        else None,
        "incoming": Incoming.objects.visible_to(user).filter(case=case),
        "corrected": {e.payload["corrects"] for e in events if e.kind == "corrected"},
        "correctable": CORRECTABLE,
        "milestones": Milestone.objects.visible_to(user).filter(case=case),
        "matters": case.matters.all(),
        "form": _facts_form(case, state, kept.get("facts"))
        if works and step and step.document
        else None,
        "kept": kept,
        "works": works,
        "approves": user.may(APPROVE, case.area),
        "assigns": user.may(ASSIGN, case.area),
        "colleagues": _colleagues(case) if user.may(ASSIGN, case.area) else [],
        "receives": receives,
        "kinds": [(kind, gettext(KINDS[kind])) for kind in step.receives] if step else [],
        "checks": user.may(RECEIVE, case.area),
        "looked_at": _looked_at(step, state),
        "endings": endings,
        "noted_endings": noted,
        "hindrances": [explained(one) for one in hindrances if not step or not step.document],
        "by_hand": bool(step and step.document),
        "limit": _why_not(lambda: letters.check_limit(case, today()))
        if step and step.document
        else "",
        "assistance": kinds_in_words() if step and step.assistance else {},
        "facts_wanting": _why_not(lambda: facts.demand_fixed(case, state))
        if step and step.document
        else "",
        "proposed_outcome": _outcome_title(step, state.proposal.outcome)
        if step and state.proposal
        else None,
    }
    return render(request, "cases/case.html", context)


def _why_not(check: Callable[[], None]) -> str:
    """Why something cannot be done yet, in words; empty where it can."""
    try:
        check()
    except TilsynError as refusal:
        return explained(refusal)
    return ""


def _looked_at(step: Step | None, state: State) -> str:
    """The months a waiting step looks at, in words."""
    months = (state.facts or {}).get(step.months) if step and step.awaits == MONTHS else None
    return period(MonthRange.parse(months), language()) if months else ""


def _facts_form(case: Case, state: State, given: QueryDict | None = None) -> FactsForm:
    about: dict[str, Any] = {
        "kind": LETTERS.get(case.step_data.document or "") if case.step_data else None,
        "needed": facts.needed(case, state),
        "subjects": facts.subjects(case),
    }
    try:
        return FactsForm(given, proposed=facts.proposed(case, state, on=today()), **about)
    except InputError:
        # What is fixed fits no letter of today; the officer begins anew.
        return FactsForm(given, known=facts.known(case, on=today()), **about)


def _stage(name: str, case: Case, state: Any) -> str:
    if case.status != "closed" and name == case.step:
        return "now"
    return "done" if name in state.done else ""


def _outcome_title(step: Any, outcome: str) -> str:
    titles = (of(one.title) for one in step.outcome if one.name == outcome)
    return next(titles, gettext("the rule cannot tell"))


def _colleagues(case: Case) -> list[User]:
    active = User.objects.get_queryset().filter(is_active=True).prefetch_related("memberships")
    return [user for user in active if user.may(DRAFT, case.area)]


# What can be done about a case, by the last part of the address. Each gives the words that confirm it.


def _accept(request: HttpRequest, case: Case, by: User) -> str:
    actions.accept(case=case, by=by, on=today())
    return gettext("The case is taken up.")


def _assign(request: HttpRequest, case: Case, by: User) -> str:
    pk = request.POST.get("to", "")
    to = get_object_or_404(User.objects.get_queryset(), pk=whole_number(pk)) if pk else None
    actions.assign(case=case, to=to, by=by, on=today())
    return gettext("The case is assigned.")


def _note(request: HttpRequest, case: Case, by: User) -> str:
    actions.add_note(case=case, text=request.POST.get("text", ""), by=by, on=today())
    return gettext("The note is kept.")


def _facts(request: HttpRequest, case: Case, by: User) -> str:
    form = _facts_form(case, ledger.state_of(case), request.POST)
    if not form.is_valid():
        raise InputError(
            "; ".join(
                f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items()
            )
        )
    actions.set_facts(case=case, facts=form.facts(), by=by, on=today())
    return gettext("The facts of the course are fixed.")


def _draft(request: HttpRequest, case: Case, by: User) -> str:
    actions.draft_document(case=case, by=by, on=today())
    return gettext("The draft is made. A colleague must approve it.")


def _outcome(request: HttpRequest, case: Case, by: User) -> str:
    actions.record_outcome(
        case=case,
        outcome=request.POST.get("outcome", ""),
        by=by,
        on=_day(request.POST.get("on", "")),
        note=request.POST.get("note", ""),
        assistance=request.POST.getlist("assistance"),
    )
    return gettext("The outcome is recorded.")


def _day(text: str) -> dt.date:
    """The day something happened; today where none is given.

    Raises:
        InputError: it is no day, or has not come yet.
    """
    try:
        day = dt.date.fromisoformat(text) if text else today()
    except ValueError:
        raise InputError(gettext("Write 2023-09-30.")) from None
    if day > today():
        raise InputError(gettext("That day has not come yet."))
    return day


def _receive(request: HttpRequest, case: Case, by: User) -> str:
    upload = request.FILES.get("file")
    if upload is None or upload.name is None:
        raise InputError(gettext("Choose a file."))
    # One byte more than allowed is enough to know; no more is read.
    data = upload.read(settings.UPLOAD_MAX_BYTES + 1)
    actions.receive(
        case=case,
        kind=request.POST.get("kind", ""),
        filename=upload.name,
        data=data,
        by=by,
        on=today(),
    )
    return gettext("The document has been received.")


def _check(request: HttpRequest, case: Case, by: User) -> str:
    user: Any = by
    incoming = get_object_or_404(
        Incoming.objects.visible_to(user),
        pk=whole_number(request.POST.get("incoming", "")),
        case=case,
    )
    held = set(request.POST.getlist("held"))
    actions.tick_checklist(
        incoming=incoming,
        ticks={code: code in held for code in incoming.checklist},
        by=by,
        on=today(),
    )
    return gettext("The checklist is kept.")


def _milestone(request: HttpRequest, case: Case, by: User) -> str:
    measure, _, grp = request.POST.get("matter", "").partition(" ")
    try:
        month = YearMonth.parse(request.POST.get("month", ""))
        target = Decimal(request.POST.get("target", "").replace(",", "."))
    except (ValueError, InvalidOperation):
        raise InputError(gettext("Write a month and a share, e.g. 2024-03 and 18.5.")) from None
    actions.set_milestones(case=case, milestones=[(measure, grp, month, target)], by=by, on=today())
    return gettext("The milestone is noted.")


MONTHS = "follow_up_months"

ACTIONS: dict[str, Callable[[HttpRequest, Case, User], str]] = {
    "accept": _accept,
    "assign": _assign,
    "note": _note,
    "facts": _facts,
    "draft": _draft,
    "outcome": _outcome,
    "receive": _receive,
    "check": _check,
    "milestone": _milestone,
}
"""What can be done about a case; each asks for itself whether it is allowed."""


@require_POST
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Do something about a case, then show it as it has become."""
    case, user = seen(request, number), request.user
    if action not in ACTIONS:
        raise Http404
    if done(request, lambda: ACTIONS[action](request, case, user)):  # type: ignore[arg-type]
        return redirect("case", number=number)
    return _page(request, seen(request, number), kept={action: request.POST})


def done(request: HttpRequest, action: Callable[[], str]) -> bool:
    """Do it and say so; or say why not, kindly.

    Raises:
        NotAllowedError: the user may not; that is a page of its own.
    """
    try:
        messages.success(request, action())
    except NotAllowedError as error:
        # Who has the role, but wrote the draft himself, is told so where he stands.
        if error.code != "own_draft":
            raise
        messages.warning(request, explained(error))
    except ConflictError as error:
        messages.warning(request, explained(error))
    except TilsynError as error:
        messages.error(request, explained(error))
    else:
        return True
    return False
