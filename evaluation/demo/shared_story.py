"""Events of a fictional employer that it shares with others: partners, money."""

from collections.abc import Callable

from portal import clock
from portal.models import Affiliation, Employer, EmployerRole, Person
from programmes.models import Programme
from programmes.services import expenses, partners


class SharedStory:
    """Used by Story, which gives the employer, the people, the programme and the simulated day."""

    employer: Employer
    referent: Person
    programme: Programme
    people: dict[str, Person]
    make_person: Callable[[dict, Employer], Person]

    def do_partner(self, hr: dict | None = None, agent: dict | None = None, **employer) -> None:
        """Another employer whose agents may join: the programme is shared. `hr` signs for its RH."""
        partner, today = Employer.objects.create(**employer, fictional=True), clock.today(self.employer.time_zone)
        partners.add(programme=self.programme, employer=partner, joined=today, by=self.referent)
        for row, role in ((hr, "hr_signatory"), (agent, "")):
            if row is None:
                continue
            person = self.make_person(row, partner)
            Affiliation.objects.create(person=person, employer=partner, starts=today)
            if role:
                EmployerRole.objects.create(person=person, employer=partner, role=role, starts=today)

    def do_expense(self, line: str, euros: int, piece: str, financed: int = 0, employer: str = "") -> None:
        """Spent today, in euros, by the lead employer or by the partner named."""
        expenses.add(
            programme=self.programme,
            employer=Employer.objects.get(slug=employer) if employer else self.employer,
            on=clock.today(self.employer.time_zone),
            line=line,
            cents=euros * 100,
            financed_cents=financed * 100,
            piece=piece,
            by=self.referent,
        )
