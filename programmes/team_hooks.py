"""What team, assessments and handover show on other pages: things to do, banner, navigation, cards."""

from django.db.models import Q
from django.urls import reverse

from portal import clock, registry
from portal.dates import count_in_words, day_in_words
from portal.local_day import local_day
from portal.models import Employer, Person
from portal.navigation import Space
from portal.registry import Banner, Card, Link, Todo
from programmes.access import opens, programme_roles
from programmes.enums import HandoverState, ParticipationState, ProgrammeRoleKind
from programmes.menu import PROGRAMME
from programmes.models import Handover, Participation, Programme
from programmes.services import (
    continuity,  # noqa: F401  registers the job handler
    cover,
    handover,
    team,
)

NOBODY = "Plus de référent·e actif·ve"


def navigation(space: Space) -> list[Link]:
    if space.key != "pilotage" or not isinstance(space.context, Programme):
        return []
    slug = space.context.slug
    relay = reverse("programmes:take_over", args=[slug])
    links = [
        Link("Équipe", reverse("programmes:team", args=[slug]), 62, PROGRAMME, (relay,)),
        Link("Analyses d’impact", reverse("programmes:assessments", args=[slug]), 66, PROGRAMME),
        Link("Passation", reverse("programmes:handover", args=[slug]), 75, PROGRAMME),
    ]
    return [link for link in links if opens(link.url, space.roles)]


def todo(person: Person, programme: Programme) -> list[Todo]:
    roles = programme_roles(person, programme)
    items = _relay(person, programme, roles) + _to_review(programme)
    if ProgrammeRoleKind.REFERENT in roles:
        items += _handover(programme)
        url = reverse("programmes:team", args=[programme.slug])
        items += [Todo(sentence, url, "Compléter l’équipe", 35) for sentence in team.missing(programme)]
    return items


def _relay(person: Person, programme: Programme, roles: set[str]) -> list[Todo]:
    if ProgrammeRoleKind.DEPUTY in roles and cover.may_take_over(programme, person):
        url = reverse("programmes:take_over", args=[programme.slug])
        return [Todo("Aucun·e référent·e n’est présent·e aujourd’hui", url, "Prendre le relais", 0)]
    if ProgrammeRoleKind.REFERENT not in roles:
        return []
    url = reverse("programmes:team", args=[programme.slug])
    rows = cover.covers(programme).exclude(person=person).select_related("person")
    return [Todo(cover.in_words(row), url, "Voir l’équipe", 15) for row in rows]


def _to_review(programme: Programme) -> list[Todo]:
    """Impact assessments to be read again; those awaited for too long are among the late actions (timeline)."""
    today = clock.today(programme.time_zone)
    if not programme.impact_assessments.filter(validated_on__isnull=False, review_on__lte=today).exists():
        return []
    url = reverse("programmes:assessments", args=[programme.slug])
    return [Todo("Une analyse d’impact (AIPD) est à relire", url, "Voir l’AIPD", 32)]


def _handover(programme: Programme) -> list[Todo]:
    row = handover.latest(programme)
    if not handover.under_way(row):
        return []
    left = len(handover.lines()) - len(row.done)
    day = day_in_words(row.on, weekday=False)
    said = f"Passation prévue le {day}" if row.state == HandoverState.PREPARING else f"Passation annoncée pour le {day}"
    if not left and row.state == HandoverState.ANNOUNCED:
        return []
    sentence = f"{said} : il reste {count_in_words(left, 'ligne')}" if left else f"{said} : elle n’est pas annoncée"
    return [Todo(sentence, reverse("programmes:handover", args=[programme.slug]), "Continuer la passation", 14)]


# --- No référent left -----------------------------------------------------------------------------------------------
def closing_in_words(programme: Programme) -> str:
    """What agents may still do, and until when."""
    last = cover.entries_close_after(programme)
    if last and last >= clock.today(programme.time_zone):
        day = day_in_words(last, weekday=False)
        return f"Sans référent·e, les nouvelles inscriptions se ferment après le {day}. Les binômes continuent."
    return "Les nouvelles inscriptions sont fermées. Les binômes continuent."


def banner(space: Space) -> list[Banner]:
    """On the pages of the team and of RH."""
    if space.key == "pilotage" and isinstance(space.context, Programme):
        programme = space.context
        if programme.state not in cover.LIVE or cover.referents(programme).exists():
            return []
        text = f"La personne suppléante peut prendre le relais, puis donner le rôle. {closing_in_words(programme)}"
        url = reverse("programmes:take_over", args=[programme.slug])
        return [Banner(NOBODY, text, url, "Prendre le relais")]
    if space.key == "hr" and isinstance(space.context, Employer):
        asked = "Désignez une personne : la suppléante prend le relais et lui donne le rôle."
        return [
            Banner(f"{NOBODY} : {programme.name}", f"{asked} {closing_in_words(programme)}")
            for programme in cover.unattended(space.context)
        ]
    return []


# --- Agents ---------------------------------------------------------------------------------------------------------
def cards(person: Person) -> list[Card]:
    return [*_announced(person), *_steering(person)]


def said_to_agents(row: Handover) -> str:
    """Who leaves and who comes, and nothing else."""
    day = day_in_words(row.on, weekday=False)
    leaver = row.leaver.short_name if row.leaver else "Votre référent·e"
    if row.successor is None:
        return f"{leaver} quitte l’équipe le {day}. Le nom de la personne qui prendra la suite n’est pas encore connu."
    return f"{leaver} quitte l’équipe. {row.successor.short_name} prend la suite le {day}."


def _announced(person: Person) -> list[Card]:
    mine = Participation.objects.open().filter(person=person).exclude(state=ParticipationState.WITHDRAWN)
    since = local_day("programme__lead_employer", -30)
    rows = Handover.objects.filter(
        state=HandoverState.ANNOUNCED, on__gt=since, programme__in=mine.values("programme")
    ).exclude(Q(leaver=person) | Q(successor=person))
    items = []
    for row in rows.select_related("leaver", "successor"):
        own = mine.filter(programme=row.programme_id).first()
        url = reverse("programmes:my_participation", args=[own.ref]) + "#passation"
        items.append(Card("Votre référent·e change", said_to_agents(row), url, "Lire et choisir", rank=8))
    return items


def _steering(person: Person) -> list[Card]:
    """Members of the steering committee have no pages of the team: they read it in their own space."""
    held = person.programme_roles.in_force().filter(role=ProgrammeRoleKind.STEERING, programme__state__in=cover.LIVE)
    items = []
    for row in held.select_related("programme__lead_employer"):
        if not cover.referents(row.programme).exists():
            text = (
                f"{row.programme.name}. Demandez à la direction qui prend la suite. {closing_in_words(row.programme)}"
            )
            items.append(Card(NOBODY, text, rank=1))
    return items


def register_all() -> None:
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.TODO, todo)
    registry.register(registry.BANNER, banner)
    registry.register(registry.CARD, cards)
