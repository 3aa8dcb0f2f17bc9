"""The life of a letter: refused, amended, renewed, paused, ended, reminded of; nothing here touches a running pair.

An amendment or a renewal is a new letter that takes the earlier one's place on its first day; both texts are kept as
they were validated. Late, a letter has days of grace in which only new pairs wait (field R21).
"""

import calendar
import datetime as dt
from fractions import Fraction

from django.db import transaction
from django.db.models import Q

from portal import clock
from portal.enums import EmployerRoleKind, Verb
from portal.errors import DomainError
from portal.local_day import local_day
from portal.models import EmployerRole, Person, SignedLink, StoredDocument
from portal.services import journal, links, mail
from portal.workflow import history
from programmes import letter_text
from programmes.enums import LetterKind, Party
from programmes.models import Letter, Participation
from programmes.models.letters import GRACE
from programmes.services import letters
from programmes.services.letter_moves import BEFORE, MOVES, NOT_IN_FORCE, S

NOTICE_DAYS = 15
REMIND_EVERY = dt.timedelta(days=7)
# Then nobody is written to any more: it is talked about.
REMIND_UNTIL = dt.timedelta(days=35)
WAITING = (S.TO_AGENT, S.TO_MANAGER, S.TO_HR)


def months_in_force(letter: Letter, first: dt.date, last: dt.date) -> Fraction:
    """Months from `first` to `last` during which the letter was in force; a part of a month counts by its days."""
    day, last = max(letter.starts, first), min(letter.last_day, last)
    months = Fraction(0)
    while day <= last:
        length = calendar.monthrange(day.year, day.month)[1]
        until = min(last, day.replace(day=length))
        months += Fraction((until - day).days + 1, length)
        day = until + dt.timedelta(days=1)
    return months


# --- The référent: a letter that takes another's place --------------------------------------------------------------
@transaction.atomic
def amend(*, letter: Letter, by: Person, **terms) -> Letter:
    """Other hours, title or dates for a letter in force: a draft that will take its place once everybody agreed."""
    letters.decides(letter.participation, by)
    if letter.kind == LetterKind.ENGAGEMENT:
        raise DomainError("Un engagement entre pairs ne se modifie pas : chacun valide le suivant.")
    if Letter.objects.get(pk=letter.pk).state != S.IN_FORCE:
        raise DomainError(NOT_IN_FORCE)
    if letter.participation.letters.filter(state__in=BEFORE).exists():
        raise DomainError("Une autre lettre de cette personne est déjà en préparation.")
    return letters.begin(letter.participation, by, replaces=letter, **terms)


def renew(*, letter: Letter, by: Person) -> Letter:
    """The next letter in one click: the same terms, from the day after, up to twelve months."""
    if not letter.renewable:
        raise DomainError("Le renouvellement se prépare à partir de soixante jours avant la fin.")
    return amend(letter=letter, by=by, **renewed_terms(letter))


def renewed_terms(letter: Letter) -> dict:
    """What the next letter would say, as the référent's form and `letters.begin` take it."""
    programme = letter.programme
    starts = max(letter.ends + dt.timedelta(days=1), clock.today(programme.time_zone))
    last = letters.last_day(starts)
    ends = min(programme.ends, last) if programme.ends and programme.ends > starts else last
    return terms_of(letter) | {"starts": starts, "ends": ends}


def terms_of(letter: Letter) -> dict:
    return {
        "mission_title": letter.mission_title,
        "missions": letter.choices.get("missions") or ["pair"],
        "organisation": letter.choices.get("organisation", ""),
        "minutes_month": letter.minutes_month,
        "absence_days": letter.absence_days,
        "starts": letter.starts,
        "ends": letter.ends,
    }


def deposit_outside(*, letter: Letter, by: Person, document: StoredDocument) -> None:
    """The convention signed by the organisation outside, once the person agreed."""
    letters.decides(letter.participation, by)
    letters.body_of(letter)
    if letter.kind != LetterKind.CONVENTION or letter.state != S.TO_HR:
        raise DomainError("Cette lettre n’attend pas la signature d’un organisme extérieur.")
    if letter.signatures.filter(party=Party.OUTSIDE).exists():
        raise DomainError("La convention signée est déjà déposée.")
    letters.sign(letter, Party.OUTSIDE, person=by, document=document)
    _journal(letter, by)
    letters.tell_hr(letter)


# --- The agent ------------------------------------------------------------------------------------------------------
def refuse(*, letter: Letter, by: Person) -> None:
    """No, or no longer, before the letter is in force. No reason exists; a link already sent stops working."""
    letters.own(letter, by)
    with MOVES.moving(letter, "refuse", by=by) as fresh:
        links.revoke(purpose=letters.VISA, object_ref=fresh.ref)
        _journal(fresh, by)
        _tell_referents(fresh, by)


def suspend(*, letter: Letter, by: Person) -> None:
    """A pause at once, without reason: nothing new begins, what runs goes on. RH are not told."""
    letters.own(letter, by)
    with MOVES.moving(letter, "suspend", by=by) as fresh:
        if fresh.suspended_on or _today(fresh) > fresh.last_day:
            raise DomainError(NOT_IN_FORCE if not fresh.suspended_on else "Votre mission est déjà en pause.")
        fresh.suspended_on = _today(fresh)
        _journal(fresh, by)
        _tell_referents(fresh, by)


def resume(*, letter: Letter, by: Person) -> None:
    """The pause is over; pairs that waited for it may go on."""
    letters.own(letter, by)
    with MOVES.moving(letter, "resume", by=by) as fresh:
        if not fresh.suspended_on:
            raise DomainError("Votre mission n’est pas en pause.")
        fresh.suspended_on = None
        _journal(fresh, by)
        _tell_referents(fresh, by)
    letters.clear(letter.participation)


