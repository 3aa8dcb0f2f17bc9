"""« Reprise de l’existant »: a programme that lived before the portal enters with its past (field G4).

What is entered is marked « avant le portail » and counted as declared. Gates bind what starts in the portal alone, so a
pair that runs needs none; what the database forbids (places, one letter at a time) is refused here line by line.
Nothing is written before the whole is confirmed, and then all of it or nothing.
"""

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Min

from pairing.enums import EndCode, Part, SupervisionKind
from pairing.models import Pair, PairMember, SupervisionSession, SupervisorEngagement
from pairing.services.moves import S
from pairing.services.takeover_file import PastPair
from portal import clock
from portal.crypto import SealBroken, seal, unseal
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import EmailDomain, Employer, Person
from portal.services import journal, mail, receipts
from portal.words import search_key
from programmes import letter_text
from programmes.enums import Form, LetterState, Origin, ParticipationState, Presence, SessionState, Side
from programmes.models import Letter, Participation, Programme, TrainingAttendance, TrainingSession

FIRST_DAY = dt.date(2000, 1, 1)
MINUTES_KEPT = 120
FILE = 0  # the "line" of what concerns no single line
STALE = "Cet aperçu n’est plus valable. Recommencez la saisie : rien n’a été écrit."
OWN = "Vous êtes l’une des deux personnes : la saisie revient à une autre personne référente."
FULL = "Cette personne a déjà toutes ses places occupées par des binômes en cours."


@dataclass(frozen=True)
class PastSessions:
    """Supervision sessions held before the portal: who ran them, on which days, how long."""

    supervisor: UUID | None = None
    days: tuple[dt.date, ...] = ()
    minutes: int = 120


@dataclass
class Past:
    """Everything one preview shows and one confirmation writes. `key`: the same preview confirmed twice is one."""

    rows: list[PastPair]
    sessions: PastSessions = PastSessions()
    key: UUID = field(default_factory=uuid4)


# --- The preview travels sealed: shown, then sent back as it was ------------------------------------------------------
def _context(programme: Programme, by: Person) -> str:
    return f"pairing.takeover|{programme.ref}|{by.ref}"


def sealed(past: Past, *, programme: Programme, by: Person) -> str:
    """The past, unreadable and unchangeable outside, for this person and this programme, for two hours."""
    data = {
        "at": clock.now().isoformat(),
        "key": str(past.key),
        "rows": [row.as_dict() for row in past.rows],
        "supervisor": str(past.sessions.supervisor or ""),
        "days": [day.isoformat() for day in past.sessions.days],
        "minutes": past.sessions.minutes,
    }
    return seal(json.dumps(data).encode(), _context(programme, by))


def opened(token: str, *, programme: Programme, by: Person) -> Past:
    """The past behind a preview; raises DomainError when it is another's, another programme's, altered or old."""
    try:
        data = json.loads(unseal(token, _context(programme, by)))
    except SealBroken as error:
        raise DomainError(STALE) from error
    if clock.now() - dt.datetime.fromisoformat(data["at"]) > dt.timedelta(minutes=MINUTES_KEPT):
        raise DomainError(STALE)
    supervisor = UUID(data["supervisor"]) if data["supervisor"] else None
    days = tuple(dt.date.fromisoformat(day) for day in data["days"])
    rows = [PastPair.from_dict(row) for row in data["rows"]]
    return Past(rows, PastSessions(supervisor, days, data["minutes"]), UUID(data["key"]))


# --- Who is who ---------------------------------------------------------------------------------------------------------
def employers_of(programme: Programme) -> list[Employer]:
    """Whose agents may be in the programme: the lead first, then the partners of today."""
    partners = Employer.objects.filter(partnerships__programme=programme, partnerships__left__isnull=True)
    return [programme.lead_employer, *partners.order_by("slug")]


@dataclass
class _Someone:
    """A person of the past: known already, or to be written without account."""

    given: str
    family: str
    employer: Employer
    person: Person | None = None
    parts: dict[str, Participation] = field(default_factory=dict)

    def participation(self, side: str) -> Participation | None:
        return self.parts.get(side)


