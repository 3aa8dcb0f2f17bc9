"""How long surveys are linked to anybody (domain.md m.3; the DPO decides)."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from evaluation.enums import Moment, WaveState
from evaluation.models import Wave, WaveInvitation
from evaluation.services import batches, free_texts, linking, survey_figures
from portal import clock
from portal.registry import Rule
from portal.retention import day_ago

INVITATION_DAYS = 214


def invitations() -> int:
    """Who was asked goes; how many were asked, of which side, stays for later editions."""
    limit = clock.now() - dt.timedelta(days=INVITATION_DAYS)
    rows = WaveInvitation.objects.filter(wave__state=WaveState.CLOSED, wave__closed_at__lt=limit, person__isnull=False)
    return rows.update(person=None)


def texts() -> int:
    return free_texts.forget()


def links() -> int:
    """Marks of a departure whose end wave will not come, with the key they were made with."""
    cycles = linking.overdue(dt.timedelta(days=batches.AFTER_CYCLE_DAYS))
    for cycle in cycles:
        linking.give_up(cycle=cycle)
    return len(cycles)


def answers() -> int:
    """Rows of closed waves that nothing will be counted from any more: what is published of them stays."""
    over = Q(cycle__waves__moment=Moment.LATER, cycle__waves__state=WaveState.CLOSED)
    over |= Q(cycle__ends__lt=day_ago(batches.LATEST_DAYS))
    over |= Q(closed_at__lt=clock.now() - dt.timedelta(days=batches.LATEST_DAYS), cycle__isnull=True)
    rows = Wave.objects.filter(over, state=WaveState.CLOSED, kept={}).select_related(
        "programme", "cycle", "session", "gathering", "questionnaire"
    )
    due = [wave for wave in rows.distinct().order_by("pk") if not (wave.cycle_id and linking.pending(wave.cycle_id))]
    for wave in due:
        with transaction.atomic():
            survey_figures.keep(wave)
    return len(due)


def rules() -> list[Rule]:
    """RETENTION hook."""
    return [
        Rule(
            "survey-links",
            "Ce qui rapproche une réponse de départ d’une réponse de fin (jamais un nom)",
            "jusqu’à la clôture de l’enquête de fin, ou à la fin du temps où elle peut s’ouvrir",
            "marques et clé détruites",
            links,
        ),
        Rule(
            "survey-answers",
            "Réponses d’une enquête close, mélangées et sans nom",
            "à la clôture de l’enquête des six mois, au plus tard 9 mois après la fin du cycle",
            "détruites : il ne reste que ce qui en est publié",
            answers,
        ),
        Rule(
            "survey-invitations",
            "Qui a été invité·e à une enquête (les réponses ne portent jamais de nom)",
            "7 mois après la clôture ; à la clôture même, pour un temps collectif",
            "nom détaché : il ne reste qu’un nombre",
            invitations,
        ),
        Rule(
            "survey-texts",
            "Phrases des réponses libres, sans nom ni côté, pour les deux personnes nommées pour les lire",
            f"à l’accord sur la synthèse, au plus tard {free_texts.KEPT_DAYS} jours après la clôture",
            "effacées : il ne reste que la synthèse",
            texts,
        ),
    ]
