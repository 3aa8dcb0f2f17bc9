"""How long the frame keeps what it knows of people (domain.md m.3; the DPO decides)."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal import clock, registry
from portal.models import Transition
from portal.registry import Rule
from portal.retention import day_ago
from programmes.enums import LetterState, ParticipationState, Side
from programmes.models import EntryCard, Letter, Membership, Participation, Readiness, Testimony, TrainingAttendance
from programmes.services import avoid, community, erasure, gatherings, joining

APPLICATION_DAYS, MISSION_DAYS = 183, 5 * 365
DRAFT_DAYS, CANCELLED_DAYS, CARD_DAYS, TESTIMONY_DAYS = 183, 91, 30, 365


def _ended() -> QuerySet[Participation]:
    """Participations over, that still say whose they were."""
    return Participation.objects.filter(
        state=ParticipationState.WITHDRAWN, person__isnull=False, retention_anchor__isnull=False
    )


def _detach(rows: QuerySet[Participation]) -> int:
    found = list(rows)
    for row in found:
        erasure.detach(participation=row)
    return len(found)


def applications() -> int:
    """Volunteers never accepted."""
    rows = _ended().filter(side=Side.HELPER, accepted_at__isnull=True)
    return _detach(rows.filter(retention_anchor__lt=day_ago(APPLICATION_DAYS)))


def missions() -> int:
    """Whoever was accepted and trained: the attendance sheet and the decision go with the name."""
    rows = _ended().filter(Q(side=Side.HELPER, accepted_at__isnull=False) | Q(letters__isnull=False)).distinct()
    due = list(rows.filter(retention_anchor__lt=day_ago(MISSION_DAYS)))
    TrainingAttendance.objects.filter(participation__in=due).delete()
    Readiness.objects.filter(participation__in=due).delete()
    for row in due:
        erasure.detach(participation=row)
    return len(due)


def letters() -> int:
    """One year after its last day a letter is its hours only."""
    limit = day_ago(erasure.LETTER_DAYS)
    over = Letter.objects.filter(in_force_at__isnull=False).exclude(erasure.EMPTIED)
    due = list(over.filter(Q(ended_on__lt=limit) | Q(ends__lt=limit)))
    for letter in due:
        erasure.empty(letter=letter)
    return len(due)


def unfinished_letters() -> int:
    """Drafts and visas without answer, then letters given up or refused."""
    return _drop(
        Letter.objects.filter(state__in=(LetterState.DRAFT, LetterState.TO_AGENT, LetterState.TO_MANAGER)), DRAFT_DAYS
    ) + _drop(Letter.objects.filter(state=LetterState.CANCELLED), CANCELLED_DAYS)


def _drop(rows: QuerySet[Letter], days: int) -> int:
    limit = clock.now() - dt.timedelta(days=days)
    moved = Transition.objects.filter(label=Letter._meta.label, object_ref=OuterRef("ref"), at__gte=limit)
    still = rows.filter(created_at__lt=limit, in_force_at__isnull=True, replaced_by__isnull=True)
    due = list(still.filter(~Exists(moved)))
    for letter in due:
        erasure.drop(letter=letter)
    return len(due)


def cards() -> int:
    """A used card vouches for its person, and stays with them."""
    limit = clock.now() - dt.timedelta(days=CARD_DAYS)
    return EntryCard.objects.filter(used_at__isnull=True, expires_at__lt=limit).delete()[0]


def testimonies() -> int:
    """Asked and not agreed to; one agreed to stays as long as what was shown may be shown again, or its words are."""
    rows = Testimony.objects.filter(Q(agreed_at__isnull=True) | Q(recording_agreed=False, withdrawn_at__isnull=True))
    return rows.filter(shown_at__isnull=True, outreach__on__lt=day_ago(TESTIMONY_DAYS)).delete()[0]


def memberships() -> int:
    """Six months after leaving, nothing says any more who was a member."""
    return community.let_go(Membership.objects.filter(person__isnull=False, left_on__lt=day_ago(APPLICATION_DAYS)))


# --- When, for somebody who would leave today -------------------------------------------------------------------------
def after_leaving(participation: Participation) -> list[tuple[dt.date, str, str]]:
    """The days on which what still bears their name goes, what it is, and what happens to it."""
    today, rows = clock.today(participation.programme.time_zone), []
    for rule in registry.gather(registry.RETENTION):
        days = rule.days_for(participation) if rule.days_for else None
        if days is not None:
            rows.append((today + dt.timedelta(days=days), rule.data[:1].lower() + rule.data[1:], rule.then))
    return sorted(rows)


def _application(participation: Participation) -> int | None:
    waits = participation.side == Side.HELPER and participation.accepted_at is None
    return APPLICATION_DAYS + 1 if waits else None


def _letter(participation: Participation) -> int | None:
    return erasure.LETTER_DAYS + 1 if erasure.acts_of_rh(participation.letters.all()).exists() else None


def _mission(participation: Participation) -> int | None:
    accepted = participation.side == Side.HELPER and participation.accepted_at is not None
    return MISSION_DAYS + 1 if accepted or participation.letters.exists() else None


def rules() -> list[Rule]:
    """RETENTION hook."""
    nameless = "détachée de la personne : il ne reste qu’un nombre"
    return [
        Rule(
            "applications",
            "Candidature de pair-aidant·e non retenue",
            "6 mois après sa fin",
            nameless,
            applications,
            _application,
        ),
        Rule(
            "letters",
            "Lettre de mission",
            "mission + 1 an",
            "texte et papiers effacés, l’employeur archive",
            letters,
            _letter,
        ),
        Rule("unfinished", "Lettre inachevée, visa refusé", "6 mois (3 si abandonnée)", "effacée", unfinished_letters),
        Rule("training", "Formation et participation acceptée", "mission + 5 ans", "effacées", missions, _mission),
        Rule("cards", "Carte d’entrée non utilisée", "30 jours après sa fin", "effacée", cards),
        Rule("drafts", "Inscription commencée", "7 jours après le dernier changement", "effacée", joining.purge),
        Rule("avoid", "« Pas avec »", "tant que la personne cherche un binôme", "effacé", avoid.purge),
        Rule("memberships", "Membre d’une communauté ou d’un groupe", "6 mois après son départ", nameless, memberships),
        Rule(
            "registrations",
            "Inscription à un temps collectif",
            "jusqu’au nombre de personnes venues, 30 jours au plus",
            "effacée",
            gatherings.forget_old,
        ),
        Rule("testimonies", "Accord pour témoigner, non gardé", "12 mois après l’action", "effacé", testimonies),
    ]
