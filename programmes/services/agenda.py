"""The private calendar of somebody of the team: a link that ends with the role, neutral words only."""

import datetime as dt
from uuid import UUID, uuid5

import icalendar

from portal import clock
from portal.enums import Verb
from portal.models import Person, SignedLink
from portal.registry import CALENDAR, Event, gather
from portal.services import journal, links
from programmes.access import TEAM
from programmes.models import Programme, ProgrammeRole

PURPOSE = "calendar"
DAYS = 366
APPOINTMENT = "Rendez-vous professionnel"
# How far the feed looks back and ahead.
BACK, AHEAD = dt.timedelta(days=90), dt.timedelta(days=400)


def _roles(programme: Programme):
    held = ProgrammeRole.objects.on(clock.today(programme.time_zone))
    return held.filter(programme=programme, role__in=TEAM).order_by("pk")


def role_of(person: Person, programme: Programme) -> ProgrammeRole | None:
    """The role in the team that the person's link hangs on."""
    return _roles(programme).filter(person=person).first()


def live(role: ProgrammeRole) -> SignedLink | None:
    return links.live(PURPOSE, role.ref)


def create(*, role: ProgrammeRole, by: Person) -> str:
    """The token of a new link, which nothing keeps; the link before it stops."""
    links.revoke(purpose=PURPOSE, object_ref=role.ref)
    _, token = links.issue(purpose=PURPOSE, object_ref=role.ref, days=DAYS)
    journal.log(actor=by, verb=Verb.CREATED, target=role, employer=role.programme.lead_employer)
    return token


def revoke(*, role: ProgrammeRole, by: Person) -> None:
    links.revoke(purpose=PURPOSE, object_ref=role.ref)
    journal.log(actor=by, verb=Verb.CHANGED, target=role, employer=role.programme.lead_employer)


def feed(token: str) -> bytes | None:
    """The iCalendar file behind a token; None when the link or the role is no longer in force."""
    link = links.find(PURPOSE, token)
    if link is None:
        return None
    roles = ProgrammeRole.objects.select_related("programme__lead_employer", "person__user")
    role = roles.filter(ref=link.object_ref).first()
    if role is None or not _signs_in(role.person) or not _roles(role.programme).filter(pk=role.pk).exists():
        return None
    today = clock.today(role.programme.time_zone)
    return write(role.programme.ref, gather(CALENDAR, role.programme, today - BACK, today + AHEAD))


def _signs_in(person: Person) -> bool:
    return person.user is not None and person.user.is_active


def write(programme: UUID, events: list[Event]) -> bytes:
    """Only what is neutral: « Résonance : … », no place, no description, no attendee."""
    rows = [
        _row(f"{uuid5(programme, event.key)}@resonance", f"Résonance : {event.neutral}", event.on, event.minutes)
        for event in events
    ]
    return _calendar("-//Résonance//Calendrier//FR", rows, name="Résonance")


def appointment(*, uid: UUID, on: dt.datetime, minutes: int) -> bytes:
    """One meeting for one's own diary: not even the name of the portal, which colleagues may know."""
    return _calendar("-//Agenda//FR", [_row(str(uid), APPOINTMENT, on, minutes)])


def _row(uid: str, title: str, on: dt.date | dt.datetime, minutes: int) -> icalendar.Event:
    row = icalendar.Event()
    row.add("uid", uid)
    row.add("dtstamp", clock.now())
    row.add("summary", title)
    row.add("dtstart", on.astimezone(dt.UTC) if isinstance(on, dt.datetime) else on)
    if minutes:
        row.add("duration", dt.timedelta(minutes=minutes))
    row.add("class", "PRIVATE")
    row.add("transp", "OPAQUE" if minutes else "TRANSPARENT")
    return row


def _calendar(maker: str, rows: list[icalendar.Event], name: str = "") -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", maker)
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    for row in rows:
        calendar.add_component(row)
    return calendar.to_ical()
