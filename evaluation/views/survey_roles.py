"""People named for one wave: naming who types, typing paper answers, reading the free ones."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.enums import WaveRoleKind
from evaluation.forms.surveys import AnswerForm, SynthesisForm, TypistForm
from evaluation.models import Wave, WaveRole
from evaluation.services import answers, free_texts, parts, questionnaires
from evaluation.views.surveys import wave_of
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import receipts
from programmes.access import referent_only
from programmes.enums import Side
from programmes.models import Programme


@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def name_typist(request: HttpRequest, programme: Programme, wave: UUID) -> HttpResponse:
    found = wave_of(programme, wave)
    form = TypistForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            parts.name_typist(wave=found, email=form.cleaned_data["email"], by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté. Cette personne trouve la saisie dans « Mes enquêtes ».")
            return redirect("evaluation:surveys", programme.slug)
    context = {"programme": programme, "wave": found, "form": form, "named": parts.typists(found).exists()}
    context["sheets"] = [(side, Side(side).label) for side in parts.sides_of(found)]
    return render(request, "evaluation/survey_typist.html", context | {"first": parts.typing_from(found)})


@require_safe
@referent_only
def paper_sheet(request: HttpRequest, programme: Programme, wave: UUID, side: str) -> HttpResponse:
    """The same questions with empty boxes, to print for whoever answers on paper. Nothing tells one sheet from another."""
    found = wave_of(programme, wave)
    if side not in parts.sides_of(found):
        raise Http404
    form = AnswerForm(items=questionnaires.of_side(found, side))
    context = {"programme": programme, "wave": found, "form": form, "side": Side(side).label}
    return render(request, "evaluation/survey_paper.html", context | {"band": questionnaires.band()})


def _mine(request: HttpRequest, ref: UUID, role: str) -> WaveRole:
    rows = WaveRole.objects.filter(person=request.person, role=role)
    return get_object_or_404(
        rows.select_related("wave__programme__lead_employer", "wave__questionnaire"), wave__ref=ref
    )


def _refusal(wave: Wave) -> str:
    try:
        parts.check_typing(wave)
    except DomainError as error:
        return str(error)
    return ""


@require_safe
@agent_space
def typing(request: HttpRequest, ref: UUID) -> HttpResponse:
    """From which side the next sheet is. No list, no count, nothing of what was typed."""
    wave = _mine(request, ref, WaveRoleKind.TYPIST).wave
    sides = [(side, Side(side).label) for side in answers.paper_sides(wave)]
    context = {"wave": wave, "refusal": _refusal(wave), "sides": sides}
    return render(request, "evaluation/survey_typing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_space
def sheet(request: HttpRequest, ref: UUID, side: str) -> HttpResponse:
    """One blank sheet; once typed, another blank one."""
    wave = _mine(request, ref, WaveRoleKind.TYPIST).wave
    if side not in Side.values:
        raise Http404
    back = reverse("evaluation:type_answers", args=[wave.ref])
    if _refusal(wave) or side not in answers.paper_sides(wave):
        return redirect(back)
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted, items=questionnaires.of_side(wave, side))
    if posted is not None and (form.is_valid() or receipts.earlier(key=_key(posted))):
        _take(request, wave, side, form)
        return redirect(back)
    receipt = posted["receipt"] if posted and "receipt" in posted else uuid4()
    context = {
        "wave": wave,
        "title": f"Une feuille : {Side(side).label}",
        "form": form,
        "receipt": receipt,
        "back": back,
    }
    return render(request, "evaluation/survey_sheet.html", context)


def _key(posted: QueryDict) -> UUID:
    try:
        return UUID(posted.get("receipt", ""))
    except ValueError:
        return uuid4()


def _take(request: HttpRequest, wave: Wave, side: str, form: AnswerForm) -> None:
    """One sheet, once however often it is sent."""
    key = _key(request.POST)
    if receipts.earlier(key=key):
        return
    url = reverse("evaluation:type_answers", args=[wave.ref])
    try:
        answers.submit_paper(wave=wave, side=side, answers=form.cleaned_data, receipt=key, url=url)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Cette feuille est saisie. Détruisez-la, puis ouvrez l’enveloppe suivante.")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_space
def reading(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Sentences question by question, in an order that says nothing; the synthesis that two people write of them."""
    role = _mine(request, ref, WaveRoleKind.READER)
    row = free_texts.synthesis_of(role.wave)
    initial = {"text": row.text, "version": row.version}
    form = SynthesisForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            free_texts.write(role=role, text=form.cleaned_data["text"], seen=form.cleaned_data["version"])
            if "agree" in request.POST:
                free_texts.agree(role=role)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté.")
            return redirect("evaluation:read_texts", ref)
    context = {
        "role": role,
        "wave": role.wave,
        "form": form,
        "synthesis": row,
        "reading": free_texts.reading(role.wave),
    }
    return render(request, "evaluation/survey_reading.html", context)
