"""The interview grid of helpers (domain.md d.1): points to talk about, ticked « abordé » on a date.

Nothing is kept that judges or describes the person. To whom they turn when they feel worse is talked about, never
ticked; a union or representative mandate is never asked (field R2).
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from portal import clock
from portal.enums import HR_ROLES, Verb
from portal.errors import DomainError, Refused
from portal.models import EmployerRole, Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from programmes.access import may_decide, programme_roles
from programmes.enums import ParticipationState, ProgrammeRoleKind, Side
from programmes.models import Interview, Participation


@dataclass(frozen=True)
class Point:
    title: str
    question: str


POINTS = {
    "experience": Point("L’expérience vécue", "Sans aucun détail : ce qu’elle a appris, pas ce qui est arrivé."),
    "distance": Point("Le recul", "Que dirait-elle aujourd’hui, qu’elle n’aurait pas dit au plus dur ?"),
    "passing-on": Point("L’envie de transmettre", "Qu’aimerait-elle qu’un ou une collègue retire de ces échanges ?"),
    "listening": Point(
        "L’écoute", "Une mise en situation : « je n’en peux plus » ; que répondre, que ne pas répondre ?"
    ),
    "time": Point("Le temps", "Créneaux, heures par mois, ce que son encadrement saura : une mission, pas pourquoi."),
    "training": Point("La formation", "Ce qui est demandé avant la première rencontre ; ce qui a déjà été suivi."),
    "frame": Point("Le cadre", "Charte, confidentialité et ses limites, supervision, droit d’arrêter sans raison."),
    "roles": Point("Les rôles", "Ni RH, ni encadrant·e de la personne accompagnée, ni superviseur·e du programme."),
}
# Talked about, never ticked nor kept.
UNWRITTEN = Point("Son propre soutien", "Sait-elle vers qui se tourner si elle va moins bien ? Cela ne se note pas.")
HR_CONFLICT = "Elle travaille à l’espace RH de l’employeur : accompagner n’est pas possible en même temps."
SUPERVISES = "Elle supervise ce programme : accompagner n’est pas possible en même temps."


def conflicts(participation: Participation) -> list[str]:
    """Roles that do not go with helping, read from the portal; the hierarchical line is checked at each pairing."""
    if participation.side != Side.HELPER or participation.person is None:
        return []
    programme, person = participation.programme, participation.person
    employers = {participation.employer_id, programme.lead_employer_id}
    held = EmployerRole.objects.on(clock.today(programme.time_zone)).filter(person=person, role__in=HR_ROLES)
    found = [HR_CONFLICT] if held.filter(employer__in=employers).exists() else []
    if ProgrammeRoleKind.SUPERVISOR in programme_roles(person, programme):
        found.append(SUPERVISES)
    return found


def of(participation: Participation) -> Interview | None:
    return Interview.objects.filter(participation=participation).first()


def points_of(participation: Participation) -> list[str]:
    """Codes of the points talked about, in the order of the grid."""
    row = of(participation)
    return row.points if row else []


@transaction.atomic
def record(*, participation: Participation, on: dt.date, points: list[str], seen: int, by: Person) -> Interview:
    """The day of the talk and the points talked about; may be completed later. `seen` is 0 the first time."""
    if not may_decide(by, participation):
        raise Refused("Cette proposition est la vôtre : la personne suppléante mène l’entretien.")
    if participation.side != Side.HELPER or participation.state == ParticipationState.WITHDRAWN:
        raise DomainError("La grille sert aux propositions d’accompagner.")
    if on > clock.today(participation.programme.time_zone):
        raise DomainError("Notez l’entretien une fois qu’il a eu lieu.", field="on")
    if not set(points) <= set(POINTS):
        raise DomainError("Choisissez des points de la liste.", field="points")
    kept = [code for code in POINTS if code in points]
    row, made = Interview.objects.get_or_create(
        participation=participation, defaults={"on": on, "points": kept, "held_by": by}
    )
    if not made:
        row.on, row.points, row.held_by = on, kept, by
        save_if_unchanged(row, seen=seen, fields=["on", "points", "held_by"])
    employer = participation.programme.lead_employer
    journal.log(actor=by, verb=Verb.CHANGED, target=row, subject=participation.person, employer=employer)
    return row
