"""A programme where two people filled in everything the portal lets them write, each with marks of their own."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models

from evaluation.models import WaveInvitation, WaveRole
from pairing.models import HoursTally, Pair, PairPoint, ReviewAnswer, SearchChoice
from pairing.services import alerts, dates, fit, follow, frame, meetings, monthly, returns, support
from portal import clock
from portal.crypto import Sealed
from portal.enums import DocumentState
from portal.models import Invitation, Person, StoredDocument
from portal.services import documents, invitations, news
from programmes.enums import Party, Side
from programmes.models import EntryCard, Letter, Membership, Participation, Programme, Theme
from programmes.services import (
    gatherings,
    interviews,
    joining,
    letter_documents,
    outreach,
    recognition,
    training_self,
)
from tests.builders import (
    client_of,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    name_as_avoided,
    referent_of,
)


@dataclass
class World:
    programme: Programme
    helper: Participation
    helped: Participation
    pair: Pair


def marked(programme: Programme, mark: str) -> Person:
    """Somebody whose every word holds `mark`."""
    person = make_person(programme.lead_employer, f"Prenom{mark}")
    person.family = f"Nom{mark}"
    person.contact, person.notify_email = f"Contact{mark}", f"perso{mark}@exemple.invalid".lower()
    person.save()
    person.user.email = f"compte{mark}@exemple.invalid".lower()
    person.user.save()
    return person


def build() -> World:
    with clock.at(clock.now() - dt.timedelta(days=3)):
        programme = make_programme(forms=["pair", "return"])
        helper = _taking_part(programme, Side.HELPER, "CANARIAIDANT")
        helped = _taking_part(programme, Side.HELPED, "CANARIAIDE")
        pair = make_pair(programme, helper=helper, helped=helped)
    for number, row in enumerate((helper, helped)):
        meetings.log(
            pair=pair,
            by=row.person,
            key=row.ref,
            on=clock.today(programme.time_zone) - dt.timedelta(days=number),
            minutes=30,
            channel="phone",
            themes=list(Theme.objects.all()[:1]),
        )
        fit.answer(pair=pair, by=row.person, answer="wait")
        SearchChoice.objects.create(pair=pair, participation=row)
    chosen = {"rhythm": "monthly", "minutes": 60, "channel": "phone", "objectives": ["steps"], "noting": "each"}
    frame.propose(pair=pair, by=helper.person, **chosen)
    for row in (helper, helped):
        news.prefer(person=row.person, ways={"pair": "portal"})
    dates_and_numbers(pair, helper.person, helped.person)
    day = clock.today(programme.time_zone) + dt.timedelta(days=20)
    returns.give(pair=pair, by=helped.person, on=day, milestones=[-15, 7], channel="m", ways=["p"])
    training_self.keep(participation=helper, moment="before", levels={"listening": 3}, by=helper.person)
    for row, mark in ((helper, "CANARIAIDANT"), (helped, "CANARIAIDE")):
        _asks(programme, row.person, f"rappel{mark}@exemple.invalid".lower())
    _survey(programme, [helper, helped])
    letter = Letter.objects.get(participation=helper)
    signature = letter.signatures.get(party=Party.AGENT)
    signature.document = letter_documents.keep_scan(
        letter=letter, party=Party.AGENT, data=b"%PDF-1.4 CANARIAIDANT scan"
    )
    signature.save()
    return World(programme, helper, helped, pair)


def dates_and_numbers(pair: Pair, one: Person, other: Person) -> None:
    """An appointment and dates that wait, the opening meeting, a point held, a number for the month, a review."""
    asked = {"pair": pair, "by": one, "minutes": 60, "channel": "phone"}
    row = dates.propose(dates=[clock.now() + dt.timedelta(days=9)], **asked)
    dates.answer(pair=pair, by=other, proposal=row.ref, date=row.dates.get().pk)
    dates.propose(dates=[clock.now() + dt.timedelta(days=12)], **asked)
    follow.hold_opening(pair=pair, by=referent_of(pair.programme))
    today = clock.today(pair.programme.time_zone)
    PairPoint.objects.create(pair=pair, number=1, done_on=today, by_ref=referent_of(pair.programme).ref)
    for person in (one, other):
        monthly.give(pair=pair, by=person, month=monthly.first_of(today), number=3)
        ReviewAnswer.objects.create(
            member=pair.members.get(person=person), moment="half", ticks="x----------", answered_on=today
        )


def _taking_part(programme: Programme, side: str, mark: str) -> Participation:
    person = marked(programme, mark)
    about = {"setting": "field", "seniority": "long", "lived": ["career"], "presentation": f"Presentation{mark}"}
    row = make_participation(programme, side, person, free_text=f"Mots{mark}", readers=["pair"], **about)
    stranger = make_person(programme.lead_employer, "Evitee")
    name_as_avoided(person, person=stranger)
    joining.keep(person=person, programme=programme, step="moi", answers={"free_text": [f"Brouillon{mark}"]}, done=True)
    by = referent_of(programme)
    action = outreach.plan(
        programme=programme,
        kind="meeting",
        on=clock.today(programme.time_zone) + dt.timedelta(days=9),
        minutes=60,
        place="Salle",
        units=[],
        by=by,
    )
    testimony = outreach.ask_testimony(outreach=action, person=person, by=by)
    outreach.agree(testimony=testimony, by=person, recording=True)
    outreach.show_words(testimony=testimony, by=person, words=f"Temoignage{mark}", signed="given")
    if side == "helper":
        interviews.record(participation=row, on=clock.today(programme.time_zone), points=["time"], seen=0, by=by)
        recognition.ask_mention(participation=row, place="review", by=person)
    Membership.objects.create(programme=programme, person=person, form="community", rules=1)
    soon = clock.now() + dt.timedelta(days=9)
    workshop = gatherings.plan(
        programme=programme, kind="workshop", title="Atelier", starts_at=soon, minutes=60, place="Salle", by=by
    )
    gatherings.register(gathering=workshop, person=person)
    EntryCard.objects.create(
        programme=programme,
        person=person,
        code_hash=mark,
        created_by_ref=by.ref,
        expires_at=clock.now(),
        used_at=clock.now(),
    )
    invitation = invitations.invite(employer=programme.lead_employer, email=person.user.email, by=by)
    Invitation.objects.filter(pk=invitation.pk).update(used_at=clock.now())
    client_of(person)
    return row


def _asks(programme: Programme, person: Person, reach: str) -> None:
    asked = {"to": "referent", "kind": "rights", "channel": "writing", "slots": 1, "reach": reach}
    support.ask(programme=programme, person=person, receipt=uuid.uuid4(), **asked)
    alerts.send(programme=programme, sender=person, receipt=uuid.uuid4(), level=2, code="limit")


def _survey(programme: Programme, rows: list[Participation]) -> None:
    from evaluation.models import Questionnaire, Wave
    from programmes.services import rollout

    today = clock.today(programme.time_zone)
    cycle = rollout.add_cycle(programme=programme, starts=today, ends=today + dt.timedelta(days=90), by=None)
    asked = Questionnaire.objects.first() or Questionnaire.objects.create(
        code="depart", number=1, title="Départ", items=[], sha256="0"
    )
    wave = Wave.objects.create(
        programme=programme,
        cycle=cycle,
        moment="t0",
        questionnaire=asked,
        rules_version=1,
        state="open",
        opens_on=today,
        closes_on=today + dt.timedelta(days=20),
        key="key",
        invited=2,
        pairs_invited=1,
    )
    for row in rows:
        WaveInvitation.objects.create(wave=wave, person=row.person, side=row.side, last_sent_on=today)
    WaveRole.objects.create(wave=wave, person=rows[0].person, role="typist")
    HoursTally.objects.create(participation=rows[0], month=today.replace(day=1), minutes=30)


# --- What is left -----------------------------------------------------------------------------------------------------
def left(mark: str) -> set[str]:
    """Columns and files that still hold `mark`: every text, sealed ones opened, every stored file decrypted."""
    wanted = mark.lower()
    found = {name for name, text in _texts() if wanted in text.lower()}
    for document in StoredDocument.objects.filter(state=DocumentState.READY):
        if wanted in documents.read(document=document).decode(errors="ignore").lower():
            found.add(f"file {document.kind}")
    return found


def left_of(person_ref, user_pk: int) -> set[str]:
    """Rows that still point to the person, and sessions of their account."""
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model is Person
        and model._base_manager.filter(**{f"{field.name}__ref": person_ref}).exists()
    }
    if any(one.get_decoded().get("_auth_user_id") == str(user_pk) for one in Session.objects.all()):
        found.add("session")
    return found


def _texts():
    for model in apps.get_models():
        columns = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.all():
            for field in columns:
                value = getattr(row, field.attname)
                text = value.open(row.ref if hasattr(row, "ref") else row.pk) if isinstance(value, Sealed) else value
                yield f"{model._meta.label}.{field.name}", str(text or "")