class _Check:
    """Reads the whole past against the programme, line by line; `errors` by line. Writes nothing."""

    def __init__(self, programme: Programme, past: Past, by: Person) -> None:
        self.programme, self.past, self.by = programme, past, by
        self.day = clock.today(programme.time_zone)
        self.employers = employers_of(programme)
        self.errors: dict[int, list[str]] = {}
        self.people: dict[str, _Someone] = {}
        self.addresses: dict[str, str] = {}
        self.seats: list[tuple[PastPair, str, _Someone, _Someone]] = []
        self.letters: dict[tuple[str, dt.date], PastPair] = {}
        domains = EmailDomain.objects.filter(employer__in=self.employers).order_by("pk")
        self.domains = {row.domain: row.employer_id for row in domains}
        self.named: dict[str, set[str]] = {}
        for given, family, email in (who for row in past.rows for who in (row.one, row.other)):
            self.named.setdefault(search_key(f"{given} {family}"), set()).update({email} - {""})
        first = programme.pairs.filter(origin=Origin.PORTAL).aggregate(first=Min("proposed_at"))["first"]
        self.portal_from = first.astimezone(clock.ZoneInfo(programme.time_zone)).date() if first else None

    def run(self) -> dict[int, list[str]]:
        for row in self.past.rows:
            found = self._dates(row) + self._letter(row) + self._training(row)
            form = self._form(row)
            if not form:
                found.append("Cette forme de soutien n’est pas celle du programme.")
            try:
                pair = self._someone(row.one), self._someone(row.other)
                found += self._couple(row, form, *pair)
            except DomainError as error:
                found.append(str(error))
            if found:
                self.errors[row.line] = found
            else:
                self.seats.append((row, form, *pair))
        self._places()
        self._sessions()
        if not self.past.rows and not self.past.sessions.days:
            self._say(FILE, "Remplissez au moins un binôme ou une séance.")
        return self.errors

    def _say(self, line: int, sentence: str) -> None:
        said = self.errors.setdefault(line, [])
        if sentence not in said:
            said.append(sentence)

    def _form(self, row: PastPair) -> str:
        possible = [form for form in (Form.PAIR, Form.RECIPROCAL) if form in self.programme.forms]
        wanted = row.form or (possible[0] if possible else "")
        return wanted if wanted in possible else ""

    def _dates(self, row: PastPair) -> list[str]:
        last = row.ends or self.day
        if not FIRST_DAY <= row.starts < self.day:
            return ["Le début est un jour passé, depuis l’an 2000."]
        if self.portal_from and row.starts >= self.portal_from:
            day = day_in_words(self.portal_from, weekday=False)
            return [f"Depuis le {day}, les binômes se proposent dans le portail : celui-ci a commencé après."]
        if last < row.starts or last > self.day:
            return ["La fin vient après le début, et au plus tard aujourd’hui."]
        if row.meetings > min(999, (last - row.starts).days + 1):
            return ["Il y a plus de rencontres que de jours."]
        return []

    def _letter(self, row: PastPair) -> list[str]:
        given = (row.letter_starts, row.letter_ends, row.letter_minutes)
        if not any(given):
            return []
        if self._form(row) == Form.RECIPROCAL:
            return ["Entre pairs il n’y a pas de lettre de mission : laissez ces cases vides."]
        if not row.letter_starts or not row.letter_ends:
            return ["Une lettre a deux dates : du, au."]
        if row.letter_ends <= row.letter_starts or not FIRST_DAY <= row.letter_starts <= self.day:
            return ["La lettre a commencé avant aujourd’hui, et finit après son début."]
        if not 0 <= row.letter_minutes <= 6000:
            return ["Le temps de la lettre dépasse 100 heures par mois."]
        return []

    def _training(self, row: PastPair) -> list[str]:
        if not row.training_on and not row.training_minutes:
            return []
        if not row.training_on or not 30 <= row.training_minutes <= 6000:
            return ["Une formation a une date et une durée, de 30 minutes à 100 heures."]
        return [] if FIRST_DAY <= row.training_on <= self.day else ["La formation a eu lieu un jour passé."]

    def _someone(self, who: tuple[str, str, str]) -> _Someone:
        given, family, email = who
        name = search_key(f"{given} {family}")
        if email and self.addresses.setdefault(email, name) != name:
            raise DomainError("La même adresse est donnée à deux personnes différentes.")
        addresses = self.named[name]
        if len(addresses) > 1 and not email:
            raise DomainError("Deux personnes portent ce nom : donnez leur adresse à chaque ligne.")
        person, employer = self._known(given, family, email or next(iter(addresses), ""))
        if person is None and len(addresses) > 1:
            raise DomainError(
                "Deux personnes de ce nom n’ont pas de compte : distinguez-les, par exemple par un second prénom."
            )
        key = f"person:{person.pk}" if person else f"name:{name}"
        found = self.people.setdefault(key, _Someone(given, family, employer, person))
        if person and not found.parts:
            rows = Participation.objects.open().filter(programme=self.programme, person=person)
            found.parts = {row.side: row for row in rows}
        return found

    def _known(self, given: str, family: str, email: str) -> tuple[Person | None, Employer]:
        """By the professional address; else somebody of this programme without account and of this name.

        An account with another employer is nobody's: that an address has one there is not to be tried out. Of an account
        here, as when a role is given, it is said that the name is not the one.
        """
        name = search_key(f"{given} {family}")
        by_id = {employer.pk: employer for employer in self.employers}
        person = self._account(email)
        link = person.affiliations.on(self.day).first() if person else None
        if link and link.employer_id in by_id:
            if person.search_key != name:
                raise DomainError("Cette adresse et ce nom ne vont pas ensemble chez un employeur du programme.")
            return person, by_id[link.employer_id]
        earlier = Participation.objects.filter(
            programme=self.programme, person__isnull=False, person__user=None, person__search_key=name
        )
        if part := earlier.select_related("person", "employer").order_by("pk").first():
            return part.person, part.employer
        return None, by_id.get(self.domains.get(email.rpartition("@")[2]), self.programme.lead_employer)

    def _account(self, email: str) -> Person | None:
        if not email:
            return None
        try:
            validate_email(email)
        except ValidationError as error:
            raise DomainError("Une adresse électronique n’est pas complète.") from error
        return Person.objects.filter(user__email=email).first()

    def _couple(self, row: PastPair, form: str, one: _Someone, other: _Someone) -> list[str]:
        if one is other:
            return ["Les deux personnes sont la même."]
        if self.by in (one.person, other.person):
            return [OWN]
        for earlier, _, first, second in self.seats:
            same = {id(first), id(second)} == {id(one), id(other)}
            if same and _overlap(earlier.starts, earlier.ends, row.starts, row.ends):
                return [f"Ce binôme est déjà à la ligne {earlier.line}."]
        if one.person and other.person and self._entered(row, one.person, other.person):
            return ["Ces deux personnes ont déjà un binôme dans le portail à ces dates."]
        return self._own_letter(row, one)

    def _entered(self, row: PastPair, one: Person, other: Person) -> bool:
        zone = clock.ZoneInfo(self.programme.time_zone)
        known = self.programme.pairs.filter(members__person=one).filter(members__person=other)
        spans = known.exclude(all_yes_at=None).values_list("all_yes_at", "ended_on")
        return any(_overlap(at.astimezone(zone).date(), ended, row.starts, row.ends) for at, ended in spans)

    def _own_letter(self, row: PastPair, one: _Someone) -> list[str]:
        """Letters of one person follow one another; the same letter written on two lines is one."""
        if not row.letter_starts or not row.letter_ends:
            return []
        key = (str(id(one)), row.letter_starts)
        first = self.letters.setdefault(key, row)
        if (first.letter_ends, first.letter_minutes) != (row.letter_ends, row.letter_minutes):
            return [f"La lettre de cette personne n’est pas la même qu’à la ligne {first.line}."]
        others = [other for (who, _), other in self.letters.items() if who == str(id(one)) and other is not first]
        part = one.participation(Side.HELPER)
        held = part.letters.exclude(state=LetterState.CANCELLED) if part else []
        spans = [(other.letter_starts, other.letter_ends) for other in others]
        spans += [(letter.starts, letter.ended_on or letter.ends) for letter in held]
        if any(_overlap(starts, ends, row.letter_starts, row.letter_ends) for starts, ends in spans):
            return ["Cette personne a déjà une lettre à ces dates."]
        return []

    def _places(self) -> None:
        """Running pairs take places: those of the helper, and one only for the others."""
        taken: Counter = Counter()
        for row, form, one, other in self.seats:
            if row.ends:
                continue
            for someone, side in zip((one, other), sides_of(form), strict=True):
                part = someone.participation(side)
                if part and part.state != ParticipationState.ACCEPTED:
                    self._say(
                        row.line, "L’une des deux personnes a une demande qui n’est pas acceptée : répondez-y d’abord."
                    )
                places = self._places_of(part) if side == Side.HELPER else 1
                live = part.memberships.filter(live=True).count() if part else 0
                taken[id(someone), side] += 1
                if live + taken[id(someone), side] > places:
                    self._say(row.line, FULL)

    def _places_of(self, part: Participation | None) -> int:
        """What the helper offers; for somebody entered here, what the programme allows."""
        return part.places if part and not part.entered_by_ref else self.programme.places_per_helper

    def _sessions(self) -> None:
        past = self.past.sessions
        if not past.days:
            return
        if len(set(past.days)) != len(past.days):
            self._say(FILE, "Deux séances de supervision ont la même date.")
        if not all(FIRST_DAY <= day <= self.day for day in past.days):
            self._say(FILE, "Une séance de supervision tenue a une date passée.")
        if not 15 <= past.minutes <= 480:
            self._say(FILE, "Une séance dure entre 15 minutes et 8 heures.")
        if not self.programme.supervisors.filter(ref=past.supervisor).exists():
            self._say(FILE, "Choisissez qui a animé ces séances de supervision.")
        days = {row.astimezone(clock.ZoneInfo(self.programme.time_zone)).date() for row in self._held()}
        if days & set(past.days):
            self._say(FILE, "Une de ces séances de supervision est déjà dans le portail.")

    def _held(self):
        sessions = self.programme.supervision_sessions.exclude(state=SessionState.CANCELLED)
        return sessions.values_list("starts_at", flat=True)


