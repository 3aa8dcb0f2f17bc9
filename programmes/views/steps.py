"""The six steps of a programme."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import clock
from portal.errors import DomainError
from portal.forms.base import show
from portal.registry import INDICATORS, hooks
from programmes.access import programme_team
from programmes.enums import LineKind, StepState
from programmes.forms.steps import PassStepForm, StepItemsForm
from programmes.models import Programme, Step, StepItem, StepLine
from programmes.services import steps as service
from programmes.services import timeline as dates
from programmes.step_lines import lines_of

TONES = {StepState.TO_COME: "neutral", StepState.CURRENT: "go", StepState.PASSED: "done"}
MOVES = ("commencer", "franchir", "rouvrir")


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


def step_of(programme: Programme, number: int) -> Step:
    return get_object_or_404(
        programme.steps.select_related("definition", "programme__lead_employer"), definition=number
    )


def _items(step: Step) -> list[StepItem]:
    rows = step.items.select_related("line", "owner", "done_by", "step__programme__lead_employer")
    return list(rows.prefetch_related("evidence"))


@require_http_methods(["GET", "POST"])
@programme_team
def step(request: HttpRequest, programme: Programme, number: int) -> HttpResponse:
    """What to do and what is done, what the data say, points to watch, and the way to the next state."""
    current = step_of(programme, number)
    if request.method == "POST":
        form = StepItemsForm(request.POST, items=current.items.all())
        try:
            if form.is_valid():
                among = [item for item in _items(current) if item.pk in form.changed]
                service.set_done(step=current, done=list(form.cleaned_data["done"]), among=among, by=request.person)
                messages.success(request, "Les lignes sont enregistrées.")
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("programmes:step", programme.slug, number)
    return _page(request, current, PassStepForm())


def _page(request: HttpRequest, current: Step, pass_form: PassStepForm) -> HttpResponse:
    programme, read = current.programme, service.read_lines(current)
    items, today = _items(current), clock.today(programme.time_zone)
    titles = {code: title for hook in hooks(INDICATORS) for code, title in hook().items()}
    context = {
        "programme": programme,
        "step": current,
        "over": f"Étape {current.number} sur 6",
        "tone": TONES[current.state],
        "lines": lines_of(current, items, read, request.space.roles, today),
        "done": [item for item in items if item.done_on],
        "ticked": sum(1 for item in items if item.done_on),
        "watch": StepLine.objects.filter(definition=current.number, kind=LineKind.WATCH),
        "indicators": [titles[code] for code in current.definition.indicators.split() if code in titles],
        "planned": dates.planned_in_words(current),
        "real": dates.real_in_words(current),
        "pass_form": pass_form,
        "locked": current.state == StepState.PASSED,
        "missing": service.missing(current, read) if current.state == StepState.CURRENT else [],
    }
    return render(request, "programmes/step.html", context)


@require_POST
@programme_team
def move_step(request: HttpRequest, programme: Programme, number: int, move: str) -> HttpResponse:
    """A refusal shows the page again, with the reason that was typed."""
    if move not in MOVES:
        raise Http404
    current = step_of(programme, number)
    form = PassStepForm(request.POST)
    if move == "franchir" and not form.is_valid():
        return _page(request, current, form)
    try:
        if move == "commencer":
            service.start_step(step=current, by=request.person)
        elif move == "franchir":
            service.pass_step(step=current, by=request.person, reason=form.cleaned_data["reason"])
        else:
            service.reopen_step(step=current, by=request.person)
    except DomainError as error:
        if error.field == "reason":
            show(error, form)
            return _page(request, current, form)
        messages.error(request, str(error))
    else:
        messages.success(request, f"Étape {number} : {current.get_state_display()}.")
    return redirect("programmes:step", programme.slug, number)
