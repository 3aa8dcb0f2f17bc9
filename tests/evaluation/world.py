"""A programme with pairs and meetings, as rows: what the collectors count."""

import datetime as dt
import itertools

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from evaluation.services import releases
from pairing.enums import PairState, Part
from pairing.models import Meeting, Pair, PairMember
from portal import clock
from portal.enums import EmployerRoleKind
from portal.models import Employer, EmployerRole, Person, User
from programmes.enums import Form, Origin, ParticipationState, ProgrammeRoleKind, ProgrammeState, Side
from programmes.models import Exercice, Participation, Programme, ProgrammeRole

PARIS = "Europe/Paris"
STARTS, ENDS = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
_numbers = itertools.count(1)


def employer(slug="brume", **kwargs):
    kwargs = {"name": "Ville de Brume", "neutral_name": "Ville de Brume", "branch": "fpt", **kwargs}
    return Employer.objects.get_or_create(slug=slug, defaults=kwargs)[0]


def programme(slug="entraide", *, forms=(Form.PAIR,), starts=STARTS, ends=ENDS, **kwargs):
    kwargs = {"name": "Entraide entre collègues", "state": ProgrammeState.OPEN, **kwargs}
    made = Programme.objects.create(
        slug=slug, lead_employer=kwargs.pop("lead", None) or employer(), forms=list(forms), starts=starts, **kwargs
    )
    exercice = Exercice.objects.create(programme=made, name=f"Année {starts.year}", starts=starts, ends=ends)
    return made, exercice


def person(*, account=True):
    number = next(_numbers)
    user = User.objects.create(email=f"agent{number}@brume.example") if account else None
    return Person.objects.create(user=user, given=f"Prénom{number}", family=f"Nom{number}")


def participation(programme, who, side, on=dt.date(2025, 2, 1)):
    at = clock.noon(on, PARIS)
    return Participation.objects.create(
        programme=programme,
        person=who,
        employer=programme.lead_employer,
        side=side,
        state=ParticipationState.ACCEPTED,
        information_read_at=at,
        received_at=at,
        accepted_at=at,
    )


def pair(programme, helper, helped, *, slot=1, on=dt.date(2025, 3, 1), parts=(Part.HELPER, Part.HELPED)):
    made = Pair.objects.create(
        programme=programme,
        origin=Origin.BEFORE,
        state=PairState.ACTIVE,
        proposed_at=clock.noon(on, PARIS),
        all_yes_at=clock.noon(on, PARIS),
    )
    for joined, part, place in ((helper, parts[0], slot), (helped, parts[1], 1)):
        PairMember.objects.create(pair=made, participation=joined, person=joined.person, part=part, slot=place)
    return made


def pairs(programme, number, *, account=True):
    """`number` pairs of different people."""
    return [
        pair(
            programme,
            participation(programme, person(account=account), Side.HELPER),
            participation(programme, person(account=account), Side.HELPED),
        )
        for _ in range(number)
    ]


def meet(pair, times, *, first=dt.date(2025, 4, 1), minutes=None):
    for number in range(times):
        on = first + dt.timedelta(days=7 * number)
        key = f"00000000-0000-4000-8000-{next(_numbers):012}"
        Meeting.objects.create(key=key, pair=pair, on=on, minutes=minutes, entered_at=clock.noon(on, PARIS))


def after(day=dt.date(2026, 1, 15)):
    return clock.at(clock.noon(day, PARIS))


def enter(client, who, *, second_factor=True):
    """`who` signed in, with a second factor given in this session."""
    client.force_login(who.user)
    if second_factor:
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, who.user, "mfa", type="totp")
        request.session.save()
    return client


def referent(programme):
    who = person()
    ProgrammeRole.objects.create(
        programme=programme, person=who, role=ProgrammeRoleKind.REFERENT, starts=dt.date(2020, 1, 1)
    )
    return who


def human_resources(employer):
    who = person()
    EmployerRole.objects.create(
        person=who, employer=employer, role=EmployerRoleKind.HR_READER, starts=dt.date(2020, 1, 1)
    )
    return who


def established(*, number=6, meetings=3, slug="entraide", restituted=False, **kwargs):
    """A release of a programme of `number` pairs, each having met `meetings` times."""
    made, exercice = programme(slug, **kwargs)
    for one in pairs(made, number):
        meet(one, meetings)
    with after():
        release = releases.establish(exercice=exercice)
        if restituted:
            release = releases.restitute(release=release, on=dt.date(2026, 1, 12))
    return release