def _overlap(starts: dt.date, ends: dt.date | None, others: dt.date, until: dt.date | None) -> bool:
    return (until is None or starts <= until) and (ends is None or others <= ends)


def sides_of(form: str) -> tuple[str, str]:
    return (Side.PEER, Side.PEER) if form == Form.RECIPROCAL else (Side.HELPER, Side.HELPED)


def check(*, programme: Programme, past: Past, by: Person) -> dict[int, list[str]]:
    """What forbids the entry, sentences by line (0: what concerns no line); empty when it may be confirmed."""
    return _Check(programme, past, by).run()


# --- All or nothing -------------------------------------------------------------------------------------------------------
@transaction.atomic
def enter(*, programme: Programme, past: Past, by: Person) -> list[Pair]:
    """Write the whole past; raises DomainError and writes nothing when one line no longer holds."""
    if receipts.earlier(key=past.key):
        return []
    reading = _Check(programme, past, by)
    if reading.run():
        raise DomainError("La situation a changé depuis l’aperçu. Relisez les lignes signalées : rien n’a été écrit.")
    pairs = [_pair(programme, row, form, (one, other), by) for row, form, one, other in reading.seats]
    _sessions(programme, past.sessions, by)
    journal.log(actor=by, verb=Verb.ENTERED_FOR, target=programme, employer=programme.lead_employer, count=len(pairs))
    receipts.keep(key=past.key, person=by, url=f"takeover:{programme.ref}")
    return pairs


