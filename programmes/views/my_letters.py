"""The agent's letter: both pages to read, then yes, changes, or somebody else for the time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from programmes.enums import LetterState
from programmes.forms.letters import TimeForm, TitleForm, agree_form
from programmes.letter_access import letters_of
from programmes.models import Letter, Participation
from programmes.services import letter_documents, visas
from programmes.services import letters as service
from programmes.views.letters import reading


def _mine(request: HttpRequest, ref: UUID) -> Letter:
    return get_object_or_404(letters_of(request.person), ref=ref)


def _manager_address(letter: Letter) -> str:
    """The professional address of the agent's manager, if the portal knows it."""
    day, employer = letter.starts, letter.participation.employer
    places = letter.participation.person.affiliations.on(day).filter(employer=employer)
    place = places.select_related("manager__user").first()
    manager = place.manager if place else None
    return manager.user.email if manager and manager.user_id else ""


@require_http_methods(["GET", "POST"])
@agent_space
def my_letter(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The page of whoever gives the time comes first, then the letter, then the answer. POST is the yes."""
    letter = _mine(request, ref)
    initial = {"seen": letter.version, "address": _manager_address(letter)}
    agree = agree_form(letter)(request.POST or None, initial=initial)
    if request.method == "POST" and agree.is_valid():
        try:
            service.agree(letter=letter, by=request.person, **agree.given)
        except DomainError as error:
            show(error, agree)
        else:
            messages.success(request, "C’est validé. Les deux textes ne changeront plus.")
            return redirect("programmes:my_letter", ref)
    return _page(request, letter, agree=agree)


def _page(request: HttpRequest, letter: Letter, **forms) -> HttpResponse:
    now = {"seen": letter.version, "title": letter.mission_title}
    context = {
        "letter": letter,
        "programme": letter.programme,
        "tone": letter.tone,
        "waits": letter.state == LetterState.TO_AGENT,
        "word": "à lire" if letter.state == LetterState.TO_AGENT else letter.shown,
        "standing": visas.standing(letter),
        "agree": forms.get("agree") or agree_form(letter)(initial={"seen": letter.version}),
        "title_form": forms.get("title") or TitleForm(initial=now, auto_id="title_%s"),
        "time_form": forms.get("time") or TimeForm(auto_id="time_%s"),
    }
    return render(request, "programmes/letter_mine.html", context | reading(letter))


@require_POST
@agent_space
def retitle(request: HttpRequest, ref: UUID) -> HttpResponse:
    letter = _mine(request, ref)
    form = TitleForm(request.POST, auto_id="title_%s")
    if form.is_valid():
        try:
            service.retitle(letter=letter, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’intitulé est changé. Relisez la page ci-dessous.")
            return redirect("programmes:my_letter", ref)
    return _page(request, _mine(request, ref), title=form)


@require_POST
@agent_space
def ask_changes(request: HttpRequest, ref: UUID) -> HttpResponse:
    try:
        service.ask_changes(letter=_mine(request, ref), by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("programmes:my_letter", ref)
    messages.success(request, "La lettre repart chez le ou la référent·e, qui vous contactera.")
    return redirect("portal:my_space")


@require_POST
@agent_space
def choose_other(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Somebody else gives the time: the agent's choice, without reason."""
    letter = _mine(request, ref)
    form = TimeForm(request.POST, auto_id="time_%s")
    if form.is_valid():
        try:
            visas.choose_other(letter=letter, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est changé. Le lien précédent ne sert plus.")
            return redirect("programmes:my_letter", ref)
    return _page(request, _mine(request, ref), time=form)


@require_http_methods(["GET", "POST"])
@agent_space
def my_engagement(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One page between peers, validated alone."""
    mine = Participation.objects.filter(person=request.person)
    part = get_object_or_404(mine.select_related("programme__lead_employer", "employer", "person"), ref=ref)
    refusal, body = "", None
    try:
        if request.method == "POST":
            letter = service.engage(participation=part, by=request.person)
            messages.success(request, "Votre engagement est validé.")
            return redirect("programmes:my_letter", letter.ref)
        body = letter_documents.paper_of(service.engagement_of(part), service.LETTER)
    except DomainError as error:
        refusal = str(error)
    held = part.letters.filter(state=LetterState.IN_FORCE).first()
    context = {"programme": part.programme, "body": body, "refusal": refusal, "held": held}
    return render(request, "programmes/letter_engagement.html", context)
