"""Surveys: what the référent may open, what an agent is asked, and the page where nobody is known."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.enums import Moment, WaveState
from evaluation.forms.surveys import AnswerForm, OpenForm, TalkForm
from evaluation.models import Wave, WaveInvitation
from evaluation.services import answers, closing, questionnaires, waves
from portal import clock
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from programmes.access import referent_only
from programmes.models import Cycle, Programme

MOMENTS = {"depart": Moment.T0, "fin": Moment.END}
WORDS = {Moment.T0: "Enquête de départ", Moment.END: "Enquête de fin"}


# --- The référent -----------------------------------------------------------------------------------------------------
@require_safe
@referent_only
def surveys(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Each cycle, at departure and at the end: what is open, what may be done. Never who answered, nor how many."""
    rows = list(programme.cycles.order_by("-number"))
    standings = waves.standings(programme, rows)
    today = clock.today(programme.time_zone)
    cycles = [
        {"cycle": row, "moments": [_shown(standings[row.pk, moment], slug, today) for slug, moment in MOMENTS.items()]}
        for row in rows
    ]
    return render(request, "evaluation/surveys.html", {"programme": programme, "cycles": cycles})


def _shown(now: waves.Standing, slug: str, today: dt.date) -> dict:
    opened = now.wave is not None and now.wave.state == WaveState.OPEN
    over = opened and today > now.wave.closes_on
    names = {"slug": slug, "title": WORDS[now.moment], "id": f"{slug}-{now.cycle.number}"}
    return {**names, "now": now, "opened": opened, "over": over}


def _cycle(programme: Programme, ref: UUID, moment: str) -> tuple[Cycle, str]:
    if moment not in MOMENTS:
        raise Http404
    cycles = programme.cycles.select_related("programme__lead_employer")
    return get_object_or_404(cycles, ref=ref), MOMENTS[moment]


@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def open_survey(request: HttpRequest, programme: Programme, cycle: UUID, moment: str) -> HttpResponse:
    """Says what will happen, then opens the wave for the whole batch."""
    cycle, which = _cycle(programme, cycle, moment)
    usual = clock.today(programme.time_zone) + dt.timedelta(days=waves.USUAL_DAYS)
    form = OpenForm(request.POST or None, initial={"closes_on": usual})
    if request.method == "POST" and form.is_valid():
        try:
            waves.open_wave(cycle=cycle, moment=which, closes_on=form.cleaned_data["closes_on"], by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’enquête est ouverte. Chaque personne reçoit son lien.")
            return redirect("evaluation:surveys", programme.slug)
    now = waves.standing(cycle, which)
    refusal = now.refusal or "Elle a déjà eu lieu, ou un temps collectif en tient lieu."
    context = {"programme": programme, "title": WORDS[which], "form": form, "now": now, "refusal": refusal}
    return render(request, "evaluation/survey_open.html", context | {"cycle_name": f"Cycle {cycle.number}"})


@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def talk(request: HttpRequest, programme: Programme, cycle: UUID, moment: str) -> HttpResponse:
    """The collective talk that stands for a survey of fewer than 7 people."""
    cycle, which = _cycle(programme, cycle, moment)
    form = TalkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            waves.note_talk(cycle=cycle, moment=which, on=form.cleaned_data["on"], by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le temps collectif est noté.")
            return redirect("evaluation:surveys", programme.slug)
    context = {"programme": programme, "cycle_name": f"Cycle {cycle.number}, {WORDS[which].lower()}", "form": form}
    return render(request, "evaluation/survey_talk.html", context)


@require_POST
@referent_only
def lean_on_previous(request: HttpRequest, programme: Programme, cycle: UUID) -> HttpResponse:
    cycle, _ = _cycle(programme, cycle, "depart")
    return _done(
        request,
        programme,
        lambda: waves.lean_on_previous(cycle=cycle, by=request.person),
        "C’est noté : l’enquête précédente en tient lieu.",
    )


@require_POST
@referent_only
def remind(request: HttpRequest, programme: Programme, wave: UUID) -> HttpResponse:
    """To everybody, whether they answered or not."""
    found = _wave(programme, wave)
    return _done(
        request, programme, lambda: waves.remind(wave=found, by=request.person), "Le rappel part à tout le monde."
    )


@require_POST
@referent_only
def close(request: HttpRequest, programme: Programme, wave: UUID) -> HttpResponse:
    found = _wave(programme, wave)
    return _done(
        request,
        programme,
        lambda: closing.close(wave=found, by=request.person),
        "L’enquête est close. Les liens sont détruits.",
    )


def _wave(programme: Programme, ref: UUID) -> Wave:
    return get_object_or_404(Wave.objects.select_related("programme__lead_employer"), programme=programme, ref=ref)


def _done(request: HttpRequest, programme: Programme, act, sentence: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect("evaluation:surveys", programme.slug)


# --- The agent --------------------------------------------------------------------------------------------------------
@require_safe
@agent_space
def mine(request: HttpRequest) -> HttpResponse:
    """What this person is asked now. Nothing here knows whether they answered."""
    return render(request, "evaluation/survey_mine.html", {"invitations": waves.open_invitations(request.person)})


@require_POST
@agent_space
def send_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    rows = WaveInvitation.objects.filter(person=request.person).select_related("wave__programme__lead_employer")
    invitation = get_object_or_404(rows, ref=ref)
    try:
        waves.send_again(invitation=invitation)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Votre lien repart à votre adresse. C’est le même que la première fois.")
    return redirect("evaluation:my_surveys")


# --- Nobody: see portal.middleware.nobody -----------------------------------------------------------------------------
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions behind a link. The link is the only right, so no cookie, no session, no forgery mark is needed."""
    ticket = answers.ticket_of(token)
    if ticket is None:
        raise Http404
    if not answers.usable(ticket):
        return render(request, "evaluation/survey_gone.html", {"used": ticket.used}, status=410)
    # A form sent back empty is still a form sent.
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted, items=answers.items_for(ticket))
    if request.method == "POST" and form.is_valid():
        try:
            answers.submit(token=token, answers=form.cleaned_data)
        except answers.Gone:
            return render(request, "evaluation/survey_gone.html", {"used": True}, status=410)
        return redirect("evaluation:survey_thanks")
    context = {
        "form": form,
        "band": questionnaires.band(),
        "wave": ticket.wave,
        "title": ticket.wave.questionnaire.title,
    }
    return render(request, "evaluation/survey_answer.html", context)


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "evaluation/survey_thanks.html")
