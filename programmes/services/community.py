"""Open community and groups: entered after reading the rules, left in two clicks, without a reason (field.md 3).

No employer is told, no employer is kept, and nobody reads the list: neither the référent, who has no need of names to
announce a workshop, nor RH. How many there are is a figure of the report.
"""

import json
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from portal import clock
from portal.access import zone_of
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.services import journal, traces
from programmes.access import joinable_by
from programmes.enums import OPEN_DOORS
from programmes.models import Membership, Programme
from programmes.services import gatherings

SOURCE = settings.BASE_DIR / "fixtures/texts/community.json"


@cache
def _source() -> dict:
    return json.loads(SOURCE.read_text(encoding="utf-8"))


def rules() -> list[str]:
    """What a member reads before entering, in the first person."""
    return _source()["rules"]


def version() -> int:
    return _source()["version"]


def forms_of(programme: Programme) -> list[str]:
    """The open forms of support that may be entered now."""
    return [form for form in OPEN_DOORS if form in programme.open_forms]


def mine(person: Person) -> QuerySet[Membership]:
    """Where the person is a member today."""
    rows = Membership.objects.filter(person=person, left_on__isnull=True)
    return rows.select_related("programme__lead_employer")


@transaction.atomic
def join(*, programme: Programme, person: Person, form: str, rules_read: bool) -> Membership:
    """Become a member. Twice is once; whoever comes back finds the same row."""
    if not rules_read:
        raise DomainError("Lisez les règles, puis cochez « j’ai lu ».", field="rules_read")
    if not joinable_by(person).filter(pk=programme.pk).exists():
        raise DomainError("Ce programme n’est pas ouvert aux agents de votre employeur.")
    if form not in forms_of(programme):
        raise DomainError("Ce programme n’a pas cette forme de soutien.")
    row, made = Membership.objects.get_or_create(
        programme=programme, person=person, form=form, defaults={"rules": version(), "joined_at": clock.now()}
    )
    back = Membership.objects.filter(pk=row.pk, left_on__isnull=False).update(left_on=None, rules=version())
    if made or back:
        row.refresh_from_db()
        journal.log(actor=person, verb=Verb.CREATED, target=row, subject=person)
    return row


@transaction.atomic
def leave(*, membership: Membership, by: Person) -> None:
    """At once, and from the collective times to come that nothing else gives access to."""
    if membership.person_id != by.pk:
        raise Refused("Seule la personne concernée peut faire cela.")
    today = clock.today(membership.programme.time_zone)
    if not Membership.objects.filter(pk=membership.pk, left_on__isnull=True).update(left_on=today):
        raise DomainError("Vous n’en êtes plus membre.")
    journal.log(actor=by, verb=Verb.DECIDED, target=membership, subject=by)
    gatherings.give_up_seats(person=by, programme=membership.programme)


@transaction.atomic
def forget(*, person: Person) -> None:
    """What an erasure takes: whose memberships they were; how many there were stays."""
    Membership.objects.filter(person=person, left_on__isnull=True).update(left_on=clock.today(zone_of(person)))
    let_go(Membership.objects.filter(person=person))


def let_go(rows: QuerySet[Membership]) -> int:
    """Nothing says any more whose these memberships were; how many."""
    traces.cut(model=Membership, refs=rows.values_list("ref", flat=True))
    return rows.update(person=None)
