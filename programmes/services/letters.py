"""Mission letters: drafted by the référent, agreed to by the agent, given time, validated by RH, in force.

The agent's yes freezes both texts with their hashes: nothing of them changes afterwards. The visa of time lives in
programmes/services/visas.py, the files in letter_documents.py. An engagement between peers is the same, in one move.
"""

import datetime as dt
import json
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Max

from portal import clock, terms
from portal.dates import day_in_words, duration_in_words
from portal.enums import EmployerRoleKind, Verb
from portal.errors import Conflict, DomainError, Refused
from portal.jobs import in_simulated_past
from portal.models import EmployerRole, Person, StoredDocument
from portal.registry import CLEARED, hooks
from portal.services import jobs, journal, links, mail
from portal.services.accounts import domain_of
from programmes import letter_text
from programmes.access import may_decide
from programmes.enums import LetterKind, ParticipationState, Party, ProgrammeRoleKind, Side, SignatureMeans, VisaBy
from programmes.models import Letter, Participation, Programme, Signature
from programmes.services import charter, gates
from programmes.services.letter_moves import BEFORE, MOVES, S

GATE = "letter"
VISA, VISA_DAYS = "visa", 14
# Papers of a letter, made by the job of services/letter_documents.py.
KIND, LETTER, VISA_PAGE = "programmes.letter", "lettre", "visa"
MAX_MINUTES = 600
TEXTS = {
    LetterKind.LETTER: letter_text.letter,
    LetterKind.CONVENTION: letter_text.convention,
    LetterKind.ENGAGEMENT: letter_text.engagement,
}
VALIDATED = "Cette validation est déjà enregistrée : la lettre n’en attend pas d’autre de cette personne."
ALTERED = "Le texte gardé ne correspond plus à son empreinte. Ne le validez pas et prévenez la personne qui pilote."


# --- Facts and texts ------------------------------------------------------------------------------------------------
def default_period(programme: Programme) -> tuple[dt.date, dt.date]:
    """From today to the programme's end, twelve months at most."""
    today = clock.today(programme.time_zone)
    last = last_day(today)
    return today, min(programme.ends, last) if programme.ends and programme.ends > today else last


def last_day(starts: dt.date) -> dt.date:
    """The last day of twelve months from `starts`."""
    same_day = starts.replace(year=starts.year + 1, day=min(starts.day, 28) if starts.month == 2 else starts.day)
    return same_day - dt.timedelta(days=1)


def referents(programme: Programme, *, but: Person | None = None) -> list[Person]:
    """Who answers for the programme today: référents, else the deputy, never the agent concerned."""
    held = programme.roles.on(clock.today(programme.time_zone)).exclude(person=but).select_related("person__user")
    by_role = {kind: [row.person for row in held.filter(role=kind).order_by("pk")] for kind in _TEAM}
    return by_role[_TEAM[0]] or by_role[_TEAM[1]]


_TEAM = (ProgrammeRoleKind.REFERENT, ProgrammeRoleKind.DEPUTY)


def facts_of(letter: Letter) -> letter_text.Facts:
    """What the texts say, as things stand now."""
    version = charter.current(letter.programme)
    if version is None:
        raise DomainError("Mettez d’abord la charte du programme en vigueur : la lettre en cite la version.")
    person, employer = letter.participation.person, letter.participation.employer
    team = referents(letter.programme, but=person)
    contact = team[0] if team else None
    address = contact.user.email if contact and contact.user_id else ""
    place = person.affiliations.on(letter.starts).filter(employer=employer).select_related("unit").first()
    return letter_text.Facts(
        reference=str(letter.ref)[:8].upper(),
        employer=employer.name,
        neutral_employer=employer.neutral_name,
        branch=employer.get_branch_display(),
        unit=place.unit.name if place and place.unit else "",
        agent=person.full_name,
        referent=contact.full_name if contact else "l’équipe du programme",
        function=terms.term("fonction_neutre", letter.programme.words),
        contact="" if letter_text.health_words(address) else address,
        mission=letter.mission_title,
        starts=letter.starts,
        ends=letter.ends,
        minutes_month=letter.minutes_month,
        absence_days=letter.absence_days,
        charter_number=version.number,
        charter_sha256=version.sha256,
        missions=tuple(letter.choices.get("missions", ())),
        organisation=letter.choices.get("organisation", ""),
    )


