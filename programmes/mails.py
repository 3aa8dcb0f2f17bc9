"""What the mails about a participation may say. Neutral: subjects and bodies are read over shoulders."""

from django.urls import reverse

from portal.models import OutgoingMail
from portal.services import mail

EVENTS = ("received", "answer")


def _context(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:my_participation", args=[row.object_ref])}


for event in EVENTS:
    mail.content(f"programmes/{event}")(_context)


@mail.content("programmes/session")
@mail.content("programmes/session_place")
def _session(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:my_training")}


@mail.content("programmes/handover")
def _handover(row: OutgoingMail) -> dict:
    return {"path": reverse("portal:my_space")}


@mail.content("programmes/gathering")
def _gathering(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:my_gatherings")}


@mail.content("programmes/absence")
def _absence(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:mine")}
