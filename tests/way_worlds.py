"""Programmes for the ways that are not « sur critères »: one to draw in, one with presentations to read, three peers."""

import datetime as dt

from portal import clock
from portal.jobs import simulated_past
from portal.models import Employer, Person
from programmes.enums import Side
from programmes.models import Programme, Theme
from programmes.services import on_behalf, rollout
from programmes.services import participation as participations
from tests.builders import make_employer, make_participation, make_person, open_enrolment, wishes
from tests.worlds import REFERENT, keep_windows

DRAW, READ, THREE = "tirage", "lecture", "a-trois"
PEERS = ("Inaya", "Noé", "Zoé")
HELPERS, WAITING = ("Lou", "Maxime"), ("Camille", "Jo", "Sacha")
WORDS = {
    "Alba": "Je connais bien les horaires décalés.",
    "Chems": "J’ai changé de métier à quarante ans.",
    "Morgane": "Je suis revenue après une longue absence.",
}
READERS = ("Ariane", "Basile")
PAPER = "Capucine"


def other_ways() -> None:
    with simulated_past(), clock.at(clock.now() - dt.timedelta(days=30)):
        employer = make_employer("valcourt", name="Ville de Valcourt", fictional=True)
        referent = make_person(employer, REFERENT)

        def programme(slug: str, name: str, **settings) -> Programme:
            forms = settings.pop("forms", ["pair"])
            row = rollout.create_programme(
                slug=slug, name=name, employer=employer, starts=clock.today("Europe/Paris"), by=referent, forms=forms
            )
            Programme.objects.filter(pk=row.pk).update(places_per_helper=1, **settings)
            row.refresh_from_db()
            open_enrolment(row)
            return row

        _people(employer, programme(DRAW, "Entraide"))
        _authors(employer, programme(READ, "Entre collègues", wishes_on_presentations=True), referent)
        three = programme(THREE, "À égalité", forms=["reciprocal"])
        for given in PEERS:
            make_participation(three, Side.PEER, make_person(employer, given))
    keep_windows(REFERENT, *HELPERS, *WAITING, *READERS, *WORDS, *PEERS)


def _people(employer: Employer, programme: Programme) -> None:
    for side, names in ((Side.HELPER, HELPERS), (Side.HELPED, WAITING)):
        for given in names:
            make_participation(programme, side, make_person(employer, given))


def _authors(employer: Employer, programme: Programme, referent: Person) -> None:
    """On criteria alone, Chems would be nobody's: no theme in common. Capucine has no account."""
    themes = list(Theme.objects.all()[:3])
    for given, words in WORDS.items():
        theirs = themes if given != "Chems" else list(Theme.objects.all()[3:4])
        row = make_participation(programme, Side.HELPER, make_person(employer, given), themes=theirs)
        row.presentation, row.presentation_published = words, True
        row.save()
    for given in READERS:
        make_participation(programme, Side.HELPED, make_person(employer, given), themes=themes)
    said = wishes(side=Side.HELPED, given=PAPER, family="Vert", phone="06 39 98 55 01", themes=themes)
    paper = on_behalf.enter(programme=programme, by=referent, **said).participation
    participations.answer(participation=paper, move="accept", by=referent)
