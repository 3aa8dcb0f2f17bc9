"""Worlds prepared for journeys, built through the services; run in a process of their own (see tests/server.py)."""

import datetime as dt
import json
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import DateField, F

from evaluation.models import Wave
from evaluation.services import reference, releases
from pairing.models import Meeting, Pair, PairMember, Run, WishRound, WishSeat
from pairing.services import answers, dating, meetings, pairs, wishes
from portal import clock, triggers
from portal.dates import day_in_words
from portal.enums import EmployerRoleKind
from portal.jobs import simulated_past
from portal.models import Person, SignedLink, Transition
from portal.services import retention
from portal.tasks import forget
from programmes.enums import LetterState, ProgrammeState, Side, VisaBy
from programmes.models import Cycle, Exercice, Letter, Participation, Programme, Theme
from programmes.services import avoid, charter, letter_life, letters, rollout
from programmes.services import participation as participations
from tests.builders import (
    client_of,
    make_employer,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    open_charter,
    open_enrolment,
    without_triggers,
)
from tests.portal.my_data_world import left, left_of
from tests.programmes.letter_world import make_letter

REFERENT = "Régine"
PEERS = ("Alex", "Billie", "Charly", "Dany", "Élisée", "Frankie", "Gaby", "Hilary")
# Those of the eight who answer in the browser.
IN_BROWSER = PEERS[:2]


def eight_peers() -> None:
    """A programme of reciprocal pairs: eight volunteers accepted, a charter, a cycle, an exercice under way."""
    with simulated_past(), clock.at(clock.now() - dt.timedelta(days=30)):
        employer = make_employer("saulaie", name="Ville de Saulaie", fictional=True)
        referent = make_person(employer, REFERENT)
        today = clock.today(employer.time_zone)
        programme = rollout.create_programme(
            slug="saulaie", name="Entre collègues", employer=employer, starts=today, forms=["reciprocal"], by=referent
        )
        open_enrolment(programme)
        open_charter(programme)
        days = {"starts": today, "by": referent}
        rollout.add_cycle(programme=programme, ends=today + dt.timedelta(days=200), **days)
        rollout.declare_exercice(programme=programme, name="Quatre mois", ends=today + dt.timedelta(days=120), **days)
        for given in PEERS:
            make_participation(programme, Side.PEER, make_person(employer, given))
    keep_windows(REFERENT, *IN_BROWSER)


TEAM, DEPUTY = "Espaces verts", "Denise"


def a_pilot_to_create() -> None:
    """Scene 4 from its first minute: somebody who may open a programme, a deputy to be, eight agents of one team."""
    employer = make_employer("saulaie", name="Ville de Saulaie", fictional=True)
    make_person(employer, REFERENT, roles=(EmployerRoleKind.REFERENT,))
    make_person(employer, DEPUTY)
    for given in PEERS:
        make_person(employer, given, team=TEAM)
    reference.build()
    keep_windows(REFERENT, *PEERS)


@transaction.atomic
def time_passes(days: int) -> None:
    """As if what was lived were so many days older: pairs, meetings, surveys, the cycle and the exercice."""
    gone = dt.timedelta(days=days)
    without_triggers()  # the days of an open survey do not move
    for model in (Pair, PairMember, Meeting, Participation, Transition, Cycle, Exercice, Wave):
        names = [field.name for field in model._meta.fields if isinstance(field, DateField)]
        ours = {"programme__state": ProgrammeState.OPEN} if model is Exercice else {}
        for row in model.objects.filter(**ours):
            moved = {name: getattr(row, name) - gone for name in names if getattr(row, name)}
            model.objects.filter(pk=row.pk).update(**moved)
    triggers.install()


def others_agree() -> None:
    """Charter, engagement and yes of those who have no window in the journey."""
    for participation in Participation.objects.filter(side=Side.PEER).exclude(person__given__in=IN_BROWSER):
        person = participation.person
        charter.accept(participation=participation, by=person)
        letters.engage(participation=participation, by=person)
        pairs.say_yes(pair=participation.memberships.get().pair, by=person)


