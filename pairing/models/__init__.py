"""Tables of the pairs' life, one topic a file."""

from pairing.models.alerts import Alert, AlertReview
from pairing.models.dates import DateProposal, ProposedDate
from pairing.models.fit import FitCheck
from pairing.models.follow import Opening, PairPoint
from pairing.models.frame import PairFrame
from pairing.models.hours import HoursTally
from pairing.models.meetings import Meeting
from pairing.models.monthly import MonthCount
from pairing.models.needs import CollectiveNeed, NeedVoice
from pairing.models.pairs import GATES, Pair, PairMember
from pairing.models.problems import Problem
from pairing.models.returns import ReturnPlan
from pairing.models.reviews import ReviewAnswer
from pairing.models.runs import Candidate, CandidateMember, CriterionWeight, Run, SearchChoice, Unpaired
from pairing.models.supervision import (
    IntervisionSeat,
    SupervisionAttendance,
    SupervisionSession,
    SupervisionSetting,
    SupervisorEngagement,
)
from pairing.models.support import SupportRequest
from pairing.models.wishes import Encounter, WishRound, WishSeat

__all__ = [
    "GATES",
    "Alert",
    "AlertReview",
    "Candidate",
    "CandidateMember",
    "CollectiveNeed",
    "CriterionWeight",
    "DateProposal",
    "Encounter",
    "FitCheck",
    "HoursTally",
    "IntervisionSeat",
    "Meeting",
    "MonthCount",
    "NeedVoice",
    "Opening",
    "Pair",
    "PairFrame",
    "PairMember",
    "PairPoint",
    "Problem",
    "ProposedDate",
    "ReturnPlan",
    "ReviewAnswer",
    "Run",
    "SearchChoice",
    "SupervisionAttendance",
    "SupervisionSession",
    "SupervisionSetting",
    "SupervisorEngagement",
    "SupportRequest",
    "Unpaired",
    "WishRound",
    "WishSeat",
]
