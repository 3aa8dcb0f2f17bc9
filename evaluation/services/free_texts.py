"""Free answers: two named readers see the sentences after closing and write a synthesis; then the sentences are destroyed.

Never the référent, RH nor a manager (field R5). What is published is the synthesis, once both readers agree to it.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from evaluation.enums import WaveRoleKind, WaveState
from evaluation.models import ClosedText, Synthesis, Wave, WaveRole
from evaluation.services import questionnaires
from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import Conflict, DomainError
from portal.services import journal

KEPT_DAYS = 60


@dataclass(frozen=True)
class Reading:
    """What a reader sees today: a sentence that says why not, or the sentences of each question."""

    refusal: str = ""
    questions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    until: str = ""


def reading(wave: Wave) -> Reading:
    if wave.state != WaveState.CLOSED:
        return Reading(f"Vous lirez les réponses après la clôture, prévue après le {day_in_words(wave.closes_on)}.")
    rows = list(wave.closed_texts.order_by("ref"))
    if not rows:
        return Reading("Il n’y a rien à lire : trop peu de réponses, ou les phrases ont déjà été détruites.")
    asked = [item for item in questionnaires.items_in(wave) if item.kind == questionnaires.TEXT]
    questions = tuple(
        (item.text, tuple(row.text.open(row.ref).strip() for row in rows if row.code == item.code)) for item in asked
    )
    zone = clock.ZoneInfo(wave.programme.time_zone)
    until = (wave.closed_at + dt.timedelta(days=KEPT_DAYS)).astimezone(zone).date()
    return Reading(questions=questions, until=day_in_words(until))


def synthesis_of(wave: Wave) -> Synthesis:
    return Synthesis.objects.filter(wave=wave).first() or Synthesis(wave=wave, version=0)


@transaction.atomic
def write(*, role: WaveRole, text: str, seen: int) -> Synthesis:
    """The text as it now stands; a changed text asks both readers again."""
    Wave.objects.select_for_update().get(pk=role.wave_id)
    row = synthesis_of(role.wave)
    if row.agreed_on:
        raise DomainError("La synthèse est approuvée par les deux personnes : elle ne change plus.")
    if not role.wave.closed_texts.exists():
        raise DomainError("Il n’y a rien à lire pour cette enquête.")
    if row.version != seen:
        raise Conflict
    clean = text.strip()
    if clean != row.text:
        row.text, row.version = clean, row.version + 1
        row.save()
        role.wave.roles.update(agreed=False)
    return row


@transaction.atomic
def agree(*, role: WaveRole) -> None:
    """One reader agrees; with the second, the synthesis is final and the sentences are destroyed."""
    Wave.objects.select_for_update().get(pk=role.wave_id)
    row = synthesis_of(role.wave)
    if not row.pk or row.agreed_on:
        raise DomainError("Il n’y a pas de synthèse à approuver.")
    WaveRole.objects.filter(pk=role.pk).update(agreed=True)
    if role.wave.roles.filter(role=WaveRoleKind.READER, agreed=False).exists():
        return
    row.agreed_on = clock.today(role.wave.programme.time_zone)
    row.save()
    ClosedText.objects.filter(wave=role.wave).delete()
    journal.log(actor=None, verb=Verb.DECIDED, target=role.wave, employer=role.wave.programme.lead_employer)


def forget() -> int:
    """Sentences nobody made a synthesis of."""
    limit = clock.now() - dt.timedelta(days=KEPT_DAYS)
    return ClosedText.objects.filter(wave__closed_at__lt=limit).delete()[0]