def notice_day(letter: Letter) -> dt.date:
    """The day proposed to stop: fifteen days from today, never after the term."""
    return min(_today(letter) + dt.timedelta(days=NOTICE_DAYS), letter.ends)


def end(*, letter: Letter, by: Person, on: dt.date) -> None:
    """The agent stops on a day they choose: fifteen days are proposed, none is asked for, nor a reason."""
    letters.own(letter, by)
    with MOVES.moving(letter, "end", by=by) as fresh:
        if not _today(fresh) <= on <= max(fresh.ends, _today(fresh)):
            raise DomainError("Choisissez un jour entre aujourd’hui et la fin prévue.", field="on")
        fresh.ended_on = on
        _journal(fresh, by)
        _tell_referents(fresh, by)


def leave(participation: Participation, by: Person) -> None:
    """LEAVING hook: whoever leaves the programme has no letter there any more."""
    for letter in participation.letters.filter(state__in=(*BEFORE, S.IN_FORCE)):
        move = "end" if letter.state == S.IN_FORCE else "cancel"
        with MOVES.moving(letter, move, by=by) as fresh:
            links.revoke(purpose=letters.VISA, object_ref=fresh.ref)
            if move == "end":
                fresh.ended_on = min(_today(fresh), fresh.ends)


# --- What the scheduler does ----------------------------------------------------------------------------------------
def run() -> int:
    """Everything a day may ask of the letters. Run often or late without harm; how many letters were touched."""
    return lapse() + remind()


def lapse() -> int:
    """Letters whose days of grace are over are ended, on their own last day. A running pair is left alone."""
    gone = local_day("programme__lead_employer", -GRACE.days - 2)
    late = list(Letter.objects.filter(state=S.IN_FORCE, ends__lt=gone).select_related("programme"))
    for letter in late:
        with MOVES.moving(letter, "lapse", by=None) as fresh:
            fresh.ended_on = fresh.ends
    return len(late)


def remind() -> int:
    """One neutral mail after seven days without an answer, then one a week at most, for five weeks."""
    now = clock.now()
    waiting = Letter.objects.filter(state__in=WAITING, participation__person__isnull=False).filter(
        Q(reminded_at__isnull=True) | Q(reminded_at__lte=now - REMIND_EVERY)
    )
    rows = waiting.select_related("programme__lead_employer", "participation__person", "participation__employer")
    return sum(_remind(letter, now) for letter in rows.order_by("pk"))


@transaction.atomic
def _remind(letter: Letter, now: dt.datetime) -> bool:
    since = _waiting_since(letter)
    last = max(since, letter.reminded_at) if letter.reminded_at else since
    link = links.live(letters.VISA, letter.ref) if letter.state == S.TO_MANAGER else None
    if not last <= now - REMIND_EVERY or now > since + REMIND_UNTIL or (letter.state == S.TO_MANAGER and not link):
        return False
    same = Letter.objects.filter(pk=letter.pk, state=letter.state, reminded_at=letter.reminded_at)
    if not same.update(reminded_at=now):
        return False
    if link:
        _remind_visa(letter, link, now)
        return True
    for person in [letter.participation.person] if letter.state == S.TO_AGENT else _signatories(letter):
        key = f"letter:{letter.ref}:reminder:{now:%Y%m%d}:{person.ref}"
        kind = "letter_ready" if letter.state == S.TO_AGENT else "letter_hr"
        mail.post(kind=f"programmes/{kind}", key=key, person=person, object_ref=letter.ref)
    return True


def _remind_visa(letter: Letter, link: SignedLink, now: dt.datetime) -> None:
    """The token of a link is kept nowhere: a new link, with the days that are left, takes its place."""
    days = max((link.expires_at - now).days, 1)
    links.revoke(purpose=letters.VISA, object_ref=letter.ref)
    new, token = links.issue(purpose=letters.VISA, object_ref=letter.ref, days=days)
    mail.post(
        kind="programmes/letter_visa",
        key=f"letter:{letter.ref}:visa:{new.ref}",
        address=letter.visa_address.open(letter.ref),
        object_ref=letter.ref,
        secret={"token": token, "days": days},
        employer=letter.participation.employer,
    )


def _waiting_since(letter: Letter) -> dt.datetime:
    last = history(letter).last()
    return last.at if last else letter.created_at


def _signatories(letter: Letter) -> list[Person]:
    employer = letter.participation.employer
    held = EmployerRole.objects.on(clock.today(employer.time_zone)).filter(
        employer=employer, role=EmployerRoleKind.HR_SIGNATORY
    )
    return [role.person for role in held.exclude(person=letter.participation.person).select_related("person")]


# --- Shared ---------------------------------------------------------------------------------------------------------
def intact(letter: Letter) -> bool:
    """Whether the text kept, and each validation, still bear the hash that was validated."""
    if not letter.sha256 or letter_text.digest(letter.body) != letter.sha256:
        return False
    if letter.visa_sha256 and letter_text.digest(letter.visa) != letter.visa_sha256:
        return False
    right = {Party.MANAGER: letter.visa_sha256}
    return all(row.sha256 == right.get(row.party, letter.sha256) for row in letter.signatures.all())


def _today(letter: Letter) -> dt.date:
    return clock.today(letter.programme.time_zone)


def _tell_referents(letter: Letter, by: Person) -> None:
    letters.tell(letter, "letter_back", letters.referents(letter.programme, but=by))


def _journal(letter: Letter, by: Person) -> None:
    part = letter.participation
    journal.log(actor=by, verb=Verb.DECIDED, target=letter, subject=part.person, employer=part.employer)
