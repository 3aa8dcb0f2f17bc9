"""Scene 3: one free place (Lou), three people who wait. Camille shares everything with Lou, Candide only phones."""

from dataclasses import dataclass

from pairing.enums import RunMode
from pairing.models import Run
from pairing.services import bench
from portal import clock
from programmes.enums import Form, Side
from programmes.models import Avoid, Participation, Programme, Theme
from tests.builders import make_participation, make_person, make_programme, referent_of


@dataclass
class World:
    programme: Programme
    lou: Participation
    camille: Participation
    candide: Participation
    louison: Participation

    @property
    def referent(self):
        return referent_of(self.programme)

    def launch(self, **changes) -> Run:
        by = changes.pop("by", None) or self.referent
        asked = {"form": Form.PAIR, "mode": RunMode.CRITERIA, **changes}
        return bench.launch(programme=self.programme, by=by, **asked)


def build(*, channels=("in_person",)) -> World:
    with clock.at(clock.now() - clock.dt.timedelta(days=40)):
        programme = make_programme(places_per_helper=2)
        themes = list(Theme.objects.all()[:3])

        def person(name: str, side=Side.HELPED, **changes) -> Participation:
            who = make_person(programme.lead_employer, name)
            return make_participation(programme, side, who, **{"themes": themes, "channels": list(channels), **changes})

        lou = person("Lou", Side.HELPER)
        camille = person("Camille")
    with clock.at(clock.now() - clock.dt.timedelta(days=20)):
        candide = person("Candide", channels=["phone"])
        louison = person("Louison")
    return World(programme, lou, camille, candide, louison)


def avoid_person(owner: Participation, about: Participation) -> None:
    """The private wish itself, as the rules read it."""
    Avoid.objects.create(owner=owner.person, target=f"person:{about.person_id}")
