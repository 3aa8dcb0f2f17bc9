"""Tables of the frame, one topic a file."""

from programmes.models.charter import CharterAcceptance, CharterVersion
from programmes.models.community import Gathering, Membership, Registration
from programmes.models.entry import CallBack, EntryCard
from programmes.models.framing import Anchor, FramingSheet, MaturityReview, Objective, ObjectiveReview
from programmes.models.gates import Deviation, GateRule, GateSetting
from programmes.models.interviews import Interview
from programmes.models.joining import JoinDraft
from programmes.models.letters import Letter, Signature
from programmes.models.library import LibraryText
from programmes.models.money import Expense
from programmes.models.outreach import Outreach, OutreachNumber, Testimony
from programmes.models.participation import Avoid, Participation
from programmes.models.recognition import MentionRequest
from programmes.models.rollout import (
    Cycle,
    Exercice,
    Partner,
    Programme,
    ProgrammeRole,
    Step,
    StepDefinition,
    StepLine,
    Theme,
)
from programmes.models.sites import Site
from programmes.models.steps import Evidence, StepItem
from programmes.models.team import Absence, Contact, Handover, ImpactAssessment, Seat
from programmes.models.training import (
    Readiness,
    SelfPositioning,
    TrainingAttendance,
    TrainingCount,
    TrainingModule,
    TrainingSession,
)

__all__ = [
    "Absence",
    "Anchor",
    "Avoid",
    "CallBack",
    "CharterAcceptance",
    "CharterVersion",
    "Contact",
    "Cycle",
    "Deviation",
    "EntryCard",
    "Evidence",
    "Exercice",
    "Expense",
    "FramingSheet",
    "GateRule",
    "GateSetting",
    "Gathering",
    "Handover",
    "ImpactAssessment",
    "Interview",
    "JoinDraft",
    "Letter",
    "LibraryText",
    "MaturityReview",
    "Membership",
    "MentionRequest",
    "Objective",
    "ObjectiveReview",
    "Outreach",
    "OutreachNumber",
    "Participation",
    "Partner",
    "Programme",
    "ProgrammeRole",
    "Readiness",
    "Registration",
    "Seat",
    "SelfPositioning",
    "Signature",
    "Site",
    "Step",
    "StepDefinition",
    "StepItem",
    "StepLine",
    "Testimony",
    "Theme",
    "TrainingAttendance",
    "TrainingCount",
    "TrainingModule",
    "TrainingSession",
]
