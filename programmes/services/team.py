"""Who carries the programme: roles given and ended, seats of its bodies, contacts (field R11)."""

import datetime as dt

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When

from portal import clock
from portal.enums import HR_ROLES, Verb
from portal.errors import DomainError
from portal.models import Affiliation, EmployerRole, Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from programmes.enums import Body, ContactKind, Function, HandoverState, ProgrammeRoleKind
from programmes.models import Contact, Programme, ProgrammeRole, Seat
from programmes.services import opening, rollout

R = ProgrammeRoleKind
# Whoever may one day see the participants.
LEADING = (R.REFERENT, R.DEPUTY)
UNKNOWN = (
    "Nous ne trouvons personne à cette adresse chez votre employeur ni chez un employeur partenaire. "
    "Vérifiez-la, ou demandez à cette personne de créer son compte."
)
SUPERVISES = (
    "Cette personne ne peut pas superviser ce programme : elle le conduit, elle y participe, ou elle encadre des "
    "personnes qui y participent. Une supervision se tient en dehors."
)
ALREADY_SUPERVISES = "Cette personne supervise ce programme : elle ne peut pas aussi le conduire."
HR_TOO = (
    "Cette personne travaille aussi aux RH. C’est permis ; cochez la case pour dire que les agents le liront avant de "
    "s’inscrire, avec un autre contact."
)


# --- People ---------------------------------------------------------------------------------------------------------
def known_person(programme: Programme, email: str) -> Person:
    """The person whose account has this address, with the lead employer or a partner.

    Raises DomainError with one sentence whether the account does not exist or belongs to another employer.
    """
    today = clock.today(programme.time_zone)
    partners = programme.partners.filter(left__isnull=True).values_list("employer", flat=True)
    employers = [programme.lead_employer_id, *partners]
    here = Affiliation.objects.on(today).filter(employer__in=employers).values("person")
    invited = EmployerRole.objects.on(today).filter(employer__in=employers).values("person")
    team = programme.roles.on(today).values("person")
    known = Person.objects.filter(Q(pk__in=here) | Q(pk__in=invited) | Q(pk__in=team))
    person = known.filter(user__email=email.strip().lower(), user__is_active=True).first()
    if person is None:
        raise DomainError(UNKNOWN, field="email")
    return person


def in_hr(person: Person, programme: Programme) -> bool:
    """Whether the person works today in the RH of one of the programme's employers."""
    partners = programme.partners.filter(left__isnull=True).values("employer")
    held = EmployerRole.objects.on(clock.today(programme.time_zone)).filter(person=person, role__in=HR_ROLES)
    return held.filter(Q(employer=programme.lead_employer_id) | Q(employer__in=partners)).exists()


def _above_participants(programme: Programme) -> set[int]:
    """Everybody in the line above somebody who takes part, by primary key."""
    today = clock.today(programme.time_zone)
    people: set[int] = set(programme.participations.open().values_list("person", flat=True)) - {None}
    above: set[int] = set()
    while people:
        links = Affiliation.objects.on(today).filter(person__in=people, manager__isnull=False)
        people = set(links.values_list("manager", flat=True)) - above
        above |= people
    return above


def check_role(*, programme: Programme, person: Person, role: str, hr_known: bool = False) -> None:
    """Refuse, with one sentence, a role that this person may not hold here."""
    today = clock.today(programme.time_zone)
    held = programme.roles.filter(person=person).filter(Q(ends__isnull=True) | Q(ends__gte=today))
    if role == R.SUPERVISOR:
        leads = held.filter(role__in=LEADING).exists()
        joins = programme.participations.open().filter(person=person).exists()
        if leads or joins or person.pk in _above_participants(programme):
            raise DomainError(SUPERVISES, field="role")
    if role in LEADING:
        if held.filter(role=R.SUPERVISOR).exists():
            raise DomainError(ALREADY_SUPERVISES, field="role")
        if in_hr(person, programme) and not hr_known:
            raise DomainError(HR_TOO, field="hr_known")


# --- Roles ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def give(
    *, programme: Programme, email: str, role: str, by: Person, starts: dt.date | None = None, hr_known: bool = False
) -> ProgrammeRole:
    """Give a role, from today or from a later day, to somebody named by their professional address."""
    starts = starts or clock.today(programme.time_zone)
    if starts < clock.today(programme.time_zone):
        raise DomainError("Un rôle commence aujourd’hui ou plus tard.", field="starts")
    person = known_person(programme, email)
    check_role(programme=programme, person=person, role=role, hr_known=hr_known)
    held = programme.roles.filter(person=person, role=role)
    if held.filter(Q(ends__isnull=True) | Q(ends__gte=starts)).exists():
        raise DomainError("Cette personne a déjà ce rôle.", field="email")
    return rollout.grant(programme=programme, person=person, role=role, by=by, starts=starts)


