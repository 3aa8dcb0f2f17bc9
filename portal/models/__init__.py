"""Tables of the portal, one topic a file."""

from portal.models.journal import JournalEntry, JournalSeal, Transition
from portal.models.links import SignedLink
from portal.models.news import NewsPreference
from portal.models.people import Affiliation, EmailDomain, Employer, EmployerRole, Invitation, Person, Unit, User
from portal.models.work import ErasureRecord, FormReceipt, Job, Lease, OutgoingMail, StoredDocument

__all__ = [
    "Affiliation",
    "EmailDomain",
    "Employer",
    "EmployerRole",
    "ErasureRecord",
    "FormReceipt",
    "Invitation",
    "Job",
    "JournalEntry",
    "JournalSeal",
    "Lease",
    "NewsPreference",
    "OutgoingMail",
    "Person",
    "SignedLink",
    "StoredDocument",
    "Transition",
    "Unit",
    "User",
]
