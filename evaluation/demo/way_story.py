"""Events of a fictional employer around the ways of pairing: a dating session, wishes, a trio, everybody's yes."""

import datetime as dt
import uuid
from collections.abc import Callable

from pairing.enums import PairState
from pairing.models import PairMember, WishRound, WishSeat
from pairing.services import bench, dating, pairs, wishes
from portal.models import Person
from programmes.enums import Form, Side
from programmes.models import Participation, Programme


class WayStory:
    """Used by Story, which gives the people, the programme and the simulated day."""

    people: dict[str, Person]
    referent: Person
    programme: Programme

    date: Callable[[int], dt.date]
    at_hour: Callable[[int, int], dt.datetime]
    taking_part: Callable[[str, str], Participation]

    def do_dating(self, on: int, hour: int, minutes: int, wishes_until: int, who: list[str], place: str) -> None:
        """Planned today for peers, who all say that they come."""
        row = dating.plan(
            programme=self.programme,
            form=Form.RECIPROCAL,
            receipt=uuid.uuid4(),
            starts_at=self.at_hour(on, hour),
            minutes=minutes,
            wishes_until=self.date(wishes_until),
            invited=[self.taking_part(key, Side.PEER) for key in who],
            place=place,
            cycle=self.programme.cycles.order_by("number").last(),
            by=self.referent,
        )
        for seat in row.seats.select_related("participation__person", "round__programme"):
            dating.answer(seat=seat, coming=True, by=seat.participation.person)

    @property
    def round(self) -> WishRound:
        """The session planned last."""
        rows = self.programme.wish_rounds.select_related("programme__lead_employer")
        return rows.order_by("-starts_at").first()

    def do_room(self) -> None:
        """Who meets whom, turn by turn."""
        dating.draw(row=self.round, by=self.referent)

    def do_wishes(self, who: str, wished: list[str]) -> None:
        seats = WishSeat.objects.select_related("round__programme__lead_employer", "participation__person")
        seat = seats.get(round=self.round, participation__person=self.people[who])
        chosen = [self.taking_part(key, Side.PEER) for key in wished]
        wishes.choose(row=seat, choices=chosen, by=self.people[who])

    def do_close_wishes(self) -> None:
        """Proposals are staged; whoever is left alone joins a pair, and all of it is published."""
        run = wishes.close(row=self.round, by=self.referent)
        for left in run.unpaired.select_related("participation__programme__lead_employer"):
            bench.make_trio(run=run, out=left.participation, by=self.referent)
        bench.publish(run=run, by=self.referent)

    def do_say_yes(self, but: list[str]) -> None:
        """Everybody who was proposed somebody, `but` those who have not looked yet."""
        later = [self.people[key].pk for key in but]
        proposed = PairMember.objects.filter(pair__programme=self.programme, pair__state=PairState.PROPOSED)
        proposed = proposed.exclude(person__in=later).select_related("pair__programme__lead_employer", "person")
        for member in proposed.order_by("pk"):
            pairs.say_yes(pair=member.pair, by=member.person)