@transaction.atomic
def end(*, role: ProgrammeRole, last_day: dt.date, by: Person) -> None:
    """The role ends after `last_day`: yesterday closes the access at once. History stays; a role not begun yet goes."""
    programme = role.programme
    today = clock.today(programme.time_zone)
    if last_day < today - dt.timedelta(days=1):
        raise DomainError("Le dernier jour est hier au plus tôt.", field="last_day")
    announced = programme.handovers.filter(state=HandoverState.ANNOUNCED, on__gt=today)
    if role.role == R.REFERENT and announced.filter(Q(leaver=role.person) | Q(successor=role.person)).exists():
        raise DomainError("Une passation est annoncée pour ce rôle : abandonnez-la d’abord.", field="last_day")
    if role.starts > today:
        journal.log(actor=by, verb=Verb.MOVED, target=role, subject=role.person, employer=programme.lead_employer)
        role.delete()
        return
    if last_day < role.starts:
        raise DomainError(
            "Ce rôle a commencé aujourd’hui : son dernier jour est aujourd’hui au plus tôt.", field="last_day"
        )
    if not ProgrammeRole.objects.filter(pk=role.pk).exclude(ends__lt=today).update(ends=last_day):
        raise DomainError("Ce rôle est déjà terminé.")
    journal.log(actor=by, verb=Verb.MOVED, target=role, subject=role.person, employer=programme.lead_employer)


def roles_of(programme: Programme) -> tuple[list[ProgrammeRole], list[ProgrammeRole]]:
    """Held today or later, then ended."""
    today = clock.today(programme.time_zone)
    rows = list(programme.roles.select_related("person").order_by("role", "starts", "pk"))
    past = [row for row in rows if row.ends and row.ends < today]
    return [row for row in rows if row not in past], past


def missing(programme: Programme) -> list[str]:
    """What the team still lacks, one sentence each."""
    lines = []
    if not opening.has_referent(programme):
        lines.append("Aucun·e référent·e n’est en place.")
    if not opening.has_deputy(programme):
        lines.append("Il manque un·e suppléant·e, ou un relais de continuité chez un autre employeur.")
    if not programme.seats.filter(body=Body.STEERING, function=Function.PARTICIPANTS).exists():
        lines.append("Le comité de pilotage n’a pas encore de siège des participants : il est obligatoire.")
    return lines


# --- Seats ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_seat(
    *, programme: Programme, body: str, function: str, by: Person, name: str = "", name_agreed: bool = False
) -> Seat:
    """A seat; a name only with the person's agreement."""
    if name.strip() and not name_agreed:
        raise DomainError(
            "Un nom ne s’affiche qu’avec l’accord de la personne : cochez la case, ou laissez vide.", field="name"
        )
    seat = Seat.objects.create(
        programme=programme, body=body, function=function, name=name.strip(), name_agreed=bool(name.strip())
    )
    journal.log(actor=by, verb=Verb.CREATED, target=seat, employer=programme.lead_employer)
    return seat


@transaction.atomic
def remove_seat(*, seat: Seat, by: Person) -> None:
    journal.log(actor=by, verb=Verb.CHANGED, target=seat, employer=seat.programme.lead_employer)
    seat.delete()


# --- Contacts -------------------------------------------------------------------------------------------------------
CONTACT_FIELDS = ["kind", "name", "phone", "email", "hours"]


def contacts_of(programme: Programme) -> QuerySet[Contact]:
    """In the order of the list of kinds, who listens first: the same for the team and for agents."""
    ranks = [When(kind=kind, then=rank) for rank, kind in enumerate(ContactKind.values)]
    return programme.contacts.order_by(Case(*ranks), "pk")


@transaction.atomic
def add_contact(*, programme: Programme, by: Person, **fields: str) -> Contact:
    _reachable(fields)
    contact = Contact.objects.create(programme=programme, **fields)
    journal.log(actor=by, verb=Verb.CREATED, target=contact, employer=programme.lead_employer)
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, seen: int, by: Person, **fields: str) -> None:
    """Raises Conflict when somebody else changed it meanwhile."""
    _reachable(fields)
    for name, value in fields.items():
        setattr(contact, name, value)
    save_if_unchanged(contact, seen=seen, fields=CONTACT_FIELDS)
    journal.log(actor=by, verb=Verb.CHANGED, target=contact, employer=contact.programme.lead_employer)


@transaction.atomic
def remove_contact(*, contact: Contact, by: Person) -> None:
    journal.log(actor=by, verb=Verb.CHANGED, target=contact, employer=contact.programme.lead_employer)
    contact.delete()


def _reachable(fields: dict[str, str]) -> None:
    if not fields.get("phone") and not fields.get("email"):
        raise DomainError("Donnez un téléphone ou une adresse électronique.", field="phone")


def hr_warning(programme: Programme) -> list[Person]:
    """Référents of today who also work in RH: agents read it before joining (field R11)."""
    held = programme.roles.on(clock.today(programme.time_zone)).filter(role=R.REFERENT).select_related("person")
    return [row.person for row in held if in_hr(row.person, programme)]


def other_contact(programme: Programme) -> Contact | None:
    """Whom to call instead of a référent who works in RH: never the RH themselves."""
    order = [
        ContactKind.HEALTH,
        ContactKind.SOCIAL,
        ContactKind.PSYCHOLOGIST,
        ContactKind.RELAY,
        ContactKind.PREVENTION,
    ]
    rows = {row.kind: row for row in programme.contacts.filter(kind__in=order).order_by("-pk")}
    return next((rows[kind] for kind in order if kind in rows), None)
