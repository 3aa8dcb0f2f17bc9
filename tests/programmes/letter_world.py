"""Letters at each stage of their circuit, through the services."""

import re

from portal import clock
from portal.models import OutgoingMail, Person
from programmes import letter_text
from programmes.enums import LetterState, Side, VisaBy
from programmes.models import Letter, Participation, Programme
from programmes.services import charter, letters
from tests.builders import make_participation, make_person, make_programme, referent_of

MANAGER = "n.plus.un@exemple.invalid"
# Written down here on purpose: the list the code uses is itself under test.
HEALTH_WORDS = re.compile(
    r"handicap|sant[ée]\b|malad|m[ée]dic|m[ée]decin|th[ée]rap|psych|diagnos|trouble|pair[s]?[- ]aid|rqth|\bsoins?\b"
    r"|souffr|vuln[ée]rab|inaptitude|supervision|reconversion|suicide|accompagn",
    re.IGNORECASE,
)


def make_framed_programme(**fields) -> Programme:
    """A programme whose charter is in force."""
    programme = make_programme(**fields)
    by = referent_of(programme)
    version = charter.draft(programme=programme, by=by)
    charter.put_in_force(version=version, on=clock.today(programme.time_zone), seen=version.version, by=by)
    return programme


def signatory(programme: Programme) -> Person:
    return make_person(programme.lead_employer, "Dominique", roles=("hr_signatory",))


def terms(programme: Programme, **changes) -> dict:
    starts, ends = letters.default_period(programme)
    return {
        "missions": ["pair"],
        "mission_title": letter_text.PROPOSED_TITLE,
        "minutes_month": 240,
        "absence_days": 3,
        "starts": starts,
        "ends": ends,
        **changes,
    }


def make_letter(
    state: str = LetterState.DRAFT,
    programme: Programme | None = None,
    helper: Participation | None = None,
    visa_by: str = VisaBy.MANAGER,
    **changes,
) -> Letter:
    """A letter brought to `state` (draft, to_agent, to_manager, to_hr, in_force)."""
    programme = programme or make_framed_programme()
    helper = helper or make_participation(programme, Side.HELPER)
    by = referent_of(programme)
    letter = letters.draft(participation=helper, by=by, **terms(programme, **changes))
    if state == LetterState.DRAFT:
        return letter
    letters.send(letter=letter, by=by)
    if state == LetterState.TO_AGENT:
        return letter
    if state in (LetterState.TO_HR, LetterState.IN_FORCE):
        visa_by = VisaBy.HR
    agree(letter, visa_by)
    if state == LetterState.IN_FORCE:
        letters.validate(letter=letter, by=signatory(programme))
    return letter


def agree(letter: Letter, visa_by: str = VisaBy.MANAGER, address: str = MANAGER) -> None:
    person = letter.participation.person
    letters.agree(letter=letter, by=person, seen=letter.version, visa_by=visa_by, address=address)


def token_of(letter: Letter) -> str:
    """The token in the latest visa mail of the letter, before it leaves."""
    import json

    row = OutgoingMail.objects.filter(kind="programmes/letter_visa", object_ref=letter.ref).first()
    return json.loads(row.payload.open(row.ref))["token"]
