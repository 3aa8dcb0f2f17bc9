"""The charter: versions drafted, put in force for good, accepted by those who take part.

A new version asks for a new acceptance. It binds what starts after it: no existing pair ever stops for it (field R21).
"""

import datetime as dt
import hashlib
import json
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from portal import clock
from portal.enums import Verb
from portal.errors import Conflict, DomainError, Refused
from portal.models import Person
from portal.registry import CLEARED, hooks
from portal.services import journal
from programmes import charter_diff
from programmes.models import CharterAcceptance, CharterVersion, Participation, Programme

GATE = "charter"
GRACE_DAYS = 30
FIXED = "La date de cette version est fixée : elle ne change plus. Préparez-en une nouvelle."
MOVED_ON = "Une autre version est entrée en vigueur pendant votre lecture. Relisez-la avant d’accepter."


@cache
def model_articles() -> tuple[tuple[str, str], ...]:
    """The 18 articles every programme starts from (domain.md f.2): title, text."""
    source = settings.BASE_DIR / "fixtures/texts/charter.json"
    return tuple((row["title"], row["text"]) for row in json.loads(source.read_text(encoding="utf-8")))


def digest(articles: list[dict]) -> str:
    """SHA-256 of the articles as canonical JSON."""
    text = json.dumps(articles, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def intact(version: CharterVersion) -> bool:
    """Whether the text is the one that came into force."""
    return digest(version.articles) == version.sha256


def in_force(programme: Programme):
    """Versions in force today or before, the latest first."""
    today = clock.today(programme.time_zone)
    return programme.charters.filter(in_force_on__lte=today).order_by("-in_force_on", "-number")


def current(programme: Programme) -> CharterVersion | None:
    """The version everybody is asked to accept today."""
    return in_force(programme).first()


def accepted(participation: Participation) -> bool:
    """Whether this participation accepted the version in force."""
    version = current(participation.programme)
    return version is not None and participation.charter_acceptances.filter(version=version).exists()


def accepted_by_all(participations: list[Participation]) -> bool:
    """Whether each of these participations to one programme accepted the version in force."""
    version = current(participations[0].programme)
    accepting = CharterAcceptance.objects.filter(version=version, participation__in=participations)
    return version is not None and accepting.count() == len(participations)


def standing(participation: Participation) -> str:
    """« accepted », « grace » (an earlier version is accepted, the new one is recent), or « expected »."""
    version = current(participation.programme)
    if version is None or accepted(participation):
        return "accepted" if version else "expected"
    recent = grace_ends(version) >= clock.today(participation.programme.time_zone)
    return "grace" if recent and participation.charter_acceptances.exists() else "expected"


def grace_ends(version: CharterVersion) -> dt.date:
    """Until then the delay is nobody's fault; running pairs never stop, before nor after (field R21)."""
    return version.in_force_on + dt.timedelta(days=GRACE_DAYS)


def before(version: CharterVersion) -> CharterVersion | None:
    """The version in force before this one (for a draft: the one in force today)."""
    earlier = version.programme.charters.filter(in_force_on__isnull=False, number__lt=version.number)
    return earlier.order_by("-in_force_on", "-number").first()


def accepted_before(participations: list[Participation], version: CharterVersion) -> CharterVersion | None:
    """The latest earlier version that somebody accepted: what they compare the new one with."""
    rows = CharterAcceptance.objects.filter(participation__in=participations).exclude(version=version)
    last = rows.select_related("version").order_by("-version__in_force_on", "-version__number").first()
    return last.version if last else None


def changes(earlier: CharterVersion | None, version: CharterVersion) -> list[charter_diff.Change]:
    """What `version` changes, article by article."""
    return charter_diff.compare(earlier.articles, version.articles) if earlier else []


@transaction.atomic
def draft(*, programme: Programme, by: Person) -> CharterVersion:
    """The version being prepared, begun if there is none from the version in force, else from the 18 articles."""
    if pending := programme.charters.filter(in_force_on__isnull=True).first():
        return pending
    latest = current(programme)
    articles = latest.articles if latest else [{"title": t, "text": x} for t, x in model_articles()]
    number = (programme.charters.aggregate(last=Max("number"))["last"] or 0) + 1
    version = CharterVersion.objects.create(
        programme=programme, number=number, articles=articles, created_at=clock.now()
    )
    journal.log(actor=by, verb=Verb.CREATED, target=version, employer=programme.lead_employer)
    return version


@transaction.atomic
def change(*, version: CharterVersion, texts: list[str], seen: int, by: Person) -> None:
    """New texts for the articles of a version not in force; raises Conflict if changed meanwhile."""
    if len(texts) != len(version.articles) or not all(text.strip() for text in texts):
        raise DomainError("Chaque article garde un texte.")
    articles = [{**old, "text": text.strip()} for old, text in zip(version.articles, texts, strict=True)]
    _write(version, seen, articles=articles)
    journal.log(actor=by, verb=Verb.CHANGED, target=version, employer=version.programme.lead_employer)


@transaction.atomic
def put_in_force(*, version: CharterVersion, on: dt.date, seen: int, by: Person) -> None:
    """From `on`, today or later; the text and its hash never change again."""
    programme = version.programme
    if on < clock.today(programme.time_zone):
        raise DomainError("La charte entre en vigueur aujourd’hui ou plus tard.", field="on")
    last = programme.charters.aggregate(last=Max("in_force_on"))["last"]
    if last and on < last:
        raise DomainError("Une autre version entre en vigueur après cette date.", field="on")
    _write(version, seen, sha256=digest(version.articles), in_force_on=on)
    journal.log(actor=by, verb=Verb.MOVED, target=version, employer=programme.lead_employer)


@transaction.atomic
def drop(*, version: CharterVersion, by: Person) -> None:
    """Give a draft up; the version in force stays as it is."""
    deleted, _ = CharterVersion.objects.filter(pk=version.pk, in_force_on__isnull=True).delete()
    if not deleted:
        raise DomainError(FIXED)
    journal.log(actor=by, verb=Verb.CHANGED, target=version, employer=version.programme.lead_employer)


def _write(version: CharterVersion, seen: int, **values) -> None:
    open_one = CharterVersion.objects.filter(pk=version.pk, in_force_on__isnull=True)
    if not open_one.filter(version=seen).update(version=seen + 1, **values):
        if open_one.exists():
            raise Conflict
        raise DomainError(FIXED)
    version.refresh_from_db()


@transaction.atomic
def accept(*, participation: Participation, by: Person, seen: CharterVersion | None = None) -> CharterAcceptance:
    """The person accepts the version in force (`seen`: the one they read). Accepting twice is accepting once."""
    if participation.person_id != by.pk:
        raise Refused("Seule la personne concernée peut faire cela.")
    version = current(participation.programme)
    if version is None:
        raise DomainError("Aucune charte n’est en vigueur pour l’instant.")
    if seen is not None and seen.pk != version.pk:
        raise DomainError(MOVED_ON)
    acceptance, new = CharterAcceptance.objects.get_or_create(
        participation=participation, version=version, defaults={"at": clock.now()}
    )
    if new:
        employer = participation.employer
        journal.log(actor=by, verb=Verb.DECIDED, target=version, subject=by, employer=employer)
        for hook in hooks(CLEARED):
            hook(participation, GATE)
    return acceptance
