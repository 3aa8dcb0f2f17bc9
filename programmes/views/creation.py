"""Opening a programme: a template, then its settings, everything proposed."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from portal import clock
from portal.access import second_factor_answer
from portal.errors import DomainError
from portal.forms.base import show
from portal.navigation import Space
from programmes.access import employers_opened_by, programmes_run_by
from programmes.enums import ProgrammeTemplate
from programmes.forms.settings import ChooseForm, NewProgrammeForm, in_two_lines
from programmes.models import Programme
from programmes.services import creation, templates

# How each template is called in the address.
ADDRESSES = {
    "pilote": ProgrammeTemplate.PILOT,
    "binome": ProgrammeTemplate.PAIR,
    "reciproque": ProgrammeTemplate.RECIPROCAL,
    "groupe": ProgrammeTemplate.OPEN_GROUP,
    "permanence": ProgrammeTemplate.PERMANENCE,
    "retour": ProgrammeTemplate.RETURN,
    "communaute": ProgrammeTemplate.SHARED,
    "mixte": ProgrammeTemplate.MIXED,
}


def opener(view: Callable) -> Callable:
    """Whoever may open programmes for an employer, with a second factor; 404 to anybody else."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.person is None or not employers_opened_by(request.person).exists():
            raise Http404
        if answer := second_factor_answer(request):
            return answer
        request.space = Space("pilotage", "Pilotage")
        return view(request, *args, **kwargs)

    return wrapper


@require_http_methods(["GET", "POST"])
@opener
def choose(request: HttpRequest) -> HttpResponse:
    """Page 1: eight templates, and what the person already runs."""
    former = {f"reprendre-{row.ref}": row for row in programmes_run_by(request.person)}
    choices = [(address, templates.get(code)) for address, code in ADDRESSES.items()]
    choices = [(address, in_two_lines(card.title, card.text)) for address, card in choices]
    again = (
        "Mêmes réglages, mots, critères, objectifs et contacts\N{NO-BREAK SPACE}; ni personnes, ni dates, ni documents."
    )
    choices += [(key, in_two_lines(f"Reprendre « {row.name} »", again)) for key, row in former.items()]
    form = ChooseForm(request.POST or None, choices=choices, initial={"start": "pilote"})
    if request.method == "POST" and form.is_valid():
        start = form.cleaned_data["start"]
        if start in former:
            return redirect("programmes:create_again", former[start].slug)
        return redirect("programmes:create_from", start)
    return render(request, "programmes/choose.html", {"form": form})


@require_http_methods(["GET", "POST"])
@opener
def create_from(request: HttpRequest, template: str) -> HttpResponse:
    """Page 2, from a template."""
    if template not in ADDRESSES:
        raise Http404
    chosen = templates.get(ADDRESSES[template])
    initial = {"name": creation.PROPOSED_NAME, **creation.prefilled(chosen)}
    return _create(request, initial, chosen.title, template=chosen.code)


@require_http_methods(["GET", "POST"])
@opener
def create_again(request: HttpRequest, previous: str) -> HttpResponse:
    """Page 2, from a programme the person runs."""
    former = get_object_or_404(programmes_run_by(request.person), slug=previous)
    initial = {"name": former.name, "employer": former.lead_employer_id, **creation.prefilled_from(former)}
    return _create(request, initial, former.name, former=former)


def _create(request: HttpRequest, initial: dict, over: str, former: Programme | None = None, **origin) -> HttpResponse:
    employers = employers_opened_by(request.person)
    initial["forms_of_support"] = initial.pop("forms")
    initial["starts"] = clock.today(employers.first().time_zone)
    form = NewProgrammeForm(request.POST or None, employers=employers, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            programme = creation.create(by=request.person, former=former, **origin, **form.settings())
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le programme est créé : six étapes, un premier cycle et un premier exercice.")
            return redirect(programme)
    context = {"form": form, "over": over, "former": former}
    return render(request, "programmes/create.html", context)
