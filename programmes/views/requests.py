"""Requests, applications and the référent's answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.enums import Verb
from portal.errors import DomainError
from portal.services import journal, mail
from programmes import visibility
from programmes.access import may_decide, participations_visible_to, programme_team
from programmes.enums import OPEN_PARTICIPATION, ParticipationState, ProgrammeRoleKind, Side
from programmes.models import Participation, Programme
from programmes.services import interviews, recognition, standing
from programmes.services import participation as service

WAITING = (ParticipationState.RECEIVED, ParticipationState.TALK, ParticipationState.ACCEPTED)
ANSWER_WORDS = {
    "talk": "Proposer un échange",
    "accept": "Accepter",
    "later": "Plutôt plus tard",
    "other_form": "Proposer une autre forme",
    "orient": "Proposer un autre appui",
}


@require_safe
@programme_team
def requests(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Two lists: requests for support, applications to help. The reading is journaled once, with its count."""
    rows = list(
        participations_visible_to(request.person)
        .filter(programme=programme, state__in=OPEN_PARTICIPATION)
        .exclude(person=request.person)
        .select_related("person", "programme")
        .prefetch_related("themes")
    )
    if rows:
        employer = programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=programme, employer=employer, count=len(rows))
    titles = [
        ("Demandes d’accompagnement", Side.HELPED),
        ("Propositions d’accompagner", Side.HELPER),
        ("Inscriptions entre pairs", Side.PEER),
    ]
    sides = service.sides_of(programme)
    shown = _in_queue(programme, rows)
    lists = [(title, side, [line for line in shown if line["row"].side == side]) for title, side in titles]
    lists = [entry for entry in lists if entry[1] in sides or entry[2]]
    refers = ProgrammeRoleKind.REFERENT in request.space.roles
    context = {"programme": programme, "refers": refers, "nothing_to_read": not refers and not rows}
    context["lists"] = [] if context["nothing_to_read"] else lists
    return render(request, "programmes/requests.html", context)


def _in_queue(programme: Programme, rows: list[Participation]) -> list[dict]:
    """Since when, what is looked for, what would help. Who waits stands first; among them the order is never a rank."""
    stands = standing.standings(rows)
    rows = sorted(rows, key=lambda row: stands[row.pk].tone != "wait" and row.state != ParticipationState.TALK)
    looking = [row for row in rows if row.side != Side.HELPER and row.waiting_since and row.state in WAITING]
    looking = [row for row in looking if stands[row.pk].tone == "wait" or row.state != ParticipationState.ACCEPTED]
    help_wanted = standing.what_would_help(programme, looking) if looking else {}
    return [
        {
            "row": row,
            "stands": stands[row.pk],
            "waited": standing.waited(stands[row.pk].since),
            "sought": standing.looked_for(row) if row.pk in help_wanted or row.side == Side.HELPER else "",
            "would_help": help_wanted.get(row.pk, ""),
        }
        for row in rows
    ]


def visible(request: HttpRequest, programme: Programme, ref: UUID) -> Participation:
    seen = participations_visible_to(request.person).filter(programme=programme)
    return get_object_or_404(seen.select_related("person", "programme"), ref=ref)


@require_safe
@programme_team
def participation(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """One participation; the person sees in « Mes données » that it was opened, and by whom."""
    row = visible(request, programme, ref)
    journal.read_file(actor=request.person, subject=row.person, target=row, employer=programme.lead_employer)
    moves = [(move, ANSWER_WORDS[move]) for move in service.ANSWERS[row.side] if service.MOVES.allows(row, move)]
    helps = row.side == Side.HELPER
    context = {
        "programme": programme,
        "participation": row,
        "facts": visibility.for_referent(visibility.of(row)),
        "stands": standing.standing(row),
        "helps": helps,
        "interview": interviews.of(row) if helps else None,
        "points": [interviews.POINTS[code].title for code in interviews.points_of(row)] if helps else [],
        "conflicts": interviews.conflicts(row),
        "mentions": list(recognition.requests_of(row)) if helps else [],
        "mine": not may_decide(request.person, row),
        # Somebody without account: told by phone and on paper.
        "paper": row.person is not None and row.person.user_id is None,
        "contact": row.person.contact.open(row.person.ref) if row.person and not row.person.user_id else "",
        "moves": moves if may_decide(request.person, row) else [],
        "trains": row.side == Side.HELPER and row.state in (ParticipationState.ACCEPTED, ParticipationState.PAUSED),
    }
    return render(request, "programmes/participation.html", context)


def _told(row: Participation) -> str:
    if mail.reaches(row.person):
        return f"{row.person.given} en est prévenu·e."
    return (
        f"{row.person.given} n’a pas d’adresse électronique : prévenez par téléphone, ou remettez la feuille de suivi."
    )


@require_POST
@programme_team
def answer(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = visible(request, programme, ref)
    try:
        service.answer(participation=row, move=request.POST.get("answer", ""), by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Réponse enregistrée. {_told(row)}")
    return redirect("programmes:participation", programme.slug, row.ref)
