"""Retention rules of the portal itself (domain.md m.3; the DPO decides)."""

import datetime as dt

from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from portal import clock
from portal.enums import JobState, MailState
from portal.local_day import MAINLAND, local_day
from portal.models import FormReceipt, Invitation, Job, JournalEntry, OutgoingMail, SignedLink, StoredDocument
from portal.registry import Rule
from portal.services import documents, journal

MAIL_DAYS, RECEIPT_DAYS, LINK_DAYS, INVITATION_DAYS = 180, 30, 365, 30


def ago(days: int) -> dt.datetime:
    return clock.now() - dt.timedelta(days=days)


def day_ago(days: int) -> dt.date:
    """For what is kept some months or years: the day so long ago, on the mainland."""
    return clock.today(MAINLAND) - dt.timedelta(days=days)


def gone(rows: QuerySet) -> int:
    """Delete these rows; how many of this very table went."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


def mails() -> int:
    return gone(OutgoingMail.objects.exclude(state=MailState.QUEUED).filter(created_at__lt=ago(MAIL_DAYS)))


def jobs() -> int:
    """Work that ended: what it made says by itself that it is there, and a mail's has no mail any more."""
    ended = Job.objects.filter(state__in=(JobState.DONE, JobState.FAILED))
    return gone(ended.filter(ended_at__lt=ago(MAIL_DAYS)))


def receipts() -> int:
    return gone(FormReceipt.objects.filter(at__lt=ago(RECEIPT_DAYS)))


def links() -> int:
    return gone(SignedLink.objects.filter(expires_at__lt=ago(LINK_DAYS)))


def invitations() -> int:
    limit = ago(INVITATION_DAYS)
    return gone(Invitation.objects.filter(Q(expires_at__lt=limit) | Q(used_at__lt=limit)))


def sessions() -> int:
    return gone(Session.objects.filter(expire_date__lt=clock.now()))


def files() -> int:
    """Documents whose last day has passed; a file that a kept row still points to waits for that row."""
    due = StoredDocument.objects.filter(retention_anchor__lt=local_day("employer"))
    free = [one for one in due if not _is_used(one)]
    for document in free:
        documents.delete(document=document)
    return len(free)


def _is_used(document: StoredDocument) -> bool:
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: document}).exists()
        for relation in StoredDocument._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    )


def journal_entries() -> int:
    before = JournalEntry.objects.count()
    journal.purge()
    return before - JournalEntry.objects.count()


def rules() -> list[Rule]:
    """RETENTION hook."""
    return [
        Rule(
            "journal",
            "Journal des accès (références seules)",
            "12 mois ; ce qu’il dit d’un lien, jusqu’à la destruction de ce lien",
            "effacé",
            journal_entries,
        ),
        Rule(
            "mails",
            "Nouvelles et messages (nature et date, jamais le texte)",
            "6 mois ; une nouvelle se lit pendant 2 mois",
            "effacés",
            mails,
        ),
        Rule("jobs", "Travaux de fond terminés (nature, référence et heure)", "6 mois", "effacés", jobs),
        Rule("receipts", "Reçus de formulaires", "30 jours", "effacés", receipts),
        Rule("links", "Liens à usage unique", "12 mois après leur fin", "effacés", links),
        Rule(
            "invitations",
            "Invitations à créer un compte",
            "30 jours après usage ou expiration",
            "effacées",
            invitations,
        ),
        Rule("sessions", "Sessions de connexion", "jusqu’à leur expiration", "effacées", sessions),
        Rule("files", "Fichiers qui portent un dernier jour de conservation", "jusqu’à ce jour", "effacés", files),
    ]
