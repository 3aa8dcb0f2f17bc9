"""What goes from the frame when somebody is erased, or when their time is over.

A letter of mission that came into force is an act of RH: its text stays for RH one year after the mission (domain.md
m.3), then only its hours do. Everything else loses the person now; counts stay, linked to nobody.
"""

from django.db import transaction
from django.db.models import Q, QuerySet

from portal import clock
from portal.models import Person, StoredDocument
from portal.services import documents, traces
from programmes.enums import OPEN_PARTICIPATION, LetterState
from programmes.letter_access import KINDS_OF_HR
from programmes.models import Interview, Letter, MentionRequest, Participation, SelfPositioning
from programmes.services import about, avoid, community, gatherings, outreach
from programmes.services import participation as participations

LETTER_DAYS = 365
# A letter whose text and papers are gone: period and hours are left, for counts.
EMPTIED = Q(mission_title="")


def kept(person: Person) -> list[str]:
    """KEPT hook: said before the person confirms."""
    if not acts_of_rh(Letter.objects.filter(participation__person=person)).exists():
        return []
    return [
        "Votre lettre de mission, lue par les RH seules, un an après sa fin : c’est un acte de gestion de votre "
        "employeur. Elle porte votre nom, et rien sur une personne accompagnée."
    ]


def acts_of_rh(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Those that came into force, with RH's validation, and still have their text."""
    in_force = letters.filter(kind__in=KINDS_OF_HR, in_force_at__isnull=False)
    return in_force.exclude(EMPTIED)


@transaction.atomic
def erase(*, person: Person) -> None:
    """Whoever still takes part leaves first, as by their own withdrawal."""
    for row in person.participations.filter(state__in=OPEN_PARTICIPATION).select_related("programme__lead_employer"):
        participations.withdraw(participation=row, by=person)
    for row in person.participations.all():
        detach(participation=row)
    community.forget(person=person)
    gatherings.give_up_seats(person=person)
    outreach.forget_person(person=person)
    person.entry_cards.all().delete()
    avoid.forget(person=person)
    person.join_drafts.all().delete()


@transaction.atomic
def detach(*, participation: Participation) -> None:
    """The participation no longer says whose it was, nor what they wished; its letters follow their own delay."""
    for letter in participation.letters.order_by("-pk"):
        _let_go(letter)
    SelfPositioning.objects.filter(participation=participation).delete()
    Interview.objects.filter(participation=participation).delete()
    MentionRequest.objects.filter(participation=participation).delete()
    participation.themes.clear()
    person = participation.person
    participation.person, participation.entered_by_ref, participation.waiting_since = None, None, None
    participation.channels, participation.slots, participation.variable_hours = [], 0, False
    participation.save(
        update_fields=["person", "entered_by_ref", "waiting_since", "channels", "slots", "variable_hours"]
    )
    about.forget(participation)
    traces.cut(model=Participation, refs=[participation.ref], of=person)
    traces.cut(model=Letter, refs=participation.letters.filter(EMPTIED).values_list("ref", flat=True), of=person)


def _let_go(letter: Letter) -> None:
    if letter.in_force_at is None and not letter.replaced_by.exists() and letter.ended_on is None:
        drop(letter=letter)
    elif not acts_of_rh(Letter.objects.filter(pk=letter.pk)).exists():
        empty(letter=letter)
    else:
        _end(letter)
        letter.visa_address = ""
        letter.save(update_fields=["visa_address"])


def _end(letter: Letter) -> None:
    today = clock.today(letter.programme.time_zone)
    running = Letter.objects.filter(pk=letter.pk, state=LetterState.IN_FORCE)
    running.update(state=LetterState.ENDED, ended_on=min(today, letter.ends))
    letter.refresh_from_db()


@transaction.atomic
def drop(*, letter: Letter) -> None:
    """A letter that never came into force: row, validations and papers."""
    papers = _papers(letter)
    letter.delete()
    for document in papers:
        documents.delete(document=document)


@transaction.atomic
def empty(*, letter: Letter) -> None:
    """Texts, validations, addresses and papers go; period and hours stay for counts."""
    papers = _papers(letter)
    if letter.state != LetterState.CANCELLED:
        _end(letter)
    letter.signatures.all().delete()
    letter.body, letter.visa, letter.mission_title, letter.choices = "", "", "", {}
    letter.visa_address, letter.document = "", None
    letter.save(update_fields=["body", "visa", "mission_title", "choices", "visa_address", "document"])
    if letter.participation.person_id is None:
        traces.cut(model=Letter, refs=[letter.ref])
    for document in papers:
        documents.delete(document=document)


def _papers(letter: Letter) -> list[StoredDocument]:
    """Its PDFs and its scans: each names the letter it was made for."""
    signed = letter.signatures.filter(document__isnull=False).values("document")
    return list(StoredDocument.objects.filter(Q(object_ref=letter.ref) | Q(pk__in=signed) | Q(pk=letter.document_id)))
