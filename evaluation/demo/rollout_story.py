"""Events of a fictional employer that make up the rollout: roles, steps, seats, assessments, sensibilisation."""

import datetime as dt
from collections.abc import Callable

from portal import clock
from portal.models import Employer, Person
from programmes.enums import ItemState, Validator
from programmes.models import Contact, Participation, Programme, Seat, StepItem
from programmes.services import (
    assessments,
    evidence,
    handover,
    interviews,
    opening,
    outreach,
    recognition,
    rollout,
    steps,
)

# What stands for a scan in the demonstration: a PDF of one empty page.
SCAN = (
    b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n"
    b"trailer\n<</Root 1 0 R/Size 4>>\n%%EOF\n"
)


class RolloutStory:
    """Used by Story, which gives the employer, the people, the programme and the simulated day."""

    employer: Employer
    referent: Person
    programme: Programme
    people: dict[str, Person]

    date: Callable[[int], dt.date]
    taking_part: Callable[[str, str], Participation]

    def do_role(self, who: str, role: str) -> None:
        rollout.grant(programme=self.programme, person=self.people[who], role=role, by=self.referent)

    def do_step(self, number: int, move: str, reason: str = "") -> None:
        step = self.programme.steps.select_related("programme__lead_employer").get(definition=number)
        if move == "start":
            steps.start_step(step=step, by=self.referent)
        else:
            steps.pass_step(step=step, by=self.referent, reason=reason)

    def do_tick(self, lines: list[str]) -> None:
        items = StepItem.objects.filter(step__programme=self.programme, line__in=lines)
        items = list(items.select_related("step__programme__lead_employer"))
        steps.set_state(items=items, state=ItemState.DONE, by=self.referent)

    def do_plan(self, number: int, starts: int, ends: int) -> None:
        step = self.programme.steps.select_related("programme__lead_employer").get(definition=number)
        steps.plan(step=step, starts=self.date(starts), ends=self.date(ends), by=self.referent)

    def do_action(
        self,
        number: int,
        label: str,
        due: int,
        owner: str,
        together: bool = False,
        doing: bool = False,
        watched: str = "",
    ) -> None:
        """An action of the team's own, in somebody's name."""
        item = steps.add_action(
            step=self.programme.steps.select_related("programme__lead_employer").get(definition=number),
            label=label,
            owner=self.people[owner],
            due_on=self.date(due),
            co_construction=together,
            watched=watched,
            by=self.referent,
        )
        if doing:
            steps.set_state(items=[item], state=ItemState.DOING, by=self.referent)

    def do_evidence(self, line: str) -> None:
        item = StepItem.objects.select_related("step__programme__lead_employer")
        evidence.deposit(item=item.get(step__programme=self.programme, line=line), data=SCAN, by=self.referent)

    def do_open(self, form: str) -> None:
        opening.open_form(programme=self.programme, form=form, by=self.referent)

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

    # --- team and frame of the rollout ----------------------------------------------------------------------------------
    def do_seat(self, function: str, body: str = "steering") -> None:
        Seat.objects.create(programme=self.programme, body=body, function=function)

    def do_contact(self, kind: str, name: str, phone: str) -> None:
        Contact.objects.create(programme=self.programme, kind=kind, name=name, phone=phone)

    def do_handover(self, to: str, on: int, done: list[str]) -> None:
        """Prepared today with some lines done, and announced: agents read it in their space."""
        email = self.people[to].user.email
        row = handover.prepare(programme=self.programme, by=self.referent, on=self.date(on), email=email)
        handover.tick(handover=row, done=done, by=self.referent)
        handover.announce(handover=row, by=self.referent)

    def do_assessment(self, forms: list[str], due: int | None = None, validated: int | None = None) -> None:
        """Asked today; `validated` days later it has its file."""
        today = clock.today(self.employer.time_zone)
        row = assessments.ask(
            programme=self.programme,
            forms=forms,
            asked_on=today,
            due_on=self.date(due) if due is not None else None,
            by=self.referent,
        )
        if validated is None:
            return
        with clock.at(clock.now() + dt.timedelta(days=validated)):
            day = clock.today(self.employer.time_zone)
            assessments.validate(
                assessment=row,
                seen=row.version,
                validated_on=day,
                validator=Validator.DPO,
                data=SCAN,
                review_on=day + dt.timedelta(days=3 * 365),
                by=self.referent,
            )

    def do_outreach(
        self,
        kind: str,
        numbers: dict[str, int],
        place: str = "",
        minutes: int | None = None,
        directions: list[str] | None = None,
        voices: list[dict[str, str]] | None = None,
    ) -> None:
        """An action held today, with numbers by category, the directions it was for, and words left on the page."""
        row = outreach.plan(
            programme=self.programme,
            kind=kind,
            on=clock.today(self.employer.time_zone),
            minutes=minutes,
            place=place,
            units=outreach.directions(self.programme).filter(name__in=directions or []),
            by=self.referent,
        )
        outreach.record_held(outreach=row, numbers=numbers, seen=row.version, by=self.referent)
        for voice in voices or []:
            person = self.people[voice["who"]]
            testimony = outreach.ask_testimony(outreach=row, person=person, by=self.referent)
            outreach.agree(testimony=testimony, by=person)
            outreach.show_words(testimony=testimony, by=person, words=voice["words"], signed=voice["signed"])

    def do_interview(self, who: str, points: list[str]) -> None:
        """The talk with somebody who offers to help, today."""
        today = clock.today(self.employer.time_zone)
        row = self.taking_part(who, "helper")
        interviews.record(participation=row, on=today, points=points, seen=0, by=self.referent)

    def do_mention(self, who: str, place: str) -> None:
        recognition.ask_mention(participation=self.taking_part(who, "helper"), place=place, by=self.people[who])
