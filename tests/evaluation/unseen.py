"""What a programme holds beside its meetings and answers, and of which a report shows little or nothing.

Each twin draws anew whatever is not published: who has how many hours in their letter, who accepted the charter and when,
who came to training, who was excused from supervision, how many called or wrote under five, when and what about, what was
spent, and all that people write for themselves or for one another. What is published is the shape's.
"""

import datetime as dt
import random

from pairing.enums import AlertCode, SupervisionKind, SupportState
from pairing.models import (
    Alert,
    AlertReview,
    FitCheck,
    HoursTally,
    PairMember,
    ReviewAnswer,
    SupervisionAttendance,
    SupervisionSession,
    SupervisorEngagement,
    SupportRequest,
)
from portal import clock
from programmes.enums import Decision, OutreachKind, Presence, SessionState, Side
from programmes.models import (
    Avoid,
    CharterAcceptance,
    CharterVersion,
    Expense,
    Interview,
    Outreach,
    OutreachNumber,
    Readiness,
    SelfPositioning,
    TrainingAttendance,
    TrainingSession,
)
from tests.evaluation import frame_world, world

HOURS = (2, 3, 4, 5, 6)
SESSIONS = 7
SEVERAL = 11  # helpers from whom readiness is shown
UNDER_FIVE = 4


