"""The interview grid of one application: filled by the référent, printed empty."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal
from programmes.access import may_decide, programme_team
from programmes.enums import Side
from programmes.forms.interviews import InterviewForm
from programmes.models import Programme
from programmes.services import interviews as service
from programmes.views.requests import visible


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def interview(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Points talked about and their date; the decision comes after, on the application's page."""
    row = visible(request, programme, ref)
    if row.side != Side.HELPER or not may_decide(request.person, row):
        raise Http404
    journal.read_file(actor=request.person, subject=row.person, target=row, employer=programme.lead_employer)
    held = service.of(row)
    form = InterviewForm(request.POST or None, initial=InterviewForm.initial_of(held))
    if request.method == "POST" and form.is_valid():
        try:
            service.record(participation=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’entretien est noté. La décision se prend sur la fiche.")
            return redirect("programmes:participation", programme.slug, row.ref)
    context = {"programme": programme, "participation": row, "form": form, "held": held}
    context |= {"conflicts": service.conflicts(row), "unwritten": service.UNWRITTEN}
    return render(request, "programmes/interview.html", context)
