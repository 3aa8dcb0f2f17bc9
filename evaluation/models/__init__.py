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
    CollectiveTalk,
    OpenAnswer,
    Questionnaire,
    Ticket,
    Wave,
    WaveInvitation,
)

__all__ = [
    "ClosedAnswer",
    "CollectiveTalk",
    "FigureBasis",
    "ImportedFigure",
    "OpenAnswer",
    "PublishedFigure",
    "Questionnaire",
    "ReferenceFact",
    "Release",
    "Report",
    "StatLink",
    "StatUnit",
    "Ticket",
    "Wave",
    "WaveInvitation",
]
