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

__all__ = [
    "FigureBasis",
    "ImportedFigure",
    "PublishedFigure",
    "ReferenceFact",
    "Release",
    "Report",
    "StatLink",
    "StatUnit",
]
