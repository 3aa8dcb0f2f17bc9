"""What charter and letters show on other pages: cards, things to do, links, personal data, mails."""

from django.urls import reverse

from portal import clock, registry
from portal.dates import count_in_words, day_in_words
from portal.enums import Topic
from portal.local_day import local_day
from portal.models import Employer, OutgoingMail, Person
from portal.navigation import Space
from portal.registry import Card, DataSet, Link, Rule, Todo
from portal.services import mail
from programmes.access import participations_visible_to, programme_roles
from programmes.enums import (
    OPEN_PARTICIPATION,
    LetterKind,
    LetterStanding,
    LetterState,
    ParticipationState,
    ProgrammeRoleKind,
    Side,
    Watched,
)
from programmes.letter_access import letters_of, letters_piloted_by
from programmes.menu import PARTICIPANTS, PROGRAMME
from programmes.models import CharterAcceptance, CharterVersion, Letter, Participation, Programme
from programmes.models.letters import RENEWAL
from programmes.services import (
    letter_documents,  # noqa: F401  registers the job handler
    letter_life,
    time_certificates,
    visas,
)
from programmes.services.letters import VISA_DAYS

TITLES = {
    LetterKind.LETTER: "Ma lettre de mission",
    LetterKind.CONVENTION: "Ma convention",
    LetterKind.ENGAGEMENT: "Mon engagement",
}


# --- The agent's home page ------------------------------------------------------------------------------------------
def cards(person: Person) -> list[Card]:
    return [*_charter_cards(person), *_letter_cards(person), *_engagement_cards(person), *_paper_cards(person)]


def _paper_cards(person: Person) -> list[Card]:
    """Letters that are over stay readable; a neutral paper for one's own time."""
    items = []
    if letters_of(person).filter(state=LetterState.ENDED).exists():
        said = "Chacune reste lisible, telle que vous l’avez validée."
        items.append(Card("Mes lettres passées", said, reverse("programmes:my_letters"), "Relire", rank=70))
    if time_certificates.taking_part(person).exists():
        said = "Une attestation neutre pour vous rendre à un échange, sur le temps de travail. Personne n’est prévenu."
        url = reverse("programmes:my_time")
        items.append(Card("Besoin d’une attestation ?", said, url, "Préparer l’attestation", rank=72))
    return items


def _charter_cards(person: Person) -> list[Card]:
    mine = Participation.objects.filter(person=person, state__in=OPEN_PARTICIPATION)
    versions = CharterVersion.objects.filter(
        programme__in=mine.values("programme"), in_force_on__lte=local_day("programme__lead_employer")
    ).select_related("programme")
    current = {version.programme: version for version in versions.order_by("in_force_on", "number")}
    accepted = set(
        CharterAcceptance.objects.filter(participation__in=mine, version__in=current.values()).values_list(
            "participation", "version"
        )
    )
    waiting = {
        row.programme_id for row in mine if _version(current, row) and (row.pk, _version(current, row)) not in accepted
    }
    return [
        Card(
            title="La charte est à lire" if version.number == 1 else "Une nouvelle version de la charte est à lire",
            text="Elle dit ce qui protège chacun. Rien ne s’arrête en attendant.",
            url=reverse("programmes:my_charter", args=[programme.slug]),
            action="Lire la charte",
            rank=12,
        )
        for programme, version in current.items()
        if programme.pk in waiting
    ]


def _version(current: dict[Programme, CharterVersion], row: Participation) -> int | None:
    return next((version.pk for programme, version in current.items() if programme.pk == row.programme_id), None)


def _letter_cards(person: Person) -> list[Card]:
    shown = (LetterState.TO_AGENT, LetterState.TO_MANAGER, LetterState.TO_HR, LetterState.IN_FORCE)
    items = []
    letters = [row for row in letters_of(person).filter(state__in=shown) if row.standing != LetterStanding.ENDED]
    for letter in letters:
        waits = letter.state == LetterState.TO_AGENT
        text = "Lisez les deux pages avant de dire oui." if waits else f"État : {letter.shown}."
        url, rank = reverse("programmes:my_letter", args=[letter.ref]), 11 if waits else 35
        title = f"{TITLES[letter.kind]} n° {letter.number}" if len(letters) > 1 else TITLES[letter.kind]
        items.append(Card(title, text, url, "Lire", rank=rank))
    return items


def _engagement_cards(person: Person) -> list[Card]:
    today = local_day("programme__lead_employer")
    peers = Participation.objects.filter(person=person, side=Side.PEER, state=ParticipationState.ACCEPTED)
    return [
        Card(
            title="Votre engagement est à lire",
            text="Une page, à valider avant la première rencontre.",
            url=reverse("programmes:my_engagement", args=[row.ref]),
            action="Lire l’engagement",
            rank=13,
        )
        for row in peers.exclude(letters__in=Letter.objects.filter(state=LetterState.IN_FORCE, ends__gte=today))
    ]


