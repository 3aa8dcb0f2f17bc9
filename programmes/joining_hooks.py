"""What the inscription begun shows elsewhere: a card, « Mes données », and pages that came too late."""

import datetime as dt

from django.urls import reverse

from portal import clock, registry
from portal.dates import day_in_words
from portal.late import Token
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, DataSet, Link
from programmes.access import joinable_by
from programmes.joining_steps import NEVER_KEPT, STEPS
from programmes.models import JoinDraft
from programmes.services import joining

KIND = "join"


def kept_late(token: Token, path: str, typed: joining.Answers) -> str | None:
    """LATE hook: a step of an inscription, for its author; the address where they will find it."""
    if token.kind != KIND:
        return None
    person = Person.objects.filter(ref=token.person).first()
    programme = joinable_by(person).filter(slug=token.key).first() if person else None
    slug = path.rstrip("/").rpartition("/")[2]
    if programme is None or slug not in [step.slug for step in STEPS]:
        return None
    if slug != STEPS[-1].slug:
        answers = {name: values for name, values in typed.items() if name not in NEVER_KEPT | {"move"}}
        joining.keep_late(person=person, programme=programme, step=slug, answers=answers)
    return reverse("programmes:join_step", args=[programme.slug, slug])


def _drafts(person: Person) -> list[JoinDraft]:
    joinable = joinable_by(person)
    found = (
        [(programme, joining.find(person, programme)) for programme in joinable] if person.join_drafts.exists() else []
    )
    return [draft for _, draft in found if draft]


def _until(draft: JoinDraft) -> str:
    until = draft.changed_at + dt.timedelta(days=joining.DAYS)
    return day_in_words(clock.day_of(until, draft.programme.time_zone))


def cards(person: Person) -> list[Card]:
    return [
        Card(
            title="Votre inscription n’est pas finie",
            text=f"Rien n’est envoyé. Votre brouillon est gardé pour vous jusqu’au {_until(draft)}.",
            url=reverse("programmes:join_resume", args=[draft.programme.slug]),
            action="Reprendre",
            rank=25,
        )
        for draft in _drafts(person)
    ]


def navigation(space: Space) -> list[Link]:
    if space.key != "agent":
        return []
    return [
        Link("Qui voit quoi de moi", reverse("programmes:visibilities"), 60, under=(reverse("programmes:avoided"),))
    ]


def personal_data(person: Person) -> list[DataSet]:
    rows = person.join_drafts.select_related("programme")
    return [
        DataSet("Mon brouillon d’inscription", [("Programme", row.programme.name), ("Gardé jusqu’au", _until(row))])
        for row in rows
    ]


def register_all() -> None:
    registry.register(registry.LATE, kept_late)
    registry.register(registry.CARD, cards)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.PERSONAL_DATA, personal_data)
