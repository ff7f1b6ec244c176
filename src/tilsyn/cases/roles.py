"""What each role may do, as plain lists. A role is held for an area: the country, an office, a municipality.

An authority supervises (country, office); a municipality is supervised. The same role says different
things on the two sides, so there are two tables and no other rule.
"""

from __future__ import annotations

from typing import NamedTuple

from tilsyn.vocabulary import MUNICIPALITIES

# Looking
VIEW_FIGURES = "view_figures"
"""Figures, findings and rules; figures are published, so an area does not limit them."""
VIEW_CASES = "view_cases"
"""Cases that have been announced to the municipality, their sent documents and deadlines."""
VIEW_DRAFTS = "view_drafts"
"""Proposed cases, drafts, notes and who does what: the office's own."""
VIEW_AUDIT = "view_audit"
"""Who looked at what, and what administrators changed."""
VIEW_PLANS = "view_plans"
"""The outlook on a municipality's own register and its call-in plan, without persons."""
MAKE_PLANS = "make_plans"
"""Ask for a call-in plan, and take one into use; in a municipality's own installation."""
VIEW_PERSONS = "view_persons"
"""Persons, in a municipality's own installation; every look is written down."""

# Working
DRAFT = "draft"
"""Accept cases, fix facts, draft and revise documents, record contacts, notes and outcomes."""
APPROVE = "approve"
"""Approve what another has drafted, and decisions."""
SEND = "send"
"""Send or export what is approved."""
RECEIVE = "receive"
"""Register what has been received, and check it."""
SUBMIT = "submit"
"""Hand in the municipality's own statement and plan."""
ASSIGN = "assign"
"""Say whose case it is."""
APPROVE_RELEASE = "approve_release"
"""Take a release of figures into use, or refuse it."""
ADMINISTER = "administer"
"""Users, memberships, letterheads."""

ROLES = ("reader", "officer", "approver", "administrator")

_READER = [VIEW_FIGURES, VIEW_CASES, VIEW_DRAFTS]
_OFFICER = [*_READER, DRAFT, SEND, RECEIVE, ASSIGN]
AUTHORITY: dict[str, list[str]] = {
    "reader": _READER,
    "officer": _OFFICER,
    "approver": [*_OFFICER, APPROVE, APPROVE_RELEASE],
    "administrator": [*_READER, ADMINISTER, VIEW_AUDIT],
}

_MUNICIPAL_READER = [VIEW_FIGURES, VIEW_CASES, VIEW_PLANS]
MUNICIPAL: dict[str, list[str]] = {
    "reader": _MUNICIPAL_READER,
    "officer": [*_MUNICIPAL_READER, SUBMIT, MAKE_PLANS, VIEW_PERSONS],
    "approver": [*_MUNICIPAL_READER, SUBMIT, MAKE_PLANS, VIEW_PERSONS],
    "administrator": [*_MUNICIPAL_READER, ADMINISTER, VIEW_AUDIT],
}

SCOPES = ("country", "amk", "municipality")


class Grant(NamedTuple):
    """A role for an area, whoever it is given to."""

    role: str
    scope_kind: str
    scope: str


def permissions(role: str, scope_kind: str) -> list[str]:
    """What a role may do when it is held for an area of this kind."""
    return (MUNICIPAL if scope_kind == "municipality" else AUTHORITY)[role]


def scope_areas(scope_kind: str, scope: str) -> frozenset[str] | None:
    """The municipalities (and "dk" for the country's own matters) of a scope; None for every one."""
    if scope_kind == "country":
        return None
    if scope_kind == "amk":
        return frozenset(m.code for m in MUNICIPALITIES if m.amk == scope)
    return frozenset({scope})
