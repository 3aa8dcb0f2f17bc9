"""Tables of the pairs' life, one topic a file."""

from pairing.models.meetings import Meeting
from pairing.models.pairs import GATES, Pair, PairMember
from pairing.models.supervision import SupervisionAttendance, SupervisionSession, SupervisorEngagement

__all__ = [
    "GATES",
    "Meeting",
    "Pair",
    "PairMember",
    "SupervisionAttendance",
    "SupervisionSession",
    "SupervisorEngagement",
]