def body_of(letter: Letter) -> dict:
    """The letter's text: frozen and checked against its hash, or as it would be frozen now. Raises DomainError."""
    if not letter.sha256:
        facts = facts_of(letter)
        return TEXTS[letter.kind](facts)
    body = _checked(letter.body, letter.sha256)
    if body.get("visa_sha256", "") != letter.visa_sha256:
        raise DomainError(ALTERED)
    return body


def on_paper(letter: Letter) -> str:
    """What the portal knows of a letter from before it: dates and hours, no text."""
    starts, ends = day_in_words(letter.starts, weekday=False), day_in_words(letter.ends, weekday=False)
    time = f", {duration_in_words(letter.minutes_month)} par mois" if letter.minutes_month else ""
    return f"Lettre signée sur papier, avant le portail : du {starts} au {ends}{time}. Son texte n’est pas ici."


def visa_of(letter: Letter) -> dict:
    """The visa's page, frozen and checked, or as it would be frozen now. Raises DomainError."""
    return _checked(letter.visa, letter.visa_sha256) if letter.visa_sha256 else letter_text.visa(facts_of(letter))


def _checked(text: str, sha256: str) -> dict:
    if letter_text.digest(text) != sha256:
        raise DomainError(ALTERED)
    return json.loads(text)


def _freeze(letter: Letter) -> None:
    facts = facts_of(letter)
    if letter.kind == LetterKind.LETTER:
        letter.visa = letter_text.canonical(letter_text.visa(facts))
        letter.visa_sha256 = letter_text.digest(letter.visa)
    letter.body = letter_text.canonical(TEXTS[letter.kind](facts))
    letter.sha256 = letter_text.digest(letter.body)


def in_force(participation: Participation) -> bool:
    """Whether a letter (or, between peers, an engagement) holds today: from its first day to its last, paused or not."""
    return _holding(participation).exists()


def covered(participation: Participation) -> bool:
    """Whether somebody may begin today: a letter that holds and is not paused, or one RH still have days to validate."""
    holding = list(_holding(participation))
    if any(letter.suspended_on for letter in holding):
        return False
    if holding:
        return True
    today = clock.today(participation.programme.time_zone)
    sent = participation.letters.filter(state=S.TO_HR, starts__lte=today, ends__gte=today)
    letter = sent.select_related("programme__lead_employer").first()
    last = hr_due(letter) if letter else None
    return last is not None and today <= last


def _holding(participation: Participation) -> models.QuerySet[Letter]:
    """The days of grace after the end are not in it: they bind only what is new (field R21)."""
    return participation.letters.holding(clock.today(participation.programme.time_zone))


def hr_due(letter: Letter) -> dt.date | None:
    """The last of the days the programme leaves RH once agent and authority agreed; none where it waits for RH.

    Without a visa of time, RH are the authority: nothing begins before them.
    """
    visa = letter.signatures.filter(party=Party.MANAGER).first() if letter.state == S.TO_HR else None
    days = gates.value(letter.programme, gates.HR_DAYS) if visa else 0
    if not days:
        return None
    return visa.at.astimezone(ZoneInfo(letter.programme.time_zone)).date() + dt.timedelta(days=days)


# --- The référent's draft -------------------------------------------------------------------------------------------
@transaction.atomic
def draft(*, participation: Participation, by: Person, **terms_of_mission) -> Letter:
    """Begin the letter of an accepted helper: title, minutes a month, absence days, dates, missions ticked.

    With an `organisation` outside, it is a convention: no visa of time, the organisation signs on paper.
    """
    decides(participation, by)
    if participation.side != Side.HELPER or participation.state != ParticipationState.ACCEPTED:
        raise DomainError("Une lettre se prépare pour une personne acceptée, qui propose d’accompagner.")
    if participation.letters.filter(state__in=(*BEFORE, S.IN_FORCE)).exists():
        raise DomainError("Cette personne a déjà une lettre en préparation ou en vigueur.")
    return begin(participation, by, **terms_of_mission)


def begin(participation: Participation, by: Person, *, missions: list[str], organisation: str = "", **terms) -> Letter:
    """A draft, checked and written in the journal. Raises DomainError."""
    letter = Letter(
        programme=participation.programme,
        participation=participation,
        kind=LetterKind.CONVENTION if organisation.strip() else LetterKind.LETTER,
        number=_next_number(participation),
        choices=_choices(missions, organisation),
        created_at=clock.now(),
        **terms,
    )
    _check(letter)
    letter.save()
    journal.log(
        actor=by, verb=Verb.CREATED, target=letter, subject=participation.person, employer=participation.employer
    )
    return letter