def _pair(programme: Programme, row: PastPair, form: str, people: tuple[_Someone, _Someone], by: Person) -> Pair:
    at = clock.noon(row.starts, programme.time_zone)
    pair = Pair.objects.create(
        programme=programme,
        form=form,
        origin=Origin.BEFORE,
        state=S.ENDED if row.ends else S.ACTIVE,
        proposed_at=clock.now(),
        all_yes_at=at,
        active_at=at,
        ended_on=row.ends,
        end_code=EndCode.UNSPECIFIED if row.ends else "",
        declared_meetings=row.meetings,
    )
    parts = [
        _participation(programme, someone, side, row, by) for someone, side in zip(people, sides_of(form), strict=True)
    ]
    named = (Part.PEER, Part.PEER) if form == Form.RECIPROCAL else (Part.HELPER, Part.HELPED)
    for part, what in zip(parts, named, strict=True):
        slot = 1 if row.ends else _slot(part)
        PairMember.objects.create(
            pair=pair, participation=part, person=part.person, part=what, slot=slot, yes_at=at, live=not row.ends
        )
    journal.log(actor=by, verb=Verb.ENTERED_FOR, target=pair, employer=programme.lead_employer)
    trained = parts if form == Form.RECIPROCAL else parts[:1]
    _paper_letter(parts[0], row, by)
    _training(programme, trained, row)
    for part in parts if not row.ends else []:
        if part.person.user_id:  # on paper, there is nowhere to write
            mail.post(
                kind="pairing/news", key=f"pair:{pair.ref}:news:{part.ref}", person=part.person, object_ref=pair.ref
            )
    return pair


