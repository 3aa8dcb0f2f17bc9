"""The six steps of a programme."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.errors import DomainError
from programmes.access import programme_team
from programmes.enums import LineKind, StepState
from programmes.forms.steps import PassStepForm, StepItemsForm
from programmes.models import Programme, Step, StepLine
from programmes.services import steps as service

TONES = {StepState.TO_COME: "neutral", StepState.CURRENT: "go", StepState.PASSED: "done"}


def timeline(programme: Programme) -> list[dict]:
    """The six steps as the steps component reads them."""
    return [
        {
            "number": step.number,
            "title": step.definition.title,
            "state": step.get_state_display(),
            "url": reverse("programmes:step", args=[programme.slug, step.number]),
        }
        for step in programme.steps.select_related("definition")
    ]


@require_safe
@programme_team
def steps(request: HttpRequest, programme: Programme) -> HttpResponse:
    return render(request, "programmes/steps.html", {"programme": programme, "steps": timeline(programme)})


def _step(programme: Programme, number: int) -> Step:
    return get_object_or_404(
        programme.steps.select_related("definition", "programme__lead_employer"), definition=number
    )


@require_http_methods(["GET", "POST"])
@programme_team
def step(request: HttpRequest, programme: Programme, number: int) -> HttpResponse:
    """Objective, lines to do (name and date), what the data say, points to watch, and the way to the next state."""
    current = _step(programme, number)
    items = list(current.items.select_related("line", "owner", "done_by", "step__programme__lead_employer"))
    initial = {"done": [item.pk for item in items if item.done_on]}
    form = StepItemsForm(request.POST or None, items=current.items.all(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.set_done(step=current, done=list(form.cleaned_data["done"]), among=items, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Les lignes sont enregistrées.")
        return redirect("programmes:step", programme.slug, number)
    context = {
        "programme": programme,
        "step": current,
        "over": f"Étape {number}",
        "tone": TONES[current.state],
        "form": form,
        "done": [item for item in items if item.done_on],
        "read": service.read_lines(current),
        "watch": StepLine.objects.filter(definition=number, kind=LineKind.WATCH),
        "pass_form": PassStepForm(),
        "locked": current.state == StepState.PASSED,
        "missing": len(service.missing(current)),
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
            service.start_step(step=current, by=request.person)
        elif move == "franchir":
            service.pass_step(step=current, by=request.person, reason=form.cleaned_data.get("reason", ""))
        elif move == "rouvrir":
            service.reopen_step(step=current, by=request.person)
        else:
            raise Http404
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Étape {number} : {current.get_state_display()}.")
    return redirect("programmes:step", programme.slug, number)
