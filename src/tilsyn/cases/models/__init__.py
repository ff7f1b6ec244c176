"""What the cases keep: people, releases, cases and their events, documents, mail, and the audit log."""

from tilsyn.cases.models.assistance import AssistanceEntry
from tilsyn.cases.models.audit import AuditEntry
from tilsyn.cases.models.case import Case, Matter
from tilsyn.cases.models.document import Document
from tilsyn.cases.models.event import Event
from tilsyn.cases.models.incoming import Incoming, Milestone
from tilsyn.cases.models.outbox import Message
from tilsyn.cases.models.people import Membership, User
from tilsyn.cases.models.release import ReleaseRecord

__all__ = [
    "AssistanceEntry",
    "AuditEntry",
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
