"""Sensibilisation: actions planned, held with numbers by category, materials kept, agreements to testify.

Numbers only, never a list of names. A testimony is asked by the référent; silence is a no, a no and a silence read the
same, and whoever agreed withdraws in one click, at any moment, without a reason.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.local_day import local_day
from portal.models import Person, StoredDocument, Unit
from portal.services import documents, journal, uploads
from portal.services.versions import save_if_unchanged
from programmes.access import programme_roles
from programmes.enums import OPEN_PARTICIPATION, ProgrammeRoleKind, SessionState, SignedAs
from programmes.models import Outreach, OutreachNumber, Programme, Testimony

KIND = "programmes.material"
CANCELLED = "Cette action est annulée."
# On the public page.
SHOWN_AT_MOST = 6
AGREED, WITHDRAWN, NO_ANSWER = "accord donné", "témoignage retiré", "pas d’accord à ce jour"


def directions(programme: Programme) -> QuerySet[Unit]:
    """The directions of the employer: units at the top that are no team."""
    return Unit.objects.filter(employer=programme.lead_employer, parent=None, is_team=False)


# --- Actions --------------------------------------------------------------------------------------------------------
@transaction.atomic
def plan(
    *,
    programme: Programme,
    kind: str,
    on: dt.date,
    by: Person,
    minutes: int | None = None,
    place: str = "",
    units: Iterable[Unit] = (),
) -> Outreach:
    """An action, before or after its day: its numbers come when it is held."""
    row = Outreach.objects.create(programme=programme, kind=kind, on=on, minutes=minutes, place=place.strip())
    row.units.set(_own(programme, units))
    journal.log(actor=by, verb=Verb.CREATED, target=row, employer=programme.lead_employer)
    return row


@transaction.atomic
def change(*, outreach: Outreach, seen: int, by: Person, units: Iterable[Unit], **fields) -> None:
    """`fields`: kind, on, minutes, place. Raises Conflict when somebody else changed it meanwhile."""
    _not_cancelled(outreach)
    if outreach.state == SessionState.HELD and fields["on"] > clock.today(outreach.programme.time_zone):
        raise DomainError("Une action tenue a une date passée.", field="on")
    for name, value in fields.items():
        setattr(outreach, name, value)
    save_if_unchanged(outreach, seen=seen, fields=list(fields))
    outreach.units.set(_own(outreach.programme, units))
    journal.log(actor=by, verb=Verb.CHANGED, target=outreach, employer=outreach.programme.lead_employer)


def _own(programme: Programme, units: Iterable[Unit]) -> list[Unit]:
    units = list(units)
    if any(unit.employer_id != programme.lead_employer_id for unit in units):
        raise DomainError("Choisissez des directions de l’employeur.", field="units")
    return units


@transaction.atomic
def record_held(*, outreach: Outreach, numbers: dict[str, int], seen: int, by: Person) -> None:
    """Held, with how many people of each category came; said again, the numbers are corrected."""
    _not_cancelled(outreach)
    if outreach.on > clock.today(outreach.programme.time_zone):
        raise DomainError("Cette action n’a pas encore eu lieu.")
    outreach.state = SessionState.HELD
    save_if_unchanged(outreach, seen=seen, fields=["state"])
    outreach.numbers.all().delete()
    OutreachNumber.objects.bulk_create(
        OutreachNumber(outreach=outreach, audience=audience, people=people)
        for audience, people in numbers.items()
        if people
    )
    journal.log(actor=by, verb=Verb.MOVED, target=outreach, employer=outreach.programme.lead_employer)


@transaction.atomic
def cancel(*, outreach: Outreach, by: Person) -> None:
    """Before it is held; nothing is asked of those who had agreed to testify any more."""
    rows = Outreach.objects.filter(pk=outreach.pk, state=SessionState.PLANNED)
    if not rows.update(state=SessionState.CANCELLED, version=outreach.version + 1):
        raise DomainError("Seule une action prévue peut être annulée.")
    Testimony.objects.filter(outreach=outreach).delete()
    journal.log(actor=by, verb=Verb.MOVED, target=outreach, employer=outreach.programme.lead_employer)


def _not_cancelled(outreach: Outreach) -> None:
    if outreach.state == SessionState.CANCELLED:
        raise DomainError(CANCELLED)


# --- Materials ------------------------------------------------------------------------------------------------------
def add_material(*, outreach: Outreach, data: bytes, by: Person) -> StoredDocument:
    """A slide show, a poster, a sheet: cleaned of what its maker's tools wrote."""
    _not_cancelled(outreach)
    upload = uploads.cleaned(data)
    short = hashlib.sha256(upload.data).hexdigest()[:16]
    document = documents.store(
        key=f"outreach:{outreach.ref}:{short}",
        kind=KIND,
        label=f"Support du {day_in_words(outreach.on, weekday=False)}",
        filename=f"support-{short[:6]}.{upload.ending}",
        employer=outreach.programme.lead_employer,
        data=upload.data,
        media_type=upload.media_type,
        object_ref=outreach.ref,
    )
    with transaction.atomic():
        outreach.materials.add(document)
        journal.log(actor=by, verb=Verb.CHANGED, target=outreach, employer=outreach.programme.lead_employer)
    return document


