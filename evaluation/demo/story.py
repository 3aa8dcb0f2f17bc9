"""Plays the dated events of one fictional employer: each at its own simulated moment, each through a service.

An event is a JSON object: `day` (from T), `do` (a method of Story named `do_<do>`), and its arguments.
"""

import datetime as dt
import json
import uuid
from pathlib import Path

from allauth.account.models import EmailAddress

from evaluation.demo.community_story import CommunityStory
from evaluation.demo.entry_story import EntryStory
from evaluation.demo.framing_story import FramingStory
from evaluation.demo.life_story import LifeStory
from evaluation.demo.rollout_story import RolloutStory
from evaluation.demo.shared_story import SharedStory
from evaluation.demo.supervision_story import SupervisionStory
from evaluation.demo.support_story import SupportStory
from evaluation.demo.survey_story import SurveyStory
from evaluation.demo.way_story import WayStory
from evaluation.services import releases
from pairing.enums import EndCode, RunMode
from pairing.models import Pair, SupervisorEngagement
from pairing.services import bench, gates, meetings, pairs
from portal import clock
from portal.jobs import simulated_past
from portal.models import Affiliation, EmailDomain, Employer, EmployerRole, Person, Unit, User
from portal.services import erasure, links, retention
from portal.services.accounts import demo_address
from programmes import letter_text
from programmes.enums import Decision, Form, LetterState, Presence
from programmes.models import Letter, Participation, Programme, Theme, TrainingModule
from programmes.services import (
    avoid,
    charter,
    letter_life,
    letters,
    participation,
    rollout,
    sites,
    training,
    training_places,
    visas,
)

MORNING = dt.time(10)


