"""Counting what agents brought (calls asked for, messages), and what the organisation was told and answered."""

from django.db.models import F, Q

from evaluation.disclosure.rules import Basis
from evaluation.services.collective_figures import participants, vouched
from evaluation.services.counts import Count, bounds, lived_pairs, people_units
from pairing.enums import SESSION_KINDS, Asked, Part, ProblemState
from pairing.models import Alert, AlertReview, PairMember, SupportRequest
from pairing.services import problems
from pairing.services.alerts import PROCEDURE
from programmes.enums import ItemState
from programmes.models import Exercice, StepItem


def concerns(exercice: Exercice) -> bool:
    """Whether the alert procedure is written or was read again, or a problem was raised: reads acts, never people."""
    programme, ends = exercice.programme, exercice.ends
    written = StepItem.objects.filter(step__programme=programme, line=PROCEDURE, state=ItemState.DONE)
    return (
        written.filter(done_on__lte=ends).exists()
        or programme.alert_reviews.filter(on__lte=ends).exists()
        or programme.problems.filter(raised_on__lte=ends).exists()
    )


def collect(exercice: Exercice) -> dict[str, Count]:
    """E11 and E10 on everybody who could have asked or written; H04 and G04 are acts.

    Nothing of a programme without procedure, whatever was sent: it does not collect them. Where nobody could have asked,
    the same is said as of a few people.
    """
    if not concerns(exercice):
        return {}
    start, end = bounds(exercice)
    programme = exercice.programme
    able = participants(exercice)
    basis, units = Basis(people=vouched(able)), people_units(ref for ref, _ in able)
    asked = SupportRequest.objects.filter(programme=programme, asked=Asked.REFERENT)
    sent = Alert.objects.filter(programme=programme, opened_at__gte=start, opened_at__lt=end)
    read = AlertReview.objects.filter(programme=programme, on__range=(exercice.starts, exercice.ends))
    raised = programme.problems.filter(raised_on__range=(exercice.starts, exercice.ends))
    return {
        "E11": Count(asked.filter(asked_at__gte=start, asked_at__lt=end).count(), basis, units),
        "E10": Count(sent.count(), basis, units),
        **_sessions(exercice),
        "H04": Count(int(read.exists()), Basis()),
        "G04": Count(raised.count(), Basis()),
    }


def _sessions(exercice: Exercice) -> dict[str, Count]:
    """E12 and E13, on the helpers and peers who could have asked: how many and how late, never who."""
    start, end = bounds(exercice)
    members = PairMember.objects.filter(pair__in=lived_pairs(exercice), part__in=[Part.HELPER, Part.PEER])
    able = list(members.filter(person__isnull=False).order_by("pk").values_list("person__ref", "person__user_id"))
    basis, units = Basis(people=vouched(able)), people_units(ref for ref, _ in able)
    rows = SupportRequest.objects.filter(programme=exercice.programme, kind__in=SESSION_KINDS)
    late = rows.filter(due_at__gte=start, due_at__lt=end).filter(
        Q(called_at__isnull=True) | Q(called_at__gt=F("due_at"))
    )
    held = rows.filter(held=True, closed_at__gte=start, closed_at__lt=end)
    return {
        "E12": Count(held.count(), basis, units),
        "E13": Count(late.count(), basis, units),
    }


def answers(exercice: Exercice) -> list[dict]:
    """Each problem and what the employer answered, in words; `waiting`: unanswered since before the exercice."""
    return [
        {
            "category": row.get_category_display(),
            "kind": row.get_kind_display(),
            "title": row.title,
            "owner": row.get_owner_display(),
            "raised_on": f"{row.raised_on}",
            "state": row.get_state_display(),
            "answer": row.answer,
            "answered_on": f"{row.answered_on}" if row.answered_on else "",
            "due_on": f"{row.due_on}" if row.due_on else "",
            "waiting": row.state == ProblemState.RAISED and row.raised_on < exercice.starts,
        }
        for row in problems.of_exercice(exercice)
    ]
