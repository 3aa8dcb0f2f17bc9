"""One cell: an actor sends one request about one object. What docs/access.yml promises, what came, what was written."""

import io
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote_plus

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from scripts.registry import Route, declared_methods, listed_routes, routes
from tests.access.matrix.actors import Actor
from tests.access.matrix.objects import OBJECTS, PLAIN_PREFIXES, Thing
from tests.access.matrix.world import Scene, World

OPEN, REFUSED, SIGN_IN, WEAK, SWITCH, METHOD = "open", "refused", "sign in", "one factor", "other space", "method"
# Where the object is, seen from A1. The last three keep the slug of A1: the door opens, the object is not behind it.
OWN, SIBLING, FOREIGN, NOWHERE = "own", "other programme", "other employer", "no such place"
MISSING, MIXED_SIBLING, MIXED_FOREIGN = "missing", "other programme’s object here", "other employer’s object here"
SCENE_OF = {
    OWN: "A1",
    SIBLING: "A2",
    FOREIGN: "B1",
    NOWHERE: "A1",
    MISSING: "A1",
    MIXED_SIBLING: "A2",
    MIXED_FOREIGN: "B1",
}
EXISTING, INSIDE = (OWN, SIBLING, FOREIGN), (MISSING, MIXED_SIBLING, MIXED_FOREIGN)
# A reading may say that it took place, and renew a session.
WRITTEN_BY_READING = {"portal_journalentry", "django_session"}
# Codes and names that are the same in every programme.
CALLED_ALIKE = {"rule", "library", "partner"}
NOT_FOUND = (settings.BASE_DIR / "templates/404.html").read_bytes()


@dataclass(frozen=True)
class Target:
    """A route and one of its things, somewhere."""

    route: Route
    entry_who: tuple[str, ...]
    second_factor: bool
    thing: Thing
    relation: str
    scene: Scene
    home: Scene

    @property
    def exists(self) -> bool:
        return self.relation in EXISTING

    @cached_property
    def url(self) -> str:
        return reverse(self.route.name, kwargs=dict(self._arguments()))

    def _arguments(self) -> Iterator[tuple[str, object]]:
        kinds = dict(self.route.parameters)
        for name, value in self.thing.fill.items():
            if value.startswith("="):
                yield name, value[1:]
            elif name == "slug" and self.relation in INSIDE:
                yield name, self.home.objects[value]
            elif self.relation in (NOWHERE, MISSING):
                yield name, _nothing(kinds[name])
            else:
                yield name, self.scene.objects[value]

    @property
    def owners(self) -> set:
        return {self.scene.people[part] for part in self.thing.owners}

    @property
    def accepts(self) -> set[str]:
        return declared_methods(self.route.view)


def _nothing(converter: str) -> object:
    return {"UUIDConverter": uuid.UUID(int=7), "IntConverter": 99}.get(converter, "x" * 43)


def tried() -> list[tuple[Route, tuple[Thing, ...]]]:
    """Routes about objects, each with its things."""
    return [
        (route, OBJECTS[route.name])
        for route in routes()
        if not route.name.startswith(PLAIN_PREFIXES) and isinstance(OBJECTS.get(route.name), tuple)
    ]


def targets(world: World, only: set[str] | None = None) -> Iterator[Target]:
    listed = listed_routes()
    for route, things in tried():
        if only is not None and route.name not in only:
            continue
        entry = listed[route.path]
        for thing in things:
            for relation in relations(thing):
                scene = world.scenes[SCENE_OF[relation]]
                who = tuple(entry["who"])
                yield Target(route, who, entry["second_factor"], thing, relation, scene, world.scenes["A1"])


def relations(thing: Thing) -> tuple[str, ...]:
    named = [value for value in thing.fill.values() if not value.startswith("=")]
    if not named:
        return (OWN,)
    if len(named) == 1 or CALLED_ALIKE & set(named):
        return (OWN, SIBLING, FOREIGN, NOWHERE)
    if named[0] == "employer":
        # Objects of another programme of the same employer are this employer's too.
        return (OWN, SIBLING, FOREIGN, NOWHERE, MISSING, MIXED_FOREIGN)
    return (OWN, SIBLING, FOREIGN, NOWHERE, MISSING, MIXED_SIBLING, MIXED_FOREIGN)


# --- What is promised ---------------------------------------------------------------------------------------------------
def grants(role: str, actor: Actor, target: Target) -> bool:
    """Whether this word of `who` means this actor, for this object."""
    thing, place = target.thing, target.scene.code
    if role in thing.without:
        return False
    if role == "public":
        return True
    if role == "signed-in":
        return actor.known
    if actor.person is None:
        return False
    if not thing.fill or thing.meaning.get(role) == "opener":
        return role in ("agent", "self") or actor.holds(thing.meaning.get(role, role))
    if thing.meaning.get(role) == "both":
        return actor.holds("hr", place[0]) and any(
            held == "referent" and code[0] == place[0] for held, code in actor.roles
        )
    if role in ("self", "member", "pair-referee"):
        return actor.person in target.owners
    if role == "agent":
        return actor.employer == place[0] or target.scene.code[1] in actor.shares
    if role == "supervisor":
        return actor.holds(role, place[1]) and actor.person in target.owners
    if role == "referent" and _excepted(thing, actor, target):
        return False
    if role == "hr" and thing.shared and place[1] in actor.shares and actor.holds("hr"):
        return True
    return actor.holds(role, place[0] if role in ("hr", "administrator") else place[1])


