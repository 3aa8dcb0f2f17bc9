"""Dated collective times: organised by the team, entered by agents in one click, counted afterwards."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import agent_space
from portal.dates import moment_in_words
from portal.errors import DomainError
from portal.forms.base import show
from programmes.access import programme_team
from programmes.enums import SessionState
from programmes.forms.community import AttendedForm, ChangeGatheringForm, GatheringForm
from programmes.models import Gathering, Programme
from programmes.services import community
from programmes.services import gatherings as service

TONES = {SessionState.PLANNED: "wait", SessionState.HELD: "done", SessionState.CANCELLED: "neutral"}
WORDS = {SessionState.PLANNED: "annoncé", SessionState.HELD: "tenu", SessionState.CANCELLED: "annulé"}
COLUMNS = ("Temps collectif", "Quand", "Lieu", "Personnes venues", "État")


def _one(programme: Programme, ref: UUID) -> Gathering:
    return get_object_or_404(programme.gatherings.select_related("programme__lead_employer"), ref=ref)


@require_safe
@programme_team
def gatherings(request: HttpRequest, programme: Programme) -> HttpResponse:
    rows = [
        [
            {"url": reverse("programmes:gathering", args=[programme.slug, row.ref]), "label": row.title},
            moment_in_words(row.starts_at, programme.time_zone),
            row.place,
            "" if row.attended is None else row.attended,
            {"word": WORDS[row.state], "tone": TONES[row.state]},
        ]
        for row in programme.gatherings.all()
    ]
    context = {"programme": programme, "rows": rows, "columns": COLUMNS, "open": community.forms_of(programme)}
    return render(request, "programmes/gatherings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def plan(request: HttpRequest, programme: Programme) -> HttpResponse:
    form = GatheringForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            row = service.plan(programme=programme, by=request.person, **form.values)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est annoncé, dans l’espace de chaque membre et de chaque participant.")
            return redirect("programmes:gathering", programme.slug, row.ref)
    return render(request, "programmes/gathering_form.html", {"programme": programme, "form": form, "row": None})


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def change(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = _one(programme, ref)
    form = ChangeGatheringForm(request.POST or None, programme=programme, initial=ChangeGatheringForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            service.change(gathering=row, seen=form.cleaned_data["seen"], by=request.person, **form.values)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(
                request, "C’est modifié. Les personnes inscrites sont prévenues si la date ou le lieu change."
            )
            return redirect("programmes:gathering", programme.slug, ref)
    return render(request, "programmes/gathering_form.html", {"programme": programme, "form": form, "row": row})


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def gathering(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """One collective time; POST types how many came."""
    row = _one(programme, ref)
    form, answer = _counted(request, row, reverse("programmes:gathering", args=[programme.slug, ref]))
    context = {"programme": programme, "row": row, "form": form, "begun": form.is_bound or service.may_count(row)}
    context |= {"state": WORDS[row.state], "tone": TONES[row.state]}
    return answer or render(request, "programmes/gathering.html", context)


def _counted(request: HttpRequest, row: Gathering, back: str) -> tuple[AttendedForm, HttpResponse | None]:
    form = AttendedForm(request.POST or None, initial={"seen": row.version, "attended": row.attended})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            said = service.record_held(gathering=row, attended=given["attended"], seen=given["seen"], by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, f"Le nombre est enregistré. Les inscriptions sont effacées. {said}".strip())
            return form, redirect(back)
    return form, None


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def cancel(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = _one(programme, ref)
    if request.method == "POST":
        try:
            service.cancel(gathering=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "C’est annulé. Les personnes inscrites en sont prévenues.")
        return redirect("programmes:gathering", programme.slug, ref)
    return render(request, "programmes/gathering_cancel.html", {"programme": programme, "row": row})


# --- Agents ---------------------------------------------------------------------------------------------------------
@require_safe
@agent_space
def my_gatherings(request: HttpRequest) -> HttpResponse:
    context = {
        "coming": service.announced(request.person),
        "registered": service.registered(request.person),
        "to_count": [row for row in service.facilitated_by(request.person) if row.state == SessionState.PLANNED],
    }
    return render(request, "programmes/gatherings_mine.html", context)


@require_POST
@agent_space
def register(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Come, or not any more: one click."""
    row = get_object_or_404(service.announced(request.person), ref=ref)
    leaving = "leave" in request.POST
    try:
        (service.unregister if leaving else service.register)(gathering=row, person=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Vous n’êtes plus inscrit·e." if leaving else "Vous êtes inscrit·e.")
    return redirect("programmes:my_gatherings")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_space
def count(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Whoever facilitates types how many came."""
    row = get_object_or_404(service.facilitated_by(request.person), ref=ref)
    form, answer = _counted(request, row, reverse("programmes:my_gatherings"))
    return answer or render(
        request,
        "programmes/gathering_count.html",
        {"row": row, "form": form, "begun": form.is_bound or service.may_count(row)},
    )
