"""Tables of evaluation, one topic a file."""

from evaluation.models.releases import (
    FigureBasis,
    ImportedFigure,
    PublishedFigure,
    ReferenceFact,
    Release,
    Report,
    StatLink,
    StatUnit,
)
from evaluation.models.waves import (
    ClosedAnswer,
    ClosedText,
    CollectiveTalk,
    OpenAnswer,
    OpenText,
    OwnQuestion,
    Questionnaire,
    Synthesis,
    Ticket,
    Wave,
    WaveInvitation,
    WaveRole,
)

__all__ = [
    "ClosedAnswer",
    "ClosedText",
    "CollectiveTalk",
    "FigureBasis",
    "ImportedFigure",
    "OpenAnswer",
    "OpenText",
    "OwnQuestion",
    "PublishedFigure",
    "Questionnaire",
    "ReferenceFact",
    "Release",
    "Report",
    "StatLink",
    "StatUnit",
    "Synthesis",
    "Ticket",
    "Wave",
    "WaveInvitation",
    "WaveRole",
]
