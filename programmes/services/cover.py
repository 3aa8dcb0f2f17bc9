"""Absence of a référent, the deputy's relay, and what happens when no référent is left (field R10, R31).

The deputy sees nobody until taking over, on purpose, by a dated role of référent that each participant reads in
« Mes données ». Without référent, new entries close STILL_OPEN_DAYS after the last one's end; pairs live on.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F, Max, QuerySet

from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Employer, Person
from portal.services import journal, mail
from programmes.access import STILL_OPEN_DAYS
from programmes.enums import ProgrammeRoleKind, ProgrammeState
from programmes.models import Absence, Programme, ProgrammeRole
from programmes.services import team

R = ProgrammeRoleKind
COVER_DAYS = 30
MAIL = "programmes/absence"
PRESENT = "Un·e référent·e est présent·e : le relais n’est pas nécessaire."
LIVE = (ProgrammeState.PREPARING, ProgrammeState.OPEN)


def referents(programme: Programme) -> QuerySet[ProgrammeRole]:
    """Référents in force today, away or not."""
    return programme.roles.on(clock.today(programme.time_zone)).filter(role=R.REFERENT)


def absences_today(programme: Programme) -> QuerySet[Absence]:
    today = clock.today(programme.time_zone)
    return Absence.objects.filter(role__in=referents(programme), starts__lte=today, ends__gte=today)


def present(programme: Programme) -> QuerySet[ProgrammeRole]:
    """Référents in force and not away today."""
    return referents(programme).exclude(pk__in=absences_today(programme).values("role"))


def deputies(programme: Programme) -> QuerySet[ProgrammeRole]:
    return programme.roles.on(clock.today(programme.time_zone)).filter(role=R.DEPUTY)


def may_take_over(programme: Programme, person: Person) -> bool:
    return deputies(programme).filter(person=person).exists() and not present(programme).exists()


def covers(programme: Programme) -> QuerySet[ProgrammeRole]:
    """Relays under way today or ended less than two weeks ago."""
    today = clock.today(programme.time_zone)
    relayed = programme.roles.filter(role=R.REFERENT, starts__lte=today, ends__gte=today - dt.timedelta(days=14))
    people = programme.roles.filter(role=R.DEPUTY, starts__lte=F("starts")).values("person")
    return relayed.filter(person__in=people)


def in_words(relay: ProgrammeRole) -> str:
    """« Morgan T. a pris le relais du 3 mars au 9 mars 2026 »."""
    days = f"du {day_in_words(relay.starts, weekday=False)} au {day_in_words(relay.ends, weekday=False)}"
    return f"{relay.person.short_name} a pris le relais {days}"


# --- Absence --------------------------------------------------------------------------------------------------------
@transaction.atomic
def declare_absence(*, role: ProgrammeRole, starts: dt.date, ends: dt.date, by: Person) -> Absence:
    """Days on which the référent is away; why is never asked. The deputies are told, in a neutral mail."""
    if role.person_id != by.pk:
        raise Refused("Chacun·e déclare ses propres absences.")
    if ends < starts:
        raise DomainError("Le dernier jour vient après le premier.", field="ends")
    if ends < clock.today(role.programme.time_zone):
        raise DomainError("Cette absence est déjà passée.", field="ends")
    if role.absences.filter(starts__lte=ends, ends__gte=starts).exists():
        raise DomainError("Une autre absence couvre déjà une partie de ces jours.", field="starts")
    absence = Absence.objects.create(role=role, starts=starts, ends=ends)
    journal.log(actor=by, verb=Verb.CREATED, target=absence, employer=role.programme.lead_employer)
    for deputy in deputies(role.programme).exclude(person=by).select_related("person"):
        key = f"absence:{absence.ref}:{deputy.person.ref}"
        mail.post(kind=MAIL, key=key, person=deputy.person, object_ref=absence.ref)
    return absence


@transaction.atomic
def come_back(*, absence: Absence, by: Person) -> None:
    """Back early, or not away after all: the deputy's relay ends at once."""
    programme = absence.role.programme
    if absence.role.person_id != by.pk:
        raise Refused("Chacun·e déclare ses propres absences.")
    today = clock.today(programme.time_zone)
    yesterday = today - dt.timedelta(days=1)
    journal.log(actor=by, verb=Verb.CHANGED, target=absence, employer=programme.lead_employer)
    if absence.starts < today:
        Absence.objects.filter(pk=absence.pk).update(ends=yesterday)
    else:
        absence.delete()
    for relay in covers(programme).filter(ends__gte=today).exclude(person=by):
        ProgrammeRole.objects.filter(pk=relay.pk).update(ends=max(relay.starts, yesterday))


# --- Relay ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def take_over(*, programme: Programme, by: Person) -> ProgrammeRole:
    """The deputy acts as référent from today to the end of the absence, or for COVER_DAYS when no référent is left.

    Every participant finds it in their access log. Raises DomainError while a référent is present.
    """
    programme = Programme.objects.select_for_update().select_related("lead_employer").get(pk=programme.pk)
    if not deputies(programme).filter(person=by).exists():
        raise Refused("Seule la personne suppléante prend le relais.")
    if present(programme).exists():
        raise DomainError(PRESENT)
    team.check_role(programme=programme, person=by, role=R.REFERENT, hr_known=True)
    today = clock.today(programme.time_zone)
    role = ProgrammeRole.objects.create(
        programme=programme, person=by, role=R.REFERENT, starts=today, ends=relay_ends(programme)
    )
    journal.log(actor=by, verb=Verb.TOOK_OVER, target=role, employer=programme.lead_employer)
    people = Person.objects.filter(participations__in=programme.participations.open()).exclude(pk=by.pk).distinct()
    for person in people:
        journal.log(actor=by, verb=Verb.TOOK_OVER, target=role, subject=person, employer=programme.lead_employer)
    return role


def relay_ends(programme: Programme) -> dt.date:
    """The last day of a relay taken today: the first référent to come back, or to begin, ends it."""
    today = clock.today(programme.time_zone)
    days = list(absences_today(programme).values_list("ends", flat=True)) or [today + dt.timedelta(days=COVER_DAYS)]
    coming = programme.roles.filter(role=R.REFERENT, starts__gt=today).order_by("starts").first()
    if coming:
        days.append(coming.starts - dt.timedelta(days=1))
    return min(days)


# --- Nobody left ----------------------------------------------------------------------------------------------------
def entries_close_after(programme: Programme) -> dt.date | None:
    """The last day on which agents may still join, when no référent is in force; None otherwise."""
    if referents(programme).exists():
        return None
    today = clock.today(programme.time_zone)
    last = programme.roles.filter(role=R.REFERENT, ends__lt=today).aggregate(last=Max("ends"))["last"]
    return last + dt.timedelta(days=STILL_OPEN_DAYS) if last else today - dt.timedelta(days=1)


def unattended(employer: Employer) -> list[Programme]:
    """Programmes of this employer, running or in preparation, that no référent leads today."""
    today = clock.today(employer.time_zone)
    led = ProgrammeRole.objects.on(today).filter(role=R.REFERENT).values("programme")
    return list(employer.programmes.filter(state__in=LIVE).exclude(pk__in=led).select_related("lead_employer"))
