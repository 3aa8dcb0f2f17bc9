"""What people live beside their pair, of which a report shows nothing, or numbers alone.

Each twin draws anew who is a member of the community and since when, who registered, who agreed to testify and in which
words, who wished for whom at a session or on presentations, with or without a card, whom they met at which table, the dates
that a pair proposes itself, and the days of a return to work. What is published (members from five on, collective times held,
people who came) is the shape's.
"""

import datetime as dt
import hashlib
import random

from pairing.enums import RoundState, RunMode, SeatAnswer
from pairing.models import (
    DateProposal,
    Encounter,
    PairMember,
    ProposedDate,
    ReturnPlan,
    WishRound,
    WishSeat,
)
from portal import clock
from programmes.enums import Channel, Form, GatheringKind, SessionState, SignedAs
from programmes.models import Gathering, Membership, Outreach, Registration, Testimony
from tests.evaluation import world

FIRST, LAST = dt.date(2025, 1, 10), dt.date(2025, 12, 20)
MIN_PEOPLE = 5


class Lives:
    """One twin's own: `rows` says what was drawn."""

    def __init__(self, shape, programme, pairs, everybody: list, chance: random.Random) -> None:
        self.shape, self.programme, self.pairs, self.chance = shape, programme, pairs, chance
        self.everybody = everybody
        self.rows: list = []

    def live(self) -> list:
        for part in (self.community, self.gatherings, self.testimonies, self.wishes, self.dates, self.returns):
            part()
        return self.rows

    def at(self) -> dt.datetime:
        day = FIRST + dt.timedelta(days=self.chance.randrange((LAST - FIRST).days))
        return clock.noon(day, world.PARIS)

    def community(self) -> None:
        """As many members from five on, any number under; in or out, on days of their own."""
        if Form.COMMUNITY not in self.programme.forms:
            return
        number = self.shape.members if self.shape.members >= MIN_PEOPLE else self.chance.randint(0, MIN_PEOPLE - 1)
        for _ in range(number):
            at, left = self.at(), self.chance.choice((None, LAST))
            who = world.person()
            Membership.objects.create(
                programme=self.programme, person=who, form=Form.COMMUNITY, rules=1, joined_at=at, left_on=left
            )
            self.rows.append(("member", at, left))

    def gatherings(self) -> None:
        """As many held, as many came in all; when, where, how many each time, and who registered for the next, by chance."""
        counted = self.shape.open or self.shape.shown
        left = self.shape.attended if counted else self.chance.randint(0, 20)
        for rank in range(self.shape.gatherings):
            came = left if rank == self.shape.gatherings - 1 else self.chance.randint(0, left)
            left -= came
            self.gathering(state=SessionState.HELD, starts_at=self.at(), attended=came)
        if self.shape.gatherings:
            coming = self.gathering(starts_at=self.at())
            for one in self.some(self.everybody):
                Registration.objects.create(gathering=coming, person=one.person, at=self.at())
                self.rows.append(("registered", one.pk))
            coming.taken = coming.registrations.count()
            coming.save()

    def gathering(self, **fields) -> Gathering:
        kind = self.chance.choice(GatheringKind.values)
        self.rows.append(("gathering", kind, *fields.values()))
        place = f"Salle {self.chance.random()}"
        return Gathering.objects.create(
            programme=self.programme,
            kind=kind,
            title=place,
            minutes=self.chance.choice((60, 90)),
            place=place,
            **fields,
        )

    def testimonies(self) -> None:
        for action in Outreach.objects.filter(programme=self.programme):
            for one in self.some(self.everybody):
                asked = self.at()
                agreed = asked if self.chance.random() < 0.7 else None
                words = f"Mon témoignage : {self.chance.random()}"
                shown = asked if agreed and self.chance.random() < 0.5 else None
                Testimony.objects.create(
                    outreach=action,
                    person=one.person,
                    asked_at=asked,
                    agreed_at=agreed,
                    recording_agreed=self.chance.random() < 0.5,
                    words=words,
                    signed=self.chance.choice(SignedAs.values),
                    shown_at=shown,
                )
                self.rows.append(("testimony", one.pk, asked))

    def wishes(self) -> None:
        """A dating session and a round on presentations, open or over."""
        for way in (RunMode.DATING, RunMode.PRESENTATIONS):
            at = self.at()
            moment = {
                "starts_at": at,
                "minutes": self.chance.randint(5, 20),
                "channel": Channel.VIDEO,
                "place": f"{at}",
            }
            made = WishRound.objects.create(
                programme=self.programme,
                form=Form.PAIR,
                way=way,
                state=self.chance.choice((RoundState.PLANNED, RoundState.CLOSED)),
                wishes_until=at.date(),
                **(moment if way == RunMode.DATING else {}),
            )
            seats = [self.seat(made, one) for one in self.some(self.everybody)]
            for table in range(len(seats) // 2 if way == RunMode.DATING else 0):
                one, other = seats[2 * table : 2 * table + 2]
                Encounter.objects.create(round=made, turn=1, table=table + 1, one=one, other=other)
                self.rows.append(("met", one.participation_id, other.participation_id))

    def seat(self, made: WishRound, one) -> WishSeat:
        wished = ",".join(f"{other.ref}" for other in self.some(self.everybody)[:3])
        card = hashlib.sha256(f"{self.chance.random()}".encode()).hexdigest() if self.chance.random() < 0.3 else None
        answer = self.chance.choice(SeatAnswer.values)
        self.rows.append(("wished", one.pk, answer, wished))
        return WishSeat.objects.create(round=made, participation=one, answer=answer, choices=wished, card_hash=card)

    def dates(self) -> None:
        for pair in self.some(self.pairs):
            at = self.at()
            member = self.chance.choice(list(pair.members.order_by("pk")))
            proposal = DateProposal.objects.create(
                pair=pair, by=member, minutes=self.chance.choice((30, 60)), channel=Channel.PHONE, proposed_at=at
            )
            for days in range(self.chance.randint(1, 3)):
                ProposedDate.objects.create(proposal=proposal, starts_at=at + dt.timedelta(days=days + 1))
            self.rows.append(("proposed", member.pk, at))

    def returns(self) -> None:
        for member in self.some(list(PairMember.objects.filter(pair__in=self.pairs).order_by("pk"))):
            day = self.at().date()
            ReturnPlan.objects.create(member=member, kept=f"{day}")
            self.rows.append(("return", member.pk, day))

    def some(self, people: list) -> list:
        return self.chance.sample(people, self.chance.randint(0, len(people)))