def _excepted(thing: Thing, actor: Actor, target: Target) -> bool:
    """Référents that the note of a page leaves out."""
    own = actor.person in target.owners
    return (
        ("referent-themself" in thing.without and own)
        or ("referent-else" in thing.without and not own)
        or ("not-opener" in thing.without and not actor.holds("opener"))
    )


PERSONAL = {"public", "signed-in", "agent", "self", "member"}


def promise(actor: Actor, target: Target, method: str) -> str:
    """The verdict of docs/access.yml."""
    if not actor.known and not target.route.public:
        return SIGN_IN
    if method not in target.accepts:
        return METHOD
    granting = [role for role in target.entry_who if target.exists and grants(role, actor, target)]
    if not granting:
        return REFUSED
    if set(granting) & PERSONAL:
        return OPEN
    if target.second_factor and not actor.second_factor:
        return WEAK
    return SWITCH if target.thing.fill and set(granting) <= set(actor.closed_spaces) else OPEN


# --- What came ----------------------------------------------------------------------------------------------------------
@dataclass
class Answer:
    response: HttpResponse
    written: list[str]

    @cached_property
    def body(self) -> bytes:
        return b"".join(self.response.streaming_content) if self.response.streaming else self.response.content

    @cached_property
    def text(self) -> str:
        """All that reaches the reader: page or file, headers, and where it sends them."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.response.headers.items())
        cookies = "\n".join(str(cookie) for cookie in self.response.cookies.values())
        return "\n".join([headers, cookies, self._unpacked()])

    def _unpacked(self) -> str:
        """The body as text; an office document is a ZIP of XML."""
        if not self.body.startswith(b"PK"):
            return self.body.decode("utf-8", "replace")
        with zipfile.ZipFile(io.BytesIO(self.body)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())

    def sealed(self, url: str) -> tuple:
        """What must be the same for a foreign object and a missing one."""
        headers = {
            name: value.replace(url, "…").replace(quote_plus(url), "…") for name, value in self.response.headers.items()
        }
        return self.response.status_code, headers, self.body


class Writes:
    """Tables that a request changes."""

    def __init__(self) -> None:
        self.tables: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        words = sql.split(maxsplit=3)
        if words[0].upper() in ("INSERT", "UPDATE", "DELETE", "REPLACE"):
            self.tables.append(
                next(word for word in words[1:] if word.upper() not in ("INTO", "FROM", "OR")).strip('"')
            )
        return execute(sql, params, many, context)


def send(actor: Actor, target: Target, method: str) -> Answer:
    """The request, undone afterwards."""
    writes = Writes()
    with transaction.atomic():
        with connection.execute_wrapper(writes):
            answer = Answer(actor.client.generic(method, target.url), writes.tables)
            _ = answer.body
        transaction.set_rollback(True)
    return answer


def kept(actor: Actor, target: Target, verdict: str, answer: Answer, method: str) -> str:
    """What is wrong with the answer; empty when the promise is kept."""
    status, where = answer.response.status_code, answer.response.headers.get("Location", "")
    if status >= 500:
        error = getattr(answer.response, "exc_info", None)
        return f"{status}: {error[1] if error else 'an error of ours'!r}"
    if verdict != OPEN and answer.written:
        return f"refused, yet it wrote {answer.written}"
    if verdict == OPEN and method in ("GET", "HEAD", "OPTIONS") and set(answer.written) - WRITTEN_BY_READING:
        return f"a reading wrote {answer.written}"
    if verdict == SIGN_IN:
        return (
            "" if status == 302 and where.startswith(reverse(settings.LOGIN_URL)) else f"{status}, not the sign-in page"
        )
    if verdict == METHOD:
        return "" if status == 405 else f"{status}, not 405"
    if verdict == WEAK:
        fits = status == 302 and where.startswith(reverse("portal:second_factor"))
        return "" if fits else f"{status} {where}, not the second factor"
    if verdict == SWITCH:
        return "" if status == 302 and where.startswith("/espaces/") else f"{status} {where}, not the passage"
    if verdict == REFUSED:
        return _refused(actor, target, status, where, answer)
    return "" if status in (200, 302, *target.thing.also) else f"{status}, though it may be opened"


def _refused(actor: Actor, target: Target, status: int, where: str, answer: Answer) -> str:
    if status == 302 and actor.person is None and where == reverse("portal:no_person"):
        return ""
    if status == 302 and not actor.second_factor and where.startswith(reverse("portal:second_factor")):
        return ""
    if status == 302 and actor.closed_spaces and where.startswith("/espaces/"):
        return ""
    if status == target.thing.gone == 410:
        return ""
    if status != 404:
        return f"{status} {where}, though it is not theirs"
    head = answer.response.wsgi_request.method == "HEAD"
    return "" if head or answer.body == NOT_FOUND else "404, but not the static page"