class Story(
    RolloutStory,
    FramingStory,
    SharedStory,
    EntryStory,
    CommunityStory,
    SupportStory,
    SurveyStory,
    SupervisionStory,
    LifeStory,
    WayStory,
):
    """One employer's story. `day` is T, as returned by build_day()."""

    def __init__(self, source: Path, day: dt.date) -> None:
        self.data = json.loads(source.read_text(encoding="utf-8"))
        self.day = day
        self.people: dict[str, Person] = {}
        self.pairs: dict[str, Pair] = {}
        self.supervisors: dict[str, SupervisorEngagement] = {}
        self.programme: Programme | None = None
        self.programmes: dict[str, tuple[Programme, Person]] = {}

    def build(self) -> Employer:
        """Everything, oldest event first. The past is simulated: work inline, mails held to have left."""
        with simulated_past():
            with clock.at(self.moment(self.data["events"][0]["day"] - 1)):
                self.employer = self.make_employer()
            before = None
            for event in sorted(self.data["events"], key=lambda event: event["day"]):
                if before is not None:
                    self.days_pass(before, event["day"])
                before = event["day"]
                arguments = {key: value for key, value in event.items() if key not in ("day", "do", "of")}
                self.turn_to(event.get("of", self.data["employer"]["slug"]))
                with clock.at(self.moment(event["day"])):
                    getattr(self, f"do_{event['do']}")(**arguments)
            # What went with the years is gone, as the task of every hour would have had it.
            erasure.run()
            retention.run()
        return self.employer

    def turn_to(self, slug: str) -> None:
        """The programme an event is `of`: the employer's main one, which bears its name, unless it says otherwise."""
        if slug in self.programmes:
            self.programme, self.referent = self.programmes[slug]

    def days_pass(self, before: int, day: int) -> None:
        """What the scheduler does every day: pairs that wait are looked at again, until the morning of `day`."""
        for number in range(before + 1, day + 1):
            waiting = Pair.objects.filter(programme__lead_employer=self.employer, state__in=gates.NOT_STARTED)
            programmes = Programme.objects.filter(pk__in=waiting.values("programme"))
            if not programmes:
                return
            with clock.at(self.moment(number)):
                for programme in programmes:
                    gates.refresh_waiting(programme=programme)

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
        self.programmes[self.programme.slug] = self.programme, self.referent

    # --- the conditions before a first meeting ------------------------------------------------------------------------
    def do_charter(self, change: dict[str, str] | None = None) -> None:
        """A version in force today; `change` gives new texts by number of article."""
        version = charter.draft(programme=self.programme, by=self.referent)
        if change:
            texts = [change.get(str(n), article["text"]) for n, article in enumerate(version.articles, 1)]
            charter.change(version=version, texts=texts, seen=version.version, by=self.referent)
        today = clock.today(self.employer.time_zone)
        charter.put_in_force(version=version, on=today, seen=version.version, by=self.referent)

    def do_accept_charter(self, side: str, who: list[str]) -> None:
        for key in who:
            charter.accept(participation=self.taking_part(key, side), by=self.people[key])

    def do_training(self, modules: list[str], who: list[str], place: str, held: int = 0) -> None:
        """A session and its sheet: everybody came. `held` is its day, when the sheet comes late."""
        people = [self.taking_part(key, "helper") for key in who]
        session = training.plan_session(
            programme=self.programme,
            modules=list(TrainingModule.objects.filter(pk__in=modules)),
            on=self.date(held) if held else clock.today(self.employer.time_zone),
            invited=people,
            place=place,
            by=self.referent,
        )
        presences = dict.fromkeys(people, Presence.PRESENT)
        training.record_attendance(session=session, presences=presences, by=self.referent)

    def do_open_training(
        self, modules: list[str], on: int, at: str, places: int, who: list[str], place: str = ""
    ) -> None:
        """A session to come, with places; `who` asks for one in this order, the last ones are on the list."""
        session = training.plan_session(
            programme=self.programme,
            modules=list(TrainingModule.objects.filter(pk__in=modules)),
            on=self.date(on),
            at=dt.time.fromisoformat(at),
            invited=[],
            places=places,
            place=place,
            by=self.referent,
        )
        for key in who:
            training_places.register(session=session, by=self.people[key])

    def do_ready(self, who: list[str]) -> None:
        for key in who:
            training.decide(participation=self.taking_part(key, "helper"), decision=Decision.READY, by=self.referent)

    def do_letter(
        self, who: str, hours: int, starts: int, ends: int, visa_by: str = "manager", validated: bool = True
    ) -> None:
        """The whole circuit in a day: référent, agent, visa of time by its link, RH (unless still awaited)."""
        part, agent = self.taking_part(who, "helper"), self.people[who]
        letter = letters.draft(
            participation=part,
            by=self.referent,
            missions=["pair", "collective"],
            mission_title=letter_text.PROPOSED_TITLE,
            minutes_month=hours * 60,
            absence_days=4,
            starts=self.date(starts),
            ends=self.date(ends),
        )
        self.through(letter, agent, visa_by)
        if validated:
            letters.validate(letter=letter, by=self.signatory)

    def do_amend(self, who: str, hours: int, starts: int) -> None:
        """Other hours for a letter in force, agreed to and given time; RH have not validated yet."""
        earlier = self.taking_part(who, "helper").letters.get(state=LetterState.IN_FORCE)
        terms = letter_life.terms_of(earlier) | {"minutes_month": hours * 60, "starts": self.date(starts)}
        letter = letter_life.amend(letter=earlier, by=self.referent, **terms)
        self.through(letter, self.people[who], "manager")

    def through(self, letter: Letter, agent: Person, visa_by: str) -> None:
        """To the agent, who says yes; the time is given by its link."""
        letters.send(letter=letter, by=self.referent)
        address = f"encadrement@{self.employer.slug}.invalid" if visa_by == "manager" else ""
        letters.agree(letter=letter, by=agent, seen=letter.version, visa_by=visa_by, address=address)
        if visa_by == "manager":
            visas.give(link=links.live(letters.VISA, letter.ref))
            letter.refresh_from_db()

    @property
    def signatory(self) -> Person:
        return next(self.people[key] for key, roles in self.data["roles"].items() if "hr_signatory" in roles)

    def at_hour(self, day: int, hour: int) -> dt.datetime:
        return dt.datetime.combine(self.date(day), dt.time(hour), tzinfo=clock.ZoneInfo(self.employer.time_zone))

    # --- people -----------------------------------------------------------------------------------------------------
    def taking_part(self, who: str, side: str) -> Participation:
        rows = Participation.objects.open().select_related("programme__lead_employer", "person", "employer")
        return rows.get(programme=self.programme, person=self.people[who], side=side)

    def do_sites(self, names: list[str]) -> None:
        """Where people of the programme may meet."""
        lines = [sites.Line(name) for name in names]
        sites.set_all(programme=self.programme, seen=self.programme.version, lines=lines, by=self.referent)

    def do_join(
        self, who: str, side: str, themes: list[str], slots: list[int], sites: list[str] | None = None, **wishes
    ) -> None:
        participation.join(
            programme=self.programme,
            person=self.people[who],
            side=side,
            receipt=uuid.uuid4(),
            information_read=True,
            themes=list(Theme.objects.filter(pk__in=themes)),
            slots=sum(1 << bit for bit in slots),
            sites=list(self.programme.sites.filter(name__in=sites or [])),
            **wishes,
        )

    def do_answer(self, who: str, side: str, move: str) -> None:
        participation.answer(participation=self.taking_part(who, side), move=move, by=self.referent)

    def do_pause_part(self, who: str, side: str) -> None:
        participation.pause(participation=self.taking_part(who, side), by=self.people[who])

    def do_resume_part(self, who: str, side: str) -> None:
        participation.resume(participation=self.taking_part(who, side), by=self.people[who])

    def do_withdraw(self, who: str, side: str) -> None:
        participation.withdraw(participation=self.taking_part(who, side), by=self.people[who])

    def do_ask_erasure(self, who: str) -> None:
        erasure.ask(person=self.people[who])

    def do_avoid(self, who: str, person: str) -> None:
        avoid.add(owner=self.people[who], person=self.people[person])

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

    def do_stage(self, cycle: int) -> None:
        """A preparation the référent has not decided on yet."""
        asked = {"form": Form.PAIR, "mode": RunMode.CRITERIA, "by": self.referent}
        bench.launch(programme=self.programme, cycle=self.programme.cycles.filter(number=cycle).first(), **asked)

    # --- figures ----------------------------------------------------------------------------------------------------
    def do_release(self, exercice: str, words: str = "", wishes: str = "") -> None:
        """Established, opened to the participants, restituted the same day; `words`: what they said of it."""
        by = self.referent
        retention.run()  # as of that day: what is gone is not counted
        release = releases.establish(exercice=self.programme.exercices.get(name=exercice), by=by)
        if words:
            releases.share(release=release, by=by)
        today = clock.today(self.employer.time_zone)
        said = {"how": "meeting", "words": words, "wishes": wishes} if words else {}
        releases.restitute(release=release, on=today, by=by, **said)
