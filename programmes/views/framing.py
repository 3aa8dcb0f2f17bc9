"""The framing of a programme, read by its team: sheet, objectives, plans, maturity."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.errors import Conflict, DomainError
from portal.forms.base import show
from programmes import maturity as scale
from programmes.access import programme_team
from programmes.enums import Body
from programmes.forms.framing import (
    AnchorForm,
    ChangeObjectiveForm,
    MaturityForm,
    ObjectiveForm,
    ReviewForm,
    SheetForm,
)
from programmes.models import Objective, ObjectiveReview, Programme
from programmes.services import framing as service

TONES = {"met": "done", "partly": "wait", "not_met": "stop"}


@require_safe
@programme_team
def framing(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Everything on one page, in the order of the framing sheet."""
    reviews = ObjectiveReview.objects.filter(objective__programme=programme).select_related("exercice")
    read: dict[int, list[dict]] = {}
    for row in reviews.order_by("exercice__starts"):
        read.setdefault(row.objective_id, []).append({"row": row, "tone": TONES[row.attainment]})
    objectives = list(programme.objectives.all())
    latest = programme.maturity_reviews.first()
    context = {
        "programme": programme,
        "sheet": service.sheet_of(programme),
        "objectives": [(row, read.get(row.pk, [])) for row in objectives if not row.dropped_on],
        "dropped": [row for row in objectives if row.dropped_on],
        "anchors": programme.anchors.all(),
        "exercices": programme.exercices.order_by("starts") if objectives else [],
        "project": programme.seats.filter(body=Body.PROJECT),
        "steps": programme.steps.select_related("definition"),
        "latest": latest,
        "points": scale.total(latest.levels) if latest else 0,
    }
    return render(request, "programmes/framing.html", context)


def _form_page(
    request: HttpRequest, programme: Programme, form, title: str, action: str, lead: str = ""
) -> HttpResponse:
    context = {"programme": programme, "form": form, "title": title, "action": action, "lead": lead}
    context["back"] = reverse("programmes:framing", args=[programme.slug])
    return render(request, "programmes/framing_form.html", context)


