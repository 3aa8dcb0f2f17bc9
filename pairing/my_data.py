"""What the pairs' life says of one person on « Mes données »: rows to take away; the other member is never in them."""

from pairing.access import pairs_of
from pairing.models import (
    Alert,
    DateProposal,
    HoursTally,
    IntervisionSeat,
    Meeting,
    MonthCount,
    NeedVoice,
    Opening,
    PairFrame,
    PairMember,
    PairPoint,
    ProposedDate,
    SearchChoice,
    SupervisionAttendance,
    SupervisorEngagement,
    SupportRequest,
)
from pairing.services import erasure, fit, frame, meetings, retention, returns, reviews, wishes
from portal import registry
from portal.models import Person
from portal.registry import Records

# Not `end_code`, which may say why the other one stopped, nor who else is concerned.
PAIR = (
    *(
        "programme",
        "cycle",
        "form",
        "origin",
        "state",
        "proposed_at",
        "answer_by",
        "more_time",
        "late",
        "all_yes_at",
        "active_at",
    ),
    *("first_met_on", "last_met_on", "alive_on", "ended_on", "declared_meetings"),
)


def records(person: Person) -> list[Records]:
    """EXPORT hook."""
    return [
        Records("pairing.Pair", pairs_of(person).select_related("programme", "cycle"), PAIR),
        Records(
            "pairing.PairMember",
            PairMember.objects.filter(person=person).order_by("pk"),
            ("part", "slot", "yes_at", "live"),
        ),
        Records(
            "pairing.Meeting",
            meetings.in_words(Meeting.objects.filter(pair__in=pairs_of(person).values("pk"))),
            ("on", "minutes", "channel", "themes", "entered_at"),
        ),
        Records(
            "pairing.SearchChoice",
            SearchChoice.objects.filter(participation__person=person),
            ("answer", "asked_at", "answered_at"),
        ),
        Records(
            "pairing.PairFrame",
            frame.mine(PairFrame.objects.filter(pair__in=pairs_of(person).values("pk"))),
            ("rhythm", "minutes", "channel", "objectives", "noting", "proposed_at", "agreed_at"),
        ),
        Records(
            "pairing.DateProposal",
            DateProposal.objects.filter(pair__in=pairs_of(person).values("pk")),
            ("minutes", "channel", "proposed_at", "starts_at"),
        ),
        Records(
            "pairing.ProposedDate",
            ProposedDate.objects.filter(proposal__pair__in=pairs_of(person).values("pk")),
            ("starts_at",),
        ),
        Records(
            "pairing.Opening",
            Opening.objects.filter(pair__in=pairs_of(person).values("pk")),
            ("way", "starts_at", "minutes", "channel", "held_on"),
        ),
        Records(
            "pairing.PairPoint",
            PairPoint.objects.filter(pair__in=pairs_of(person).values("pk")),
            ("number", "done_on"),
        ),
        Records(
            "pairing.MonthCount",
            MonthCount.objects.filter(pair__in=pairs_of(person).values("pk")),
            ("month", "number", "entered_at"),
        ),
        Records("pairing.ReviewAnswer", reviews.in_words(person), ("moment", "ticks", "answered_on")),
        Records("pairing.FitCheck", fit.in_words(person), ("answer", "answered_on")),
        Records("pairing.ReturnPlan", returns.mine(person), ("kept",)),
        Records("pairing.WishSeat", wishes.in_words(person), ("answer", "here", "choices")),
        Records(
            "pairing.SupervisionAttendance",
            SupervisionAttendance.objects.filter(participation__person=person).select_related("session").order_by("pk"),
            ("session", "presence", "noted_at"),
        ),
        Records(
            "pairing.HoursTally",
            HoursTally.objects.filter(participation__person=person),
            ("month", "minutes", "noted_at"),
        ),
        Records(
            "pairing.IntervisionSeat",
            IntervisionSeat.objects.filter(participation__person=person).select_related("session"),
            ("session",),
        ),
        Records(
            "pairing.NeedVoice",
            NeedVoice.objects.filter(participation__person=person).order_by("pk"),
            ("agrees", "said_at"),
        ),
        Records(
            "pairing.SupportRequest",
            SupportRequest.objects.filter(person=person).select_related("programme", "supervisor", "contact"),
            (
                *("programme", "asked", "supervisor", "contact", "kind", "channel", "slots", "reach", "state"),
                *("asked_at", "due_at", "called_at", "closed_at", "held"),
            ),
        ),
        Records(
            "pairing.Alert",
            Alert.objects.filter(sender=person).select_related("programme"),
            ("programme", "level", "code", "occurred_at", "opened_at", "due_at", "state", "relayed_at", "closed_at"),
        ),
        Records(
            "pairing.SupervisorEngagement",
            SupervisorEngagement.objects.filter(person=person).select_related("programme"),
            ("programme", "name", "address", "engaged_on", "confidentiality_on", "ended_on", "created_at"),
        ),
    ]


def erase(person: Person) -> None:
    """ERASURE hook."""
    erasure.erase(person=person)


def register_all() -> None:
    registry.register(registry.EXPORT, records)
    registry.register(registry.REACH, returns.reach)
    registry.register(registry.ERASURE, erase)
    registry.register(registry.RETENTION, retention.rules)
