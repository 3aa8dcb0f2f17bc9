"""What the bench and the answers to proposals show on pages of earlier apps."""

from django.urls import reverse

from pairing.access import pairs_of
from pairing.enums import PairState, RunState, SearchAnswer
from pairing.models import Run
from pairing.services import again, answers
from portal import registry
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, Link, Todo
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind
from programmes.menu import PARTICIPANTS
from programmes.models import Programme

SHOWN = 3


def cards(person: Person) -> list[Card]:
    """A delay that passed is no refusal; after an end, a question without hurry."""
    items = []
    looking = person.participations.filter(waiting_since__isnull=False).exclude(memberships__live=True)
    late = pairs_of(person).filter(state=PairState.LAPSED, late=True, members__participation__in=looking).distinct()
    for pair in [one for one in late if answers.may_take_up(one)][:1]:
        url = reverse("pairing:pair", args=[pair.ref])
        said = "Le délai est passé, ce n’est pas un refus : vous restez en tête. Vous pouvez encore répondre."
        items.append(Card("Une proposition vous attend encore", said, url, "Lire et répondre", rank=5))
    open_choices = again.open_choices(person).exclude(answer=SearchAnswer.NO).select_related("pair")
    for choice in open_choices[:1]:
        url = reverse("pairing:pair", args=[choice.pair.ref])
        if choice.answer == SearchAnswer.LATER:
            said = "Vous avez répondu « plus tard ». Vous reprenez quand vous voulez."
            items.append(Card("Chercher quelqu’un à nouveau", said, url, "Y revenir", rank=60))
        else:
            said = "Votre binôme est terminé. La suite vous appartient."
            items.append(Card("Et maintenant ?", said, url, "Choisir la suite", rank=8))
    return items


def todo(person: Person, programme: Programme) -> list[Todo]:
    """Proposals made ready after an end or a delay, and preparations left undecided."""
    if ProgrammeRoleKind.REFERENT not in programme_roles(person, programme):
        return []
    rows = programme.runs.filter(state=RunState.STAGED).exclude(about__person=person).select_related("about__person")
    items = [_ready(run) for run in rows.filter(about__person__isnull=False)[:SHOWN]]
    count = rows.filter(about=None).count()
    if count:
        word = "préparations de binômes attendent" if count > 1 else "préparation de binômes attend"
        url = reverse("pairing:runs", args=[programme.slug])
        items.append(Todo(f"{count} {word} votre décision", url, "Relire et publier", 18))
    return items


def _ready(run: Run) -> Todo:
    name = run.about.person.short_name
    url = reverse("pairing:run", args=[run.programme.slug, run.ref])
    if run.about.waiting_since is None:
        return Todo(f"Une suite se prépare pour {name}, qui n’a pas encore répondu", url, "Voir", 35)
    return Todo(f"Une nouvelle proposition est prête pour {name}", url, "Relire et publier", 15)


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and ProgrammeRoleKind.REFERENT in space.roles:
        return [Link("Rapprochements", reverse("pairing:runs", args=[space.context.slug]), 29, PARTICIPANTS)]
    return []


def reading(programme: Programme) -> list[Link]:
    """Pages about a programme that anybody may read."""
    return [Link("Comment les binômes sont proposés", reverse("pairing:how", args=[programme.slug]))]


def register_all() -> None:
    registry.register(registry.CARD, cards)
    registry.register(registry.TODO, todo)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.READING, reading)
