"""One line of a step: who, for when, where it stands, and its « pièces justificatives »."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.errors import DomainError
from portal.forms.base import show
from portal.services.uploads import MAX_BYTES
from programmes.access import programme_team
from programmes.enums import StepState
from programmes.forms.steps import ActionForm, EvidenceForm, ItemForm, PlanForm
from programmes.models import Evidence, Programme, StepItem
from programmes.services import evidence as pieces
from programmes.services import steps as service
from programmes.step_lines import page_of
from programmes.views.steps import step_of


def _item(programme: Programme, number: int, ref: UUID) -> StepItem:
    rows = StepItem.objects.filter(step__programme=programme, step__definition=number)
    with_all = ("line", "owner", "done_by", "step__definition", "step__programme__lead_employer")
    return get_object_or_404(rows.select_related(*with_all), ref=ref)


def _piece(programme: Programme, number: int, ref: UUID, piece: UUID) -> Evidence:
    rows = Evidence.objects.select_related("document", "item__step__programme__lead_employer")
    return get_object_or_404(rows, ref=piece, item=_item(programme, number, ref))


def _to_step(step) -> HttpResponse:
    return redirect("programmes:step", step.programme.slug, step.number)


@require_http_methods(["GET", "POST"])
@programme_team
def item(request: HttpRequest, programme: Programme, number: int, ref: UUID) -> HttpResponse:
    row = _item(programme, number, ref)
    form = ItemForm(request.POST or None, item=row)
    if request.method == "POST" and form.is_valid():
        try:
            service.change_item(item=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La ligne est enregistrée.")
            return _to_step(row.step)
    return _page(request, row, form, EvidenceForm())


def _page(request: HttpRequest, row: StepItem, form: ItemForm, file_form: EvidenceForm) -> HttpResponse:
    context = {
        "programme": row.step.programme,
        "step": row.step,
        "item": row,
        "form": form,
        "file_form": file_form,
        "pieces": row.evidence.select_related("document", "added_by"),
        "page_url": page_of(row.line, row.step.programme, request.space.roles),
        "locked": row.step.state == StepState.PASSED,
    }
    return render(request, "programmes/step_item.html", context)


@require_POST
@programme_team
def deposit(request: HttpRequest, programme: Programme, number: int, ref: UUID) -> HttpResponse:
    row, form = _item(programme, number, ref), EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            pieces.deposit(item=row, data=form.cleaned_data["file"].read(MAX_BYTES + 1), by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La pièce est déposée.")
            return redirect("programmes:step_item", programme.slug, number, ref)
    return _page(request, row, ItemForm(item=row), form)


@require_safe
@programme_team
def evidence(request: HttpRequest, programme: Programme, number: int, ref: UUID, piece: UUID) -> HttpResponse:
    """The stored bytes, never shown in the page. Every download is in the journal."""
    found = _piece(programme, number, ref, piece)
    data = pieces.read(piece=found, by=request.person)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.document.filename}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=found.document.media_type, headers=headers)


@require_http_methods(["GET", "POST"])
@programme_team
def remove(request: HttpRequest, programme: Programme, number: int, ref: UUID, piece: UUID) -> HttpResponse:
    found = _piece(programme, number, ref, piece)
    back = reverse("programmes:step_item", args=[programme.slug, number, ref])
    if request.method == "POST":
        try:
            pieces.remove(piece=found, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "La pièce est retirée.")
        return redirect(back)
    context = {
        "programme": programme,
        "step": found.item.step,
        "item": found.item,
        "piece": found,
        "back": back,
        "question": f"Retirer « {found.document.filename} » ?",
        "what": ["Le fichier est effacé pour de bon.", "La ligne garde son état."],
        "who": ["L’équipe du programme, dans la liste des pièces."],
    }
    return render(request, "programmes/step_evidence_remove.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def add(request: HttpRequest, programme: Programme, number: int) -> HttpResponse:
    step = step_of(programme, number)
    form = ActionForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            service.add_action(step=step, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’action est ajoutée.")
            return _to_step(step)
    return render(request, "programmes/step_action.html", {"programme": programme, "step": step, "form": form})


@require_http_methods(["GET", "POST"])
@programme_team
def plan(request: HttpRequest, programme: Programme, number: int) -> HttpResponse:
    step = step_of(programme, number)
    initial = {"starts": step.planned_from, "ends": step.planned_to}
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.plan(step=step, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Les dates prévues sont enregistrées.")
            return _to_step(step)
    return render(request, "programmes/step_dates.html", {"programme": programme, "step": step, "form": form})