def _choices(missions: list[str], organisation: str) -> dict:
    organisation = organisation.strip()
    return {"missions": missions} | ({"organisation": organisation} if organisation else {})


@transaction.atomic
def change(*, letter: Letter, by: Person, seen: int, missions: list[str], organisation: str = "", **terms_of_mission):
    """New terms for a letter the agent has not received; raises Conflict if changed meanwhile."""
    decides(letter.participation, by)
    terms_of_mission["kind"] = LetterKind.CONVENTION if organisation.strip() else LetterKind.LETTER
    for name, value in terms_of_mission.items():
        setattr(letter, name, value)
    letter.choices = _choices(missions, organisation)
    _check(letter)
    _write(letter, S.DRAFT, seen, choices=letter.choices, **terms_of_mission)


def send(*, letter: Letter, by: Person) -> None:
    """To the agent, who reads both pages before anybody else sees one."""
    decides(letter.participation, by)
    facts_of(letter)
    with MOVES.moving(letter, "send", by=by) as fresh:
        tell(fresh, "letter_ready", [fresh.participation.person])


def cancel(*, letter: Letter, by: Person) -> None:
    """Give the letter up before it is in force: what was validated counts no more, links stop working."""
    decides(letter.participation, by)
    with MOVES.moving(letter, "cancel", by=by) as fresh:
        links.revoke(purpose=VISA, object_ref=fresh.ref)
        if fresh.sha256:
            tell(fresh, "letter_news", [fresh.participation.person])


# --- The agent ------------------------------------------------------------------------------------------------------
@transaction.atomic
def retitle(*, letter: Letter, by: Person, title: str, seen: int) -> None:
    """The agent chooses the words their manager will read."""
    own(letter, by)
    letter.mission_title = title.strip()
    _check(letter)
    _write(letter, S.TO_AGENT, seen, mission_title=letter.mission_title)


def ask_changes(*, letter: Letter, by: Person) -> None:
    """Back to the référent, without a written reason: it is talked about."""
    own(letter, by)
    with MOVES.moving(letter, "ask_changes", by=by) as fresh:
        tell(fresh, "letter_back", referents(fresh.programme, but=by))


def agree(*, letter: Letter, by: Person, seen: int, visa_by: str, address: str = "") -> None:
    """The agent's yes to the two pages read at version `seen`: both texts freeze, then go where the agent says."""
    own(letter, by)
    if letter.kind == LetterKind.CONVENTION:
        visa_by = VisaBy.HR
    address = manager_address(letter, visa_by, address)
    with MOVES.moving(letter, "agree_hr" if visa_by == VisaBy.HR else "agree", by=by) as fresh:
        if fresh.version != seen:
            raise Conflict
        _check(fresh)
        _freeze(fresh)
        fresh.visa_by, fresh.visa_address = visa_by, address
        fresh.save(update_fields=["visa_address"])
        sign(fresh, Party.AGENT, person=by)
        journal.log(actor=by, verb=Verb.DECIDED, target=fresh, subject=by, employer=fresh.participation.employer)
        if visa_by == VisaBy.HR:
            tell_hr(fresh)
        else:
            ask_visa(fresh, address)


def manager_address(letter: Letter, visa_by: str, address: str) -> str:
    """Where the visa is asked for: a professional address of the employer, not the agent's own. Raises DomainError."""
    if visa_by not in VisaBy.values:
        raise DomainError("Choisissez qui donne le temps.", field="visa_by")
    if visa_by == VisaBy.HR:
        return ""
    address, person = address.strip().lower(), letter.participation.person
    if not address:
        raise DomainError("Donnez l’adresse professionnelle de cette personne.", field="address")
    own = {person.user.email if person.user_id else "", person.notify_email.open(person.ref).lower()}
    if address in own:
        raise DomainError("Cette adresse est la vôtre : le temps est donné par quelqu’un d’autre.", field="address")
    domains = set(letter.participation.employer.domains.values_list("domain", flat=True))
    if domains and domain_of(address) not in domains:
        raise DomainError("Donnez une adresse professionnelle de votre employeur.", field="address")
    return address


