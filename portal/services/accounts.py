"""From a login to an agent: who may sign up, and with which employer."""

from django.db import transaction

from portal import clock, registry
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Affiliation, Employer, Invitation, Person, User
from portal.registry import Entrance
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
    *,
    user: User,
    given: str,
    family: str,
    employer: Employer | None = None,
    invitation: Invitation | None = None,
    entrance: Entrance | None = None,
) -> Person:
    """The agent of a login whose address is verified: person, affiliation from today, role of the invitation.

    Done twice, it changes nothing more. Raises DomainError when the address opens no door.
    """
    person = Person.objects.filter(user=user).first()
    if person is None and entrance and not invitation:
        return entrance.enter(user=user, given=given, family=family)
    employer = invitation.employer if invitation else _chosen(user.email, employer)
    if person is None:
        person = new_agent(user=user, given=given, family=family, employer=employer)
    if invitation:
        invitations.accept(invitation=invitation, person=person)
    return person


@transaction.atomic
def new_agent(
    *, given: str, family: str, employer: Employer, user: User | None = None, by: Person | None = None
) -> Person:
    """A person of this employer from today; without `user`, somebody whose data `by` enters for them."""
    person = Person.objects.create(user=user, given=given.strip(), family=family.strip(), created_at=clock.now())
    Affiliation.objects.create(person=person, employer=employer, starts=clock.today(employer.time_zone))
    verb = Verb.ENTERED_FOR if by else Verb.CREATED
    journal.log(actor=by or person, verb=verb, target=person, subject=person, employer=employer)
    return person


@transaction.atomic
def claim(*, user: User, person: Person, employer: Employer) -> None:
    """Give somebody entered without account their own login. Raises DomainError when they have one already."""
    if not Person.objects.filter(pk=person.pk, user__isnull=True).update(user=user):
        raise DomainError("Cette personne a déjà un compte. Connectez-vous, ou voyez avec votre référent·e.")
    person.user = user
    for hook in registry.hooks(registry.CLAIMED):
        hook(person)
    journal.log(actor=person, verb=Verb.CHANGED, target=person, subject=person, employer=employer)


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
