"""The world of scene 8, built through the services; run in a process of its own (see tests/server.py)."""

import datetime as dt

from django.db.models import F

from pairing.models import SupervisionAttendance, SupervisionSession
from pairing.services import supervision, support
from portal import clock
from portal.dates import moment_in_words
from portal.jobs import simulated_past
from portal.models import OutgoingMail
from portal.services import mail
from programmes.enums import Presence, Side
from programmes.models import Programme
from tests.builders import make_employer, make_pair, make_participation, make_person, make_programme, signatory_of
from tests.worlds import keep_windows

REFERENT, AWAY, ASKS, RH = "Clovis", "Maxence", "Noé", "Signataire"
HELPERS = ("Aline", "Bastien", "Chloé", "Denise", ASKS, AWAY)
SLUG, SUPERVISOR = "peupliers", "Pascaline V."


def supervision_of_the_semester() -> None:
    """Six helpers in a pair; six weeks ago one of them was excused."""
    with simulated_past(), clock.at(clock.now() - dt.timedelta(days=60)):
        employer = make_employer(SLUG, name="Ville des Peupliers", fictional=True)
        programme = make_programme(employer, referent=make_person(employer, REFERENT))
        Programme.objects.filter(pk=programme.pk).update(slug=SLUG)
        programme.slug = SLUG
        by = programme.roles.get(role="referent").person
        engagement = supervision.engage(
            programme=programme,
            name=SUPERVISOR,
            address="pascaline@cabinet.invalid",
            confidentiality_on=clock.today(programme.time_zone),
            by=by,
        )
        past = clock.now() + dt.timedelta(days=18)
        (session,) = supervision.plan(engagement=engagement, starts=[past], minutes=120, by=by)
        for given in HELPERS:
            helper = make_participation(programme, Side.HELPER, make_person(employer, given))
            make_pair(programme, helper=helper)
    with simulated_past(), clock.at(past + dt.timedelta(hours=3)):
        presences = {
            row: Presence.EXCUSED if row.person.given == AWAY else Presence.PRESENT
            for row in supervision.expected(session)
        }
        supervision.mark(session=session, presences=presences, themes=[], by=None)
    signatory_of(employer)
    keep_windows(REFERENT, RH, *HELPERS)


def link_of(kind: str) -> str:
    """The address in the last mail of this kind."""
    body = mail.render(OutgoingMail.objects.filter(kind=kind).latest("pk"))[1]
    return (
        next(word for word in body.split() if "/seance/" in word or "/rappel/" in word)
        .partition("//")[2]
        .partition("/")[2]
    )


def the_day_comes() -> str:
    """The first date planned began an hour ago; the link of its sheet."""
    row = SupervisionSession.objects.filter(state="planned").earliest("starts_at")
    SupervisionSession.objects.filter(pk=row.pk).update(starts_at=clock.now() - dt.timedelta(hours=1))
    return link_of(supervision.LINK_MAIL)


def a_week_goes_by() -> None:
    """As if the sheets had been filled eight days earlier."""
    SupervisionAttendance.objects.update(noted_at=F("noted_at") - dt.timedelta(days=8))


def asked_of_the_supervisor() -> str:
    """The link of what was asked, and the target in words: ten working days from now."""
    due = support.due("supervisor", "individual", clock.now(), "Europe/Paris")
    return f"{link_of(support.LINK_MAIL)}|{moment_in_words(due, 'Europe/Paris')}"
