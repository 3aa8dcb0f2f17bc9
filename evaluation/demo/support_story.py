"""Events of a fictional employer around support: calls asked for, what worries, problems of the organisation."""

import datetime as dt
import uuid

from pairing.enums import SupportKind
from pairing.models import Pair, SupervisorEngagement
from pairing.services import alerts, problems, returns, support
from portal import clock
from portal.models import Person
from portal.services import my_data, news
from programmes.models import Programme


class SupportStory:
    """Used by Story, which gives the people, the programme and the simulated day."""

    referent: Person
    programme: Programme
    day: dt.date
    people: dict[str, Person]
    supervisors: dict[str, SupervisorEngagement]
    pairs: dict[str, Pair]

    def ask_support(self, who: str, to: str, kind: str) -> support.SupportRequest:
        asked = {"channel": "in_person", "slots": 0b100001, "receipt": uuid.uuid4()}
        return support.ask(programme=self.programme, person=self.people[who], to=to, kind=kind, **asked)

    def do_support(self, who: str, kind: str, after: int = 0) -> None:
        """Asked of the référent; called back and closed `after` hours later, if a number is given."""
        row = self.ask_support(who, "referent", kind)
        if after:
            with clock.at(clock.now() + dt.timedelta(hours=after)):
                support.move(request=row, name="close", by=self.referent)

    def do_return(self, pair: str, who: str, on: int, milestones: list[int], address: str) -> None:
        """The agent gives a personal address, then a day (from T) and the days to be reminded of."""
        person = self.people[who]
        words = {"given": person.given, "family": person.family, "contact": ""}
        my_data.correct(person=person, seen=person.version, notify_email=address, **words)
        day, ways = self.day + dt.timedelta(days=on), ["p", "o"]
        row = Pair.objects.get(pk=self.pairs[pair].pk)
        returns.give(pair=row, by=person, on=day, milestones=milestones, channel="m", ways=ways)

    def do_recall(self) -> None:
        """What the scheduler does on a day when somebody is to be reminded."""
        returns.remind()

    def do_read_news(self) -> None:
        """Everybody is up to date that day: what comes later is to be read."""
        for person in self.people.values():
            news.read_all(person=person)

    def do_worry(self, who: str, level: int, code: str, relay: str = "", after: int = 0) -> None:
        """Closed `after` hours later, if a relay is given; then a debrief with the supervisor, asked and given."""
        row = alerts.send(
            programme=self.programme, sender=self.people[who], receipt=uuid.uuid4(), level=level, code=code
        )
        if not relay:
            return
        with clock.at(clock.now() + dt.timedelta(hours=after)):
            alerts.close(alert=row, by=self.referent, relay_code=relay)
            supervisor = next(iter(self.supervisors.values()))
            request = self.ask_support(who, f"supervisor-{supervisor.ref}", SupportKind.DEBRIEF)
            support.move(request=request, name="close", by=None)

    def do_problem(self, title: str, category: str, kind: str, owner: str) -> None:
        fields = {"title": title, "category": category, "kind": kind, "owner": owner}
        problems.raise_problem(programme=self.programme, by=self.referent, **fields)

    def do_answer_problem(self, title: str, state: str, answer: str, due: int | None = None) -> None:
        problems.answer(
            problem=self.programme.problems.get(title=title),
            seen=1,
            state=state,
            answer=answer,
            due_on=clock.today(self.programme.time_zone) + dt.timedelta(days=due) if due else None,
            on_behalf=True,
            by=self.referent,
        )
