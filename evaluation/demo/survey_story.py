"""Events of a fictional employer that make up its surveys."""

import datetime as dt
from collections.abc import Callable, Iterable
from random import Random

from evaluation import personal_code
from evaluation.enums import Moment, Public
from evaluation.models import Wave, WaveInvitation
from evaluation.services import answers, closing, hot, instead, own_questions, publics, waves
from portal import clock
from portal.models import Employer, Person
from programmes.models import Programme


class SurveyStory:
    """Used by Story, which gives the employer, the programme and the simulated day."""

    data: dict
    employer: Employer
    referent: Person
    programme: Programme

    date: Callable[[int], dt.date]

    def do_own_questions(self, texts: list[str]) -> None:
        own_questions.write(programme=self.programme, texts=texts, by=self.referent)

    def do_wave(self, cycle: int, moment: str, days: int, managers: int = 0, linked: bool = False) -> None:
        """Ask the whole batch today, for `days` days; or all the managers, so many of them.

        `linked`: each person may note a personal code, for the end of the cycle.
        """
        closes_on = clock.today(self.employer.time_zone) + dt.timedelta(days=days)
        asking = {
            "cycle": self.programme.cycles.get(number=cycle),
            "moment": moment,
            "closes_on": closes_on,
            "by": self.referent,
        }
        if managers:
            domain = self.data["employer"]["domains"][0]
            asking["addresses"] = "\n".join(f"cadre{number:02}@{domain}" for number in range(1, managers + 1))
            publics.open_managers(**asking)
        else:
            waves.open_wave(**asking, linked=linked)

    def do_hot(self, held: int) -> None:
        """Everybody who was at the session of that day is asked about it."""
        hot.ask_present(session=self.programme.training_sessions.get(on=self.date(held)), by=self.referent)

    def do_previous_wave(self, cycle: int) -> None:
        """The wave just closed stands for the start survey of a cycle that follows it closely."""
        instead.lean_on_previous(cycle=self.programme.cycles.get(number=cycle), by=self.referent)

    def wave(self, moment: str, cycle: int = 0, public: str = Public.PARTICIPANTS, held: int = 0) -> Wave:
        rows = Wave.objects.select_related("programme__lead_employer", "questionnaire").filter(programme=self.programme)
        if moment == Moment.HOT:
            return rows.get(session__on=self.date(held))
        return rows.get(cycle__number=cycle, moment=moment, public=public)

    def do_answers(
        self,
        moment: str,
        count: dict[str, int] | int,
        favourable: dict[str, int],
        bothered: int | None = None,
        codes: int = 0,
        **which,
    ) -> None:
        """`count` people answer by their links: `favourable` of them agree with each item, the others rather not.

        `count` is a number, or one for each side: {"helped": 10, "helper": 7}. `bothered`: how many say an effect.
        `codes`: how many give their personal code.
        """
        wave = self.wave(moment, **which)
        invitations = wave.invitations.select_related("wave", "person").order_by("person__sort_key", "pk")
        chosen = list(invitations)[:count] if isinstance(count, int) else self.of_each_side(invitations, count)
        count = len(chosen)
        for number, invitation in enumerate(chosen):
            # Each item turns the order, so that nobody agrees with everything.
            given = {
                code: (4 if (number + turn) % count < wanted else 2)
                for turn, (code, wanted) in enumerate(sorted(favourable.items()))
            }
            if bothered is not None:
                given["NEG"] = ["tired"] if number < bothered else ["none"]
            code = self.code_of(invitation.person) if number < codes else ""
            answers.submit(token=waves.token_of(invitation), answers=given, code=code)

    def code_of(self, person: Person) -> str:
        """The code this person noted: the same at departure and at the end, and written nowhere."""
        return personal_code.draw(Random(str(person.ref)))  # noqa: S311  a made-up person's code, no secret

    def of_each_side(self, invitations: Iterable[WaveInvitation], count: dict[str, int]) -> list[WaveInvitation]:
        return [one for side, n in count.items() for one in [row for row in invitations if row.side == side][:n]]

    def do_close_wave(self, moment: str, **which) -> None:
        closing.close(wave=self.wave(moment, **which), by=self.referent)