@transaction.atomic
def engage(*, participation: Participation, by: Person) -> Letter:
    """A peer validates their own one-page engagement, alone; it is in force at once."""
    if participation.person_id != by.pk:
        raise Refused("Seule la personne concernée peut faire cela.")
    today = clock.today(participation.programme.time_zone)
    if participation.letters.filter(state=S.IN_FORCE, ends__gte=today).exists():
        raise DomainError("Votre engagement est déjà validé.")
    letter = engagement_of(participation)
    letter.save()
    with MOVES.moving(letter, "engage", by=by) as fresh:
        _freeze(fresh)
        sign(fresh, Party.AGENT, person=by)
        _starts(fresh, by)
    _print(letter)
    clear(participation)
    return letter


def engagement_of(participation: Participation) -> Letter:
    """The engagement as it would be validated now, not saved. Raises DomainError."""
    if participation.side != Side.PEER or participation.state != ParticipationState.ACCEPTED:
        raise DomainError("Un engagement se valide une fois l’inscription entre pairs acceptée.")
    starts, ends = default_period(participation.programme)
    return Letter(
        programme=participation.programme,
        participation=participation,
        kind=LetterKind.ENGAGEMENT,
        state=S.TO_AGENT,
        number=_next_number(participation),
        mission_title=letter_text.PROPOSED_TITLE,
        starts=starts,
        ends=ends,
        created_at=clock.now(),
    )


# --- RH -------------------------------------------------------------------------------------------------------------
@transaction.atomic
def validate(*, letter: Letter, by: Person, document: StoredDocument | None = None) -> None:
    """RH's validation, in the portal or by the signed scan `document`: the letter is in force."""
    _signs_for_hr(letter, by)
    body_of(letter)
    if letter.kind == LetterKind.LETTER:
        visa_of(letter)
    if letter.kind == LetterKind.CONVENTION and not letter.signatures.filter(party=Party.OUTSIDE).exists():
        raise DomainError("L’organisme extérieur n’a pas encore signé : la personne qui pilote dépose sa convention.")
    with MOVES.moving(letter, "validate", by=by) as fresh:
        sign(fresh, Party.HR, person=by, document=document)
        _starts(fresh, by)
    _print(letter)
    clear(letter.participation)
    tell(letter, "letter_news", [letter.participation.person])


def hand_back(*, letter: Letter, by: Person) -> None:
    """RH gives the letter back to the référent, who may begin another one: a frozen text is never corrected."""
    _signs_for_hr(letter, by)
    with MOVES.moving(letter, "hand_back", by=by) as fresh:
        person = fresh.participation.person
        tell(fresh, "letter_back", referents(fresh.programme, but=person))
        tell(fresh, "letter_news", [person])


def _signs_for_hr(letter: Letter, by: Person) -> None:
    employer = letter.participation.employer
    today = clock.today(employer.time_zone)
    signatories = EmployerRole.objects.on(today).filter(employer=employer, role=EmployerRoleKind.HR_SIGNATORY)
    if not signatories.filter(person=by).exists():
        raise Refused("Seule une personne signataire des RH peut valider une lettre.")
    if letter.participation.person_id == by.pk:
        raise Refused("Cette lettre est la vôtre : une autre personne des RH la valide.")


# --- Shared ---------------------------------------------------------------------------------------------------------
def sign(
    letter: Letter,
    party: Party,
    *,
    person: Person | None = None,
    sent_to: str = "",
    document: StoredDocument | None = None,
) -> Signature:
    """Keep one validation, of the text's hash as it is now; each party validates once. Raises DomainError."""
    if letter.signatures.filter(party=party).exists():
        raise DomainError(VALIDATED)
    return Signature.objects.create(
        letter=letter,
        party=party,
        person=person,
        sent_to=sent_to,
        means=SignatureMeans.SCAN if document else SignatureMeans.PORTAL,
        document=document,
        sha256=letter.visa_sha256 if party == Party.MANAGER else letter.sha256,
        at=clock.now(),
    )


def _starts(letter: Letter, by: Person) -> None:
    """In force: the one before holds until the day before this one does, and both texts are kept."""
    letter.in_force_at = clock.now()
    participation = letter.participation
    first = max(letter.starts, clock.today(letter.programme.time_zone))
    for earlier in participation.letters.filter(state=S.IN_FORCE).exclude(pk=letter.pk):
        with MOVES.moving(earlier, "replace", by=by) as before:
            before.ended_on = min(before.ends, first - dt.timedelta(days=1))
        letter.suspended_on = letter.suspended_on or earlier.suspended_on
    journal.log(
        actor=by, verb=Verb.DECIDED, target=letter, subject=participation.person, employer=participation.employer
    )