def _back(request: HttpRequest, programme: Programme, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("programmes:framing", programme.slug)


@require_http_methods(["GET", "POST"])
@programme_team
def sheet(request: HttpRequest, programme: Programme) -> HttpResponse:
    stored = service.sheet_of(programme)
    initial = {name: getattr(stored, name) for name in service.TEXTS}
    form = SheetForm(request.POST or None, initial={"seen": stored.version, **initial})
    if request.method == "POST" and form.is_valid():
        try:
            service.save_sheet(programme=programme, by=request.person, **form.cleaned_data)
        except Conflict as error:
            show(error, form)
            form.data = form.data.copy()
            form.data["seen"] = service.sheet_of(programme).version
        else:
            return _back(request, programme, "La fiche de cadrage est enregistrée.")
    lead = "Elle parle de l’organisation. Rien n’est obligatoire, et elle se complète au fil du temps."
    return _form_page(request, programme, form, "Fiche de cadrage", "Enregistrer la fiche", lead)


@require_http_methods(["GET", "POST"])
@programme_team
def add_objective(request: HttpRequest, programme: Programme) -> HttpResponse:
    form = ObjectiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        service.add_objective(programme=programme, by=request.person, **form.cleaned_data)
        return _back(request, programme, "L’objectif est fixé.")
    lead = "Il sera relu à la fin de chaque exercice : ce qui était promis, ce qui est fait."
    return _form_page(request, programme, form, "Fixer un objectif", "Fixer l’objectif", lead)


def _objective(programme: Programme, ref: UUID) -> Objective:
    return get_object_or_404(programme.objectives.select_related("programme__lead_employer"), ref=ref)


@require_http_methods(["GET", "POST"])
@programme_team
def change_objective(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    objective = _objective(programme, ref)
    initial = {"seen": objective.version, "text": objective.text, "measure": objective.measure}
    form = ChangeObjectiveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.change_objective(objective=objective, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
            form.data = form.data.copy()
            form.data["seen"] = _objective(programme, ref).version
        else:
            return _back(request, programme, "L’objectif est modifié.")
    return _form_page(request, programme, form, "Changer l’objectif", "Enregistrer l’objectif")


def _confirm_page(request: HttpRequest, programme: Programme, title: str, **confirm) -> HttpResponse:
    context = {"programme": programme, "title": title, "back": reverse("programmes:framing", args=[programme.slug])}
    return render(request, "programmes/framing_confirm.html", {**context, **confirm})


@require_http_methods(["GET", "POST"])
@programme_team
def drop_objective(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    objective = _objective(programme, ref)
    if request.method == "POST":
        try:
            service.drop_objective(objective=objective, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("programmes:framing", programme.slug)
        return _back(request, programme, "L’objectif est abandonné.")
    return _confirm_page(
        request,
        programme,
        "Abandonner l’objectif",
        question=f"Abandonner « {objective.text} » ?",
        what=[
            "L’objectif n’est plus demandé aux exercices suivants.",
            "Celui-ci ne se rétablit pas : on en fixe un autre.",
        ],
        who=[
            "L’équipe, sur cette page.",
            "Les lecteurs du rapport de l’exercice en cours : il y reste, dit abandonné.",
        ],
        action="Abandonner l’objectif",
    )


@require_http_methods(["GET", "POST"])
@programme_team
def add_anchor(request: HttpRequest, programme: Programme) -> HttpResponse:
    form = AnchorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.add_anchor(programme=programme, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            return _back(request, programme, "Le rattachement est enregistré.")
    lead = "Le plan ou la convention dont ce programme relève. Le rapport le rappelle."
    return _form_page(request, programme, form, "Rattacher à un plan", "Enregistrer", lead)


@require_http_methods(["GET", "POST"])
@programme_team
def remove_anchor(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    anchor = get_object_or_404(programme.anchors.select_related("programme__lead_employer"), ref=ref)
    if request.method == "POST":
        service.remove_anchor(anchor=anchor, by=request.person)
        return _back(request, programme, "Le rattachement est retiré.")
    return _confirm_page(
        request,
        programme,
        "Retirer le rattachement",
        question=f"Retirer « {anchor.get_plan_display()} » ?",
        what=["Les prochains rapports n’en parlent plus. Ceux déjà établis ne changent pas."],
        who=["L’équipe, sur cette page."],
        action="Retirer le rattachement",
    )


@require_http_methods(["GET", "POST"])
@programme_team
def review(request: HttpRequest, programme: Programme, exercice: UUID) -> HttpResponse:
    """What was promised is read again before the report of this exercice."""
    exercice = get_object_or_404(programme.exercices, ref=exercice)
    exercice.programme = programme
    objectives = list(service.promised(exercice))
    initial = {}
    for row in ObjectiveReview.objects.filter(exercice=exercice):
        initial |= {f"result_{row.objective_id}": row.attainment, f"why_{row.objective_id}": row.why}
    form = ReviewForm(request.POST or None, objectives=objectives, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.review(exercice=exercice, results=form.results(), by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            return _back(request, programme, "Les objectifs sont relus. Le prochain rapport établi le dira.")
    context = {"programme": programme, "exercice": exercice, "form": form}
    return render(request, "programmes/framing_review.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def maturity(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Ten lines, a total and an advice; for the team, and nothing waits for it."""
    latest = programme.maturity_reviews.first()
    form = MaturityForm(request.POST or None, initial=latest.levels if latest else {})
    if request.method == "POST" and form.is_valid():
        service.assess_maturity(programme=programme, levels=form.cleaned_data, by=request.person)
        messages.success(request, "L’auto-évaluation est enregistrée.")
        return redirect("programmes:maturity", programme.slug)
    points = scale.total(latest.levels) if latest else 0
    context = {"programme": programme, "form": form, "latest": latest, "points": points, "best": scale.BEST}
    context["advice"] = scale.advice(points)
    context["weakest"] = scale.weakest(latest.levels) if latest else []
    return render(request, "programmes/maturity.html", context)
