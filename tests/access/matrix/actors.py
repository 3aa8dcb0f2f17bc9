"""Who looks: twenty-four browsers, and what each may claim. Facts of world.py, never read from the code under test."""

from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

from portal.models import Person, User
from tests.access.matrix.world import World
from tests.builders import client_of


@dataclass
class Actor:
    """`roles`: (role as docs/access.yml calls it, code of the programme or letter of the employer)."""

    name: str
    client: Client
    person: Person | None = None
    roles: set[tuple[str, str]] = field(default_factory=set)
    employer: str = ""
    known: bool = True
    second_factor: bool = True
    # Both RH and référent: the spaces this session has not passed into.
    closed_spaces: tuple[str, ...] = ()
    # Programmes of others that their employer shares.
    shares: tuple[str, ...] = ()

    def holds(self, role: str, scope: str = "") -> bool:
        """A role of this scope, or of any when the page is about no object."""
        return (role, scope) in self.roles if scope else any(held == role for held, _ in self.roles)


# name → part in the scene of A1, roles there
AROUND_A1 = {
    "colleague": ("colleague", ()),
    "helper": ("helper", ()),
    "helped": ("helped", ()),
    "référent": ("referent", ("referent", "opener")),
    "deputy": ("deputy", ("deputy",)),
    "pair referee": ("referee", ("pair-referee",)),
    "supervisor": ("supervisor", ("supervisor",)),
    "RH": ("hr", ("hr",)),
    "administrator": ("admin", ("administrator",)),
    "former référent": ("former", ()),
    "référent and RH": ("both", ("referent", "hr")),
}
OF_AN_EMPLOYER = {"hr", "administrator", "opener"}


def cast(world: World) -> list[Actor]:
    """Everybody who tries every address, each signed in already."""
    actors = [Actor("visitor", Client(), known=False)]
    alone = User.objects.create_user("sans-profil@exemple.invalid")
    nobody = Client()
    nobody.force_login(alone, backend="allauth.account.auth_backends.AuthenticationBackend")
    actors.append(Actor("login without person", nobody))
    for name, (part, roles) in AROUND_A1.items():
        actors.append(_actor(world, name, "A1", part, roles))
    actors.append(_actor(world, "référent elsewhere", "B1", "referent", ("referent", "opener")))
    actors.append(_actor(world, "RH elsewhere", "B1", "hr", ("hr",)))
    for name in ("référent", "RH", "administrator", "pair referee", "supervisor"):
        part, roles = AROUND_A1[name]
        actors.append(_actor(world, f"{name} with one factor", "A1", part, roles, strong=False))
    both = AROUND_A1["référent and RH"]
    actors.append(_actor(world, "référent and RH with one factor", "A1", *both, strong=False))
    passed = _actor(world, "RH and référent, in RH’s space", "A1", "both", ("referent", "hr"))
    passed.client.post(reverse("portal:switch_space", args=[world.scenes["A1"].employer.slug, "hr"]))
    passed.closed_spaces = ("referent",)
    actors.append(passed)
    partner = world.employers["C"].people["hr"]
    shared = Actor("partner’s RH", client_of(partner), partner, {("hr", "C")}, "C", shares=("A1", "B1"))
    actors.append(shared)
    deactivated = _actor(world, "deactivated référent", "A2", "both", ())
    User.objects.filter(pk=deactivated.person.user_id).update(is_active=False)
    deactivated.known, deactivated.person = False, None
    actors.append(deactivated)
    for actor in actors:
        # A page that breaks is an answer like another.
        actor.client.raise_request_exception = False
    return actors


def _actor(world: World, name: str, code: str, part: str, roles: tuple[str, ...], *, strong: bool = True) -> Actor:
    person = world.scenes[code].people[part]
    held = {(role, code[0] if role in OF_AN_EMPLOYER else code) for role in roles}
    closed = ("hr",) if "hr" in roles and "referent" in roles else ()
    client = client_of(person, second_factor=strong)
    return Actor(name, client, person, held, code[0], second_factor=strong, closed_spaces=closed)
