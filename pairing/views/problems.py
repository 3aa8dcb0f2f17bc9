"""Problems of the organisation: the référent raises them, RH (or the référent for them) answer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pairing.forms.problems import AnswerForm, ProblemForm
from pairing.models import Problem
from pairing.services import problems as service
from portal.access import employer_roles, hr_space
from portal.enums import EmployerRoleKind
from portal.errors import DomainError
from portal.forms.base import show
from portal.models import Employer
from programmes.access import referent_only
from programmes.models import Programme


@require_http_methods(["GET", "POST"])
@referent_only
def problems(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What was raised and what was answered; a folded form."""
    form = ProblemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.raise_problem(programme=programme, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le problème est remonté. Les RH le lisent dès maintenant.")
            return redirect("pairing:problems", programme.slug)
    return render(
        request, "pairing/problems.html", {"programme": programme, "form": form, "rows": programme.problems.all()}
    )


@require_http_methods(["GET", "POST"])
@referent_only
def problem(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The answer as the employer gave it elsewhere, typed by the référent."""
    row = get_object_or_404(programme.problems.select_related("programme__lead_employer"), ref=ref)
    back = reverse("pairing:problems", args=[programme.slug])
    return _answer(request, row, back, on_behalf=True)


@require_safe
@hr_space
def hr_problems(request: HttpRequest, employer: Employer) -> HttpResponse:
    context = {"employer": employer, "rows": service.for_hr(employer)}
    return render(request, "pairing/hr_problems.html", context)


@require_http_methods(["GET", "POST"])
@hr_space
def hr_problem(request: HttpRequest, employer: Employer, ref: UUID) -> HttpResponse:
    """A signatory answers; readers read."""
    row = get_object_or_404(service.for_hr(employer), ref=ref)
    may_write = EmployerRoleKind.HR_SIGNATORY in employer_roles(request.person, employer)
    if request.method == "POST" and not may_write:
        raise Http404
    return _answer(request, row, reverse("pairing:hr_problems", args=[employer.slug]), on_behalf=False, may=may_write)


def _answer(request: HttpRequest, row: Problem, back: str, *, on_behalf: bool, may: bool = True) -> HttpResponse:
    known = {"seen": row.version, "state": row.state, "answer": row.answer, "due_on": row.due_on}
    form = AnswerForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            service.answer(problem=row, by=request.person, on_behalf=on_behalf, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La réponse est enregistrée.")
            return redirect(back)
    context = {"programme": row.programme, "problem": row, "form": form if may else None, "back": back}
    return render(request, "pairing/problem.html", context | {"on_behalf": on_behalf})