def others_meet() -> None:
    """Each pair without a window notes one meeting of today."""
    for member in PairMember.objects.filter(person__given__in=PEERS[2::2]).select_related("pair", "person"):
        meetings.log(pair=member.pair, by=member.person, key=member.pair.ref)


def write_reports(folder: str) -> None:
    """Once the exercice is over: the référent's report, its restitution, then RH's; in `folder`, as pages."""
    exercice = Exercice.objects.get()
    programme, referent = Programme.objects.get(), Person.objects.get(given=REFERENT)
    with simulated_past(), clock.at(clock.noon(exercice.ends + dt.timedelta(days=7), programme.time_zone)):
        for audience in ("referent", "hr"):
            options = {"programme": programme.slug, "audience": audience, "format": "html"}
            call_command("annual_report", **options, output=f"{folder}/{audience}.html")
            if audience == "referent":
                today = clock.today(programme.time_zone)
                releases.restitute(release=exercice.releases.get(), on=today, by=referent)


# --- Scene 2: a helper to be ------------------------------------------------------------------------------------------
MANAGER = "encadrement@exemple.invalid"
COLLEAGUE = "Wilhelmine"
# What the helper to be writes about themself; RH and the manager never read it.
MY_WORDS = "Je sais ce que c’est de revenir après une longue absence"


def a_helper_to_be() -> None:
    """An open programme, its référent, a signatory, and the letter of a colleague that waits for RH; Eden may join."""
    employer = make_employer("ormeval", name="Ville d’Ormeval", fictional=True)
    claude = make_person(employer, "Claude")
    programme = make_programme(employer, referent=claude)
    Programme.objects.filter(pk=programme.pk).update(slug="ormeval", name="Entre collègues")
    programme.refresh_from_db()
    open_charter(programme)
    make_person(employer, "Dominique", roles=("hr_signatory",))
    make_person(employer, "Eden")
    colleague = make_participation(programme, Side.HELPER, make_person(employer, COLLEAGUE))
    make_letter(LetterState.TO_HR, programme, colleague, visa_by=VisaBy.HR)
    keep_windows("Claude", "Dominique", "Eden")


def keep_windows(*given: str) -> None:
    """Their signed-in sessions, for tests/browser.py: no process to start for each."""
    cookies = {name: client_of(Person.objects.get(given=name)).cookies["resonance"] for name in given}
    rows = {name: [cookie.key, cookie.value] for name, cookie in cookies.items()}
    (Path(settings.VAR) / "windows.json").write_text(json.dumps(rows))


def days_go_by(days: int) -> None:
    """As if the last acts on Eden's letter were so many days older; then what the scheduler does of letters."""
    letter, back = Letter.objects.get(participation__person__given="Eden"), dt.timedelta(days=days)
    Transition.objects.filter(object_ref=letter.ref).update(at=F("at") - back)
    SignedLink.objects.filter(object_ref=letter.ref).update(
        created_at=F("created_at") - back, expires_at=F("expires_at") - back
    )
    Letter.objects.filter(pk=letter.pk).update(reminded_at=F("reminded_at") - back)
    letter_life.run()


# --- Scene 5: somebody who will leave ---------------------------------------------------------------------------------
WITHDRAWN = "CANARICELESTE"
# A theme that only Céleste and Sacha talk about.
TICKED = "CANARITHEME"


def somebody_who_will_leave() -> None:
    """Céleste and Sacha are a pair that may begin to meet; everything Céleste wrote, and one theme, hold a mark."""
    employer = make_employer("ormeval", name="Ville d’Ormeval", fictional=True)
    programme = make_programme(employer, referent=make_person(employer, REFERENT))
    Programme.objects.filter(pk=programme.pk).update(slug="ormeval")
    programme.refresh_from_db()
    celeste, sacha = make_person(employer, "Céleste"), make_person(employer, "Sacha")
    celeste.family, celeste.contact = f"Nom{WITHDRAWN}", f"Contact{WITHDRAWN}"
    celeste.notify_email = f"perso{WITHDRAWN}@exemple.invalid".lower()
    celeste.save()
    helped = make_participation(programme, Side.HELPED, celeste, free_text=f"Mots{WITHDRAWN}", readers=["pair"])
    make_pair(programme, helped=helped, helper=make_participation(programme, Side.HELPER, sacha))
    Theme.objects.create(code=TICKED.lower(), label=TICKED, position=99)
    keep_windows("Céleste", "Sacha", REFERENT)


