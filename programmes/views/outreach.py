"""Sensibilisation: actions, numbers, materials; the référent asks for a testimony, the agent answers or not."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import clock
from portal.access import agent_space
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import documents as store
from portal.services import journal
from programmes.access import programme_team, referent_only
from programmes.enums import ProgrammeRoleKind, SessionState
from programmes.forms.outreach import (
    AgreeForm,
    AskForm,
    ChangeForm,
    MaterialForm,
    NumbersForm,
    OutreachForm,
    WordsForm,
)
from programmes.models import Outreach, Programme, Testimony
from programmes.services import outreach as service

ERASED = "une personne qui a effacé ses données"
TONES = {SessionState.PLANNED: "wait", SessionState.HELD: "done", SessionState.CANCELLED: "neutral"}


def _action(programme: Programme, ref: UUID) -> Outreach:
    return get_object_or_404(programme.outreach.select_related("programme__lead_employer"), ref=ref)


@require_safe
@programme_team
def outreach(request: HttpRequest, programme: Programme) -> HttpResponse:
    rows = [
        [
            {"url": reverse("programmes:outreach_action", args=[programme.slug, row.ref]), "label": capfirst(str(row))},
            row.place or "non précisé",
            sum(number.people for number in row.numbers.all()) or "aucun nombre",
            {"word": row.get_state_display(), "tone": TONES[row.state]},
        ]
        for row in programme.outreach.prefetch_related("numbers")
    ]
    columns = ("Action", "Lieu", "Personnes venues", "État")
    return render(request, "programmes/outreach.html", {"programme": programme, "rows": rows, "columns": columns})


@require_http_methods(["GET", "POST"])
@programme_team
def plan(request: HttpRequest, programme: Programme) -> HttpResponse:
    form = OutreachForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            row = service.plan(programme=programme, by=request.person, **form.values)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’action est notée.")
            return redirect("programmes:outreach_action", programme.slug, row.ref)
    return render(request, "programmes/outreach_plan.html", {"programme": programme, "form": form, "action": None})


@require_http_methods(["GET", "POST"])
@programme_team
def change(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = _action(programme, ref)
    initial = {name: getattr(row, name) for name in ("kind", "on", "minutes", "place")}
    initial |= {"units": row.units.all(), "seen": row.version}
    form = ChangeForm(request.POST or None, programme=programme, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.change(outreach=row, seen=form.cleaned_data["seen"], by=request.person, **form.values)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’action est modifiée.")
            return redirect("programmes:outreach_action", programme.slug, ref)
    return render(request, "programmes/outreach_plan.html", {"programme": programme, "form": form, "action": row})


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def action(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """One action; POST says it was held, with its numbers."""
    row = _action(programme, ref)
    form = NumbersForm(request.POST or None, outreach=row)
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            service.record_held(outreach=row, numbers=form.numbers, seen=seen, by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Les nombres sont enregistrés.")
            return redirect("programmes:outreach_action", programme.slug, ref)
    return _page(request, programme, row, form=form)


def _page(request: HttpRequest, programme: Programme, row: Outreach, **forms) -> HttpResponse:
    refers = ProgrammeRoleKind.REFERENT in request.space.roles
    testimonies = list(row.testimonies.select_related("person")) if refers else []
    if testimonies:
        employer = programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=row, employer=employer, count=len(testimonies))
    context = {
        "programme": programme,
        "row": row,
        "tone": TONES[row.state],
        "form": NumbersForm(outreach=row),
        "material_form": MaterialForm(),
        "ask_form": AskForm(outreach=row) if refers else None,
        "past": row.on <= clock.today(programme.time_zone),
        "refers": refers,
        "testimonies": [
            (one.person.short_name if one.person else ERASED, service.said_to_referent(one)) for one in testimonies
        ],
        "columns": ("Personne", "Réponse"),
        "shown": [one for one in testimonies if one.shown_at],
        "withdrawn": any(one.agreed_at and one.withdrawn_at for one in testimonies),
        **forms,
    }
    return render(request, "programmes/outreach_action.html", context)


@require_POST
@programme_team
def cancel(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    try:
        service.cancel(outreach=_action(programme, ref), by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "L’action est annulée.")
    return redirect("programmes:outreach_action", programme.slug, ref)


@require_POST
@programme_team
def add_material(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = _action(programme, ref)
    form = MaterialForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            service.add_material(outreach=row, data=form.cleaned_data["file"].read(), by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le support est déposé.")
            return redirect("programmes:outreach_action", programme.slug, ref)
    return _page(request, programme, row, material_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def material(request: HttpRequest, programme: Programme, ref: UUID, file: UUID) -> HttpResponse:
    """The file, as an attachment; POST removes it."""
    row = _action(programme, ref)
    document = get_object_or_404(row.materials, ref=file)
    if request.method == "POST":
        service.remove_material(outreach=row, document=document, by=request.person)
        messages.success(request, "Le support est retiré.")
        return redirect("programmes:outreach_action", programme.slug, ref)
    disposition = f'attachment; filename="{document.filename}"'
    headers = {"Content-Disposition": disposition}
    return HttpResponse(store.read(document=document), content_type=document.media_type, headers=headers)


@require_POST
@referent_only
def ask(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = _action(programme, ref)
    form = AskForm(request.POST, outreach=row)
    if form.is_valid():
        try:
            service.ask_testimony(outreach=row, person=form.cleaned_data["person"], by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La demande est dans l’espace de cette personne. Sans réponse, c’est non.")
            return redirect("programmes:outreach_action", programme.slug, ref)
    return _page(request, programme, row, ask_form=form)


@require_POST
@referent_only
def hide(request: HttpRequest, programme: Programme, ref: UUID, testimony: UUID) -> HttpResponse:
    """Words off the public page; their author may write others."""
    row = get_object_or_404(_action(programme, ref).testimonies.filter(shown_at__isnull=False), ref=testimony)
    service.hide_words(testimony=row, by=request.person)
    messages.success(request, "Ces mots ne sont plus sur la page publique. Dites pourquoi à la personne, de vive voix.")
    return redirect("programmes:outreach_action", programme.slug, ref)


@require_POST
@referent_only
def forget(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    service.forget_withdrawn(outreach=_action(programme, ref), by=request.person)
    messages.success(request, "C’est noté : plus rien ne relie cette personne à cette action.")
    return redirect("programmes:outreach_action", programme.slug, ref)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_space
def my_testimony(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Yes, no, or no more; without a reason."""
    rows = Testimony.objects.filter(person=request.person).select_related("outreach__programme__lead_employer")
    row = get_object_or_404(rows, ref=ref)
    initial = {"recording": row.recording_agreed}
    form = AgreeForm(request.POST or None, initial=initial)
    if request.method == "POST":
        try:
            if "show" in request.POST:
                words_form = WordsForm(request.POST)
                if not words_form.is_valid():
                    return _my_testimony(request, row, form=AgreeForm(initial=initial), words_form=words_form)
                service.show_words(testimony=row, by=request.person, **words_form.cleaned_data)
                messages.success(
                    request, "Vos mots sont sur la page du programme. Vous les retirez ici, à tout moment."
                )
            elif "hide" in request.POST:
                service.hide_words(testimony=row, by=request.person)
                messages.success(request, "Vos mots ne sont plus sur la page.")
            elif "no" in request.POST:
                service.withdraw(testimony=row, by=request.person)
                messages.success(request, "C’est noté. Personne ne vous demandera pourquoi.")
            elif form.is_valid():
                service.agree(testimony=row, by=request.person, recording=form.cleaned_data["recording"])
                messages.success(request, "Merci. Vous pouvez vous retirer à tout moment, ici.")
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("programmes:my_testimony", ref)
    return _my_testimony(request, row, form=form)


def _my_testimony(
    request: HttpRequest, row: Testimony, *, form: AgreeForm, words_form: WordsForm | None = None
) -> HttpResponse:
    words = {"words": row.words.open(row.ref), "signed": row.signed}
    context = {"row": row, "form": form, "said": service.said_to_me(row)}
    context["words_form"] = words_form or WordsForm(initial=words)
    return render(request, "programmes/testimony_mine.html", context)
