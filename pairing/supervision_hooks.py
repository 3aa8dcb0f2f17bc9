"""What supervision shows on pages of earlier apps: cards, spaces, navigation, things to do, personal data."""

import datetime as dt

from django.urls import reverse
from django.utils.text import capfirst

from pairing.access import may_supervise
from pairing.enums import COLLECTIVE_KINDS, UNLED_KINDS, SupervisionKind
from pairing.models import SupervisionAttendance, SupervisionSession
from pairing.models.pairs import GATED_FORMS
from pairing.services import load, needs, supervision, supervision_frame, supervision_signals
from pairing.services.gates import has_supervision
from portal import clock, registry
from portal.dates import moment_in_words
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, DataSet, Event, Link, Todo
from portal.terms import term
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind, ProgrammeState, SessionState, Watched
from programmes.menu import PARTICIPANTS
from programmes.models import Programme

FIRST = (
    "Vous êtes seul·e à lire ceci. Si cela dure une semaine, le ou la référent·e sera invité·e à vous proposer un point, "
    "sans que la raison lui soit dite."
)
NEXT = {
    SupervisionKind.GROUP: ("Ma prochaine supervision", "Un temps de recul, sans lien hiérarchique."),
    SupervisionKind.INTERVISION: ("Ma prochaine intervision", "Entre pairs-aidants, si vous le souhaitez."),
    SupervisionKind.LOGISTIC: ("Mon prochain point logistique", "Un point pratique avec le ou la référent·e."),
}


def cards(person: Person) -> list[Card]:
    """The next session of each helper or peer; before it, a load that grows, what their group wishes to say, a kind word
    to whoever was away."""
    return [*_load(person), *_need(person), *_missed(person), *_next(person)]


def _load(person: Person) -> list[Card]:
    signals = load.own(person)
    if not signals:
        return []
    text = " ".join(load.SAID[signal] for signal in signals)
    text = f"{text} Besoin d’alléger, d’une pause, d’un temps avec la personne qui supervise ? {FIRST}"
    url = reverse("pairing:my_supervision") + "#temps"
    return [Card("Votre mission prend plus de place", text, url, "Voir mon temps", rank=12)]


def _need(person: Person) -> list[Card]:
    if not needs.awaits(person):
        return []
    url = reverse("pairing:my_supervision") + "#besoins"
    text = "La personne qui anime a écrit ce qu’il souhaite dire. Êtes-vous d’accord ?"
    return [Card("Votre groupe attend votre avis", text, url, "Lire et répondre", rank=13)]


def _missed(person: Person) -> list[Card]:
    if not supervision_signals.own(person):
        return _long_ago(person)
    text = "Besoin d’un autre créneau ? Voyez les prochaines dates, ou demandez une séance pour vous."
    return [Card("Vous avez manqué deux séances", text, reverse("pairing:my_supervision"), "Voir les dates", rank=14)]


def _long_ago(person: Person) -> list[Card]:
    """To the person first; the référent reads it a week later."""
    if not supervision_frame.own_without(person):
        return []
    text = "Besoin d’un autre créneau ? Voyez les prochaines dates, ou demandez une séance pour vous."
    return [
        Card("Un temps de recul vous est ouvert", text, reverse("pairing:my_supervision"), "Voir les dates", rank=14)
    ]


def _next(person: Person) -> list[Card]:
    coming = supervision.coming_for(person)
    if not coming:
        return []
    when = moment_in_words(coming[0].starts_at, coming[0].programme.time_zone).capitalize()
    place = f", {coming[0].place}" if coming[0].place else ""
    title, text = NEXT[coming[0].kind]
    own = term("supervision", coming[0].programme.words)
    if coming[0].kind == SupervisionKind.GROUP and own != term("supervision"):
        title = f"Prochaine date : {own}"
    return [Card(title, f"{text} {when}{place}.", reverse("pairing:my_supervision"), "Voir les dates", rank=15)]


def todo(person: Person, programme: Programme) -> list[Todo]:
    if ProgrammeRoleKind.REFERENT not in programme_roles(person, programme):
        return []
    return [*_frame(programme), *_needs(programme), *_invitations(person, programme)]


