"""Events of a fictional employer with an open community: its members, its dated collective times."""

import datetime as dt
import itertools
from collections.abc import Callable

from allauth.account.models import EmailAddress

from portal import clock
from portal.models import Affiliation, Employer, Person, User
from portal.services.accounts import demo_address
from portal.words import search_key, sort_key
from programmes.models import Gathering, Programme
from programmes.services import community, gatherings

# Neutral given names, and family names of no one in particular.
GIVEN = (
    *("Alex", "Andrea", "Ange", "Camille", "Charlie", "Claude", "Dominique", "Eden", "Élie", "Frédérique", "Gwenn"),
    *("Jackie", "Jo", "Kim", "Leslie", "Lou", "Loïs", "Maé", "Maxime", "Morgan", "Nour", "Noa", "Pascale", "Sacha"),
)
FAMILY = ("Abel", "Blin", "Caron", "Duval", "Évrard", "Fabre", "Gilles", "Huet", "Imbert", "Jolly", "Klein")


class CommunityStory:
    """Used by Story, which gives the employer, the people, the programme and the simulated day."""

    employer: Employer
    referent: Person
    programme: Programme
    people: dict[str, Person]
    at_hour: Callable[[int, int], dt.datetime]

    def do_agents(self, employer: str, count: int) -> None:
        """So many agents with an account, written at once: no service makes hundreds."""
        home, today = Employer.objects.get(slug=employer), clock.today(self.employer.time_zone)
        keys = [f"agent{number}" for number in range(1, count + 1)]
        blank = User()
        blank.set_unusable_password()
        users = User.objects.bulk_create(
            User(email=demo_address(key, employer), password=blank.password) for key in keys
        )
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
        )
        names = itertools.islice(itertools.product(FAMILY, GIVEN), count)
        people = Person.objects.bulk_create(
            Person(
                user=user,
                given=given,
                family=family,
                sort_key=sort_key(f"{family} {given}"),
                search_key=search_key(f"{given} {family}"),
                created_at=clock.now(),
            )
            for user, (family, given) in zip(users, names, strict=True)
        )
        Affiliation.objects.bulk_create(Affiliation(person=one, employer=home, starts=today) for one in people)
        self.people |= {f"{employer}-{key}": one for key, one in zip(keys, people, strict=True)}

    def do_members(self, who: tuple[str, ...] = (), employer: str = "", first: int = 1, last: int = 0) -> None:
        """These people, and agents `first` to `last` of this employer, enter the community."""
        keys = [*who, *(f"{employer}-agent{number}" for number in range(first, last + 1))]
        for key in keys:
            community.join(programme=self.programme, person=self.people[key], form="community", rules_read=True)

    def do_gathering(
        self,
        kind: str,
        title: str,
        place: str,
        minutes: int = 90,
        attended: int | None = None,
        on: int = 0,
        hour: int = 14,
        seats: int | None = None,
        who: tuple[str, ...] = (),
        asks: bool = False,
    ) -> None:
        """Held today with so many people, or announced today for T+`on`; `who` registers; `asks` their opinion after."""
        row: Gathering = gatherings.plan(
            programme=self.programme,
            kind=kind,
            title=title,
            place=place,
            minutes=minutes,
            seats=seats,
            asks=asks,
            starts_at=self.at_hour(on, hour) if attended is None else clock.now(),
            by=self.referent,
        )
        for key in who:
            gatherings.register(gathering=row, person=self.people[key])
        if attended is not None:
            by = self.people.get("elie", self.referent)
            with clock.at(clock.now() + dt.timedelta(minutes=minutes)):
                gatherings.record_held(gathering=row, attended=attended, seen=row.version, by=by)
