"""What the cases keep: people, releases, cases and their events, documents, mail, call-in plans, and the
audit log.
"""

from tilsyn.cases.models.assistance import AssistanceEntry
from tilsyn.cases.models.audit import AuditEntry
from tilsyn.cases.models.case import Case, Matter
from tilsyn.cases.models.document import Document
from tilsyn.cases.models.event import Event
from tilsyn.cases.models.incoming import Incoming, Milestone
from tilsyn.cases.models.outbox import Message
from tilsyn.cases.models.people import Membership, User
from tilsyn.cases.models.plan import CallInPlan
from tilsyn.cases.models.release import ReleaseRecord

__all__ = [
    "AssistanceEntry",
    "AuditEntry",
    "CallInPlan",
    "Case",
    "Document",
    "Event",
    "Incoming",
    "Matter",
    "Membership",
    "Message",
    "Milestone",
    "ReleaseRecord",
    "User",
]
