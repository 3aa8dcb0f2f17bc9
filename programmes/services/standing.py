"""Where a request or an application stands, in the same words for the agent and for the référent (field R26, R27).

A request for support is never refused nor ranked: since when, what is looked for, what would help. « Candidature » and
« décision » are words for helpers only.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from portal import clock
from portal.models import Transition
from portal.registry import COMING, PAIRED, hooks
from portal.terms import term
from programmes.enums import SLOTS, Channel, ParticipationState, Side
from programmes.models import Participation, Programme

P = ParticipationState
KEPT_OPEN = "Votre demande reste ouverte : vous pouvez aussi préférer attendre."


@dataclass(frozen=True)
class Standing:
    """`word` is the state, for everybody; `said` and `next` are what the agent reads."""

    word: str
    tone: str
    since: dt.datetime
    said: str
    next: str


def standings(rows: Iterable[Participation]) -> dict[int, Standing]:
    """By participation; three queries whatever their number."""
    rows = list(rows)
    paired = {key: since for hook in hooks(PAIRED) for key, since in hook(rows).items()} if rows else {}
    coming = {key: one for hook in hooks(COMING) for key, one in hook(rows).items()} if rows else {}
    moves = Transition.objects.filter(label=Participation._meta.label, object_ref__in=[row.ref for row in rows])
    last = {move.object_ref: move.at for move in moves.order_by("at", "pk")}
    return {
        row.pk: _standing(row, paired.get(row.pk), coming.get(row.pk), last.get(row.ref, row.received_at))
        for row in rows
    }


def standing(row: Participation) -> Standing:
    return standings([row])[row.pk]


def _standing(
    row: Participation, paired: dt.datetime | None, coming: tuple[dt.datetime, bool] | None, last: dt.datetime
) -> Standing:
    if row.state == P.ACCEPTED and row.side != Side.HELPER:
        return _looking(row, paired, last) if paired or not coming else _coming(row, *coming)
    said = _HELPER if row.side == Side.HELPER else _SUPPORTED
    word, tone, sentence, then = said[row.state]
    if row.state == P.ACCEPTED and paired:
        word, last, then = "acceptée, en binôme", paired, "Votre binôme a sa page dans votre espace."
    return Standing(word, tone, last, sentence, then)


def _coming(row: Participation, since: dt.datetime, agreed: bool) -> Standing:
    """A pair proposed or agreed on: whoever has one is not told that there is no place yet."""
    pair = term("binome", row.programme.words)
    if agreed:
        then = "Sa page, dans votre espace, dit ce qui reste à faire avant la première rencontre."
        return Standing(f"{pair} accepté", "go", since, f"Votre {pair} est accepté, il va commencer.", then)
    then = "Sa page est dans votre espace. Vous acceptez ou non, sans raison à donner."
    return Standing(f"{pair} proposé", "go", since, f"Un {pair} vous est proposé.", then)


def _looking(row: Participation, paired: dt.datetime | None, last: dt.datetime) -> Standing:
    pair = term("binome", row.programme.words)
    if paired:
        then = "Tout se passe entre vous deux : sa page est dans votre espace."
        return Standing(f"en {pair}", "go", paired, f"Vous avez un {pair}.", then)
    if row.waiting_since is None:
        then = "Si vous le souhaitez, dites que vous cherchez à nouveau. Rien ne presse."
        return Standing("sans recherche en cours", "neutral", last, "Aucune recherche n’est en cours.", then)
    then = "Dès qu’une place convient, vous lisez une proposition. Vous l’acceptez ou non, sans raison à donner."
    said = f"Nous cherchons un {pair} qui convienne. Il n’y a pas encore de place qui convienne."
    return Standing(f"en attente d’un {pair}", "wait", row.waiting_since, said, then)


_PAUSED = ("en pause", "neutral", "En pause, à votre demande.", "Vous reprenez quand vous voulez.")
_WITHDRAWN = ("retirée", "neutral", "Retirée, à votre demande.", "Vous pouvez en commencer une nouvelle.")
_TALK_NEXT = "Le ou la référent·e vous joint. Vous choisissez le moment et la façon de parler."
_SUPPORTED = {
    P.RECEIVED: (
        "reçue",
        "wait",
        "Bien reçue. L’équipe vous répondra.",
        "Le ou la référent·e la lit, puis vous propose un échange ou cherche directement.",
    ),
    P.TALK: ("échange proposé", "go", "L’équipe vous propose un échange.", _TALK_NEXT),
    P.LATER: ("reçue", "wait", "Votre demande reste ouverte.", KEPT_OPEN),
    P.OTHER_FORM: ("autre forme proposée", "neutral", "Une autre forme de soutien vous est proposée.", KEPT_OPEN),
    P.ORIENTED: (
        "orientation, demande gardée ouverte",
        "neutral",
        "Un autre appui vous est proposé. Votre demande reste ouverte.",
        "Vous contactez cet appui si vous le voulez. Le ou la référent·e revient vers vous ensuite.",
    ),
    P.PAUSED: _PAUSED,
    P.WITHDRAWN: _WITHDRAWN,
}
_HELPER = {
    P.RECEIVED: (
        "reçue",
        "wait",
        "Bien reçue. L’équipe vous répondra.",
        "Un entretien vous est proposé, sur ce que la mission demande. Aucun justificatif n’est à fournir.",
    ),
    P.TALK: ("entretien proposé", "go", "L’équipe vous propose un échange.", _TALK_NEXT),
    P.ACCEPTED: (
        "acceptée",
        "go",
        "Votre proposition est acceptée. Merci.",
        "La formation, la charte et la lettre de mission viennent avant la première rencontre.",
    ),
    P.LATER: (
        "plus tard",
        "neutral",
        "Plutôt plus tard : votre proposition reste ouverte.",
        "Le ou la référent·e vous dit pourquoi de vive voix, et quand en reparler.",
    ),
    P.OTHER_FORM: (
        "autre forme proposée",
        "neutral",
        "Une autre forme de participation vous est proposée.",
        "Vous en parlez ensemble. Votre proposition reste ouverte.",
    ),
    P.PAUSED: _PAUSED,
    P.WITHDRAWN: _WITHDRAWN,
}
_HELPER[P.ORIENTED] = _SUPPORTED[P.ORIENTED]


# --- What is looked for, what would help ------------------------------------------------------------------------------
def looked_for(row: Participation) -> str:
    """Ticks only, in one line; themes are read from what the caller prefetched."""
    parts = [theme.label for theme in row.themes.all()] + [label.lower() for label in row.channel_labels]
    hours = ["horaires variables"] if row.variable_hours else []
    count = row.slots.bit_count()
    if count > 3:
        hours.append(f"{count} créneaux possibles")
    elif count:
        hours += [label.lower() for label in row.slot_labels]
    return " · ".join(parts + hours)


def what_would_help(programme: Programme, rows: list[Participation]) -> dict[int, str]:
    """By participation that waits: what is missing among those who could answer, as a whole.

    Read on the whole group of accepted helpers (or waiting peers), before any « pas avec »: it says nothing of a wish.
    """
    accepted = programme.participations.filter(state=P.ACCEPTED, person__isnull=False).exclude(side=Side.HELPED)
    pool = list(accepted.prefetch_related("themes"))
    return {row.pk: _missing(row, [other for other in pool if _may_answer(other, row)]) for row in rows}


def _may_answer(other: Participation, row: Participation) -> bool:
    if row.side == Side.PEER:
        return other.side == Side.PEER and other.pk != row.pk and other.waiting_since is not None
    return other.side == Side.HELPER and other.person_id != row.person_id


def _missing(row: Participation, pool: list[Participation]) -> str:
    if not pool:
        return "quelqu’un de disponible" if row.side == Side.PEER else "une personne acceptée pour accompagner"
    lacks = []
    if not any(set(row.channels) & set(other.channels) for other in pool):
        lacks.append("quelqu’un qui échange " + " ou ".join(Channel(value).label.lower() for value in row.channels))
    if not row.variable_hours and not any(other.variable_hours or row.slots & other.slots for other in pool):
        lacks.append("quelqu’un de libre " + " ou ".join(label.lower() for bit, label in SLOTS if row.slots >> bit & 1))
    offered = {theme.pk for other in pool for theme in other.themes.all()}
    if wanted := [theme.label for theme in row.themes.all() if theme.pk not in offered]:
        lacks.append("quelqu’un sur « " + " », « ".join(wanted) + " »")
    return " ; ".join(lacks) or "une place : rien d’autre ne manque"


def waited(since: dt.datetime) -> str:
    """« aujourd’hui », « 3 jours », « 2 mois »: a length, never a rank."""
    days = (clock.now() - since).days
    if days < 1:
        return "aujourd’hui"
    if days < 60:
        return "1 jour" if days == 1 else f"{days} jours"
    return f"{days // 30} mois"
