"""What support, what worries and problems show on pages of earlier apps; time limits; personal data."""

from django.urls import reverse

from pairing.access import takes_part_in
from pairing.enums import AlertState, Asked, SupportState
from pairing.models import Alert
from pairing.services import alerts, problems, support
from portal import clock, registry
from portal.dates import count_in_words, moment_in_words
from portal.models import Employer, Person
from portal.navigation import Space
from portal.registry import Card, Criterion, DataSet, Link, Todo
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind
from programmes.menu import EVALUATE, PARTICIPANTS
from programmes.models import Programme, Step
from programmes.services import cover


# --- Agents -----------------------------------------------------------------------------------------------------------
def cards(person: Person) -> list[Card]:
    """Always there for whoever takes part; a message that was closed comes first."""
    closed = Alert.objects.filter(sender=person, state=AlertState.CLOSED, level__in=alerts.DEBRIEFED).first()
    items = []
    if closed:
        said = "Votre message est clos, un débriefing vous est proposé."
        url = reverse("pairing:my_alert", args=[closed.ref])
        items.append(Card("Une réponse pour vous", said, url, "Lire", rank=5))
    if takes_part_in(person).exists():
        said = "Être rappelé·e par quelqu’un, ou dire qu’une situation vous inquiète. Vous choisissez qui, comment et quand."
        items.append(
            Card("Besoin d’un appui ?", said, reverse("pairing:my_support"), "Ouvrir la page d’appui", rank=40)
        )
    return items


def personal_data(person: Person) -> list[DataSet]:
    rows = [
        (f"Demande d’appui : {row.get_kind_display()}", row.get_state_display())
        for row in person.support_requests.all()
    ]
    sets = [DataSet("Mes demandes d’appui", rows)] if rows else []
    rows = [
        (f"Message, niveau {row.level} : {row.get_code_display()}", row.get_state_display())
        for row in person.alerts.all()
    ]
    return [*sets, DataSet("Ce qui m’inquiétait", rows)] if rows else sets


# --- The référent and the deputy --------------------------------------------------------------------------------------
def todo(person: Person, programme: Programme) -> list[Todo]:
    roles = programme_roles(person, programme)
    url = reverse("pairing:register", args=[programme.slug])
    if ProgrammeRoleKind.REFERENT in roles:
        return [*_alerts(person, programme, url), *_requests(person, programme, url), *_rest(programme, url)]
    if ProgrammeRoleKind.DEPUTY in roles and cover.may_take_over(programme, person):
        waits = programme.alerts.filter(state=AlertState.RECEIVED).exists()
        waits = waits or programme.support_requests.filter(asked=Asked.REFERENT, state=SupportState.RECEIVED).exists()
        if waits:
            return [Todo("Un message attend une réponse : il se lit après avoir pris le relais", url, "Ouvrir", 0)]
    return []


def _alerts(person: Person, programme: Programme, url: str) -> list[Todo]:
    rows = alerts.visible_to(programme, person).exclude(state=AlertState.CLOSED)
    waiting = [row for row in rows if row.state == AlertState.RECEIVED]
    relayed = len(rows) - len(waiting)
    items = []
    if waiting:
        words = "messages inquiets attendent" if len(waiting) > 1 else "message inquiet attend"
        said = f"{len(waiting)} {words} : {target(waiting[0].due_at, programme)}"
        items.append(Todo(said, url, "Lire et appeler", 0 if max(row.level for row in waiting) > 2 else 4))
    if relayed:
        words = count_in_words(relayed, "message inquiet relayé, à clore", "messages inquiets relayés, à clore")
        items.append(Todo(words, url, "Voir", 26))
    return items


def _requests(person: Person, programme: Programme, url: str) -> list[Todo]:
    rows = list(support.for_referent(programme, person).filter(state=SupportState.RECEIVED))
    if not rows:
        return []
    words = "demandes d’appui attendent" if len(rows) > 1 else "demande d’appui attend"
    return [Todo(f"{len(rows)} {words} un rappel : {target(rows[0].due_at, programme)}", url, "Rappeler", 11)]


def target(due_at, programme: Programme) -> str:
    """Late is said without blame: somebody still waits."""
    if due_at < clock.now():
        return "le délai visé est passé, la personne attend encore"
    return f"délai visé {moment_in_words(due_at, programme.time_zone)}"


def _rest(programme: Programme, url: str) -> list[Todo]:
    items = []
    waiting = problems.waiting_long(programme).first()
    if waiting:
        days = (clock.today(programme.time_zone) - waiting.raised_on).days
        said = f"Un problème remonté attend la réponse de l’employeur depuis {days} jours"
        items.append(Todo(said, reverse("pairing:problems", args=[programme.slug]), "Voir", 33))
    if alerts.review_due(programme):
        items.append(Todo("Le protocole d’alerte est à relire, une fois par an", url, "Relire", 45))
    return items


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and ProgrammeRoleKind.REFERENT in space.roles:
        slug = space.context.slug
        return [
            Link("Appuis et alertes", reverse("pairing:register", args=[slug]), 33, PARTICIPANTS),
            Link("Problèmes remontés", reverse("pairing:problems", args=[slug]), 43, EVALUATE),
        ]
    if space.key == "hr" and isinstance(space.context, Employer):
        return [Link("Problèmes remontés", reverse("pairing:hr_problems", args=[space.context.slug]), 25)]
    if space.key == "supervision":
        return [Link("Demandes d’appui", reverse("pairing:support_of_supervisor"), 20)]
    return []


# --- Steps ------------------------------------------------------------------------------------------------------------
def criteria(step: Step) -> list[Criterion]:
    """Each message waiting has a relay (step 5); each problem raised has an answer (step 6). Words, never a number.

    The dormant deputy reads this page: not that a message was just written, only that one was left past its target.
    """
    if step.number == 5:
        zone = step.programme.time_zone
        today = clock.midnight(clock.today(zone), zone)
        met = not step.programme.alerts.filter(state=AlertState.RECEIVED, due_at__lt=today).exists()
        return [Criterion("5-alerts-relayed", met, "oui, à ce jour" if met else "un message a passé son délai visé")]
    if step.number == 6:
        met = not problems.unanswered(step.programme).exists()
        return [Criterion("6-problems-answered", met, "oui, à ce jour" if met else "une réponse de l’employeur manque")]
    return []


def register_all() -> None:
    registry.register(registry.CARD, cards)
    registry.register(registry.TODO, todo)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.PERSONAL_DATA, personal_data)
    registry.register(registry.CRITERION, criteria)