def key_of(letter: Letter, which: str) -> str:
    """Before it is in force a letter is a paper to sign; afterwards it bears its validations."""
    final = which == VISA_PAGE or letter.state in (S.IN_FORCE, S.ENDED)
    return f"letter:{letter.ref}:{which}:{'final' if final else 'to-sign'}"


def _print(letter: Letter) -> None:
    """Have the PDF made. A builder of histories leaves it for whoever asks first."""
    if not in_simulated_past():
        jobs.enqueue(kind=KIND, key=key_of(letter, LETTER), object_ref=letter.ref)


def clear(participation: Participation) -> None:
    """Something changed for the better: pairs that waited for it may go on."""
    for hook in hooks(CLEARED):
        hook(participation, GATE)


def ask_visa(letter: Letter, address: str) -> None:
    """One link at a time, sent to `address`: an earlier one stops working."""
    links.revoke(purpose=VISA, object_ref=letter.ref)
    link, token = links.issue(purpose=VISA, object_ref=letter.ref, days=VISA_DAYS)
    key = f"letter:{letter.ref}:visa:{link.ref}"
    about = {"object_ref": letter.ref, "employer": letter.participation.employer}
    mail.post(kind="programmes/letter_visa", key=key, address=address, secret={"token": token}, **about)


def tell_hr(letter: Letter) -> None:
    """Each person who validates for RH is told that something waits."""
    employer = letter.participation.employer
    today = clock.today(employer.time_zone)
    roles = EmployerRole.objects.on(today).filter(employer=employer, role=EmployerRoleKind.HR_SIGNATORY)
    tell(letter, "letter_hr", [role.person for role in roles.select_related("person")])


def tell(letter: Letter, event: str, people: list[Person]) -> None:
    """One neutral mail each, once per version of the letter."""
    for person in people:
        key = f"letter:{letter.ref}:{event}:{letter.version}:{person.ref}"
        mail.post(kind=f"programmes/{event}", key=key, person=person, object_ref=letter.ref)


def _check(letter: Letter) -> None:
    if not letter.mission_title.strip():
        raise DomainError("Donnez un intitulé à la mission.", field="mission_title")
    if letter_text.health_words(letter.mission_title):
        raise DomainError("Choisissez un intitulé neutre : l’encadrement le lira.", field="mission_title")
    if letter_text.health_words(terms.term("fonction_neutre", letter.programme.words)):
        raise DomainError("Le nom neutre de la fonction parle de santé : changez-le dans les mots du programme.")
    if not 0 < letter.minutes_month <= MAX_MINUTES:
        raise DomainError("Le temps va d’une demi-heure à 10 heures par mois.", field="hours_month")
    if letter.ends <= letter.starts:
        raise DomainError("La fin doit venir après le début.", field="ends")
    if letter.ends > last_day(letter.starts):
        raise DomainError("Une lettre dure douze mois au plus.", field="ends")
    if not letter.choices.get("missions"):
        raise DomainError("Cochez au moins une mission.", field="missions")
    if set(letter.choices["missions"]) - dict(letter_text.missions()).keys():
        raise DomainError("Cette mission n’existe pas.", field="missions")


def _write(letter: Letter, state: str, seen: int, **values) -> None:
    """Write columns if the letter is still in `state`, unfrozen, at version `seen`."""
    row = Letter.objects.filter(pk=letter.pk, state=state, sha256="")
    if not row.filter(version=seen).update(version=seen + 1, **values):
        if row.exists():
            raise Conflict
        raise DomainError("Cette lettre ne se modifie plus.")
    letter.refresh_from_db()


def _next_number(participation: Participation) -> int:
    return (participation.letters.aggregate(last=Max("number"))["last"] or 0) + 1


def decides(participation: Participation, by: Person) -> None:
    """Nobody decides on their own letter (decision 17)."""
    if not may_decide(by, participation):
        raise Refused("Cette lettre est la vôtre : la personne suppléante s’en occupe.")


def own(letter: Letter, by: Person) -> None:
    """The agent's acts are the agent's alone."""
    if letter.participation.person_id != by.pk:
        raise Refused("Seule la personne concernée peut faire cela.")
