"""Events of a fictional employer around supervision: dates, sheets and their cost, what a group says, hours of missions."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.db.models import Sum

from pairing.enums import SupportKind
from pairing.models import CollectiveNeed, HoursTally, SupervisionSession, SupervisorEngagement
from pairing.services import hours, needs, supervision, supervision_frame, support
from portal import clock, workdays
from portal.models import Employer, Person
from programmes.enums import Presence
from programmes.models import Participation, Programme

SPREAD = 5  # months over which what is missing to a total is noted


class SupervisionStory:
    """Used by Story, which gives the people, the programme and the simulated day."""

    employer: Employer
    referent: Person
    programme: Programme
    people: dict[str, Person]
    supervisors: dict[str, SupervisorEngagement]
    date: Callable[[int], dt.date]
    at_hour: Callable[[int, int], dt.datetime]
    taking_part: Callable[[str, str], Participation]

    def do_supervisor(self, name: str, address: str, signed: int) -> None:
        self.supervisors[name] = supervision.engage(
            programme=self.programme,
            name=name,
            address=address,
            confidentiality_on=self.date(signed),
            by=self.referent,
        )

    def do_sessions(self, days: list[int], hour: int, minutes: int, place: str, supervisor: str = "") -> None:
        """Dates of the supervisor named, or of the only one."""
        engagement = self.supervisors[supervisor] if supervisor else next(iter(self.supervisors.values()))
        starts = [self.at_hour(day, hour) for day in days]
        supervision.plan(engagement=engagement, starts=starts, minutes=minutes, place=place, by=self.referent)

    def session_of(self, held: int) -> SupervisionSession:
        day, zone = self.date(held), clock.ZoneInfo(self.employer.time_zone)
        (session,) = (
            row
            for row in self.programme.supervision_sessions.select_related("programme__lead_employer")
            if row.starts_at.astimezone(zone).date() == day
        )
        return session

    def do_sheet(
        self,
        held: int,
        themes: list[str],
        excused: tuple[str, ...] = (),
        need: str | None = None,
        euros: int = 0,
        financed: int = 0,
        piece: str = "",
    ) -> None:
        """The sheet; what the group says, which everybody there agrees to; what the session cost."""
        session = self.session_of(held)
        absent = {self.people[key].pk for key in excused}
        presences = {
            row: Presence.EXCUSED if row.person_id in absent else Presence.PRESENT
            for row in supervision.expected(session)
        }
        supervision.mark(session=session, presences=presences, themes=themes, by=None, need=need)
        if need:
            row = CollectiveNeed.objects.get(session=session)
            for participation, presence in presences.items():
                if presence == Presence.PRESENT:
                    needs.say(need=row, agrees=True, by=participation.person)
        if euros:
            fields = {"cents": euros * 100, "financed_cents": financed * 100, "piece": piece}
            supervision_frame.note_cost(session=session, by=self.referent, **fields)

    def do_session_asked(self, who: str, held_after: int = 0, working_days: int = 0) -> None:
        """Of one's own, held so many days later; or asked so many working days before now, and still awaited."""
        asked, left = clock.now(), working_days
        while left:
            asked -= dt.timedelta(days=1)
            left -= workdays.is_working(clock.day_of(asked, self.programme.time_zone))
        supervisor = next(iter(self.supervisors.values()))
        wish = {"channel": "in_person", "slots": 0b100001, "receipt": uuid.uuid4(), "kind": SupportKind.INDIVIDUAL}
        with clock.at(asked):
            row = support.ask(
                programme=self.programme, person=self.people[who], to=f"supervisor-{supervisor.ref}", **wish
            )
        if held_after:
            with clock.at(clock.now() + dt.timedelta(days=held_after)):
                support.move(request=row, name="close", held=True, by=None)

    def do_overload(self, who: str, percent: int) -> None:
        """The two months over reach this share of what the letter plans; noted today, so read by its owner alone.

        On the last working day of a month, which may be read until the next one, this month too.
        """
        row, day = self.taking_part(who, "helper"), self.date(0)
        rest = (dt.date(day.year, day.month, number) for number in range(day.day + 1, hours.last_day(day).day + 1))
        first = 1 if any(workdays.is_working(one) for one in rest) else 0
        for line in hours.lines(row)[first:3]:
            other = line.planned * percent // 100 - line.met
            hours.note(participation=row, month=line.month, minutes=other, by=self.people[who])

    def do_other_time(self, who: list[str], total: int) -> None:
        """What is missing to this total of hours, over the months before these two, as letters plan them."""
        rows = [self.taking_part(key, "helper") for key in who]
        noted = HoursTally.objects.filter(participation__programme=self.programme).aggregate(all=Sum("minutes"))["all"]
        found, month = hours.facts(rows), hours.month_of(clock.today(self.programme.time_zone))
        months = [hours.before(month, back) for back in range(3, 3 + SPREAD)]
        cells = [(row, one, found[row.pk].planned(one)) for row in rows for one in months]
        left, weight = total * 60 - (noted or 0), sum(planned for *_, planned in cells)
        for row, one, planned in cells:
            minutes = left * planned // weight
            left, weight = left - minutes, weight - planned
            if minutes:
                with clock.at(clock.noon(hours.last_day(one), self.programme.time_zone)):
                    hours.note(participation=row, month=one, minutes=minutes, by=row.person)
