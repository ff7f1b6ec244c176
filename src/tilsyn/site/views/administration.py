"""Users and what they may do, and the audit log."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tilsyn.cases import actions
from tilsyn.cases.models import AuditEntry, Membership, User
from tilsyn.cases.models.audit import ACTIONS
from tilsyn.cases.roles import ROLES
from tilsyn.errors import InputError
from tilsyn.figures.formulas import neutral
from tilsyn.parsing import whole_number
from tilsyn.site.attached import attached
from tilsyn.site.language import gettext, language
from tilsyn.site.views.case import done
from tilsyn.vocabulary import AREAS, MUNICIPALITIES
from tilsyn.words import LANGUAGES, Message, gettext_noop

ROLE_NAMES = {
    "reader": gettext_noop("reader"),
    "officer": gettext_noop("officer"),
    "approver": gettext_noop("approver"),
    "administrator": gettext_noop("administrator"),
}


def scopes() -> list[tuple[str, Any]]:
    """The areas a role may be held for, to choose from."""
    key = language()
    return [
        ("country:dk", gettext("Denmark")),
        (
            gettext("Labour-market offices"),
            [(f"amk:{one.code}", one.name(key)) for one in AREAS["amk"]],
        ),
        (
            gettext("Municipalities"),
            [(f"municipality:{one.code}", one.name) for one in MUNICIPALITIES],
        ),
    ]


class RoleForm(forms.Form):
    """A role for an area."""

    role = forms.ChoiceField()
    scope = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        role, scope = self.fields["role"], self.fields["scope"]
        role.label, scope.label = gettext("Role"), gettext("Area")
        role.choices = [(code, gettext(ROLE_NAMES[code])) for code in ROLES]  # type: ignore[attr-defined]
        scope.choices = scopes()  # type: ignore[attr-defined]


class UserForm(RoleForm):
    """A new user with a first role."""

    email = forms.EmailField()
    name = forms.CharField(max_length=120)
    password = forms.CharField(
        required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    field_order = ("email", "name", "password", "role", "scope")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = gettext("E-mail")
        self.fields["name"].label = gettext("Function and office")
        self.fields["password"].label = gettext("Password (empty: signs in by the organisation)")


PAGE = 100


def index(request: HttpRequest) -> HttpResponse:
    """The users one administers, and a form for a new one."""
    user: Any = request.user
    form = UserForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and done(request, lambda: _made(form, user)):
        return redirect("administration")
    users = User.objects.visible_to(user).prefetch_related("memberships")
    return render(request, "administration/users.html", {"users": users, "form": form})


def _made(form: UserForm, by: Any) -> str:
    given = form.cleaned_data
    kind, _, scope = given["scope"].partition(":")
    # The user and his first role, or neither.
    with transaction.atomic():
        made = actions.create_user(
            email=given["email"], name=given["name"], password=given["password"] or None, by=by
        )
        actions.grant(user=made, role=given["role"], scope_kind=kind, scope=scope, by=by)
    return gettext("{made} has been made.", made=made)


def show(request: HttpRequest, number: int) -> HttpResponse:
    """One user and his roles."""
    user: Any = request.user
    one = get_object_or_404(User.objects.visible_to(user), pk=number)
    held = Membership.objects.visible_to(user).filter(user=one)
    context = {"one": one, "held": held, "form": RoleForm(), "himself": one.pk == user.pk}
    return render(request, "administration/user.html", context)


@require_POST
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Give a role, take one, shut a user out, or let him in again."""
    user: Any = request.user
    one = get_object_or_404(User.objects.visible_to(user), pk=number)

    def given() -> str:
        form = RoleForm(request.POST)
        if not form.is_valid():
            raise InputError(gettext("Choose a role and an area."))
        kind, _, scope = form.cleaned_data["scope"].partition(":")
        actions.grant(
            user=one, role=form.cleaned_data["role"], scope_kind=kind, scope=scope, by=user
        )
        return gettext("The role is given.")

    def taken() -> str:
        held = get_object_or_404(
            Membership.objects.visible_to(user),
            pk=whole_number(request.POST.get("membership", "")),
            user=one,
        )
        actions.revoke(membership=held, by=user)
        return gettext("The role is taken away.")

    def shut_out() -> str:
        actions.deactivate(user=one, by=user)
        return gettext("{one} can no longer sign in.", one=one)

    def let_in() -> str:
        actions.reactivate(user=one, by=user)
        return gettext("{one} can sign in again.", one=one)

    def new_password() -> str:
        actions.set_password(user=one, password=request.POST.get("password", ""), by=user)
        return gettext("The password is new.")

    known = {
        "grant": given,
        "revoke": taken,
        "deactivate": shut_out,
        "reactivate": let_in,
        "password": new_password,
    }
    if action not in known:
        raise PermissionDenied
    done(request, known[action])
    return redirect("user", number=number)


def audit(request: HttpRequest) -> HttpResponse:
    """The audit log, searched; as CSV where it is asked for."""
    user: Any = request.user
    wanted = request.GET.get("q", "").strip()
    found = AuditEntry.objects.visible_to(user).select_related("by")
    if wanted:
        found = found.filter(
            Q(action__in=_meant(wanted))
            | Q(action__icontains=wanted)
            | Q(about__icontains=wanted)
            | Q(purpose__icontains=wanted)
            | Q(by__name__icontains=wanted)
            | Q(by__email__icontains=wanted)
        )
    if request.GET.get("form") == "csv":
        return attached(_csv(found), "audit.csv", "text/csv; charset=utf-8")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "administration/audit.html", {"page": page, "q": wanted})


def _meant(words: str) -> list[str]:
    """The actions that are called so on the page."""
    return [
        code
        for code, name in ACTIONS.items()
        if any(words.lower() in Message(name).said(one).lower() for one in LANGUAGES)
    ]


def _csv(entries: Any) -> bytes:
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow(["at", "by", "action", "about", "area", "purpose", "detail"])
    for one in entries.iterator():
        writer.writerow(
            neutral(str(cell))
            for cell in (
                one.at.isoformat(),
                one.by or one.detail.get("provider", ""),
                one.action,
                one.about,
                one.area,
                one.purpose,
                one.detail,
            )
        )
    return ("\ufeff" + kept.getvalue()).encode()