def _needs(programme: Programme) -> list[Todo]:
    number = sum(one.taken_up_at is None for one in needs.for_referent(programme))
    if not number:
        return []
    words = "besoins collectifs sont validés" if number > 1 else "besoin collectif est validé"
    url = reverse("pairing:supervision", args=[programme.slug]) + "#besoins"
    return [Todo(f"{number} {words} par le groupe", url, "Lire", 30)]


def _invitations(person: Person, programme: Programme) -> list[Todo]:
    """Whom to offer a talk to, without a reason; the helper has known for a week."""
    items = []
    away, loaded = supervision_signals.to_invite(programme, but=person), load.to_invite(programme, but=person)
    for row in sorted(
        {*away, *loaded}, key=lambda row: (row.person.sort_key, row.pk)
    ):  # each once, whatever the reason
        url = reverse("programmes:participation", args=[programme.slug, row.ref])
        items.append(Todo(f"Proposer un point à {row.person.short_name}", url, "Ouvrir", 42))
    return items


def _frame(programme: Programme) -> list[Todo]:
    url = reverse("pairing:supervision", args=[programme.slug])
    gated = set(programme.forms) & set(GATED_FORMS)
    if gated and programme.state == ProgrammeState.OPEN and not has_supervision(programme):
        return [Todo("Aucune supervision n’est prévue", url, "Engager et fixer une date", 35, Watched.SUPERVISION)]
    groups = programme.supervision_sessions.filter(kind=SupervisionKind.GROUP)
    past = groups.filter(state=SessionState.PLANNED, starts_at__lt=clock.now()).count()
    if past:
        words = "feuilles de présence attendent" if past > 1 else "feuille de présence attend"
        return [Todo(f"{past} {words} en supervision", url, "Voir les séances", 28, Watched.SUPERVISION)]
    return []


def spaces(person: Person) -> list[Link]:
    return [Link("Supervision", reverse("pairing:my_sessions"), 25)] if may_supervise(person) else []


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and ProgrammeRoleKind.REFERENT in space.roles:
        label = capfirst(term("supervision", space.context.words))
        slug = space.context.slug
        hours = reverse("pairing:hours", args=[slug])
        return [Link(label, reverse("pairing:supervision", args=[slug]), 35, PARTICIPANTS, (hours,))]
    if space.key == "supervision":
        return [Link("Mes séances", reverse("pairing:my_sessions"), 10)]
    return []


def personal_data(person: Person) -> list[DataSet]:
    mine = SupervisionAttendance.objects.filter(participation__person=person).select_related("session__programme")
    rows = [
        (
            moment_in_words(row.session.starts_at, row.session.programme.lead_employer.time_zone),
            row.get_presence_display(),
        )
        for row in mine.select_related("session__programme__lead_employer")
    ]
    return [DataSet("Mes présences en supervision", rows)] if rows else []


def calendar(programme: Programme, first: dt.date, last: dt.date) -> list[Event]:
    """Collective dates planned; individual ones are known by the supervisor alone (field R8)."""
    begin = clock.midnight(first, programme.time_zone)
    end = clock.midnight(last + dt.timedelta(days=1), programme.time_zone)
    rows = programme.supervision_sessions.filter(
        kind__in=COLLECTIVE_KINDS, state=SessionState.PLANNED, starts_at__gte=begin, starts_at__lt=end
    )
    url = reverse("pairing:supervision", args=[programme.slug])
    return [
        Event(f"supervision-{row.ref}", row.starts_at, _label(row), "séance", url, row.minutes, collective=True)
        for row in rows
    ]


def _label(row: SupervisionSession) -> str:
    return row.get_kind_display().capitalize() if row.kind in UNLED_KINDS else "Séance de supervision"


def register_all() -> None:
    registry.register(registry.CALENDAR, calendar)
    registry.register(registry.CARD, cards)
    registry.register(registry.TODO, todo)
    registry.register(registry.SPACES, spaces)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.PERSONAL_DATA, personal_data)