class Unseen:
    """One twin's own: `rows` says what was drawn, so that a test can tell two twins apart."""

    def __init__(self, shape, programme, pairs, chance: random.Random, met: int, living: list) -> None:
        self.met = met
        # Of whom the report says whether everybody is up to date: those of the pairs that live on the last day.
        self.supporting, self.concerned = (frame_world.taking_part(living, side) for side in (Side.HELPER, None))
        self.shape, self.programme, self.pairs, self.chance = shape, programme, pairs, chance
        self.helpers = frame_world.taking_part(pairs, Side.HELPER)
        self.everybody = frame_world.taking_part(pairs)
        self.rows: list = []

    def live(self) -> list:
        for part in (
            *(self.letters, self.charter, self.training, self.supervision, self.calls, self.alerts),
            *(self.outreach, self.money, self.waiting, self.own_time, self.own_words),
        ):
            part()
        return self.rows

    def day(self, first: dt.date = dt.date(2025, 2, 1), last: dt.date = dt.date(2025, 11, 30)) -> dt.date:
        return first + dt.timedelta(days=self.chance.randrange((last - first).days + 1))

    def at(self, **between) -> dt.datetime:
        return clock.noon(self.day(**between), world.PARIS)

    def some(self, people: list, number: int) -> list:
        return self.chance.sample(people, min(number, len(people)))

    def letters(self) -> None:
        """The same hours in all, to whom the chance gives them; or one letter missing, whose is not said."""
        among = self.supporting if self.shape.end_shown else self.helpers
        without = self.some(among, self.shape.missing)
        bound = [one for one in self.helpers if one not in without]
        self.chance.shuffle(bound)
        hours = [HOURS[rank % len(HOURS)] for rank in range(len(bound))]
        for helper, number in zip(bound, hours, strict=True):
            frame_world.letter(helper, hours=number, signed=self.day(last=dt.date(2025, 3, 1)))
            self.rows.append(("letter", helper.pk, number))

    def charter(self) -> None:
        version = CharterVersion.objects.create(
            programme=self.programme, number=1, articles=[], sha256="c" * 64, in_force_on=dt.date(2025, 2, 1)
        )
        without = self.some(self.concerned, self.chance.randint(1, 6)) if self.shape.missing else []
        may = [one for one in self.everybody if one not in without]
        if not self.shape.end_shown:
            may = self.some(self.everybody, self.chance.randint(0, len(self.everybody)))
        for one in may:
            if one not in self.concerned and self.chance.random() < 0.5:
                continue
            at = self.at()
            CharterAcceptance.objects.create(participation=one, version=version, at=at)
            self.rows.append(("charter", one.pk, at))

    def training(self) -> None:
        """As many came; who, and under eleven helpers how many are ready, is not published."""
        session = TrainingSession.objects.create(
            programme=self.programme, on=self.day(), minutes=420, state=SessionState.HELD
        )
        trained = self.helpers or frame_world.helping(self.programme)
        for one in self.some(trained, len(self.helpers) - 1 if self.shape.shown else 1):
            TrainingAttendance.objects.create(session=session, participation=one, presence=Presence.PRESENT)
            self.rows.append(("trained", one.pk))
        n = len(self.supporting)
        ready = self.within(round(self.shape.ready * n), n) if n >= SEVERAL else self.chance.randint(0, n)
        gone = [one for one in self.helpers if one not in self.supporting]
        for one in self.some(self.supporting, ready) + self.some(gone, self.chance.randint(0, len(gone))):
            Readiness.objects.create(participation=one, decision=Decision.READY, decided_on=self.day())
            self.rows.append(("ready", one.pk))

    def supervision(self) -> None:
        """As many sessions; presences in the same band, or any at all where none are shown."""
        supervisor = SupervisorEngagement.objects.create(
            programme=self.programme,
            name=f"S. {self.chance.random()}",
            engaged_on=dt.date(2025, 1, 1),
            confidentiality_on=dt.date(2025, 1, 1),
        )
        sessions = [
            SupervisionSession.objects.create(
                programme=self.programme,
                supervisor=supervisor,
                kind=SupervisionKind.GROUP,
                starts_at=self.at(),
                minutes=self.chance.choice((90, 120)),
                state=SessionState.HELD,
            )
            for _ in range(SESSIONS)
        ]
        expected = [(session, one) for session in sessions for one in self.helpers]
        shown = self.shape.shown and len(self.helpers) >= 5
        n = len(expected)
        came = self.within(round(self.shape.came * n), n) if shown else self.chance.randint(0, n)
        present = {(session.pk, one.pk) for session, one in self.some(expected, came)}
        for session, one in expected:
            presence = Presence.PRESENT if (session.pk, one.pk) in present else Presence.EXCUSED
            SupervisionAttendance.objects.create(session=session, participation=one, presence=presence)
        self.rows.append(("present", sorted(present)))

    def calls(self) -> None:
        """« Moins de 5 » whatever their number: calls, sessions of one's own held, answers that came late."""
        AlertReview.objects.create(programme=self.programme, on=dt.date(2024, 11, 1), alerts=0, delays_held=True)
        for _ in range(self.chance.randint(0, UNDER_FIVE) if self.everybody else 0):
            at = self.at()
            kind = self.chance.choice(("adjustment", "rights", "mobility", "return", "relation"))
            self.request(asked="referent", kind=kind, asked_at=at, due_at=at, reach=f"{self.chance.random()}")
        for _ in range(self.chance.randint(0, UNDER_FIVE) if self.everybody else 0):
            at = self.at()
            kind = self.chance.choice(("debrief", "individual"))
            after = at + dt.timedelta(days=self.chance.choice((-1, 1)))
            closed = {"state": SupportState.CLOSED, "called_at": after, "closed_at": after}
            self.request(
                asked="supervisor", kind=kind, asked_at=at, due_at=at, held=self.chance.random() < 0.5, **closed
            )

    def request(self, **fields) -> None:
        who = self.chance.choice(self.everybody).person
        SupportRequest.objects.create(programme=self.programme, person=who, **fields)
        self.rows.append(("call", who.pk, fields["kind"], fields["asked_at"]))

    def alerts(self) -> None:
        for _ in range(self.chance.randint(0, UNDER_FIVE) if self.everybody else 0):
            at, code = self.at(), self.chance.choice(AlertCode.values)
            who = self.chance.choice(self.everybody).person
            level = self.chance.choice((2, 3))
            Alert.objects.create(programme=self.programme, sender=who, level=level, code=code, opened_at=at, due_at=at)
            self.rows.append(("alert", who.pk, code, at))

    def outreach(self) -> None:
        """Acts are published as they are: as many, to as many people, on days of their own."""
        for kind in (OutreachKind.MEETING, OutreachKind.WEBINAR):
            action = Outreach.objects.create(
                programme=self.programme,
                kind=kind,
                on=self.day(),
                minutes=self.chance.choice((30, 60)),
                place=f"Salle {self.chance.random()}",
                state=SessionState.HELD,
            )
            OutreachNumber.objects.create(outreach=action, audience="agents", people=12)
            self.rows.append(("outreach", action.on))

    def money(self) -> None:
        for _ in range(self.chance.randint(0, 3)):
            cents = self.chance.randint(1_000, 900_000)
            employer = self.programme.lead_employer
            Expense.objects.create(
                programme=self.programme, employer=employer, on=self.day(), line="travel", cents=cents
            )
            self.rows.append(("spent", cents))

    def waiting(self) -> None:
        """Between 15 and 30 days before the pair's yes: the same class, or none at all under eleven."""
        for one in self.everybody:
            one.received_at = self.at(first=dt.date(2025, 2, 3), last=dt.date(2025, 2, 12))
            one.seniority = self.chance.choice(("", "2-5", "5-10"))
            one.lived = self.chance.sample(["return", "change"], self.chance.randint(0, 2))
            one.free_text = f"Ce que j’attends : {self.chance.random()}"
            one.save()
            self.rows.append(("asked", one.pk, one.received_at))

    def own_time(self) -> None:
        """What helpers note beside their meetings: by whom and when as chance has it, the same with the meetings in all."""
        left = 600 * (self.shape.class_of_hours + 1) - self.met if self.shape.shown else self.chance.randint(0, 900)
        whose = self.some(self.helpers, self.chance.randint(1, len(self.helpers))) if self.helpers else []
        for rank, helper in enumerate(whose):
            mine = left if rank == len(whose) - 1 else self.chance.randint(0, left)
            left -= mine
            month = dt.date(2025, self.chance.randint(1, 12), 1)
            HoursTally.objects.create(participation=helper, month=month, minutes=mine)
            self.rows.append(("noted", helper.pk, month, mine))

    def own_words(self) -> None:
        """What is written for oneself or for the other, read by nobody else."""
        for one in self.some(self.everybody, self.chance.randint(0, len(self.everybody))):
            on = self.day()
            Interview.objects.create(participation=one, on=on, points=self.chance.sample(["why", "time"], 1))
            SelfPositioning.objects.create(
                participation=one, moment="before", levels=f"listening={self.chance.randint(1, 5)}"
            )
            Avoid.objects.create(owner=one.person, target=f"person:{self.chance.choice(self.everybody).person_id}")
        for member in PairMember.objects.filter(pair__in=self.pairs).order_by("pk"):
            if self.chance.random() < 0.5:
                said = self.chance.choice(("talk", "change", "stop"))
                FitCheck.objects.create(member=member, answer=said, answered_on=self.day())
                ReviewAnswer.objects.create(member=member, moment="half", ticks=said, answered_on=self.day())
                self.rows.append(("fit", member.pk, said))

    def within(self, yes: int, n: int) -> int:
        """Another count that reads the same."""
        if n < 7:
            return self.chance.randint(0, n)
        return self.chance.randint(0, 3) if yes <= 3 else self.chance.randint(n - 3, n) if yes >= n - 3 else yes
