"""Everything that changes a case: keyword-only, `by=` whoever does it, one transaction each.

An action asks whether it is allowed, changes what it changes by conditional updates, and adds the event
beside it. Of two at once one wins and the other gets a `ConflictError` that says who was first.
"""

from tilsyn.cases.actions.administration import (
    approve_release,
    audit,
    create_user,
    deactivate,
    grant,
    reactivate,
    refuse_release,
    revoke,
    set_password,
)
from tilsyn.cases.actions.assistance import draft_report, record_assistance, undo_assistance
from tilsyn.cases.actions.documents import (
    approve,
    draft_document,
    edits,
    exported,
    revise_document,
    send,
    send_back,
    tree,
)
from tilsyn.cases.actions.elsewhere import bring_in
from tilsyn.cases.actions.letterheads import own_offices, set_letterhead
from tilsyn.cases.actions.office import accept, add_note, assign, correct_event, set_facts
from tilsyn.cases.actions.opening import open_cases, open_recurring
from tilsyn.cases.actions.outcomes import endings, propose_decision, record_outcome
from tilsyn.cases.actions.plans import ask_plan, look_at_worklist, use_plan
from tilsyn.cases.actions.provided import sign_in_by_provider
from tilsyn.cases.actions.receiving import receive, set_milestones, tick_checklist

__all__ = [
    "accept",
    "add_note",
    "approve",
    "approve_release",
    "ask_plan",
    "assign",
    "audit",
    "bring_in",
    "correct_event",
    "create_user",
    "deactivate",
    "draft_document",
    "draft_report",
    "edits",
    "endings",
    "exported",
    "grant",
    "look_at_worklist",
    "open_cases",
    "open_recurring",
    "own_offices",
    "propose_decision",
    "reactivate",
    "receive",
    "record_assistance",
    "record_outcome",
    "refuse_release",
    "revise_document",
    "revoke",
    "send",
    "send_back",
    "set_facts",
    "set_letterhead",
    "set_milestones",
    "set_password",
    "sign_in_by_provider",
    "tick_checklist",
    "tree",
    "undo_assistance",
    "use_plan",
]
