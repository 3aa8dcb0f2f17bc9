"""The three real programmes, as sheets: figures published by their sources, facts with their sources, nothing else."""

import datetime as dt
import json

from django.conf import settings
from django.db import transaction

from evaluation.models import ImportedFigure, ReferenceFact, Release
from evaluation.services import releases
from portal import clock
from portal.models import Employer
from programmes.enums import ProgrammeState
from programmes.models import Exercice, Programme

SOURCE = settings.BASE_DIR / "fixtures/real/programmes.json"


def build() -> list[Release]:
    """Programmes, exercices, figures, facts and releases as the fixture says; run again, nothing changes."""
    return [_build(entry) for entry in json.loads(SOURCE.read_text(encoding="utf-8"))]


@transaction.atomic
def _build(entry: dict) -> Release:
    employer, _ = Employer.objects.update_or_create(slug=entry["employer"]["slug"], defaults=entry["employer"])
    starts, ends = (dt.date.fromisoformat(entry["exercice"][bound]) for bound in ("starts", "ends"))
    programme, _ = Programme.objects.update_or_create(
        slug=entry["slug"],
        defaults={
            "name": entry["name"],
            "lead_employer": employer,
            "forms": entry["forms"],
            "perimeters": entry["perimeters"],
            "state": ProgrammeState.REFERENCE,
            "starts": starts,
        },
    )
    exercice, _ = Exercice.objects.update_or_create(
        programme=programme, starts=starts, defaults={"name": entry["exercice"]["name"], "ends": ends}
    )
    ImportedFigure.objects.filter(exercice=exercice).delete()
    ImportedFigure.objects.bulk_create(
        ImportedFigure(exercice=exercice, published=True, **row) for row in entry["figures"]
    )
    ReferenceFact.objects.filter(programme=programme).delete()
    ReferenceFact.objects.bulk_create(
        ReferenceFact(programme=programme, position=position, **fact) for position, fact in enumerate(entry["facts"])
    )
    release = releases.establish(exercice=exercice)
    if not release.restituted_on:
        release.shared_on = release.restituted_on = clock.today(employer.time_zone)
        release.save(update_fields=["shared_on", "restituted_on"])
    return release
