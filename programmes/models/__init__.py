"""Tables of the frame, one topic a file."""

from programmes.models.charter import CharterAcceptance, CharterVersion
from programmes.models.gates import Deviation, GateRule, GateSetting
from programmes.models.letters import Letter, Signature
from programmes.models.participation import Avoid, Participation
from programmes.models.rollout import (
    Cycle,
    Exercice,
    Partner,
    Programme,
    ProgrammeRole,
    Step,
    StepDefinition,
    StepLine,
    StepTick,
    Theme,
)
from programmes.models.training import Readiness, TrainingAttendance, TrainingModule, TrainingSession

__all__ = [
    "Avoid",
    "CharterAcceptance",
    "CharterVersion",
    "Cycle",
    "Deviation",
    "Exercice",
    "GateRule",
    "GateSetting",
    "Letter",
    "Participation",
    "Partner",
    "Programme",
    "ProgrammeRole",
    "Readiness",
    "Signature",
    "Step",
    "StepDefinition",
    "StepLine",
    "StepTick",
    "Theme",
    "TrainingAttendance",
    "TrainingModule",
    "TrainingSession",
]
