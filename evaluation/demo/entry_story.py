"""Events of a fictional employer around the entry without a mailbox: cards, calls asked for, entry on behalf."""

import uuid

from portal.models import Employer, Person, Unit
from programmes.models import Programme, Theme
from programmes.services import call_backs, entry_cards, on_behalf


class EntryStory:
    """Used by Story, which gives the employer, the people and the programme."""

    employer: Employer
    referent: Person
    programme: Programme
    people: dict[str, Person]

    def do_cards(self, count: int) -> None:
        """Cards handed over; their codes are kept nowhere."""
        entry_cards.issue(programme=self.programme, count=count, by=self.referent)

    def do_call_back(self, phone: str, slots: list[int], given: str = "") -> None:
        bits = sum(1 << bit for bit in slots)
        call_backs.ask(programme=self.programme, receipt=uuid.uuid4(), phone=phone, slots=bits, given=given)

    def do_enter_for(self, key: str, direction: str, team: str, themes: list[str], slots: list[int], **rest) -> None:
        """Somebody without account, after a talk; known afterwards under `key`."""
        made = on_behalf.enter(
            programme=self.programme,
            by=self.referent,
            receipt=uuid.uuid4(),
            information_read=True,
            themes=list(Theme.objects.filter(pk__in=themes)),
            slots=sum(1 << bit for bit in slots),
            **rest,
        )
        person = self.people[key] = made.participation.person
        parent, _ = Unit.objects.get_or_create(employer=self.employer, parent=None, name=direction)
        unit, _ = Unit.objects.get_or_create(
            employer=self.employer, parent=parent, name=team, defaults={"is_team": True}
        )
        person.affiliations.update(unit=unit)
