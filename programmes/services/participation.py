"""Joining, being told where one stands, leaving.

A request for support has no refusal (field R27): « plus tard » and « autre forme » exist for helpers only. Everybody
gets an answer. Nobody but the owner changes what the owner wrote.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.registry import COMING, LEAVING, PAIRED, hooks
from portal.services import journal, mail, receipts
from portal.services.versions import save_if_unchanged
from portal.workflow import Move, Moves
from programmes.access import joinable_by, may_decide, programme_roles
from programmes.enums import OPEN_PARTICIPATION, Form, ParticipationState, ProgrammeRoleKind, Side
from programmes.models import Participation, Programme, Site, Theme
from programmes.services import about as about_oneself
from programmes.services import avoid, gatherings, interviews
from programmes.services import sites as meeting_sites

P = ParticipationState
_ANSWERABLE = (P.RECEIVED, P.TALK, P.LATER, P.OTHER_FORM, P.ORIENTED)
NO_MOMENT = "Cochez au moins un créneau, ou « horaires variables »."
_IN_A_PAIR = "Vous avez déjà un binôme : sa page permet d’en changer ou de le terminer."
_ANSWERED = "Cette demande a déjà reçu une réponse."
MOVES = Moves(
    Participation,
    [
        Move("talk", (P.RECEIVED, P.LATER, P.OTHER_FORM, P.ORIENTED), P.TALK, "Un échange est déjà proposé."),
        Move("accept", _ANSWERABLE, P.ACCEPTED, _ANSWERED),
        Move("later", (P.RECEIVED, P.TALK, P.OTHER_FORM), P.LATER, _ANSWERED),
        Move("other_form", (P.RECEIVED, P.TALK, P.LATER), P.OTHER_FORM, _ANSWERED),
        Move("orient", (P.RECEIVED, P.TALK), P.ORIENTED, _ANSWERED),
        Move("pause", (P.ACCEPTED,), P.PAUSED, "Cette participation n’est pas en cours."),
        Move("resume", (P.PAUSED,), P.ACCEPTED, "Cette participation n’est pas en pause."),
        Move("withdraw", OPEN_PARTICIPATION, P.WITHDRAWN, "Cette participation est déjà retirée."),
    ],
)
# Forms with somebody who helps and somebody who is helped.
ASYMMETRIC = {Form.PAIR, Form.PERMANENCE, Form.RETURN}
# What the référent may answer, by side. « Plus tard » is for helpers only.
ANSWERS = {
    Side.HELPER: ("talk", "accept", "later", "other_form"),
    Side.HELPED: ("talk", "accept", "other_form", "orient"),
    Side.PEER: ("talk", "accept", "other_form"),
}


def sides_of(programme: Programme) -> set[str]:
    """The sides that may be joined now: volunteers to help as soon as one form is open, the others form by form."""
    sides = {Side.PEER} if Form.RECIPROCAL in programme.open_forms else set()
    if ASYMMETRIC & set(programme.open_forms):
        sides.add(Side.HELPED)
    return sides | {Side.HELPER} if programme.open_forms and ASYMMETRIC & set(programme.forms) else sides


@transaction.atomic
def join(
    *,
    programme: Programme,
    person: Person,
    side: Side,
    receipt: UUID,
    information_read: bool,
    themes: list[Theme],
    channels: list[str],
    slots: int,
    variable_hours: bool = False,
    places: int = 1,
    free_text: str = "",
    readers: list[str] | None = None,
    entered_by: Person | None = None,
    sites: Iterable[Site] = (),
    **about,
) -> Participation:
    """Send a request (helped), an application (helper) or an entry between peers. The same form sent twice is one.

    `about`: what people may say of themselves, all optional (services/about.py). `sites`: where they may meet in
    person (services/sites.py). `entered_by`: the référent who types it after a talk (services/on_behalf.py).
    """
    if earlier := receipts.earlier(key=receipt):
        return Participation.objects.get(person=person, ref=earlier)
    if not information_read:
        raise DomainError("Lisez l’information, puis cochez « j’ai compris ».", field="information_read")
    if not joinable_by(person).filter(pk=programme.pk).exists():
        raise DomainError("Les inscriptions à ce programme ne sont pas ouvertes aux agents de votre employeur.")
    if side not in sides_of(programme):
        raise DomainError("Ce programme n’a pas cette forme de soutien.")
    if not channels:
        raise DomainError("Choisissez au moins une façon d’échanger.", field="channels")
    if not slots and not variable_hours:
        raise DomainError(NO_MOMENT, field="slots")
    about = about_oneself.checked(programme=programme, side=side, about=about)
    where = meeting_sites.choose(
        programme=programme,
        side=side,
        channels=channels,
        sites=sites,
        any_site=about.get("any_site", False),
        travels=about.get("travels", False),
    )
    about |= {"any_site": where.any_site, "travels": where.travels}
    affiliation = person.affiliations.in_force().get()
    try:
        with transaction.atomic():
            participation = Participation.objects.create(
                programme=programme,
                person=person,
                employer=affiliation.employer,
                side=side,
                places=min(places, programme.places_per_helper) if side == Side.HELPER else 1,
                channels=channels,
                slots=slots,
                variable_hours=variable_hours,
                free_text=free_text,
                readers=readers or [],
                entered_by_ref=entered_by.ref if entered_by else None,
                information_read_at=clock.now(),
                received_at=clock.now(),
                waiting_since=clock.now(),
                **about,
            )
    except IntegrityError as error:
        raise DomainError("Vous participez déjà à ce programme de ce côté.") from error
    participation.themes.set(themes)
    participation.sites.set(where.sites)
    receipts.keep(key=receipt, person=person, url=str(participation.ref))
    verb = Verb.ENTERED_FOR if entered_by else Verb.CREATED
    employer = affiliation.employer
    journal.log(actor=entered_by or person, verb=verb, target=participation, subject=person, employer=employer)
    _tell(participation, "received")
    return participation


@transaction.atomic
def change(
    *,
    participation: Participation,
    by: Person,
    seen: int,
    themes: list[Theme],
    sites: Iterable[Site] | None = None,
    **wishes,
) -> None:
    """The owner changes themes, channels, slots, places or text; raises Conflict if changed meanwhile.

    `sites`: None keeps those chosen before, as long as people are met in person.
    """
    _own(participation, by)
    if participation.state == P.WITHDRAWN:
        raise DomainError("Cette participation est retirée. Vous pouvez en commencer une nouvelle.")
    if not wishes.get("channels"):
        raise DomainError("Choisissez au moins une façon d’échanger.", field="channels")
    if not wishes.get("slots") and not wishes.get("variable_hours"):
        raise DomainError(NO_MOMENT, field="slots")
    about = {name: wishes[name] for name in about_oneself.DEFAULTS if name in wishes}
    wishes |= about_oneself.checked(programme=participation.programme, side=participation.side, about=about)
    where = meeting_sites.choose(
        programme=participation.programme,
        side=participation.side,
        channels=wishes["channels"],
        sites=participation.sites.all() if sites is None else sites,
        any_site=wishes.get("any_site", participation.any_site),
        travels=wishes.get("travels", participation.travels),
    )
    wishes |= {"any_site": where.any_site, "travels": where.travels}
    for name, value in wishes.items():
        setattr(participation, name, value)
    if participation.side == Side.HELPER:
        participation.places = min(participation.places, participation.programme.places_per_helper)
    save_if_unchanged(participation, seen=seen, fields=list({*wishes, "places"}))
    participation.themes.set(themes)
    participation.sites.set(where.sites)


def answer(*, participation: Participation, move: str, by: Person) -> None:
    """The référent answers; everybody is told where they stand."""
    if not may_decide(by, participation):
        raise Refused("Cette demande est la vôtre : la personne suppléante y répond.")
    if move not in ANSWERS[participation.side]:
        raise DomainError("Cette réponse n’existe pas pour cette demande.")
    if move == "accept" and (found := interviews.conflicts(participation)):
        raise DomainError(found[0])
    with MOVES.moving(participation, move, by=by) as fresh:
        if move == "accept":
            fresh.accepted_at = clock.now()
            fresh.waiting_since = fresh.waiting_since or clock.now()
        journal.log(actor=by, verb=Verb.DECIDED, target=fresh, subject=fresh.person, employer=fresh.employer)
        _tell(fresh, "answer")


def stop_waiting(*, participation: Participation) -> None:
    """A pair has started: its member no longer waits."""
    Participation.objects.filter(pk=participation.pk).update(waiting_since=None)


def take_place_back(*, participation: Participation) -> None:
    """Whoever wished for another pair waits from the day they were accepted, as if they had never left the wait."""
    waits = Participation.objects.filter(pk=participation.pk, state=P.ACCEPTED).exclude(side=Side.HELPER)
    waits.update(waiting_since=F("accepted_at"))


def _in_a_pair(participation: Participation) -> bool:
    """In a pair that runs, is agreed on or proposed."""
    return any(hook([participation]) for name in (PAIRED, COMING) for hook in hooks(name))


def may_seek(participation: Participation) -> bool:
    """Whether this person may say that they look for somebody again: nothing is under way for them."""
    seeks = participation.state == P.ACCEPTED and participation.side != Side.HELPER
    return seeks and participation.waiting_since is None and not _in_a_pair(participation)


def seek_again(*, participation: Participation, by: Person) -> None:
    """After a pair has ended, the person says « maintenant »: the wait starts today. One search, or one pair, at a time."""
    _own(participation, by)
    if participation.side != Side.HELPER and _in_a_pair(participation):
        raise DomainError(_IN_A_PAIR)
    changed = Participation.objects.filter(pk=participation.pk, state=P.ACCEPTED, waiting_since__isnull=True).update(
        waiting_since=clock.now()
    )
    if not changed:
        raise DomainError("Votre recherche d’un binôme est déjà en cours.")


def pause(*, participation: Participation, by: Person) -> None:
    """Without reason, at once, by the person only."""
    _said(participation, by)
    with MOVES.moving(participation, "pause", by=by):
        pass


def resume(*, participation: Participation, by: Person) -> None:
    _said(participation, by)
    with MOVES.moving(participation, "resume", by=by):
        pass


@transaction.atomic
def withdraw(*, participation: Participation, by: Person) -> None:
    """Leave, without reason: running pairs end first (LEAVING hooks), the words about oneself go at once."""
    _said(participation, by)
    for hook in hooks(LEAVING):
        hook(participation, participation.person)
    with MOVES.moving(participation, "withdraw", by=by) as fresh:
        fresh.ended_on = clock.today(fresh.programme.time_zone)
        fresh.retention_anchor = fresh.ended_on
        fresh.waiting_since = None
    about_oneself.forget(participation)
    avoid.purge(owner=participation.person)
    if participation.person:
        gatherings.give_up_seats(person=participation.person, programme=participation.programme)


def _said(participation: Participation, by: Person) -> None:
    """The person decides; without an account, by saying so to the référent, who notes it: it is in their journal."""
    person = participation.person
    told = person is not None and person.user_id is None and by.pk != person.pk
    if not told or ProgrammeRoleKind.REFERENT not in programme_roles(by, participation.programme):
        _own(participation, by)
        return
    journal.log(actor=by, verb=Verb.ENTERED_FOR, target=participation, subject=person, employer=participation.employer)


def _own(participation: Participation, by: Person) -> None:
    if participation.person_id != by.pk:
        raise Refused("Seule la personne concernée peut faire cela.")


def _tell(participation: Participation, event: str) -> None:
    """By mail; somebody without address is told by phone and on paper, where the news waits (services/on_behalf.py)."""
    mail.post(
        kind=f"programmes/{event}",
        key=f"participation:{participation.ref}:{event}:{participation.version}",
        person=participation.person,
        object_ref=participation.ref,
    )