def _participation(programme: Programme, someone: _Someone, side: str, row: PastPair, by: Person) -> Participation:
    """The open participation of this side, or a new one, accepted. A helper's places are those in use: more is theirs to say."""
    if someone.person is None:
        someone.person = Person.objects.create(given=someone.given, family=someone.family, created_at=clock.now())
        journal.log(
            actor=by, verb=Verb.ENTERED_FOR, target=someone.person, subject=someone.person, employer=someone.employer
        )
    part = someone.participation(side)
    if part is None:
        at = clock.noon(row.starts, programme.time_zone)
        part = Participation.objects.create(
            programme=programme,
            person=someone.person,
            employer=someone.employer,
            side=side,
            state=ParticipationState.ACCEPTED,
            places=0 if side == Side.HELPER else 1,
            entered_by_ref=by.ref,
            information_read_at=clock.now(),
            received_at=at,
            accepted_at=at,
        )
        journal.log(actor=by, verb=Verb.ENTERED_FOR, target=part, subject=someone.person, employer=someone.employer)
        someone.parts[side] = part
    live = part.memberships.filter(live=True).count()
    if side == Side.HELPER and not row.ends and part.entered_by_ref and part.places <= live:
        part.places = live + 1
        part.save(update_fields=["places"])
    return part


def _slot(part: Participation) -> int:
    taken = set(part.memberships.filter(live=True).values_list("slot", flat=True))
    return next(slot for slot in range(1, 6) if slot not in taken)


def _paper_letter(part: Participation, row: PastPair, by: Person) -> None:
    """The dates and hours of a letter on paper; nobody's text. Running, it is in force."""
    if not row.letter_starts or not row.letter_ends or part.letters.filter(starts=row.letter_starts).exists():
        return
    running = row.letter_ends >= clock.today(part.programme.time_zone)
    last = part.letters.order_by("-number").values_list("number", flat=True).first() or 0
    letter = Letter.objects.create(
        programme=part.programme,
        participation=part,
        origin=Origin.BEFORE,
        number=last + 1,
        state=LetterState.IN_FORCE if running else LetterState.ENDED,
        mission_title=letter_text.PROPOSED_TITLE,
        minutes_month=row.letter_minutes,
        starts=row.letter_starts,
        ends=row.letter_ends,
        in_force_at=clock.noon(row.letter_starts, part.programme.time_zone),
        ended_on=None if running else row.letter_ends,
        created_at=clock.now(),
    )
    journal.log(actor=by, verb=Verb.ENTERED_FOR, target=letter, subject=part.person, employer=part.employer)


def _training(programme: Programme, parts: list[Participation], row: PastPair) -> None:
    """One session by day and length, whoever followed it: its hours count, it is part of no base."""
    if not row.training_on:
        return
    session, _ = TrainingSession.objects.get_or_create(
        programme=programme,
        origin=Origin.BEFORE,
        on=row.training_on,
        minutes=row.training_minutes,
        defaults={"state": SessionState.HELD},
    )
    for part in parts:
        TrainingAttendance.objects.get_or_create(
            session=session, participation=part, defaults={"presence": Presence.PRESENT}
        )


def _sessions(programme: Programme, past: PastSessions, by: Person) -> None:
    if not past.days:
        return
    engagement = SupervisorEngagement.objects.get(programme=programme, ref=past.supervisor)
    for day in sorted(past.days):
        session = SupervisionSession.objects.create(
            programme=programme,
            supervisor=engagement,
            kind=SupervisionKind.GROUP,
            starts_at=clock.noon(day, programme.time_zone),
            minutes=past.minutes,
            state=SessionState.HELD,
        )
        journal.log(actor=by, verb=Verb.ENTERED_FOR, target=session, employer=programme.lead_employer)
