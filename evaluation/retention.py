"""How long surveys are linked to anybody (domain.md m.3; the DPO decides)."""

import datetime as dt

from evaluation.enums import WaveState
from evaluation.models import WaveInvitation
from evaluation.services import batches, free_texts, linking
from portal import clock
from portal.registry import Rule

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
    cycles = linking.overdue(clock.now().date(), dt.timedelta(days=batches.AFTER_CYCLE_DAYS))
    for cycle in cycles:
        linking.give_up(cycle=cycle)
    return len(cycles)


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
            "survey-invitations",
            "Qui a été invité·e à une enquête (les réponses ne portent jamais de nom)",
            "7 mois après la clôture",
            "nom détaché : il ne reste qu’un compte",
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