def on_the_day() -> str:
    """What the scheduler does on the day announced, one day early and then; the day, and what still holds the mark."""
    celeste = Person.objects.get(given="Céleste")
    day, ref, user = celeste.erase_on, celeste.ref, celeste.user_id
    with clock.at(clock.noon(day - dt.timedelta(days=1), "Europe/Paris")):
        forget()
    assert left(WITHDRAWN), "not a day early"
    with clock.at(clock.noon(day, "Europe/Paris")):
        forget()
    found = left(WITHDRAWN) | left_of(ref, user)
    return f"{day_in_words(day, weekday=False)} {found or 'nothing'}"


# --- Scene 3: one free place -----------------------------------------------------------------------------------------
def scene_three() -> None:
    """field.md, scene 3: one free place (Lou), Camille, Candide and Louison who wait; and two late answers for Noa."""
    now = clock.now()
    with simulated_past(), clock.at(now - dt.timedelta(days=60)):
        employer = make_employer("brumelle", name="Ville de Brumelle", fictional=True)
        referent = make_person(employer, REFERENT)
        programme = rollout.create_programme(
            slug="brumelle", name="Entre collègues", employer=employer, starts=clock.today("Europe/Paris"), by=referent
        )
        Programme.objects.filter(pk=programme.pk).update(wishes_on_presentations=True, places_per_helper=1)
        programme.refresh_from_db()
        open_enrolment(programme)
        themes = list(Theme.objects.all()[:3])

        def takes_part(given: str, side: Side, **changes) -> Participation:
            return make_participation(programme, side, make_person(employer, given), themes=themes, **changes)

        noa = takes_part("Noa", Side.HELPER, channels=["writing"])
        for given in ("Ambre", "Basile"):
            pairs.propose(helper=noa, helped=takes_part(given, Side.HELPED, channels=["writing"]), by=referent)
            with clock.at(clock.now() + dt.timedelta(days=30)):
                answers.lapse_overdue()
        lou = takes_part("Lou", Side.HELPER)
        lou.presentation, lou.presentation_published = "J’aime écouter.", True
        lou.save()
        takes_part("Camille", Side.HELPED)
    with simulated_past(), clock.at(now - dt.timedelta(days=20)):
        takes_part("Candide", Side.HELPED, channels=["phone"])
        louison = takes_part("Louison", Side.HELPED)
        avoid.add(owner=louison.person, person=lou.person)
        # Noa takes part, and is away for now: the one place is Lou's.
        participations.pause(participation=noa, by=noa.person)
        Run.objects.all().delete()


def noa_is_back() -> None:
    noa = Participation.objects.get(person__given="Noa")
    participations.resume(participation=noa, by=noa.person)


def a_month_later() -> None:
    with clock.at(clock.now() + dt.timedelta(days=31)):
        retention.run()


# --- Scene 4: a dating session ----------------------------------------------------------------------------------------
def others_come() -> None:
    for seat in WishSeat.objects.exclude(participation__person__given__in=IN_BROWSER).select_related("round"):
        dating.answer(seat=seat, coming=True, by=seat.participation.person)


def the_session_begins() -> None:
    """As if the day had come: a journey does not wait for tomorrow."""
    WishRound.objects.update(starts_at=clock.now() - dt.timedelta(minutes=5))


def others_wish() -> None:
    """Each names first the one who stands beside them among PEERS, then the two after."""
    by_name = {row.person.given: row for row in Participation.objects.select_related("person")}
    for seat in WishSeat.objects.exclude(participation__person__given__in=IN_BROWSER).select_related(
        "round__programme"
    ):
        place = PEERS.index(seat.participation.person.given)
        beside = place + 1 if place % 2 == 0 else place - 1
        names = [beside, *[(place + step) % 8 for step in (2, 4)]]
        choices = [by_name[PEERS[number]] for number in names]
        wishes.choose(row=seat, choices=choices, by=seat.participation.person)