@transaction.atomic
def remove_material(*, outreach: Outreach, document: StoredDocument, by: Person) -> None:
    """For good: row and file, unless a step holds it as a piece."""
    outreach.materials.remove(document)
    if not document.evidence.exists():
        documents.delete(document=document)
    journal.log(actor=by, verb=Verb.CHANGED, target=outreach, employer=outreach.programme.lead_employer)


# --- Testimonies ----------------------------------------------------------------------------------------------------
def people_to_ask(outreach: Outreach) -> QuerySet[Person]:
    """Those who take part and were not asked about this action."""
    parts = outreach.programme.participations.filter(state__in=OPEN_PARTICIPATION)
    asked = outreach.testimonies.filter(person__isnull=False).values("person")
    return Person.objects.filter(pk__in=parts.values("person"), user__isnull=False).exclude(pk__in=asked)


@transaction.atomic
def ask_testimony(*, outreach: Outreach, person: Person, by: Person) -> Testimony:
    """The person reads it in their space and answers or not; nothing else is sent."""
    _not_cancelled(outreach)
    if not people_to_ask(outreach).filter(pk=person.pk).exists():
        raise DomainError("Cette personne ne peut pas être sollicitée pour cette action.", field="person")
    row = Testimony.objects.create(outreach=outreach, person=person, asked_at=clock.now())
    employer = outreach.programme.lead_employer
    journal.log(actor=by, verb=Verb.CREATED, target=row, subject=person, employer=employer)
    return row


@transaction.atomic
def agree(*, testimony: Testimony, by: Person, recording: bool = False) -> None:
    """`recording`: what is shown that day may be kept afterwards. May be said again to change it."""
    _own_testimony(testimony, by)
    rows = Testimony.objects.filter(pk=testimony.pk, withdrawn_at__isnull=True)
    if not rows.update(agreed_at=clock.now(), recording_agreed=recording):
        raise DomainError("Vous vous êtes déjà retiré·e de cette action.")
    journal.log(actor=by, verb=Verb.DECIDED, target=testimony, subject=by, employer=_employer(testimony))


@transaction.atomic
def show_words(*, testimony: Testimony, by: Person, words: str, signed: str) -> None:
    """One's own words on the public page of the programme, at once; said again they are replaced."""
    _own_testimony(testimony, by)
    words = words.strip()
    if not words:
        raise DomainError("Écrivez quelques mots, ou laissez la page sans eux.", field="words")
    rows = Testimony.objects.filter(pk=testimony.pk, agreed_at__isnull=False, withdrawn_at__isnull=True)
    if not rows.update(signed=signed, shown_at=clock.now()):
        raise DomainError("Acceptez d’abord de témoigner.")
    testimony.words = words
    testimony.save(update_fields=["words"])
    journal.log(actor=by, verb=Verb.DECIDED, target=testimony, subject=by, employer=_employer(testimony))


@transaction.atomic
def hide_words(*, testimony: Testimony, by: Person) -> None:
    """Off the public page now, and gone: by whoever wrote them, or by the référent, who never changes them."""
    if by.pk != testimony.person_id and not _runs(testimony, by):
        raise Refused("Seule la personne concernée, ou le ou la référent·e, peut faire cela.")
    if _erase_words(testimony):
        subject, employer = testimony.person, _employer(testimony)
        journal.log(actor=by, verb=Verb.CHANGED, target=testimony, subject=subject, employer=employer)


