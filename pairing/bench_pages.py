"""What the bench shows of a run, in words. Counts and words come after the exclusions, and never say whose (decision 15)."""

from collections import Counter

from django.db.models import QuerySet

from pairing import run_words as words
from pairing.access import waiting_for_a_pair
from pairing.enums import LIVE, CandidateOrigin, CandidateState, Part, RunMode, SearchAnswer
from pairing.matching.problem import Criterion
from pairing.models import Candidate, PairMember, Run, Unpaired
from portal.dates import count_in_words
from portal.models import Person
from programmes.enums import Form, Side
from programmes.models import Programme, Theme

FORMER = "ancien·ne participant·e"
BY_HAND = "Choisi à la main par l’équipe."
TRIO = "Un trio : à trois, à égalité, quand le nombre est impair."
PUBLISHING = [
    "Chaque personne reçoit un message neutre, et lit la proposition une fois connectée.",
    "Elle répond oui, non, ou demande plus de temps, sans raison à donner.",
    "Ce qui n’est plus possible depuis la préparation n’est pas envoyé, et vous est dit.",
]
DISCARDING = [
    "Les propositions préparées disparaissent, celles choisies à la main aussi. Personne n’est rapproché.",
    "Vous pouvez lancer une autre préparation quand vous voulez.",
]
WHO_KNEW = ["Personne : vous êtes seul·e à avoir vu cette préparation."]
WHO_WILL_KNOW = ["Les personnes de chaque proposition, et vous. Ni l’encadrement, ni les RH."]
BY_MODE = {
    RunMode.RANDOM: "Tirés au sort parmi les rapprochements possibles.",
    RunMode.DATING: "Proposés à la suite des rencontres croisées.",
    RunMode.PRESENTATIONS: "Proposés à la suite des vœux sur présentations.",
}


def standing(programme: Programme) -> str:
    """The first sentence of the bench: how many have a pair, how many wait."""
    paired = PairMember.objects.filter(pair__programme=programme, pair__state__in=LIVE, live=True).exclude(
        part=Part.HELPER
    )
    waiting = sum(waiting_for_a_pair(programme, side).count() for side in (Side.HELPED, Side.PEER))
    have = count_in_words(paired.count(), "personne a", "personnes ont")
    if not waiting:
        alone = "personne n’attend de binôme pour l’instant."
        return f"{have} un binôme ou une proposition ; {alone}" if paired else alone.capitalize()
    return f"{have} un binôme ou une proposition ; {count_in_words(waiting, 'attend', 'attendent')}."


def candidates_of(run: Run, viewer: Person) -> QuerySet[Candidate]:
    """Staged or published pairs of a run, but the viewer's own (decision 17)."""
    own = run.candidates.filter(members__participation__person=viewer)
    rows = run.candidates.exclude(pk__in=own.values("pk"))
    return rows.select_related("pair").with_people()


def names_of(candidate: Candidate, viewer: Person | None = None) -> str:
    """« Camille B. et Lou P. », the person accompanied first."""
    if viewer and any(seat.participation.person_id == viewer.pk for seat in candidate.members.all()):
        return "Une proposition qui vous concerne"
    seats = sorted(candidate.members.all(), key=lambda seat: (seat.part == Part.HELPER, seat.pk))
    people = [seat.participation.person.short_name if seat.participation.person else FORMER for seat in seats]
    return " et ".join([", ".join(people[:-1]), people[-1]]) if len(people) > 1 else "".join(people)


