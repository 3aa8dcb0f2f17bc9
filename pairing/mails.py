"""What the mails about a pair may say: a neutral sentence and a link."""

from django.urls import reverse

from pairing.models import SupervisionSession
from portal.dates import moment_in_words
from portal.enums import Topic
from portal.models import OutgoingMail
from portal.services import mail
from programmes.models import Programme

EVENTS = {
    "proposed": "Une proposition vous attend",
    "reminder": "Une proposition attend votre réponse",
    "active": "Votre binôme peut commencer",
    "news": "Une nouvelle de votre binôme",
}


def _context(row: OutgoingMail) -> dict:
    return {"path": reverse("pairing:pair", args=[row.object_ref])}


for event, said in EVENTS.items():
    mail.content(f"pairing/{event}", Topic.PAIR, said)(_context)


# Never on paper: the référent who hands it over would learn that a group wrote what it has not validated.
@mail.content("pairing/supervision_news", Topic.SUPERVISION, "Une nouvelle de la supervision")
@mail.content("pairing/supervision_date", Topic.SUPERVISION, "Une date de supervision", paper=True)
def _date(row: OutgoingMail) -> dict:
    return {"path": reverse("pairing:my_supervision")}


@mail.content("pairing/supervision_sheet")
def _sheet(row: OutgoingMail) -> dict:
    session = SupervisionSession.objects.select_related("programme").get(ref=row.object_ref)
    return {"when": moment_in_words(session.starts_at, session.programme.time_zone)}


@mail.content("pairing/support_waiting", Topic.SAFETY, "Quelqu’un attend votre appel")
def _waiting(row: OutgoingMail) -> dict:
    slug = Programme.objects.values_list("slug", flat=True).get(ref=row.object_ref)
    return {"path": reverse("pairing:register", args=[slug])}


@mail.content("pairing/support_asked", Topic.SAFETY, "Quelqu’un demande à être rappelé")
def _asked(row: OutgoingMail) -> dict:
    return {"path": reverse("pairing:support_of_supervisor")}


@mail.content("pairing/support_link")
def _link(row: OutgoingMail) -> dict:
    return {}


@mail.content("pairing/support_news", Topic.PART, "Une réponse à votre message")
def _closed(row: OutgoingMail) -> dict:
    return {"path": reverse("pairing:my_alert", args=[row.object_ref])}


@mail.content("pairing/dating", Topic.TOGETHER, "Des rencontres croisées", paper=True)
def _round(row: OutgoingMail) -> dict:
    return {"path": reverse("pairing:my_round", args=[row.object_ref])}
