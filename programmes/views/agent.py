"""Joining a programme, seeing where one stands, changing, leaving."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import agent_space
from portal.errors import Conflict, DomainError
from portal.forms.base import show
from programmes import public_criteria
from programmes.access import joinable_by
from programmes.enums import LetterState, ParticipationState, Side
from programmes.forms.participation import ChangeForm
from programmes.hooks import of_oneself, sentence_of, title_of
from programmes.models import Participation, Programme
from programmes.services import gatherings, handover, retention, team
from programmes.services import participation as service
from programmes.team_hooks import said_to_agents
from programmes.views.community import groups_of
from programmes.views.doors import SIDES

NOT_WISHES = ("seen",)


@require_safe
@agent_space
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, who sees what, and the doors of the programme's forms of support."""
    programme = get_object_or_404(joinable_by(request.person).select_related("lead_employer"), slug=slug)
    mine = dict(programme.participations.open().filter(person=request.person).values_list("side", "ref"))
    open_sides = service.sides_of(programme)
    doors = [{"slug": door, "side": side, "mine": mine.get(side)} for door, side in SIDES.items() if side in open_sides]
    doors.sort(key=lambda door: door["side"] == Side.HELPER)
    context = {"programme": programme, "doors": doors, "criteria": _criteria(programme, open_sides)}
    context |= {
        "groups": groups_of(programme, request.person),
        "coming": gatherings.announced(request.person).filter(programme=programme),
        "registered": gatherings.registered(request.person),
        "in_hr": team.hr_warning(programme),
        "other_contact": team.other_contact(programme),
        "contacts": team.contacts_of(programme),
    }
    return render(request, "programmes/join.html", context)


def _criteria(programme: Programme, sides: set[str]) -> list[tuple[str, list[str]]]:
    """The public criteria of the sides that may be joined, where the programme shows any."""
    titles = {Side.HELPED: "Pour être accompagné·e", Side.HELPER: "Pour accompagner"}
    rows = [(title, public_criteria.shown(programme.criteria, side)) for side, title in titles.items() if side in sides]
    return [row for row in rows if row[1]]


def _mine(request: HttpRequest, ref: UUID) -> Participation:
    mine = Participation.objects.select_related("programme__lead_employer").filter(person=request.person)
    return get_object_or_404(mine, ref=ref)


@require_safe
@agent_space
def my_participation(request: HttpRequest, ref: UUID) -> HttpResponse:
    participation = _mine(request, ref)
    passing = handover.announced_to(participation)
    context = {
        "participation": participation,
        "programme": participation.programme,
        "title": title_of(participation),
        "sentence": sentence_of(participation),
        "themes": list(participation.themes.all()),
        "about": of_oneself(participation),
        "free_text": participation.free_text.open(participation.ref),
        "passing": said_to_agents(passing) if passing else "",
        "contacts": team.contacts_of(participation.programme),
        "withdrawn": participation.state == ParticipationState.WITHDRAWN,
        "can_pause": service.MOVES.allows(participation, "pause"),
        "can_seek": service.may_seek(participation),
        "can_resume": service.MOVES.allows(participation, "resume"),
    }
    return render(request, "programmes/my_participation.html", context)


@require_http_methods(["GET", "POST"])
@agent_space
def change(request: HttpRequest, ref: UUID) -> HttpResponse:
    participation = _mine(request, ref)
    options = {"programme": participation.programme, "side": participation.side}
    if request.method == "POST":
        form = ChangeForm(request.POST, **options)
        if form.is_valid():
            wishes = {name: value for name, value in form.cleaned_data.items() if name not in NOT_WISHES}
            try:
                service.change(participation=participation, by=request.person, seen=form.cleaned_data["seen"], **wishes)
            except Conflict as error:
                show(error, form)
                form.data = form.data.copy()
                form.data["seen"] = _mine(request, ref).version
            except DomainError as error:
                show(error, form)
            else:
                messages.success(request, "Vos choix sont enregistrés.")
                return redirect("programmes:my_participation", ref)
    else:
        form = ChangeForm(initial=ChangeForm.initial_of(participation), **options)
    context = {"form": form, "participation": participation, "programme": participation.programme}
    return render(request, "programmes/change.html", context)


@require_POST
@agent_space
def pause(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Pause or resume, without reason."""
    participation = _mine(request, ref)
    resuming = participation.state == ParticipationState.PAUSED
    try:
        (service.resume if resuming else service.pause)(participation=participation, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Vous avez repris." if resuming else "Votre participation est en pause.")
    return redirect("programmes:my_participation", ref)


@require_POST
@agent_space
def seek_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    try:
        service.seek_again(participation=_mine(request, ref), by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est noté : nous cherchons un binôme pour vous.")
    return redirect("programmes:my_participation", ref)


@require_http_methods(["GET", "POST"])
@agent_space
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Two clicks: a page that says what goes, on which day, and who will know; then it is done."""
    participation = _mine(request, ref)
    if request.method == "POST":
        try:
            service.withdraw(participation=participation, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "C’est fait : votre participation est retirée.")
        return redirect("programmes:my_participation", ref)
    context = {
        "participation": participation,
        "programme": participation.programme,
        "later": retention.after_leaving(participation),
        "has_letter": participation.letters.filter(state=LetterState.IN_FORCE).exists(),
    }
    return render(request, "programmes/withdraw.html", context)
