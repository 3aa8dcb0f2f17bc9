"""Two employers of two programmes each, all of the same shape, built through the services; marks in every text.

A programme: référent, deputy, former référent, helper and helped in a pair that met, somebody who asks for support and
somebody who offers it, a référent de binôme, a supervisor with an account, a letter at each stage, a charter, a training,
supervision by the portal and by a link, an open survey, two reports of which one was restituted.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from evaluation.enums import Audience, Moment, WaveRoleKind
from evaluation.models import WaveRole
from evaluation.services import releases, waves
from evaluation.services.reports import KIND as REPORT
from pairing.enums import Part, RunMode, SupervisionKind
from pairing.models import (
    CollectiveNeed,
    Encounter,
    Pair,
    SearchChoice,
    SupervisionSession,
    SupervisorEngagement,
    WishRound,
)
from pairing.services import alerts, dates, fit, frame, meetings, pairs, problems, returns, supervision, support
from pairing.services import wishes as wish_rounds
from pairing.services.runs import Left, Seat, Staged, store_run
from portal import clock
from portal.enums import JobState, MailState
from portal.models import Affiliation, Employer, EmployerRole, Job, OutgoingMail, Person, StoredDocument, Unit, User
from portal.services import documents, invitations, links, mail
from programmes import letter_text
from programmes.enums import ContactKind, Form, GateKind, Presence, ProgrammeRoleKind, SessionState, Side
from programmes.models import (
    Evidence,
    GateRule,
    Handover,
    Letter,
    Outreach,
    Participation,
    Partner,
    Programme,
    ProgrammeRole,
    Testimony,
    Theme,
    TrainingModule,
    TrainingSession,
)
from programmes.services import (
    agenda,
    assessments,
    charter,
    joining,
    letters,
    on_behalf,
    rollout,
    time_certificates,
    training,
)
from programmes.services import participation as participations
from tests.access.matrix.canaries import Place, mark, mark_everything
from tests.access.matrix.extras import NEEDED, add_extras, paper
from tests.builders import (
    SCAN,
    STARTS,
    make_pair,
    make_participation,
    make_programme,
    name_as_avoided,
    open_enrolment,
    wishes,
)

# C shares a programme of each.
CODES = {"A": ("A1", "A2"), "B": ("B1", "B2"), "C": ()}
SHARED, SHARER = ("A1", "B1"), "C"


@dataclass
class Scene:
    """One programme (or one employer, whose code is « X »): its people by part, its objects by name."""

    employer: Employer
    code: tuple[str, str]
    programme: Programme | None = None
    people: dict[str, Person] = field(default_factory=dict)
    # name used by objects.py → what the address holds: a slug, a reference, a token
    objects: dict[str, object] = field(default_factory=dict)
    # Parts of the people of this programme alone, without its employer's RH and colleagues.
    own: set[str] = field(default_factory=set)

    @property
    def own_people(self) -> list[Person]:
        return [self.people[who] for who in self.own]


@dataclass
class World:
    scenes: dict[str, Scene] = field(default_factory=dict)
    employers: dict[str, Scene] = field(default_factory=dict)
    places: dict[uuid.UUID, Place] = field(default_factory=dict)
    marks: int = 0


def build() -> World:
    world = World()
    # Nothing of it is today's: a second reading of a file by the same person would be a journal entry less.
    with clock.at(clock.now() - dt.timedelta(days=3)):
        for letter, codes in CODES.items():
            home = world.employers[letter] = _employer(world, letter)
            for code in codes:
                world.scenes[code] = _programme(world, home, (letter, code))
    for scene in world.scenes.values():
        _more(scene, partner=world.employers["C"].employer)
    world.marks = mark_everything(world.places)
    for scene in world.scenes.values():
        _reports(scene)
    return world


# --- People -----------------------------------------------------------------------------------------------------------
def _person(world: World, scene: Scene, who: str, *roles: str, manager: Person | None = None) -> Person:
    place = (*scene.code, who)
    user = User.objects.create_user(f"{mark(place, 'User', 'email')}@exemple.invalid")
    person = Person.objects.create(
        user=user, given=mark(place, "Person", "given"), family=mark(place, "Person", "family")
    )
    unit = Unit.objects.create(employer=scene.employer, name=mark(place, "Unit", "name"), is_team=True)
    Affiliation.objects.create(person=person, employer=scene.employer, unit=unit, manager=manager, starts=STARTS)
    for role in roles:
        EmployerRole.objects.create(person=person, employer=scene.employer, role=role, starts=STARTS)
    world.places[person.ref] = place
    scene.people[who] = person
    scene.own.add(who)
    return person


def _employer(world: World, letter: str) -> Scene:
    place = (letter, "X", "")
    employer = Employer.objects.create(
        slug=f"employeur-{letter.lower()}",
        name=mark(place, "Employer", "name"),
        neutral_name=mark(place, "Employer", "neutral_name"),
        branch="fpt",
    )
    world.places[employer.ref] = place
    scene = Scene(employer, (letter, "X"))
    _person(world, scene, "hr", "hr_signatory")
    _person(world, scene, "admin", "administrator")
    _person(world, scene, "colleague")
    _person(world, scene, "manager")
    invitation = invitations.invite(
        employer=employer, email=f"invite-{letter}@exemple.invalid", by=scene.people["admin"]
    )
    scene.objects |= {"employer": employer.slug, "invitation": invitation.token}
    failed = mail.post(kind="programmes/answer", key=f"failed:{letter}", person=scene.people["colleague"])
    OutgoingMail.objects.filter(pk=failed.pk).update(state=MailState.FAILED)
    Job.objects.filter(object_ref=failed.ref).update(state=JobState.FAILED)
    scene.objects["failed-mail"] = failed.ref
    return scene


def _programme(world: World, home: Scene, code: tuple[str, str]) -> Scene:
    scene = Scene(home.employer, code)
    scene.people |= home.people
    referent = _person(world, scene, "referent", "referent")
    programme = make_programme(
        home.employer, referent=referent, opened=False, forms=[Form.PAIR, Form.RETURN, Form.COMMUNITY]
    )
    name = mark((*code, ""), "Programme", "name")
    Programme.objects.filter(pk=programme.pk).update(name=name, wishes_on_presentations=True)
    programme.refresh_from_db()
    scene.programme, world.places[programme.ref] = programme, (*code, "")
    open_enrolment(programme)
    kinds = ProgrammeRoleKind
    for who, kind in (("deputy", kinds.DEPUTY), ("supervisor", kinds.SUPERVISOR)):
        rollout.grant(programme=programme, person=_person(world, scene, who), role=kind, by=referent)
    scene.objects |= home.objects | {"programme": programme.slug}
    _charter(scene, referent)
    _pair(world, scene)
    _round(scene)
    rollout.grant(programme=programme, person=scene.people["supervisor"], role=kinds.FACILITATOR, by=referent)
    _paper(world, scene, referent)
    _letters(world, scene)
    _supervision(scene, referent)
    _support(scene, referent)
    _survey(scene, referent)
    rule = GateRule.objects.filter(form__in=programme.forms, kind=GateKind.ADJUSTABLE).first()
    followed = TrainingSession.objects.get(
        programme=programme, attendances__participation__person=scene.people["helper"]
    )
    scene.objects |= {"rule": rule.pk, "training": followed.ref}
    # Last: until here the programme has one référent, as the builders expect.
    former = _person(world, scene, "former")
    ended = clock.today("Europe/Paris") - dt.timedelta(days=1)
    ProgrammeRole.objects.create(programme=programme, person=former, role=kinds.REFERENT, starts=STARTS, ends=ended)
    both = _person(world, scene, "both", "hr_signatory")
    rollout.grant(programme=programme, person=both, role=kinds.REFERENT, by=referent)
    return scene


# --- The frame and the pair -------------------------------------------------------------------------------------------
def _charter(scene: Scene, by: Person) -> None:
    version = charter.draft(programme=scene.programme, by=by)
    texts = [mark((*scene.code, ""), "CharterVersion", "articles") for _ in version.articles]
    charter.change(version=version, texts=texts, seen=version.version, by=by)
    version.refresh_from_db()
    on = clock.today(scene.programme.time_zone)
    charter.put_in_force(version=version, on=on, seen=version.version, by=by)
    scene.objects |= {"charter": version.ref, "charter-draft": charter.draft(programme=scene.programme, by=by).ref}


def _taking_part(world: World, scene: Scene, who: str, side: Side, **options) -> Participation:
    person = scene.people.get(who) or _person(world, scene, who, manager=scene.people["manager"])
    words = {"free_text": "words", "presentation": "words"}
    row = make_participation(scene.programme, side, person, **words, **options)
    scene.objects[f"participation-{who}"] = row.ref
    return row


def _pair(world: World, scene: Scene) -> None:
    referent = scene.people["referent"]
    helper = _taking_part(world, scene, "helper", Side.HELPER, readers=[])
    helped = _taking_part(world, scene, "helped", Side.HELPED, readers=["referent", "pair"])
    pair = make_pair(scene.programme, helper=helper, helped=helped)
    referee = _person(world, scene, "referee")
    pairs.entrust(pair=pair, referee=referee, by=referent)
    scene.objects["Avoid"] = name_as_avoided(helped.person, person=helper.person).ref
    SearchChoice.objects.create(pair=pair, participation=helped)
    answers = {"free_text": [mark((*scene.code, "helped"), "JoinDraft", "content")]}
    joining.keep(person=helped.person, programme=scene.programme, step="cote", answers={"side": ["helper"]}, done=True)
    joining.keep(person=helped.person, programme=scene.programme, step="moi", answers=answers, done=True)
    theme = Theme.objects.get(pk="emotions")
    meeting = meetings.log(pair=pair, by=helper.person, key=pair.ref, minutes=47, themes=[theme])
    fit.answer(pair=Pair.objects.get(pk=pair.pk), by=helper.person, answer="miss")
    chosen = {"rhythm": "monthly", "minutes": 60, "channel": "phone", "objectives": ["steps"], "noting": "each"}
    frame.propose(pair=Pair.objects.get(pk=pair.pk), by=helper.person, **chosen)
    returns.give(
        pair=Pair.objects.get(pk=pair.pk),
        by=helped.person,
        on=clock.today(scene.programme.time_zone) + dt.timedelta(days=20),
        milestones=[-15],
        channel="n",
        ways=["p"],
    )
    scene.objects["news"] = OutgoingMail.objects.filter(person=helper.person, kind="pairing/active").get().ref
    when = clock.now() + dt.timedelta(days=9)
    asked = {"pair": Pair.objects.get(pk=pair.pk), "dates": [when], "minutes": 60, "channel": "phone"}
    chosen = dates.propose(by=helper.person, **asked)
    dates.answer(pair=asked["pair"], by=helped.person, proposal=chosen.ref, date=chosen.dates.get().pk)
    dates.propose(by=helper.person, **asked)
    scene.objects |= {"pair": pair.ref, "meeting": meeting.ref, "appointment": chosen.ref}
    _taking_part(world, scene, "asking", Side.HELPED, accepted=False, readers=[])
    asking, offering = scene.people["asking"], _taking_part(world, scene, "offering", Side.HELPER, readers=[])
    other = Participation.objects.get(person=asking, programme=scene.programme)
    participations.answer(participation=other, move="accept", by=referent)
    proposed = pairs.propose(helper=offering, helped=other, by=referent)
    staged = Staged((Seat(other.pk, Part.HELPED), Seat(offering.pk, Part.HELPER)))
    method = {"form": Form.PAIR, "mode": RunMode.CRITERIA, "algorithm": "1", "seed": 1, "input_text": "{}"}
    run = store_run(programme=scene.programme, by=referent, staged=[staged], unpaired=[Left(helped.pk)], **method)
    scene.objects |= {"proposal": proposed.ref, "run": run.ref}


def _round(scene: Scene) -> None:
    """A dating session that has begun, where the two of the pair meet: small, hence not by the service."""
    day = clock.today(scene.programme.time_zone)
    row = WishRound.objects.create(
        programme=scene.programme,
        form="pair",
        way="dating",
        starts_at=clock.now() - dt.timedelta(hours=1),
        minutes=8,
        place="words",
        wishes_until=day + dt.timedelta(days=14),
    )
    people = [Participation.objects.get(ref=scene.objects[f"participation-{who}"]) for who in ("helper", "helped")]
    one, other = (wish_rounds.seat(row=row, participation=participation) for participation in people)
    row.seats.update(answer="coming")
    Encounter.objects.create(round=row, turn=1, table=1, one=one, other=other)
    scene.objects["round"] = row.ref


def _paper(world: World, scene: Scene, by: Person) -> None:
    """Somebody without account, entered on behalf after a talk."""
    place = (*scene.code, "paper")
    names = {name: mark(place, "Person", name) for name in ("given", "family")}
    rest = wishes(side=Side.HELPED, phone="06 12 34 56 78", **names)
    row = on_behalf.enter(programme=scene.programme, by=by, **rest).participation
    world.places[row.person.ref] = place
    scene.objects |= {"participation-paper": row.ref, "EntryCard": row.person.entry_cards.get().ref}
    # Whom the cards of wishes are made for.
    wish_rounds.seat(row=WishRound.objects.get(ref=scene.objects["round"]), participation=row)


# --- Letters ----------------------------------------------------------------------------------------------------------
def _letters(world: World, scene: Scene) -> None:
    """In force (the helper's, from its first day), and one at each stage before."""
    scene.objects["letter"] = Letter.objects.get(participation__person=scene.people["helper"]).ref
    scene.objects["letter-to_manager"] = _letter(world, scene, "timed", "manager").ref
    to_hr = _letter(world, scene, "validated", "hr")
    scene.objects["letter-to_hr"] = to_hr.ref
    own = make_participation(scene.programme, Side.HELPER, scene.people["referent"], accepted=False, readers=[])
    participations.answer(participation=own, move="accept", by=scene.people["deputy"])
    scene.objects["participation-referent"] = own.ref
    scene.objects["training-referent"] = _followed(scene, own).ref
    scene.objects["letter-referent"] = _draft(scene, own, "referent", by=scene.people["deputy"]).ref
    scene.objects["visa"] = links.issue(purpose=letters.VISA, object_ref=scene.objects["letter-to_manager"], days=9)[1]
    for ref in (scene.objects["letter"], to_hr.ref):
        row = Letter.objects.get(ref=ref)
        for which in (letters.LETTER, letters.VISA_PAGE):
            documents.store(
                **_file(scene, key=letters.key_of(row, which), who=row.participation.person, kind=letters.KIND),
                object_ref=row.ref,
            )
    helper = scene.people["helper"]
    own_time = _file(scene, key=f"time:{helper.ref}", who=helper, kind=time_certificates.KIND)
    certificate = documents.store(**own_time, object_ref=helper.ref)
    StoredDocument.objects.filter(pk=certificate.pk).update(retention_anchor=clock.today(scene.programme.time_zone))
    scene.objects["time"] = certificate.ref


def _followed(scene: Scene, own: Participation) -> TrainingSession:
    """A session of that day where a référent is expected: the deputy marks that presence."""
    return training.plan_session(
        programme=scene.programme,
        modules=list(TrainingModule.objects.filter(pk="M1")),
        on=clock.today(scene.programme.time_zone),
        invited=[own],
        place="words",
        by=scene.people["referent"],
    )


def _draft(scene: Scene, part: Participation, who: str, by: Person) -> Letter:
    starts, ends = letters.default_period(scene.programme)
    return letters.draft(
        participation=part,
        by=by,
        missions=[letter_text.missions()[0][0]],
        mission_title=mark((*scene.code, who), "Letter", "mission_title"),
        minutes_month=240,
        absence_days=2,
        starts=starts,
        ends=ends,
    )


def _letter(world: World, scene: Scene, who: str, visa_by: str) -> Letter:
    part, by = _taking_part(world, scene, who, Side.HELPER, readers=[]), scene.people["referent"]
    letter = _draft(scene, part, who, by)
    letters.send(letter=letter, by=by)
    letter.refresh_from_db()
    address = scene.people["manager"].user.email if visa_by == "manager" else ""
    letters.agree(letter=letter, by=part.person, seen=letter.version, visa_by=visa_by, address=address)
    return letter


def _file(scene: Scene, *, key: str, kind: str, who: Person | None = None) -> dict:
    """A paper that holds what the real one would: names and words, without the time of a true PDF."""
    words = [mark((*scene.code, ""), "Programme", "name")] + ([who.given, who.family] if who else [])
    data = SCAN + " ".join(words).encode()
    rest = {"filename": "papier.pdf", "employer": scene.employer, "media_type": "application/pdf"}
    return {"key": key, "kind": kind, "label": "papier", "data": data, **rest}


# --- Supervision, surveys, reports ------------------------------------------------------------------------------------
def _supervision(scene: Scene, by: Person) -> None:
    """make_pair engaged somebody from outside and planned a date; the colleague with an account has a session begun."""
    outside = scene.programme.supervision_sessions.get()
    _, token = links.issue(purpose=supervision.PURPOSE, object_ref=outside.ref, days=30)
    today = clock.today(scene.programme.time_zone)
    own = supervision.engage(
        programme=scene.programme, person=scene.people["supervisor"], confidentiality_on=today, by=by
    )
    start = clock.now() - dt.timedelta(hours=3)
    session = supervision.plan(engagement=own, starts=[start], minutes=120, by=by)[0]
    scene.objects |= {"supervision": session.ref, "supervision-outside": outside.ref, "engagement": own.ref}
    scene.objects["sheet"] = token
    # A session held where two helpers were, and what the group wishes to say, validated.
    fields = {"kind": SupervisionKind.GROUP, "state": SessionState.HELD, "minutes": 120, "place": "words"}
    held = SupervisionSession.objects.create(
        programme=scene.programme, supervisor=own, starts_at=start - dt.timedelta(days=30), **fields
    )
    need = CollectiveNeed.objects.create(session=held, words="words")
    for who in ("helper", "offering"):
        part = scene.people[who].participations.get(programme=scene.programme, side=Side.HELPER)
        held.attendances.create(participation=part, presence=Presence.PRESENT)
        need.voices.create(participation=part, agrees=True)
    among = SupervisionSession.objects.create(
        programme=scene.programme, starts_at=clock.now() + dt.timedelta(days=9), kind="intervision", minutes=60
    )
    scene.objects |= {"supervision-held": held.ref, "need": need.ref, "intervision": among.ref}


def _support(scene: Scene, by: Person) -> None:
    """The helper asks the référent and writes that they worry; two others ask the supervisor, and a contact by a link."""
    programme, people, objects = scene.programme, scene.people, scene.objects
    contact = programme.contacts.create(kind=ContactKind.SOCIAL, name="words", email="contact@exemple.invalid")
    engaged = SupervisorEngagement.objects.get(ref=objects["engagement"])
    for name, who, to in (
        ("support", "helper", "referent"),
        ("support-supervisor", "offering", f"supervisor-{engaged.ref}"),
        ("support-contact", "timed", f"contact-{contact.ref}"),
    ):
        asked = {"kind": "rights", "channel": "phone", "slots": 1, "reach": "06 12 34 56 78", "receipt": uuid.uuid4()}
        objects[name] = support.ask(programme=programme, person=people[who], to=to, **asked).ref
    objects["support-link"] = links.issue(purpose=support.PURPOSE, object_ref=objects["support-contact"], days=9)[1]
    alert = {"sender": people["helper"], "level": 3, "code": "breach", "receipt": uuid.uuid4()}
    objects["alert"] = alerts.send(programme=programme, **alert).ref
    raised = {"category": "organisation", "kind": "time", "title": "words", "owner": "hr", "by": by}
    problem = problems.raise_problem(programme=programme, **raised)
    answered = {"state": "declined", "answer": "words", "seen": 1, "on_behalf": True, "by": by}
    problems.answer(problem=problem, **answered)
    objects["problem"] = problem.ref


def _survey(scene: Scene, by: Person) -> None:
    today = clock.today(scene.programme.time_zone)
    near = {"starts": today - dt.timedelta(days=20), "ends": today + dt.timedelta(days=160)}
    cycle = rollout.add_cycle(programme=scene.programme, by=by, **near)
    people = {scene.people["helper"]: Side.HELPER, scene.people["helped"]: Side.HELPED}
    closes = today + dt.timedelta(days=21)
    wave = waves.start(cycle=cycle, moment=Moment.T0, closes_on=closes, people=people, pairs=1)
    invitation = wave.invitations.select_related("wave").get(person=scene.people["helped"])
    scene.objects |= {"cycle": cycle.ref, "wave": wave.ref, "invitation-to-survey": invitation.ref}
    scene.objects["survey"] = waves.token_of(invitation)
    for part, role in (("colleague", WaveRoleKind.TYPIST), ("admin", WaveRoleKind.READER)):
        WaveRole.objects.create(wave=wave, person=scene.people[part], role=role)


def _more(scene: Scene, partner: Employer) -> None:
    """The rest of the frame: rows made one by one, so that each page of it has an object."""
    programme, objects = scene.programme, scene.objects
    if scene.code[1] in SHARED:
        Partner.objects.create(programme=programme, employer=partner, joined=STARTS)
    add_extras(scene, objects)
    item = Evidence.objects.get(ref=objects["Evidence"]).item
    material = paper(scene)
    Outreach.objects.get(ref=objects["Outreach"]).materials.add(material)
    Handover.objects.filter(ref=objects["Handover"]).update(document=paper(scene))
    # On the public page: the référent may hide it.
    now = clock.now()
    Testimony.objects.filter(ref=objects["Testimony"]).update(agreed_at=now, shown_at=now)
    role = programme.roles.get(role=ProgrammeRoleKind.REFERENT, person=scene.people["referent"])
    asked_on, by = clock.today(programme.time_zone), scene.people["referent"]
    asked = assessments.ask(programme=programme, forms=programme.forms, asked_on=asked_on, by=by)
    slug = f"{programme.slug}-en-preparation"
    rollout.create_programme(slug=slug, name="En préparation", employer=scene.employer, starts=asked_on, by=None)
    objects |= {
        "not-open": slug,
        "assessment-asked": asked.ref,
        "item": item.ref,
        "item-step": item.step.number,
        "material": material.ref,
        "library": NEEDED["LibraryText"]["code"],
        "role": programme.roles.get(role=ProgrammeRoleKind.DEPUTY).ref,
        "contact": programme.contacts.first().ref,
        "assessment": programme.impact_assessments.first().ref,
        "partner": partner.slug,
        "agenda": agenda.create(role=role, by=by),
    }


def _reports(scene: Scene) -> None:
    """Once the marks are in: an exercice restituted to the participants, another one not yet."""
    by, objects = scene.people["referent"], scene.objects
    for name, year in (("report", 2024), ("report-early", 2025)):
        exercice = rollout.declare_exercice(
            programme=scene.programme,
            name=mark((*scene.code, ""), "Exercice", "name"),
            starts=dt.date(year, 1, 1),
            ends=dt.date(year, 12, 31),
            by=by,
        )
        release = releases.establish(exercice=exercice, by=by)
        objects |= {"exercice": exercice.ref, "release": release.ref}
        if name == "report":
            releases.restitute(release=release, on=clock.today(scene.programme.time_zone), by=by)
            objects["release-open"] = release.ref
        for audience in Audience:
            report = release.reports.get(audience=audience)
            report.document = documents.store(**_file(scene, key=f"report:{report.ref}", kind=REPORT))
            report.save(update_fields=["document"])
            objects[f"{name}-{audience}"] = report.ref
