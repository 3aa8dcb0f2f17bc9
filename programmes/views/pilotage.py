"""The référent's space: programmes, dashboard, calendar."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal import clock
from portal.access import second_factor_answer
from portal.errors import DomainError
from portal.forms.base import show
from portal.navigation import Space
from portal.registry import CALENDAR, TODO, gather, said_once
from programmes.access import employers_opened_by, opens, programme_team, programmes_run_by
from programmes.forms.rollout import ExerciceForm, PeriodForm
from programmes.models import Programme
from programmes.services import rollout
from programmes.views import steps

# Dates shown on the dashboard: how far ahead, how many.
NEXT, DATES = timedelta(days=30), 10


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The programmes this person runs, or may open."""
    if request.person is None:
        raise Http404
    programmes, employers = programmes_run_by(request.person), employers_opened_by(request.person)
    if not programmes.exists() and not employers.exists():
        raise Http404
    if answer := second_factor_answer(request):
        return answer
    request.space = Space("pilotage", "Pilotage")
    context = {"programmes": programmes.select_related("lead_employer"), "may_open": employers.exists()}
    return render(request, "programmes/mine.html", context)


@require_safe
@programme_team
def home(request: HttpRequest, programme: Programme) -> HttpResponse:
    todos = said_once(gather(TODO, request.person, programme))
    today = clock.today(programme.time_zone)
    events = sorted(gather(CALENDAR, programme, today, today + NEXT), key=lambda event: str(event.on))
    context = {
        "programme": programme,
        "todos": todos,
        "steps": steps.timeline(programme),
        "dates": [(event, event.url if opens(event.url, request.space.roles) else "") for event in events[:DATES]],
    }
    return render(request, "programmes/home.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def calendar(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Cycles and reporting periods."""
    which = request.POST.get("form")
    cycle_form = PeriodForm(request.POST if which == "cycle" else None, prefix="cycle")
    exercice_form = ExerciceForm(request.POST if which == "exercice" else None, prefix="exercice")
    for form, write in ((cycle_form, rollout.add_cycle), (exercice_form, rollout.declare_exercice)):
        if form.is_bound and form.is_valid():
            try:
                write(programme=programme, by=request.person, **form.cleaned_data)
            except DomainError as error:
                show(error, form)
            else:
                messages.success(request, "Les dates sont enregistrées.")
                return redirect("programmes:calendar", programme.slug)
    context = {
        "programme": programme,
        "cycle_form": cycle_form,
        "exercice_form": exercice_form,
        "cycles": programme.cycles.all(),
        "exercices": programme.exercices.all(),
    }
    return render(request, "programmes/calendar.html", context)
