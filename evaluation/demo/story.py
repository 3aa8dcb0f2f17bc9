"""Plays the dated events of one fictional employer: each at its own simulated moment, each through a service.

An event is a JSON object: `day` (from T), `do` (a method of Story named `do_<do>`), and its arguments.
"""

import datetime as dt
import json
import uuid
from pathlib import Path

from allauth.account.models import EmailAddress

from evaluation.services import releases
from pairing.enums import EndCode
from pairing.models import Pair
from pairing.services import meetings, pairs
from portal import clock
from portal.jobs import simulated_past
from portal.models import Affiliation, EmailDomain, Employer, EmployerRole, Person, Unit, User
from portal.services.accounts import demo_address
from programmes.models import Avoid, Participation, Partner, Programme, StepLine, Theme
from programmes.services import participation, rollout

MORNING = dt.time(10)


class Story:
    """One employer's story. `day` is T, as returned by build_day()."""

    def __init__(self, source: Path, day: dt.date) -> None:
        self.data = json.loads(source.read_text(encoding="utf-8"))
        self.day = day
        self.people: dict[str, Person] = {}
        self.pairs: dict[str, Pair] = {}
        self.programme: Programme | None = None

    def build(self) -> Employer:
        """Everything, oldest event first. The past is simulated: work inline, mails held to have left."""
        with simulated_past():
            with clock.at(self.moment(self.data["events"][0]["day"] - 1)):
                self.employer = self.make_employer()
            for event in sorted(self.data["events"], key=lambda event: event["day"]):
                arguments = {key: value for key, value in event.items() if key not in ("day", "do")}
                with clock.at(self.moment(event["day"])):
                    getattr(self, f"do_{event['do']}")(**arguments)
        return self.employer

    def date(self, day: int) -> dt.date:
        return self.day + dt.timedelta(days=day)

    def moment(self, day: int) -> dt.datetime:
        """Ten in the morning of T+day, never later than now."""
        zone = self.data["employer"].get("time_zone", "Europe/Paris")
        moment = dt.datetime.combine(self.date(day), MORNING, tzinfo=clock.ZoneInfo(zone))
        return min(moment, clock.now()) if day >= 0 else moment

    def make_employer(self) -> Employer:
        fields = dict(self.data["employer"])
        domains = fields.pop("domains")
        employer = Employer.objects.create(**fields, fictional=True)
        EmailDomain.objects.bulk_create(EmailDomain(employer=employer, domain=domain) for domain in domains)
        units: dict[tuple[str, ...], Unit] = {}
        starts = clock.today(employer.time_zone)
        for row in self.data["people"]:
            person = self.make_person(row, employer)
            path = tuple(name for name in (row["direction"], row["team"]) if name)
            Affiliation.objects.create(
                person=person, employer=employer, unit=self.make_unit(employer, path, units), starts=starts
            )
        for key, roles in self.data["roles"].items():
            for role in roles:
                EmployerRole.objects.create(person=self.people[key], employer=employer, role=role, starts=starts)
        return employer

    def make_person(self, row: dict, employer: Employer) -> Person:
        """A demo person signs in by the demo entry only: the account has no usable password."""
        user = User.objects.create_user(demo_address(row["key"], employer.slug))
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        person = Person.objects.create(user=user, given=row["given"], family=row["family"], created_at=clock.now())
        self.people[row["key"]] = person
        return person

    def make_unit(self, employer: Employer, path: tuple[str, ...], known: dict) -> Unit | None:
        if not path:
            return None
        if path not in known:
            parent = self.make_unit(employer, path[:-1], known)
            known[path] = Unit.objects.create(employer=employer, parent=parent, name=path[-1], is_team=len(path) > 1)
        return known[path]

    # --- the frame --------------------------------------------------------------------------------------------------
    def do_programme(self, by: str, **fields) -> None:
        self.referent = self.people[by]
        self.programme = rollout.create_programme(
            employer=self.employer, starts=clock.today(self.employer.time_zone), by=self.referent, **fields
        )

    def do_role(self, who: str, role: str) -> None:
        rollout.grant(programme=self.programme, person=self.people[who], role=role, by=self.referent)

    def do_partner(self, **employer) -> None:
        """Another employer whose agents may join: the programme is shared."""
        partner = Employer.objects.create(**employer, fictional=True)
        Partner.objects.create(programme=self.programme, employer=partner, joined=clock.today(self.employer.time_zone))

    def do_step(self, number: int, move: str, reason: str = "") -> None:
        step = self.programme.steps.select_related("programme__lead_employer").get(definition=number)
        if move == "start":
            rollout.start_step(step=step, by=self.referent)
        else:
            rollout.pass_step(step=step, by=self.referent, reason=reason)

    def do_tick(self, number: int, line: str) -> None:
        step = self.programme.steps.get(definition=number)
        lines = [tick.line for tick in step.ticks.select_related("line")]
        rollout.set_ticks(step=step, lines=[*lines, StepLine.objects.get(pk=line)], by=self.referent)

    def do_open(self) -> None:
        rollout.open_enrolment(programme=self.programme, by=self.referent)

    def do_cycle(self, starts: int, ends: int) -> None:
        rollout.add_cycle(programme=self.programme, starts=self.date(starts), ends=self.date(ends), by=self.referent)

    def do_exercice(self, name: str, starts: int, ends: int) -> None:
        rollout.declare_exercice(
            programme=self.programme,
            name=name,
            starts=self.date(starts),
            ends=self.date(ends),
            by=self.referent,
        )

    # --- people -----------------------------------------------------------------------------------------------------
    def taking_part(self, who: str, side: str) -> Participation:
        rows = Participation.objects.select_related("programme__lead_employer", "person", "employer")
        return rows.get(programme=self.programme, person=self.people[who], side=side)

    def do_join(self, who: str, side: str, themes: list[str], slots: list[int], **wishes) -> None:
        participation.join(
            programme=self.programme,
            person=self.people[who],
            side=side,
            receipt=uuid.uuid4(),
            information_read=True,
            themes=list(Theme.objects.filter(pk__in=themes)),
            slots=sum(1 << bit for bit in slots),
            **wishes,
        )

    def do_answer(self, who: str, side: str, move: str) -> None:
        participation.answer(participation=self.taking_part(who, side), move=move, by=self.referent)

    def do_pause_part(self, who: str, side: str) -> None:
        participation.pause(participation=self.taking_part(who, side), by=self.people[who])

    def do_withdraw(self, who: str, side: str) -> None:
        participation.withdraw(participation=self.taking_part(who, side), by=self.people[who])

    def do_avoid(self, who: str, side: str, person: str) -> None:
        Avoid.objects.create(owner=self.taking_part(who, side), person=self.people[person])

    # --- pairs ------------------------------------------------------------------------------------------------------
    def do_pair(self, id: str, helper: str, helped: str, cycle: int, referee: str = "") -> None:
        pair = pairs.propose(
            helper=self.taking_part(helper, "helper"),
            helped=self.taking_part(helped, "helped"),
            by=self.referent,
            cycle=self.programme.cycles.filter(number=cycle).first(),
        )
        if referee:
            pairs.entrust(pair=pair, referee=self.people[referee], by=self.referent)
        self.pairs[id] = pair

    def pair(self, id: str) -> Pair:
        return Pair.objects.select_related("programme__lead_employer").get(pk=self.pairs[id].pk)

    def do_yes(self, pair: str, who: str) -> None:
        pairs.say_yes(pair=self.pair(pair), by=self.people[who])

    def do_meet(self, pair: str, who: str, minutes: int | None = None) -> None:
        meetings.log(pair=self.pair(pair), by=self.people[who], key=uuid.uuid4(), minutes=minutes)

    def do_end(self, pair: str, who: str, code: str) -> None:
        pairs.end(pair=self.pair(pair), by=self.people[who], code=EndCode(code))

    def do_pause(self, pair: str, who: str) -> None:
        pairs.pause(pair=self.pair(pair), by=self.people[who])

    def do_lapse(self, pair: str) -> None:
        pairs.withdraw_proposal(pair=self.pair(pair), by=self.referent)

    # --- figures ----------------------------------------------------------------------------------------------------
    def do_release(self, exercice: str) -> None:
        release = releases.establish(exercice=self.programme.exercices.get(name=exercice), by=self.referent)
        releases.restitute(release=release, on=clock.today(self.employer.time_zone), by=self.referent)
