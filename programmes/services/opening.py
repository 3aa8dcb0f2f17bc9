"""Opening a form of support to requests: the second gate of the rollout, besides the first meeting (field.md 3)."""

from django.db import transaction

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from portal.workflow import Move, Moves
from programmes.enums import ContactKind, Form, ProgrammeRoleKind, ProgrammeState
from programmes.models import Programme

MOVES = Moves(
    Programme,
    [
        Move("open", (ProgrammeState.PREPARING, ProgrammeState.OPEN), ProgrammeState.OPEN, "Ce programme est terminé."),
        Move("close", (ProgrammeState.OPEN,), ProgrammeState.CLOSED, "Ce programme n’est pas ouvert."),
    ],
)
# Forms in which people are put together or received one by one: law asks for an impact assessment first.
ASSESSED_FORMS = (Form.PAIR, Form.RECIPROCAL, Form.PERMANENCE, Form.RETURN)


def assessed(programme: Programme, form: str) -> bool:
    """Whether a validated impact assessment covers this form of support."""
    if form not in ASSESSED_FORMS:
        return True
    valid = programme.impact_assessments.filter(validated_on__isnull=False)
    return any(form in assessment.forms for assessment in valid)


def has_deputy(programme: Programme) -> bool:
    """A deputy, or a « relais de continuité » of another employer, who sees nobody."""
    held = programme.roles.on(clock.today(programme.time_zone)).filter(role=ProgrammeRoleKind.DEPUTY)
    return held.exists() or programme.contacts.filter(kind=ContactKind.RELAY).exists()


def has_referent(programme: Programme) -> bool:
    held = programme.roles.on(clock.today(programme.time_zone)).filter(role=ProgrammeRoleKind.REFERENT)
    return held.exists()


def refusals(programme: Programme, form: str) -> list[str]:
    """Why this form cannot be opened yet, one sentence each; empty when it can."""
    reasons = []
    if not has_referent(programme):
        reasons.append("Aucun·e référent·e n’est en place.")
    if not has_deputy(programme):
        reasons.append("Il manque un·e suppléant·e, ou un relais de continuité chez un autre employeur.")
    if not assessed(programme, form):
        reasons.append("L’analyse d’impact (AIPD) n’est pas validée pour cette forme de soutien.")
    return reasons


@transaction.atomic
def open_form(*, programme: Programme, form: str, by: Person) -> None:
    """Agents may ask for this form of support from now on; volunteers may come forward as soon as one form is open."""
    if form not in programme.forms:
        raise DomainError("Ce programme n’a pas cette forme de soutien.", field="form")
    if form in programme.open_forms:
        raise DomainError("Les inscriptions sont déjà ouvertes pour cette forme de soutien.", field="form")
    if reasons := refusals(programme, form):
        raise DomainError(" ".join(reasons), field="form")
    with MOVES.moving(programme, "open", by=by) as fresh:
        fresh.open_forms = [*fresh.open_forms, form]
    journal.log(actor=by, verb=Verb.MOVED, target=programme, employer=programme.lead_employer)
