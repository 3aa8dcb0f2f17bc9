"""How much each criterion counts in a programme: public, chosen by the référent, the same for everybody."""

from django.db import transaction

from pairing.matching.problem import Criterion, People, Problem
from pairing.models import CriterionWeight
from pairing.services.matching_input import weights_of
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from programmes.models import Programme


@transaction.atomic
def set_weights(*, programme: Programme, weights: dict[Criterion, int], by: Person) -> None:
    """Write all of them; they bind the next run only."""
    if not any(weights.values()):
        raise DomainError("Donnez un poids à un critère au moins.")
    if any(not 0 <= weight <= 100 for weight in weights.values()):
        raise DomainError("Un poids va de 0 (le critère ne compte pas) à 100.")
    for criterion, weight in weights.items():
        CriterionWeight.objects.update_or_create(programme=programme, code=criterion.value, defaults={"weight": weight})
    journal.log(actor=by, verb=Verb.CHANGED, target=programme, employer=programme.lead_employer)


def shares(programme: Programme) -> dict[Criterion, int]:
    """What each criterion in use counts for, out of 1 000, the largest first."""
    nobody = People.of([])
    maxima = Problem(nobody, nobody, weights=weights_of(programme)).maxima
    return dict(sorted(maxima.items(), key=lambda item: -item[1]))
