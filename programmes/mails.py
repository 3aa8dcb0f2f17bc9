"""What the mails about a participation may say. Neutral: subjects and bodies are read over shoulders."""

from django.urls import reverse

from portal.enums import Topic
from portal.models import OutgoingMail
from portal.services import mail

EVENTS = {"received": "Votre demande est bien arrivée", "answer": "Une réponse à votre demande"}


def _context(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:my_participation", args=[row.object_ref])}


for event, said in EVENTS.items():
    mail.content(f"programmes/{event}", Topic.PART, said, paper=True)(_context)


@mail.content("programmes/session", Topic.TRAINING, "Une séance de formation", paper=True)
@mail.content("programmes/session_place", Topic.TRAINING, "Votre place à une séance de formation", paper=True)
def _session(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:my_training")}


@mail.content("programmes/handover", Topic.PART, "Votre référent·e change", paper=True)
def _handover(row: OutgoingMail) -> dict:
    return {"path": reverse("portal:my_space")}


@mail.content("programmes/gathering", Topic.TOGETHER, "Un temps collectif", paper=True)
def _gathering(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:my_gatherings")}


@mail.content("programmes/absence", Topic.TEAM, "Une absence : le relais vous revient")
def _absence(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:mine")}
