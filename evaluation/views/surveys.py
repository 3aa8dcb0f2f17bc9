"""The référent's surveys: the calendar of waves, what they ask, opening them. Never who answered, nor how many."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.disclosure import changes
from evaluation.enums import Moment, Public, WaveState
from evaluation.forms.surveys import ManagersForm, OpenForm, OwnQuestionsForm, TalkForm
from evaluation.models import Wave
from evaluation.services import closing, hot, instead, own_questions, previews, questionnaires, waves
from evaluation.services import publics as publics_service
from portal import clock
from portal.errors import DomainError
from portal.forms.base import show
from programmes.access import referent_only
from programmes.models import Cycle, Programme

MOMENTS = {"depart": Moment.T0, "mi-parcours": Moment.MID, "fin": Moment.END, "six-mois": Moment.LATER}
SLUGS = {str(moment): slug for slug, moment in MOMENTS.items()} | {str(Moment.HOT): "a-chaud"}
PUBLICS = {"participants": Public.PARTICIPANTS, "encadrants": Public.MANAGERS, "seance": Public.EVENT}
WORDS = {
    (Public.PARTICIPANTS, Moment.T0): "Enquête de départ",
    (Public.PARTICIPANTS, Moment.MID): "Enquête à mi-parcours",
    (Public.PARTICIPANTS, Moment.END): "Enquête de fin",
    (Public.PARTICIPANTS, Moment.LATER): "Enquête six mois après",
    (Public.MANAGERS, Moment.T0): "Encadrants, au départ",
    (Public.MANAGERS, Moment.END): "Encadrants, en fin de cycle",
    (Public.MANAGERS, Moment.LATER): "Encadrants, six mois après",
}


@require_safe
@referent_only
def surveys(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Each cycle, moment by moment: what is open, what may be done."""
    rows = list(programme.cycles.order_by("-number"))
    publics = (Public.PARTICIPANTS, Public.MANAGERS)
    found = {
        key + (public,): row for public in publics for key, row in waves.standings(programme, rows, public).items()
    }
    today = clock.today(programme.time_zone)
    cycles = []
    for row in rows:
        shown = [_shown(found[key], today) for key in found if key[0] == row.pk]
        cards = [
            one
            for one in shown
            if one["now"].settled or one["now"].may_open or one["now"].may_talk or one["now"].may_lean_on_previous
        ]
        cycles.append({"cycle": row, "moments": cards, "others": [one for one in shown if one not in cards]})
    context = {"programme": programme, "cycles": cycles, "hot": hot.listed(programme), "today": today}
    return render(request, "evaluation/surveys.html", context)


def _shown(now: waves.Standing, today: dt.date) -> dict:
    opened = now.wave is not None and now.wave.state == WaveState.OPEN
    over = opened and today > now.wave.closes_on
    slug = SLUGS[now.moment]
    names = {"slug": slug, "title": WORDS[now.public, now.moment], "id": f"{now.public}-{slug}-{now.cycle.number}"}
    address = "evaluation:open_survey" if now.public == Public.PARTICIPANTS else "evaluation:open_managers_survey"
    url = reverse(address, args=[now.cycle.programme.slug, now.cycle.ref, slug])
    return {
        **names,
        "now": now,
        "opened": opened,
        "over": over,
        "url": url,
        "people": now.public == Public.PARTICIPANTS,
    }