def of_run(run: Run, viewer: Person) -> dict:
    """Context of the page of a run: pairs with their reasons, people who wait with true causes, one sentence for both."""
    names = {
        Criterion.THEMES: dict(Theme.objects.values_list("pk", "label")),
        Criterion.SITE: dict(run.programme.sites.values_list("pk", "name")),
    }
    rows = list(candidates_of(run, viewer))
    for row in rows:
        row.names = names_of(row)
        row.reasons = words.main_reasons(row.parts, names)
        row.all_reasons = words.all_reasons(row.parts, names)
        row.said = _said(run, row)
    waiting = list(
        run.unpaired.exclude(participation__person=viewer)
        .filter(participation__person__isnull=False)
        .select_related("participation__person")
        .order_by("participation__person__sort_key", "pk")
    )
    for row in waiting:
        row.name = row.participation.person.short_name
        row.why = words.cause(row.causes[0]) if row.causes else words.NO_PLACE_YET
        row.helps = words.helps(row.causes[0]) if row.causes else []
    return {
        "candidates": rows,
        "to_publish": sum(row.state == CandidateState.STAGED for row in rows),
        "locked": sum(row.locked and row.state == CandidateState.STAGED for row in rows),
        "waiting": waiting,
        "lead": lead(rows, waiting),
        "people": len(rows) + len(waiting),
        "undecided": _undecided(run),
        "trio_possible": run.form == Form.RECIPROCAL
        and any(row.state == CandidateState.STAGED and len(row.members.all()) == 2 for row in rows),
    }


def _said(run: Run, row: Candidate) -> str:
    if len(row.members.all()) > 2:
        return TRIO
    return BY_HAND if row.origin == CandidateOrigin.HAND else BY_MODE.get(run.mode, "")


def lead(candidates: list[Candidate], waiting: list[Unpaired]) -> str:
    """« 1 personne a une proposition ; 2 attendent encore (aucune place par téléphone : 1). »."""
    have = sum(seat.part != Part.HELPER for row in candidates for seat in row.members.all())
    first = count_in_words(have, "personne a une proposition", "personnes ont une proposition")
    first = first if have else "Personne n’a encore de proposition"
    if not waiting:
        return f"{first} ; plus personne n’attend."
    # An incompatibility is counted with « pas encore de place » here: its word is said once, beside the person.
    causes = Counter(words.NO_PLACE_YET if row.why == words.INCOMPATIBLE else row.why for row in waiting)
    why = ", ".join(
        f"{cause}\N{NO-BREAK SPACE}: {number}"
        for cause, number in sorted(causes.items(), key=lambda item: (-item[1], item[0]))
    )
    return f"{first} ; {count_in_words(len(waiting), 'attend encore', 'attendent encore')} ({why})."


def _undecided(run: Run) -> str:
    """The person a run is about has not said yet that they look again: nothing can be published before."""
    if run.about is None or run.about.waiting_since:
        return ""
    later = run.about.search_choices.filter(answer=SearchAnswer.LATER).exists()
    name = run.about.person.short_name if run.about.person else FORMER
    if later:
        return f"{name} a répondu « plus tard ». Cette préparation reste ici, rien ne part sans son accord."
    return f"{name} n’a pas encore dit si un nouveau binôme est souhaité. Rien ne part sans son accord."


def side_by_side(one: Run, other: Run, viewer: Person) -> list[list]:
    """For each person, whom each run puts them with."""
    found = [_partners(run, viewer) for run in (one, other)]
    people = sorted(found[0].keys() | found[1].keys(), key=lambda key: key[0])
    rows = []
    for key in people:
        with_whom = [side.get(key, "") or "attend" for side in found]
        same = with_whom[0] == with_whom[1]
        state = {"word": "identique", "tone": "done"} if same else {"word": "différent", "tone": "wait"}
        rows.append([key[1], *with_whom, state])
    return rows


def _partners(run: Run, viewer: Person) -> dict[tuple[str, str, int], str]:
    found = {}
    for row in candidates_of(run, viewer):
        seats = [seat for seat in row.members.all() if seat.participation.person]
        for seat in seats:
            if seat.part == Part.HELPER:
                continue
            others = [one.participation.person.short_name for one in seats if one.pk != seat.pk]
            found[_key(seat.participation)] = " et ".join(sorted(others))
    rows = run.unpaired.exclude(participation__person=viewer).filter(participation__person__isnull=False)
    for row in rows.select_related("participation__person"):
        found.setdefault(_key(row.participation), "")
    return found


def _key(participation) -> tuple[str, str, int]:
    return (participation.person.sort_key, participation.person.short_name, participation.pk)


def sent_in_words(sent: int) -> str:
    if sent == 1:
        return "La proposition est envoyée. Chaque personne répond librement."
    return f"{sent} propositions sont envoyées. Chaque personne répond librement."
