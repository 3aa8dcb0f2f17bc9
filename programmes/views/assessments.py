"""Impact assessments (AIPD) of a programme."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal import clock
from portal.enums import Verb
from portal.errors import Conflict, DomainError
from portal.forms.base import show
from portal.services import documents, journal
from programmes.access import programme_team
from programmes.enums import Form
from programmes.forms.assessments import AskForm, ValidateForm
from programmes.models import ImpactAssessment, Programme
from programmes.services import assessments as service
from programmes.services import opening


def _row(assessment: ImpactAssessment) -> dict:
    word, tone = service.standing(assessment)
    labels = [Form(form).label for form in assessment.forms]
    return {"assessment": assessment, "labels": ", ".join(labels).capitalize(), "word": word, "tone": tone}


@require_http_methods(["GET", "POST"])
@programme_team
def assessments(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What was asked, what is validated, what each form of support still waits for."""
    wanted = [form for form in programme.forms if form in opening.ASSESSED_FORMS]
    today = clock.today(programme.time_zone)
    form = AskForm(request.POST or None, choices=wanted or programme.forms, initial={"asked_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            service.ask(programme=programme, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La demande est notée.")
            return redirect("programmes:assessments", programme.slug)
    context = {
        "programme": programme,
        "form": form,
        "rows": [_row(row) for row in programme.impact_assessments.select_related("programme__lead_employer")],
        "waiting": [Form(code).label for code in wanted if not opening.assessed(programme, code)],
    }
    return render(request, "programmes/assessments.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def validate(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The signed file with its date and validator."""
    rows = programme.impact_assessments.select_related("programme__lead_employer").filter(validated_on__isnull=True)
    row = get_object_or_404(rows, ref=ref)
    initial = {"seen": row.version, "validated_on": clock.today(programme.time_zone)}
    form = ValidateForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        data = values.pop("file").read()
        try:
            service.validate(assessment=row, data=data, by=request.person, **values)
        except Conflict:
            messages.error(request, "Une autre personne vient de la valider. La voici.")
            return redirect("programmes:assessments", programme.slug)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’analyse d’impact est validée.")
            return redirect("programmes:assessments", programme.slug)
    context = {"programme": programme, "form": form, **_row(row)}
    return render(request, "programmes/assessment_validate.html", context)


@require_safe
@programme_team
def file(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The stored bytes, for the team only. Every download is in the journal."""
    row = get_object_or_404(programme.impact_assessments.select_related("document"), ref=ref)
    if row.document is None:
        raise Http404
    data = documents.read(document=row.document)
    journal.log(actor=request.person, verb=Verb.DOWNLOADED, target=row, employer=programme.lead_employer)
    disposition = f'attachment; filename="{row.document.filename}"'
    return HttpResponse(data, content_type=row.document.media_type, headers={"Content-Disposition": disposition})
