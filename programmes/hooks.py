"""What the frame shows on pages of the portal: spaces, navigation, things to do, personal data."""

from django.urls import reverse

from portal import registry
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, DataSet, Link, Todo
from programmes import training_hooks
from programmes.access import (
    employers_opened_by,
    joinable_by,
    leads,
    participations_visible_to,
    programme_roles,
    programmes_run_by,
)
from programmes.criteria import criteria
from programmes.enums import OPEN_PARTICIPATION, ParticipationState, ProgrammeRoleKind, ProgrammeState, Side
from programmes.menu import PARTICIPANTS, PROGRAMME
from programmes.models import Participation, Programme
from programmes.services import community, on_behalf, standing


def spaces(person: Person) -> list[Link]:
    links = [
        Link(f"Pilotage : {programme.name}", reverse("programmes:home", args=[programme.slug]), 10)
        for programme in programmes_run_by(person)
    ]
    if not links and employers_opened_by(person).exists():
        links.append(Link("Pilotage", reverse("programmes:mine"), 10))
    return links


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and isinstance(space.context, Programme):
        slug = space.context.slug
        return [
            Link("Tableau de bord", reverse("programmes:home", args=[slug]), 0),
            Link("Les six étapes", reverse("programmes:steps", args=[slug]), 10),
            Link("Demandes", reverse("programmes:requests", args=[slug]), 20, PARTICIPANTS),
            Link("Frise", reverse("programmes:timeline", args=[slug]), 64, PROGRAMME),
            Link("Cycles et exercices", reverse("programmes:calendar", args=[slug]), 65, PROGRAMME),
        ]
    return []


def todo(person: Person, programme: Programme) -> list[Todo]:
    new = Participation.objects.filter(programme=programme, state=ParticipationState.RECEIVED).exclude(person=person)
    items = []
    count = participations_visible_to(person).filter(pk__in=new).count()
    if count:
        word = "demandes attendent" if count > 1 else "demande attend"
        url = reverse("programmes:requests", args=[programme.slug])
        items.append(Todo(f"{count} {word} une réponse", url, "Répondre", 10))
    refers = ProgrammeRoleKind.REFERENT in programme_roles(person, programme)
    if not programme.open_forms and programme.state == ProgrammeState.PREPARING and refers:
        url = reverse("programmes:open", args=[programme.slug])
        items.append(Todo("Les inscriptions ne sont pas encore ouvertes", url, "Ouvrir les inscriptions", 30))
    if not programme.cycles.exists():
        url = reverse("programmes:calendar", args=[programme.slug])
        items.append(Todo("Aucun cycle n’est prévu", url, "Fixer les dates", 40))
    return items


def cards(person: Person) -> list[Card]:
    mine = list(Participation.objects.filter(person=person, state__in=OPEN_PARTICIPATION).select_related("programme"))
    stands = standing.standings(mine)
    sides: dict[int, set[str]] = {}
    items = []
    for participation in mine:
        sides.setdefault(participation.programme_id, set()).add(participation.side)
        items.append(
            Card(
                title=title_of(participation),
                text=stands[participation.pk].said,
                url=reverse("programmes:my_participation", args=[participation.ref]),
                action="Voir où j’en suis",
                rank=30,
            )
        )
    member = {row.programme_id for row in community.mine(person)}
    for programme in joinable_by(person):
        if not sides.get(programme.pk) and programme.pk not in member:
            items.append(
                Card(
                    title=programme.name,
                    text="Les inscriptions sont ouvertes. Vous pouvez lire, poser une question, ou vous inscrire.",
                    url=reverse("programmes:join", args=[programme.slug]),
                    action="Découvrir",
                    rank=60,
                )
            )
    return items


def title_of(participation: Participation) -> str:
    return {
        Side.HELPER: "Ma proposition d’accompagner",
        Side.HELPED: "Ma demande d’être accompagné·e",
        Side.PEER: "Mon inscription entre pairs",
    }[participation.side]


def sentence_of(participation: Participation) -> str:
    """Where the person stands, in one sentence, never a rank (field R26)."""
    return standing.standing(participation).said


def personal_data(person: Person) -> list[DataSet]:
    sets = []
    mine = list(person.participations.select_related("programme__lead_employer").prefetch_related("themes", "sites"))
    stands = standing.standings(mine)
    for part in mine:
        rows = [
            ("Programme", part.programme.name),
            ("Côté", part.get_side_display()),
            ("État", stands[part.pk].word),
            ("Thèmes", ", ".join(theme.label for theme in part.themes.all()) or "aucun"),
            ("Façons d’échanger", ", ".join(part.channel_labels)),
            ("Créneaux", ", ".join(part.slot_labels) or "aucun"),
            ("Horaires variables", "oui" if part.variable_hours else "non"),
            *of_oneself(part),
            ("Texte libre", part.free_text.open(part.ref) or "aucun"),
        ]
        if part.entered_by_ref:
            rows.insert(1, ("Saisie", on_behalf.said(part)))
        sets.append(DataSet(title_of(part), rows))
    return sets


def of_oneself(part: Participation) -> list[tuple[str, str]]:
    """What the person chose to say of themselves; lines never filled are left out."""
    rows = [
        ("Environnement de travail", part.get_setting_display()),
        ("Ancienneté", part.get_seniority_display()),
        ("Vécu professionnel", ", ".join(part.lived_labels)),
        ("Pour que l’échange soit accessible", ", ".join(part.exchange_need_labels)),
        ("Je préfère", part.get_likeness_display()),
        ("Où se voir", part.get_meeting_place_display()),
        ("Sites pour se voir", ", ".join(part.site_labels)),
        ("Déplacements", "je peux me déplacer sur un autre site" if part.travels else ""),
        ("Ma présentation", part.presentation.open(part.ref)),
        ("Présentation publiée", "oui" if part.presentation_published else ""),
    ]
    return [row for row in rows if row[1]]


def register_all() -> None:
    registry.register(registry.SPACES, spaces)
    registry.register(registry.LEADS, leads)
    registry.register(registry.CRITERION, criteria)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.TODO, todo)
    registry.register(registry.CARD, cards)
    registry.register(registry.PERSONAL_DATA, personal_data)
    training_hooks.register_all()