# --- What is asked ----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def questions(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The questionnaires to look at, and the programme's own questions."""
    known = {f"text{number}": text for number, text in enumerate(own_questions.of(programme), 1)}
    form = OwnQuestionsForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            own_questions.write(programme=programme, texts=list(form.cleaned_data.values()), by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté : ces questions seront posées aux prochaines enquêtes.")
            return redirect("evaluation:questions", programme.slug)
    listed = [
        {"title": row.title, "url": reverse("evaluation:preview_survey", args=[programme.slug, slug, SLUGS[moment]])}
        for slug, public in PUBLICS.items()
        for moment in questionnaires.moments_of(public)
        if (row := questionnaires.read(moment=moment, public=public))
    ]
    return render(request, "evaluation/survey_questions.html", {"programme": programme, "form": form, "listed": listed})


@require_safe
@referent_only
def preview(request: HttpRequest, programme: Programme, public: str, moment: str) -> HttpResponse:
    """What people will be asked, question by question, and what becomes of each."""
    which = next((value for value, slug in SLUGS.items() if slug == moment), None)
    if public not in PUBLICS or which not in questionnaires.moments_of(PUBLICS[public]):
        raise Http404
    row = questionnaires.read(moment=which, public=PUBLICS[public])
    sections = previews.sections(programme, row, PUBLICS[public])
    context = {"programme": programme, "questionnaire": row, "sections": sections, "band": questionnaires.band()}
    return render(request, "evaluation/survey_preview.html", context)


# --- Opening ----------------------------------------------------------------------------------------------------------
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
    row = questionnaires.read(moment=which)
    texts = any(item.kind == questionnaires.TEXT for item in questionnaires.items_of(row))
    asked = waves.batch(cycle, which)
    linkable = which == Moment.T0 and changes.could_link(asked.people, len(asked.pairs))
    form = OpenForm(request.POST or None, initial=_until(programme), texts=texts, linkable=linkable)
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["closes_on"]
        try:
            waves.open_wave(
                cycle=cycle,
                moment=which,
                closes_on=until,
                by=request.person,
                readers=form.readers,
                linked=form.cleaned_data.get("linked", False),
            )
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’enquête est ouverte. Chaque personne reçoit son lien.")
            return redirect("evaluation:surveys", programme.slug)
    context = {
        "texts": texts,
        "preview": reverse("evaluation:preview_survey", args=[programme.slug, "participants", moment]),
    }
    return _opening(request, programme, waves.standing(cycle, which), form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def open_managers(request: HttpRequest, programme: Programme, cycle: UUID, moment: str) -> HttpResponse:
    """The same for all the managers of the employer."""
    cycle, which = _cycle(programme, cycle, moment)
    if which not in questionnaires.moments_of(Public.MANAGERS):
        raise Http404
    form = ManagersForm(request.POST or None, initial=_until(programme))
    if request.method == "POST" and form.is_valid():
        try:
            publics_service.open_managers(cycle=cycle, moment=which, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’enquête est ouverte. Chaque encadrant reçoit son lien.")
            return redirect("evaluation:surveys", programme.slug)
    context = {"preview": reverse("evaluation:preview_survey", args=[programme.slug, "encadrants", moment])}
    return _opening(request, programme, waves.standing(cycle, which, Public.MANAGERS), form, context)


def _until(programme: Programme) -> dict:
    return {"closes_on": clock.today(programme.time_zone) + dt.timedelta(days=waves.USUAL_DAYS)}


def _opening(request: HttpRequest, programme: Programme, now: waves.Standing, form, context: dict) -> HttpResponse:
    refusal = now.refusal or "Elle a déjà eu lieu, ou un temps collectif en tient lieu."
    context |= {"programme": programme, "title": WORDS[now.public, now.moment], "form": form, "now": now}
    context |= {
        "refusal": refusal,
        "cycle_name": f"Cycle {now.cycle.number}",
        "managers": now.public == Public.MANAGERS,
    }
    return render(request, "evaluation/survey_open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def open_hot(request: HttpRequest, programme: Programme, session: UUID) -> HttpResponse:
    """Everybody who was at a session, asked in the week that follows."""
    session = get_object_or_404(programme.training_sessions.select_related("programme__lead_employer"), ref=session)
    if request.method == "POST":
        return done(
            request,
            programme,
            lambda: hot.ask_present(session=session, by=request.person),
            "L’avis à chaud est demandé à toutes les personnes présentes.",
        )
    people = len(hot.present(session))
    context = {
        "programme": programme,
        "session": session,
        "refusal": hot.refusal(session),
        "people": people,
    }
    return render(request, "evaluation/survey_hot.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def talk(request: HttpRequest, programme: Programme, cycle: UUID, moment: str) -> HttpResponse:
    """The collective talk that stands for a survey of fewer than 7 people."""
    cycle, which = _cycle(programme, cycle, moment)
    form = TalkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            instead.note_talk(cycle=cycle, moment=which, on=form.cleaned_data["on"], by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le temps collectif est noté.")
            return redirect("evaluation:surveys", programme.slug)
    context = {
        "programme": programme,
        "cycle_name": f"Cycle {cycle.number}, {WORDS[Public.PARTICIPANTS, which].lower()}",
        "form": form,
    }
    return render(request, "evaluation/survey_talk.html", context)


@require_POST
@referent_only
def lean_on_previous(request: HttpRequest, programme: Programme, cycle: UUID) -> HttpResponse:
    cycle, _ = _cycle(programme, cycle, "depart")
    return done(
        request,
        programme,
        lambda: instead.lean_on_previous(cycle=cycle, by=request.person),
        "C’est noté : l’enquête précédente en tient lieu.",
    )


@require_POST
@referent_only
def remind(request: HttpRequest, programme: Programme, wave: UUID) -> HttpResponse:
    """To everybody, whether they answered or not."""
    found = wave_of(programme, wave)
    return done(
        request, programme, lambda: waves.remind(wave=found, by=request.person), "Le rappel part à tout le monde."
    )


@require_POST
@referent_only
def close(request: HttpRequest, programme: Programme, wave: UUID) -> HttpResponse:
    found = wave_of(programme, wave)
    return done(
        request,
        programme,
        lambda: closing.close(wave=found, by=request.person),
        "L’enquête est close. Les liens sont détruits.",
    )


def wave_of(programme: Programme, ref: UUID) -> Wave:
    return get_object_or_404(Wave.objects.select_related("programme__lead_employer"), programme=programme, ref=ref)


def done(request: HttpRequest, programme: Programme, act, sentence: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect("evaluation:surveys", programme.slug)
