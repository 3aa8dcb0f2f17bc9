"""From a login to an agent: who may sign up, and with which employer."""

from django.db import transaction

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Affiliation, Employer, Invitation, Person, User
from portal.services import invitations, journal

OUTSIDE = (
    "Cette adresse n’est pas celle d’un employeur inscrit sur Résonance. Vérifiez-la, ou demandez une invitation "
    "à la personne qui vous a parlé de Résonance."
)


def demo_address(key: str, employer_slug: str) -> str:
    """Where the account of a demo person lives; no mail ever leaves for `.invalid`."""
    return f"{key}@{employer_slug}.invalid"


def domain_of(email: str) -> str:
    return email.strip().lower().rpartition("@")[2]


def employers_of(email: str):
    """Employers that declare the domain of this address. Says nothing about accounts."""
    return Employer.objects.filter(domains__domain=domain_of(email)).order_by("name").distinct()


@transaction.atomic
def join(
    *, user: User, given: str, family: str, employer: Employer | None = None, invitation: Invitation | None = None
) -> Person:
    """The agent of a login whose address is verified: person, affiliation from today, role of the invitation.

    Done twice, it changes nothing more. Raises DomainError when the address opens no door.
    """
    employer = invitation.employer if invitation else _chosen(user.email, employer)
    person = Person.objects.filter(user=user).first()
    if person is None:
        person = Person.objects.create(user=user, given=given.strip(), family=family.strip(), created_at=clock.now())
        Affiliation.objects.create(person=person, employer=employer, starts=clock.today(employer.time_zone))
        journal.log(actor=person, verb=Verb.CREATED, target=person, subject=person, employer=employer)
    if invitation:
        invitations.accept(invitation=invitation, person=person)
    return person


def _chosen(email: str, employer: Employer | None) -> Employer:
    """The employer picked, or the only possible one; never one that does not declare the domain."""
    possible = list(employers_of(email))
    if not possible:
        raise DomainError(OUTSIDE, field="email")
    if employer is None and len(possible) == 1:
        return possible[0]
    if employer not in possible:
        raise DomainError("Choisissez votre employeur dans la liste.", field="employer")
    return employer


def signed_in(*, person: Person) -> None:
    """Leave the trace of a sign-in in the journal."""
    journal.log(actor=person, verb=Verb.SIGNED_IN, target=person, subject=person)


@transaction.atomic
def forget_password(*, user: User) -> None:
    """A login never verified by its sign-up keeps no password: whoever typed it was not shown to own the address."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
