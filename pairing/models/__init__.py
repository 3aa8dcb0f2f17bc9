"""Tables of the pairs' life, one topic a file."""

from pairing.models.meetings import Meeting
from pairing.models.pairs import GATES, Pair, PairMember
from pairing.models.runs import Candidate, CandidateMember, CriterionWeight, Run, SearchChoice, Unpaired
from pairing.models.supervision import SupervisionAttendance, SupervisionSession, SupervisorEngagement

__all__ = [
    "GATES",
    "Candidate",
    "CandidateMember",
    "CriterionWeight",
    "Meeting",
    "Pair",
    "PairMember",
    "Run",
    "SearchChoice",
    "SupervisionAttendance",
    "SupervisionSession",
    "SupervisorEngagement",
    "Unpaired",
]
