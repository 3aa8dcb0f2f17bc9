"""How people came into a programme, waited, were paired before or after the portal, and ended: what a report counts of it.

Each twin draws anew who is still waiting, on which day within a class somebody first answered, which pairs ended and when,
and, of the pairs taken over, who they were, when they lived and how often each met. The numbers published are the shape's;
under the thresholds there is any number, none included.
"""

import datetime as dt
import random
import uuid

from pairing.enums import EndCode, PairState
from portal import clock
from portal.models import Transition
from programmes.enums import ParticipationState, Side
from programmes.models import Participation
from tests.evaluation import frame_world, world

FEW_PAIRS, FEW_PEOPLE, SEVERAL = 3, 5, 11
WITHIN = (8, 14)  # days to the first answer: the second class of decision 36
PAIRED, LATE, LAST = dt.date(2025, 3, 2), dt.date(2025, 12, 1), dt.date(2025, 12, 31)


class Paths:
    """One twin's own; `living` holds the pairs that live on the last day."""

    def __init__(self, shape, programme, pairs: list, chance: random.Random) -> None:
        self.shape, self.programme, self.pairs, self.chance = shape, programme, pairs, chance
        self.living: list = []
        self.rows: list = []

    def live(self) -> None:
        for part in (self.endings, self.waiting, self.taken_over):
            part()

    def endings(self) -> None:
        """As many live at the end, where that is said, none or one or two where it is not; which ones is never said.

        All lived in each span of which the meetings may be shown.
        """
        number = self.shape.living
        if not self.shape.shown:
            number = self.chance.randint(0, len(self.pairs))
        elif 0 < number < FEW_PAIRS:
            number = self.chance.randint(1, FEW_PAIRS - 1)
        self.living = self.chance.sample(self.pairs, number)
        for pair in self.pairs:
            if pair in self.living:
                continue
            met = [*pair.meetings.values_list("on", flat=True), *pair.month_counts.values_list("month", flat=True)]
            first = max([LATE if self.shape.months else PAIRED, *met])
            pair.state, pair.end_code = PairState.ENDED, self.chance.choice(EndCode.values)
            pair.ended_on = first + dt.timedelta(days=self.chance.randrange((LAST - first).days + 1))
            pair.save()
            pair.members.update(live=False)
            self.rows.append(("ended", pair.pk, pair.ended_on, pair.end_code))

    def waiting(self) -> None:
        """As many asked of each side; where nothing is said, any number that leaves fewer than five people in all."""
        numbers = self.shape.waiting
        if not self.shape.shown:
            left = FEW_PEOPLE - 1 - 2 * len(self.pairs)
            helped = self.chance.randint(0, max(left - 1, 0))
            numbers = {Side.HELPED: helped, Side.HELPER: self.chance.randint(0 if self.pairs else 1, left - helped)}
        sides = [side for side, number in numbers.items() for _ in range(number)]
        for side in sides:
            made = world.participation(self.programme, world.person(), side)
            self.rows.append(("waits", made.pk))

    def taken_over(self) -> None:
        """As many pairs from before the portal and as many meetings of theirs; how often each met, and until when, differ."""
        if not (self.shape.taken_over and self.shape.shown):
            return
        shown = self.shape.past >= FEW_PAIRS
        number = self.shape.past
        # One or two, unless the fifth person who could ask for supervision would be among them: a threshold may tell that.
        if not shown and len(self.pairs) != FEW_PEOPLE - 2:
            number = self.chance.randint(1, FEW_PAIRS - 1)
        left = self.shape.declared if shown else self.chance.randint(0, 40)
        for rank, pair in enumerate(world.pairs(self.programme, number)):
            mine = left if rank == number - 1 else self.chance.randint(0, left)
            left -= mine
            entered = dt.date(2025, 6, 1) + dt.timedelta(days=self.chance.randrange(100))
            pair.proposed_at = clock.noon(entered, world.PARIS)
            pair.all_yes_at = clock.noon(dt.date(2024, 3, 1), world.PARIS)
            pair.state, pair.end_code, pair.declared_meetings = PairState.ENDED, EndCode.UNSPECIFIED, mine
            pair.ended_on = entered - dt.timedelta(days=self.chance.randint(1, 120))
            pair.save()
            pair.members.update(live=False)
            for one in frame_world.taking_part([pair]):
                one.entered_by_ref, one.information_read_at = uuid.uuid4(), one.accepted_at + dt.timedelta(days=30)
                one.save()
            self.rows.append(("before", pair.pk, mine, pair.ended_on))

    def first_answers(self) -> list:
        """On any day of the class where eleven are counted, at any time or never elsewhere; once the requests are dated."""
        asked = Participation.objects.filter(programme=self.programme, entered_by_ref__isnull=True).order_by("pk")
        counted = self.shape.shown and asked.count() >= SEVERAL
        for one in asked:
            days = self.chance.randint(*WITHIN) if counted else self.chance.choice((None, *range(60)))
            if days is not None:
                at = one.received_at + dt.timedelta(days=days)
                Transition.objects.create(
                    label="programmes.Participation",
                    object_ref=one.ref,
                    move="accept",
                    from_state=ParticipationState.RECEIVED,
                    to_state=ParticipationState.ACCEPTED,
                    at=at,
                )
                self.rows.append(("answered", one.pk, at))
        return self.rows
