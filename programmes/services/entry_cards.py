"""Entry cards: handed over with a code, no name on them, one use, 30 days (field R19).

Only the hash of a code is kept; the code itself is shown once, on the page to print. Who holds a card is checked by
voice by the référent, when the two talk.
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Employer, Person, User
from portal.registry import Entrance
from portal.services import accounts, journal, receipts
from portal.words import search_key
from programmes.models import EntryCard, Programme

VALID_DAYS = 30
AT_ONCE = 10
# Without I, O, 0 and 1, which are taken for one another: 32 signs, 12 of them make 60 bits.
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS, GROUP = 3, 4
# One sentence, whether the code is wrong, used or too old.
WRONG = (
    "Ce code n’ouvre rien. Il est peut-être mal recopié, déjà utilisé, ou il a plus de 30 jours. "
    "Relisez-le, ou demandez une autre carte à la personne qui vous l’a remise."
)
OTHER_NAME = (
    "Le nom n’est pas celui de la personne pour qui cette carte a été préparée. Vérifiez-le, ou appelez l’équipe."
)


def new_code() -> str:
    """« ABCD-EFGH-JKLM »."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in range(GROUPS))


def hash_of(code: str) -> str:
    """However it is typed: small letters, spaces and dashes do not matter."""
    return hashlib.sha256("".join(sign for sign in code.upper() if sign.isalnum()).encode()).hexdigest()


@transaction.atomic
def issue(*, programme: Programme, count: int, by: Person, person: Person | None = None) -> list[tuple[EntryCard, str]]:
    """New cards and their codes, which nothing else keeps; for `person`, when they may claim what was entered."""
    if not 1 <= count <= AT_ONCE:
        raise DomainError(f"De 1 à {AT_ONCE} cartes à la fois.", field="count")
    made, now = [], clock.now()
    for _ in range(count):
        code = new_code()
        card = EntryCard.objects.create(
            programme=programme,
            person=person,
            code_hash=hash_of(code),
            created_by_ref=by.ref,
            created_at=now,
            expires_at=now + timedelta(days=VALID_DAYS),
        )
        made.append((card, code))
    journal.log(
        actor=by, verb=Verb.CREATED, target=made[0][0], subject=person, employer=programme.lead_employer, count=count
    )
    return made


@transaction.atomic
def issue_once(*, programme: Programme, count: int, by: Person, receipt: UUID) -> list[tuple[EntryCard, str]]:
    """The same form sent twice makes cards once: codes are not shown again."""
    receipts.keep(key=receipt, person=by, url=programme.slug)
    return issue(programme=programme, count=count, by=by)


def _usable() -> QuerySet[EntryCard]:
    cards = EntryCard.objects.filter(used_at__isnull=True, expires_at__gt=clock.now())
    return cards.select_related("programme__lead_employer", "person")


def find(code: str) -> EntryCard | None:
    """The card of this code, if it may still be used. Reading it uses nothing up."""
    return _usable().filter(code_hash=hash_of(code)).first()


def find_by_ref(ref: str) -> EntryCard | None:
    """The card kept in a session since its code was typed, if it may still be used."""
    return _usable().filter(ref=ref).first()


def entrance(ref: str) -> list[Entrance]:
    """ENTRANCE hook."""
    card = find_by_ref(ref)
    if card is None:
        return []

    def use(*, user: User, given: str, family: str) -> Person:
        return enter(card=card, user=user, given=given, family=family)

    return [Entrance(str(card.ref), employer_of(card), reverse("programmes:entry_welcome"), use)]


def employer_of(card: EntryCard) -> Employer:
    return card.programme.lead_employer


@transaction.atomic
def enter(*, card: EntryCard, user: User, given: str, family: str) -> Person:
    """Use the card up, once: a new agent of its employer, or the login of somebody entered on behalf.

    Of any number of simultaneous calls one passes; the others raise DomainError.
    """
    if card.person and search_key(card.person.family) != search_key(family):
        raise DomainError(OTHER_NAME, field="family")
    if not _usable().filter(pk=card.pk).update(used_at=clock.now()):
        raise DomainError(WRONG)
    employer = employer_of(card)
    try:
        with transaction.atomic():
            if card.person:
                accounts.claim(user=user, person=card.person, employer=employer)
                person = card.person
            else:
                person = accounts.new_agent(user=user, given=given, family=family, employer=employer)
    except IntegrityError as error:
        raise DomainError("Ce compte est déjà celui d’une personne.") from error
    journal.log(actor=person, verb=Verb.CHANGED, target=card, employer=employer)
    return person


@transaction.atomic
def bind(*, code: str, programme: Programme, person: Person, by: Person) -> None:
    """A card already handed over becomes the one by which `person` claims what was entered for them."""
    card = find(code)
    free = card and EntryCard.objects.filter(
        pk=card.pk, programme=programme, person__isnull=True, used_at__isnull=True
    ).update(person=person)
    if not free:
        raise DomainError(WRONG, field="card_code")
    journal.log(actor=by, verb=Verb.CHANGED, target=card, subject=person, employer=programme.lead_employer)


@transaction.atomic
def replace(*, programme: Programme, person: Person, by: Person) -> str:
    """A new card for somebody entered on behalf; those before stop working. Its code."""
    if person.user_id:
        raise DomainError("Cette personne a déjà un compte : elle n’a plus besoin de carte.")
    _usable().filter(person=person).update(expires_at=clock.now())
    return issue(programme=programme, count=1, by=by, person=person)[0][1]


@transaction.atomic
def revoke(*, card: EntryCard, by: Person) -> None:
    """The card stops working now."""
    if not _usable().filter(pk=card.pk).update(expires_at=clock.now()):
        raise DomainError("Cette carte ne sert déjà plus.")
    journal.log(actor=by, verb=Verb.CHANGED, target=card, employer=employer_of(card))


def counts(programme: Programme) -> dict[str, int]:
    """How many cards were issued, may still be used, were used, expired (or were taken back)."""
    over = Q(used_at__isnull=True, expires_at__lte=clock.now())
    return programme.entry_cards.aggregate(
        issued=Count("pk"),
        valid=Count("pk", filter=Q(used_at__isnull=True, expires_at__gt=clock.now())),
        used=Count("pk", filter=Q(used_at__isnull=False)),
        expired=Count("pk", filter=over),
    )


def valid(programme: Programme) -> QuerySet[EntryCard]:
    """Cards of a programme that may still be used, the newest first."""
    return _usable().filter(programme=programme)