def _erase_words(testimony: Testimony) -> bool:
    shown = Testimony.objects.filter(pk=testimony.pk, shown_at__isnull=False).update(shown_at=None)
    testimony.words = ""
    testimony.save(update_fields=["words"])
    return bool(shown)


def _runs(testimony: Testimony, by: Person) -> bool:
    return ProgrammeRoleKind.REFERENT in programme_roles(by, testimony.outreach.programme)


@dataclass(frozen=True)
class Voice:
    """What the public page shows of somebody: their words, their first name if they wanted it."""

    words: str
    name: str


def voices(programme: Programme) -> list[Voice]:
    """Words shown now; one withdrawn or hidden is not read again."""
    rows = Testimony.objects.filter(outreach__programme=programme, shown_at__isnull=False, withdrawn_at__isnull=True)
    rows = rows.select_related("person").order_by("-shown_at", "-pk")[:SHOWN_AT_MOST]
    return [Voice(row.words.open(row.ref), row.person.given if row.signed == SignedAs.GIVEN else "") for row in rows]


@transaction.atomic
def withdraw(*, testimony: Testimony, by: Person) -> None:
    """A no, or a withdrawal: at any moment, twice is once. A no keeps reading like a silence."""
    _own_testimony(testimony, by)
    _erase_words(testimony)
    rows = Testimony.objects.filter(pk=testimony.pk, withdrawn_at__isnull=True)
    if rows.update(withdrawn_at=clock.now(), recording_agreed=False):
        journal.log(actor=by, verb=Verb.DECIDED, target=testimony, subject=by, employer=_employer(testimony))


def _own_testimony(testimony: Testimony, by: Person) -> None:
    if testimony.person_id != by.pk:
        raise Refused("Seule la personne concernée peut faire cela.")


def _employer(testimony: Testimony):
    return testimony.outreach.programme.lead_employer


@transaction.atomic
def forget_person(*, person: Person) -> None:
    """Their erasure withdraws what they agreed to: the référent still reads that something must be taken down."""
    person.testimonies.filter(agreed_at__isnull=True).delete()
    for testimony in person.testimonies.all():
        _erase_words(testimony)
    person.testimonies.filter(withdrawn_at__isnull=True).update(withdrawn_at=clock.now())
    person.testimonies.update(person=None, recording_agreed=False)


@transaction.atomic
def forget_withdrawn(*, outreach: Outreach, by: Person) -> None:
    """The référent took down what was kept: the link between the person and the action goes."""
    rows = outreach.testimonies.filter(withdrawn_at__isnull=False, agreed_at__isnull=False)
    if rows.exists():
        rows.delete()
        journal.log(actor=by, verb=Verb.CHANGED, target=outreach, employer=outreach.programme.lead_employer)


def open_testimonies(person: Person) -> QuerySet[Testimony]:
    """Still to be answered before the day, or agreed to."""
    rows = Testimony.objects.filter(person=person, withdrawn_at__isnull=True).select_related("outreach__programme")
    return rows.filter(
        Q(agreed_at__isnull=False) | Q(outreach__on__gte=local_day("outreach__programme__lead_employer"))
    )


def with_withdrawn(programme: Programme) -> list[UUID]:
    """References of the actions from which somebody withdrew a testimony."""
    rows = programme.outreach.filter(testimonies__withdrawn_at__isnull=False, testimonies__agreed_at__isnull=False)
    return list(rows.order_by("pk").distinct().values_list("ref", flat=True))


def said_to_referent(testimony: Testimony) -> str:
    """A no and a silence are the same word."""
    if testimony.agreed_at is None:
        return NO_ANSWER
    if testimony.withdrawn_at:
        return WITHDRAWN
    return f"{AGREED}, le support peut être gardé" if testimony.recording_agreed else f"{AGREED}, rien n’est gardé"


def said_to_me(testimony: Testimony) -> str:
    if testimony.agreed_at is None:
        return "vous avez dit non" if testimony.withdrawn_at else "demandé, pas de réponse : cela vaut non"
    return said_to_referent(testimony)
