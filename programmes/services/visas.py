"""The visa of time: one neutral page, given by a link without account, once; or by a signed paper.

What is kept is « visa donné par le lien envoyé à X », not an identity (engineering C11). A refusal for the needs of the
service goes back to the référent; the agent's yes stays. Without an answer in 14 days, RH decides (field.md 3).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person, SignedLink, StoredDocument
from portal.services import journal, links
from portal.workflow import history
from programmes.enums import LetterState, Party, VisaBy
from programmes.models import Letter, Signature
from programmes.services import letters

REASON = "service_need"


@dataclass(frozen=True)
class Standing:
    """Where the visa stands: `key` is waiting, refused or expired; `link` the one that may still be used."""

    key: str
    sentence: str
    link: SignedLink | None = None


def standing(letter: Letter) -> Standing | None:
    """For a letter that waits for its visa, what happened to the request."""
    if letter.state != LetterState.TO_MANAGER:
        return None
    if link := links.live(letters.VISA, letter.ref):
        return Standing("waiting", "La demande est partie. La réponse est attendue.", link)
    last = history(letter).last()
    if last and last.move == "visa_refused":
        return Standing("refused", "Le temps n’est pas accordé pour l’instant : nécessité de service.")
    return Standing("expired", "Pas de réponse en 14 jours.")


def stuck(waiting: Iterable[Letter]) -> list[Letter]:
    """Among letters that wait for their visa, those whose request was refused or left without an answer."""
    waiting = list(waiting)
    pending = links.pending(letters.VISA, [letter.ref for letter in waiting])
    return [letter for letter in waiting if letter.ref not in pending]


def opened(token: str) -> tuple[SignedLink, Letter] | None:
    """The link and its letter, while the letter waits for this visa. Reading changes nothing."""
    link = links.find(letters.VISA, token)
    if link is None:
        return None
    waiting = Letter.objects.filter(ref=link.object_ref, state=LetterState.TO_MANAGER)
    letter = waiting.select_related("programme__lead_employer", "participation__employer").first()
    return (link, letter) if letter else None


@transaction.atomic
def give(*, link: SignedLink) -> Letter:
    """The time is given: of any number of simultaneous answers one counts. Raises DomainError."""
    links.use(link=link)
    letter = _letter_of(link)
    letters.visa_of(letter)
    with letters.MOVES.moving(letter, "visa", by=None) as fresh:
        letters.sign(fresh, Party.MANAGER, sent_to=fresh.visa_address.open(fresh.ref))
        _journal(fresh, None)
        letters.tell_hr(fresh)
    letters.clear(letter.participation)
    return letter


@transaction.atomic
def refuse(*, link: SignedLink) -> Letter:
    """Not now, for the needs of the service: no other reason exists, none is written."""
    links.use(link=link)
    letter = _letter_of(link)
    with letters.MOVES.moving(letter, "visa_refused", by=None, reason=REASON) as fresh:
        _journal(fresh, None)
        letters.tell(fresh, "letter_back", letters.referents(fresh.programme, but=fresh.participation.person))
    return letter


def _letter_of(link: SignedLink) -> Letter:
    return Letter.objects.select_related("programme__lead_employer", "participation__employer").get(ref=link.object_ref)


@transaction.atomic
def send_again(*, letter: Letter, by: Person) -> None:
    """A new link to the address the agent chose; the one before stops working."""
    letters.decides(letter.participation, by)
    if letter.state != LetterState.TO_MANAGER:
        raise DomainError("Cette lettre n’attend pas de visa.")
    letters.ask_visa(letter, letter.visa_address.open(letter.ref))
    _journal(letter, by)


@transaction.atomic
def choose_other(*, letter: Letter, by: Person, visa_by: str, address: str = "") -> None:
    """The agent has somebody else give the time; the reason is never asked."""
    letters.own(letter, by)
    address = letters.manager_address(letter, visa_by, address)
    if letter.state != LetterState.TO_MANAGER:
        raise DomainError("Cette lettre n’attend pas de visa.")
    if visa_by == VisaBy.HR:
        _to_hr(letter, "visa_to_hr", by, visa_by=visa_by)
        return
    letter.visa_by, letter.visa_address = visa_by, address
    letter.save(update_fields=["visa_by", "visa_address"])
    letters.ask_visa(letter, address)


@transaction.atomic
def pass_to_hr(*, letter: Letter, by: Person) -> None:
    """Nobody answered in 14 days: RH decides. A refusal is talked about first."""
    letters.decides(letter.participation, by)
    now = standing(letter)
    if now is None or now.key != "expired":
        raise DomainError("La demande de visa a encore le temps de recevoir une réponse, ou en a reçu une.")
    _to_hr(letter, "visa_unanswered", by)


@transaction.atomic
def deposit(*, letter: Letter, by: Person, document: StoredDocument) -> None:
    """The visa's page signed on paper and scanned, in place of the link."""
    letters.decides(letter.participation, by)
    letters.visa_of(letter)
    with letters.MOVES.moving(letter, "visa", by=by) as fresh:
        letters.sign(fresh, Party.MANAGER, person=by, document=document)
        _journal(fresh, by)
        links.revoke(purpose=letters.VISA, object_ref=fresh.ref)
        letters.tell_hr(fresh)
    letters.clear(letter.participation)


def _to_hr(letter: Letter, move: str, by: Person, **values) -> None:
    with letters.MOVES.moving(letter, move, by=by) as fresh:
        for name, value in values.items():
            setattr(fresh, name, value)
        links.revoke(purpose=letters.VISA, object_ref=fresh.ref)
        _journal(fresh, by)
        letters.tell_hr(fresh)


def _journal(letter: Letter, by: Person | None) -> None:
    part = letter.participation
    journal.log(actor=by, verb=Verb.DECIDED, target=letter, subject=part.person, employer=part.employer)


def in_words(signature: Signature) -> str:
    """How a validation was given: « dans le portail », « par le lien envoyé à X », « sur un document déposé »."""
    if signature.document_id:
        return "document signé déposé" + (f" par {signature.person.short_name}" if signature.person else "")
    if signature.party == Party.MANAGER:
        return f"visa donné par le lien envoyé à {signature.sent_to.open(signature.ref)}"
    return f"dans le portail, par {signature.person.short_name}" if signature.person else "dans le portail"
