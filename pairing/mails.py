"""What the mails about a pair may say: a neutral sentence and a link."""

from django.urls import reverse

from portal.models import OutgoingMail
from portal.services import mail

EVENTS = ("proposed", "active", "news")


def _context(row: OutgoingMail) -> dict:
    return {"path": reverse("pairing:pair", args=[row.object_ref])}


for event in EVENTS:
    mail.content(f"pairing/{event}")(_context)
