"""The référent's space: dashboard, opening a programme, the six steps, the calendar."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import second_factor_answer
from portal.errors import DomainError
from portal.forms.base import show
from portal.navigation import Space
from portal.registry import TODO, gather
from programmes.access import employers_opened_by, programme_team, programmes_run_by, referent_only
from programmes.enums import ProgrammeState, StepState
from programmes.forms.rollout import ExerciceForm, PassStepForm, PeriodForm, ProgrammeForm, StepLinesForm
from programmes.models import Programme, Step
from programmes.services import rollout


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


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    if request.person is None or not employers_opened_by(request.person).exists():
        raise Http404
    if answer := second_factor_answer(request):
        return answer
    request.space = Space("pilotage", "Pilotage")
    form = ProgrammeForm(request.POST or None, employers=employers_opened_by(request.person))
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        fields["forms"] = fields.pop("forms_of_support")
        try:
            programme = rollout.create_programme(by=request.person, **fields)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le programme est créé. Ses six étapes vous attendent.")
            return redirect(programme)
    return render(request, "programmes/create.html", {"form": form})


def timeline(programme: Programme) -> list[dict]:
    """The six steps as the steps component reads them."""
    steps = programme.steps.select_related("definition")
    return [
        {
            "number": step.number,
            "title": step.definition.title,
            "state": step.get_state_display(),
            "url": reverse("programmes:step", args=[programme.slug, step.number]),
        }
        for step in steps
    ]


@require_safe
@programme_team
def home(request: HttpRequest, programme: Programme) -> HttpResponse:
    todos = sorted(gather(TODO, request.person, programme), key=lambda item: item.urgency)
    context = {"programme": programme, "todos": todos, "steps": timeline(programme)}
    return render(request, "programmes/home.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def open_enrolment(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A confirmation that says what will happen and who will know."""
    if request.method == "POST":
        try:
            rollout.open_enrolment(programme=programme, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Les inscriptions sont ouvertes.")
        return redirect(programme)
    already = programme.state != ProgrammeState.PREPARING
    return render(request, "programmes/open.html", {"programme": programme, "already": already})


@require_safe
@programme_team
def steps(request: HttpRequest, programme: Programme) -> HttpResponse:
    return render(request, "programmes/steps.html", {"programme": programme, "steps": timeline(programme)})


STEP_TONES = {StepState.TO_COME: "neutral", StepState.CURRENT: "go", StepState.PASSED: "done"}


def _step(programme: Programme, number: int) -> Step:
    return get_object_or_404(
        programme.steps.select_related("definition", "programme__lead_employer"), definition=number
    )


@require_http_methods(["GET", "POST"])
@programme_team
def step(request: HttpRequest, programme: Programme, number: int) -> HttpResponse:
    """Objective, essential lines to tick (name and date), points to watch, and the way to the next state."""
    current = _step(programme, number)
    ticks = list(current.ticks.select_related("line", "by"))
    initial = {"lines": [tick.line_id for tick in ticks]}
    form = StepLinesForm(request.POST or None, lines=current.definition.lines.all(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rollout.set_ticks(step=current, lines=list(form.cleaned_data["lines"]), by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Les lignes sont enregistrées.")
        return redirect("programmes:step", programme.slug, number)
    context = {
        "programme": programme,
        "step": current,
        "over": f"Étape {number}",
        "tone": STEP_TONES[current.state],
        "form": form,
        "ticks": ticks,
        "pass_form": PassStepForm(),
        "locked": current.state == StepState.PASSED,
        "missing": len(rollout.missing_lines(current)),
    }
    return render(request, "programmes/step.html", context)


@require_POST
@programme_team
def move_step(request: HttpRequest, programme: Programme, number: int, move: str) -> HttpResponse:
    current = _step(programme, number)
    form = PassStepForm(request.POST)
    form.is_valid()
    try:
        if move == "commencer":
            rollout.start_step(step=current, by=request.person)
        elif move == "franchir":
            rollout.pass_step(step=current, by=request.person, reason=form.cleaned_data.get("reason", ""))
        elif move == "rouvrir":
            rollout.reopen_step(step=current, by=request.person)
        else:
            raise Http404
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Étape {number} : {current.get_state_display()}.")
    return redirect("programmes:step", programme.slug, number)


@require_http_methods(["GET", "POST"])
@programme_team
def calendar(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Cycles, reporting periods and the team."""
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
        "team": programme.roles.filter(ends__isnull=True).select_related("person").order_by("role", "pk"),
    }
    return render(request, "programmes/calendar.html", context)
