"""Tables of the frame, one topic a file."""

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

__all__ = [
    "Avoid",
    "Cycle",
    "Exercice",
    "Participation",
    "Partner",
    "Programme",
    "ProgrammeRole",
    "Step",
    "StepDefinition",
    "StepLine",
    "StepTick",
    "Theme",
]
