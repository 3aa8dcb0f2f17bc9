"""What a programme promised, how that went in an exercice, and the plans it is part of: as a release freezes them."""

from programmes.models import Exercice, ObjectiveReview
from programmes.services import framing


def promises(exercice: Exercice) -> list[dict[str, str]]:
    """Objectives of the exercice in their order, with criterion, result and sentence; results are empty before the reading."""
    read = {row.objective_id: row for row in ObjectiveReview.objects.filter(exercice=exercice)}
    rows = []
    for objective in framing.promised(exercice):
        review = read.get(objective.pk)
        dropped = objective.dropped_on if objective.dropped_on and objective.dropped_on <= exercice.ends else None
        rows.append(
            {
                "text": objective.text,
                "measure": objective.measure,
                "attainment": review.attainment if review else "",
                "result": review.get_attainment_display() if review else "",
                "why": review.why if review else "",
                "dropped_on": f"{dropped}" if dropped else "",
            }
        )
    return rows


def anchors(exercice: Exercice) -> list[dict[str, str]]:
    """Plans and conventions that ran during the exercice."""
    return [
        {
            "plan": row.get_plan_display(),
            "reference": row.reference,
            "starts": f"{row.starts}" if row.starts else "",
            "ends": f"{row.ends}" if row.ends else "",
            "action_line": row.action_line,
        }
        for row in framing.anchored(exercice)
    ]
