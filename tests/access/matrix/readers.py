"""Which written words each reader may meet: domain.md b.2, as settled by decisions 14, 17 and 42.

Kinds are « model.field », or « model.part.field » for what belongs to one person. A kind that is not here may be read by
nobody: a page that begins to show it needs a line, and a reason.
"""

from fnmatch import fnmatch

from tests.access.matrix.actors import Actor
from tests.access.matrix.canaries import Mark
from tests.access.matrix.world import SHARED, SHARER, World

# self        the person the words belong to          pair      the two members of the pair
# around      who has a part in the programme          agents    everybody of the employer
# sharer      référent of a programme it shares        house-team  teams of the employer's programmes
# and the words of docs/access.yml: referent, deputy, pair-referee, supervisor (of the programme), hr, administrator
TEAM = ("referent", "deputy")
READERS: dict[str, tuple[str, ...]] = {
    # The employer and the programme: known in the house, never outside it.
    # Whoever shares a programme with an employer reads its name, and no other’s.
    "employer.name": ("agents", "sharer"),
    "employer.neutral_name": ("agents",),
    "programme.name": ("agents",),
    # Whoever takes part reads the results of a period.
    "exercice.name": (*TEAM, "hr", "around"),
    "charterversion.articles": ("referent", "around"),
    "contact.*": ("agents",),
    # The list to tick, never who ticked what (tests/programmes/test_sites.py).
    "site.name": ("agents",),
    # Announced to whoever takes part or is a member.
    "gathering.*": (*TEAM, "around"),
    "outreach.place": (*TEAM, "around"),
    "deviation.*": TEAM,
    "step.reason": TEAM,
    "anchor.*": (*TEAM, "hr"),
    "framingsheet.*": TEAM,
    "objective.*": TEAM,
    "objectivereview.*": TEAM,
    "seat.name": TEAM,
    "librarytext.blocks": ("house-team",),
    "expense.piece": ("referent", "hr"),
    "stepitem.label": TEAM,
    # The deputy marks the presence of a référent who takes part.
    "trainingsession.place": (*TEAM, "around"),
    "selfpositioning.*": ("self",),
    # Validated by the group that was there.
    "collectiveneed.words": ("referent", "supervisor", "around"),
    "supervisionsession.place": ("referent", "supervisor", "around"),
    # Whoever takes part may ask them to call back.
    "supervisorengagement*.name": ("self", "referent", "around"),
    "wishround.place": ("referent", "around"),
    "supervisorengagement.*": ("self", "referent"),
    # What people wrote: the author chooses; nobody else (decision 13).
    "participation.helped.free_text": ("self", "referent", "pair"),
    "participation.*.free_text": ("self",),
    "participation.*.presentation": ("self",),
    "joindraft.*": ("self",),
    # On the public page, until its author or the référent takes it off.
    "testimony.helper.words": ("agents",),
    "testimony.*": ("self",),
    # Somebody without account, entered by the référent, who calls them; numbers left to be called back.
    "person.paper.*": ("referent",),
    "callback.*": ("referent",),
    # Where to answer: whoever was asked, alone.
    "supportrequest.helper.reach": ("self", "referent"),
    "supportrequest.offering.reach": ("self", "supervisor"),
    "supportrequest.*.reach": ("self",),
    # About the organisation: the référent and RH write, both read.
    "problem.*": ("referent", "hr"),
    # Whoever wrote that they worry is called, as they chose to be.
    "person.helper.contact": ("self", "referent"),
    "person.*.contact": ("self",),
    "person.*.notify_email": ("self",),
    # Somebody helped, or who asks: never RH, the administration, a supervisor nor the dormant deputy.
    "person.helped.given": ("self", "pair", "referent", "pair-referee"),
    "person.asking.given": ("self", "referent"),
    # Somebody who helps: RH through the letter, the supervisor through the sheet; the family name in letters only.
    "person.helper.given": ("self", "pair", "referent", "pair-referee", "supervisor", "hr"),
    # Somebody who asked the supervisor, and nobody else, to call back.
    "person.offering.given": ("self", "referent", "supervisor"),
    "person.timed.*": ("self", "referent"),
    "person.validated.*": ("self", "referent", "hr"),
    "person.helper.family": ("self", "referent", "hr"),
    "unit.helper.name": ("self", "referent", "hr"),
    "unit.timed.name": ("self", "referent"),
    "unit.validated.name": ("self", "referent", "hr"),
    "letter.timed.mission_title": ("self", "referent"),
    "letter.validated.mission_title": ("self", "referent", "hr"),
    "letter.referent.mission_title": ("self", *TEAM),
    # The team and those around it; who opened a file is shown to its owner (« Mes données »).
    "person.referent.given": ("agents",),
    "person.referent.family": (*TEAM, "around", "hr"),
    "person.deputy.given": ("around",),
    "person.both.given": ("agents",),
    "person.former.given": ("self", *TEAM),
    "person.both.family": ("self", *TEAM),
    "person.supervisor.given": ("self", *TEAM),
    "person.referee.given": ("self", "referent"),
    "person.hr.given": ("self", "around"),
    "person.*.*": ("self",),
    "unit.referent.name": ("self", *TEAM),
    "unit.*.name": ("self",),
    # Addresses: one's own; the administration of accounts; the référent's is on letters.
    "user.referent.email": ("self", "administrator", *TEAM, "around", "hr"),
    "user.both.email": ("self", "administrator", *TEAM),
    "user.*.email": ("self", "administrator"),
}


def may_read(actor: Actor, mark: Mark, world: World) -> bool:
    words = next((readers for kind, readers in READERS.items() if fnmatch(mark.kind, kind)), ())
    return any(_is(word, actor, mark, world) for word in words)


def _is(word: str, actor: Actor, mark: Mark, world: World) -> bool:
    if actor.person is None:
        return False
    scene = world.scenes.get(mark.programme) or world.employers[mark.employer]
    part = mark.model.partition(".")[2]
    if word == "self":
        return scene.people.get(part) == actor.person
    if word == "pair":
        return actor.person in (scene.people["helper"], scene.people["helped"])
    if word == "agents":
        shares = any(code[0] == mark.employer for code in actor.shares) if mark.programme == "X" else False
        return actor.employer == mark.employer or shares or mark.programme in actor.shares
    if word == "sharer":
        return mark.employer == SHARER and any(actor.holds("referent", code) for code in SHARED)
    if word == "house-team":
        return any(role in TEAM and code[0] == mark.employer for role, code in actor.roles)
    if word == "around":
        # The words of an employer’s RH are read in its programmes.
        scenes = [scene] if scene.programme else [world.scenes[code] for code in _codes(world, mark.employer)]
        return any(actor.person in one.own_people for one in scenes)
    if word in ("hr", "administrator"):
        shares = word == "hr" and mark.programme in actor.shares and actor.holds("hr")
        return (actor.holds(word, mark.employer) or shares) and word not in actor.closed_spaces
    return actor.holds(word, mark.programme) and word not in actor.closed_spaces


def _codes(world: World, employer: str) -> list[str]:
    return [code for code in world.scenes if code[0] == employer]