# --- The référent and RH --------------------------------------------------------------------------------------------
def todo(person: Person, programme: Programme) -> list[Todo]:
    if ProgrammeRoleKind.REFERENT not in programme_roles(person, programme):
        return []
    if not programme.charters.filter(in_force_on__isnull=False).exists():
        url = reverse("programmes:charter", args=[programme.slug])
        return [Todo("La charte n’est pas encore en vigueur", url, "Préparer la charte", 28)]
    url = reverse("programmes:letters", args=[programme.slug])
    helpers = participations_visible_to(person).filter(programme=programme).exclude(person=person)
    count = without_letter(helpers).count()
    items = []
    if count:
        word = "personnes acceptées n’ont" if count > 1 else "personne acceptée n’a"
        items.append(Todo(f"{count} {word} pas encore de lettre de mission", url, "Préparer", 27))
    waiting = letters_piloted_by(person).filter(programme=programme, state=LetterState.TO_MANAGER)
    stuck = len(visas.stuck(waiting))
    items += _renewals(person, programme, url)
    if stuck:
        word = "visas de temps refusés ou sans réponse" if stuck > 1 else "visa de temps refusé ou sans réponse"
        items.append(Todo(f"{stuck} {word}", url, "Voir", 15))
    return items


def _renewals(person: Person, programme: Programme, url: str) -> list[Todo]:
    """Letters near their end: since when is said, of the latest; nobody's name."""
    late = list(due_for_renewal(letters_piloted_by(person), programme))
    if not late:
        return []
    since = (clock.today(programme.time_zone) - (late[0].ends - RENEWAL)).days
    words = f"{count_in_words(len(late), 'lettre')} à renouveler, depuis {count_in_words(since, 'jour')}"
    return [Todo(words, url, "Renouveler", 18, Watched.LETTERS)]


def due_for_renewal(rows, programme: Programme):
    """Letters of the programme to renew, the most urgent first."""
    return rows.filter(programme=programme).to_renew(clock.today(programme.time_zone)).order_by("ends", "pk")


def without_letter(rows):
    """Accepted helpers for whom no letter is under way or in force."""
    helpers = rows.filter(side=Side.HELPER, state=ParticipationState.ACCEPTED)
    over = (LetterState.CANCELLED, LetterState.ENDED)
    return helpers.exclude(pk__in=Letter.objects.exclude(state__in=over).values("participation"))


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and isinstance(space.context, Programme):
        slug = space.context.slug
        links = [Link("Lettres de mission", reverse("programmes:letters", args=[slug]), 22, PARTICIPANTS)]
        if ProgrammeRoleKind.REFERENT in space.roles:
            links.append(Link("Charte", reverse("programmes:charter", args=[slug]), 68, PROGRAMME))
        return links
    if space.key == "hr" and isinstance(space.context, Employer):
        return [Link("Lettres de mission", reverse("programmes:hr_letters", args=[space.context.slug]), 10)]
    return []


def personal_data(person: Person) -> list[DataSet]:
    rows = [
        (f"Charte « {acceptance.version.programme.name} », version {acceptance.version.number}", f"acceptée le {day}")
        for acceptance in CharterAcceptance.objects.filter(participation__person=person).select_related(
            "version__programme__lead_employer"
        )
        for day in [day_in_words(clock.day_of(acceptance.at, acceptance.version.programme.time_zone), weekday=False)]
    ]
    rows += [
        (
            f"{letter.get_kind_display().capitalize()}, du {day_in_words(letter.starts, weekday=False)} "
            f"au {day_in_words(letter.ends, weekday=False)}",
            letter.shown,
        )
        for letter in letters_of(person)
    ]
    sets = [DataSet("Ma charte et mes lettres", rows)] if rows else []
    papers = [
        (
            row.label,
            f"effacée après le {day_in_words(row.retention_anchor, weekday=False)}" if row.retention_anchor else "",
        )
        for row in time_certificates.of(person)
    ]
    return sets + ([DataSet("Mes attestations", papers)] if papers else [])


# --- Mails: a neutral sentence and a link ---------------------------------------------------------------------------
def _letter(row: OutgoingMail) -> Letter:
    return Letter.objects.select_related("programme", "participation__employer").get(ref=row.object_ref)


@mail.content("programmes/letter_ready", Topic.PART, "Votre lettre vous attend", paper=True)
def _ready(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:my_letter", args=[row.object_ref])}


@mail.content("programmes/letter_news", Topic.PART, "Une nouvelle de votre lettre", paper=True)
def _news(row: OutgoingMail) -> dict:
    return {"path": reverse("portal:my_space")}


@mail.content("programmes/letter_back", Topic.TEAM, "Une lettre revient vers vous")
def _back(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:letter", args=[_letter(row).programme.slug, row.object_ref])}


@mail.content("programmes/letter_hr", Topic.TEAM, "Une lettre à valider")
def _hr(row: OutgoingMail) -> dict:
    return {"path": reverse("programmes:hr_letters", args=[_letter(row).participation.employer.slug])}


@mail.content("programmes/letter_visa")
def _visa(row: OutgoingMail) -> dict:
    return {"employer": _letter(row).participation.employer.neutral_name, "days": VISA_DAYS}


def retention() -> list[Rule]:
    """RETENTION hook."""
    said = "Attestations et relevés faits pour soi (PDF)"
    return [Rule("time-certificates", said, "30 jours", "effacées", time_certificates.forget)]


def register_all() -> None:
    registry.register(registry.CARD, cards)
    registry.register(registry.TODO, todo)
    registry.register(registry.LEAVING, letter_life.leave)
    registry.register(registry.ERASURE, time_certificates.erase_all)
    registry.register(registry.RETENTION, retention)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.PERSONAL_DATA, personal_data)
