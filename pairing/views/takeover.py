"""« Reprise de l’existant »: fill in, read again, confirm. Nothing is written before the confirmation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.forms.takeover import ROWS, PastFileForm, PastForm, SealedForm
from pairing.models import Pair
from pairing.services import takeover as service
from pairing.services import takeover_file, takeover_undo
from pairing.services.takeover import Past
from portal.dates import count_in_words
from portal.errors import DomainError
from portal.forms.base import show
from programmes.access import referent_only
from programmes.enums import Form
from programmes.models import Programme

WHO = [
    "Les personnes qui ont un compte : elles voient leur binôme, et votre saisie dans leurs données.",
    "Les personnes d’un binôme en cours reçoivent un message neutre.",
    "Les RH voient les lettres reprises, comme toute lettre de mission. Elles ne voient aucun binôme.",
    "Aucun encadrant.",
]


@require_http_methods(["GET", "POST"])
@referent_only
def takeover(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The page form and the file form; either one sent shows the preview."""
    which = request.POST.get("way")
    if which == "correct":
        return _correct(request, programme)
    page = PastForm(request.POST if which == "page" else None, programme=programme)
    upload = PastFileForm(request.POST or None, request.FILES) if which == "file" else PastFileForm()
    if page.bound and page.is_valid():
        return _preview(request, programme, page.past)
    if upload.is_bound and upload.is_valid():
        file = upload.cleaned_data["file"]
        try:
            reading = takeover_file.read(file.read(takeover_file.MAX_BYTES + 1))
        except DomainError as error:
            show(error, upload)
        else:
            return _preview(request, programme, Past(reading.rows), reading=reading)
    return _page(request, programme, page, upload)


def _page(request: HttpRequest, programme: Programme, page: PastForm, upload: PastFileForm) -> HttpResponse:
    context = {"programme": programme, "page": page, "upload": upload, "reciprocal": Form.PAIR not in programme.forms}
    return render(request, "pairing/takeover.html", context)


def _correct(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Back from the preview with everything that was typed."""
    try:
        past = service.opened(request.POST.get("past", ""), programme=programme, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("pairing:takeover", programme.slug)
    return _page(request, programme, PastForm(programme=programme, past=past), PastFileForm())


def _preview(
    request: HttpRequest, programme: Programme, past: Past, reading: takeover_file.Reading | None = None
) -> HttpResponse:
    errors = service.check(programme=programme, past=past, by=request.person)
    if reading:
        errors = {line: [*reading.errors.get(line, []), *errors.get(line, [])] for line in {*reading.errors, *errors}}
        if reading.errors and not past.rows:
            errors.pop(service.FILE, None)
    token = service.sealed(past, programme=programme, by=request.person)
    by_line = {row.line: row for row in past.rows}
    lines = sorted({*by_line, *(line for line in errors if line != service.FILE)})
    context = {
        "programme": programme,
        "lines": [(line, by_line.get(line), errors.get(line, [])) for line in lines],
        "general": errors.get(service.FILE, []),
        "wrong": len([line for line in errors if line != service.FILE]),
        "errors": bool(errors),
        "sessions": past.sessions,
        "note": reading.note if reading else "",
        "from_file": reading is not None,
        "correctable": reading is None and len(past.rows) <= ROWS,
        "token": token,
        "fields": [("past", token)],
        "what": _what(past),
        "who": WHO,
    }
    return render(request, "pairing/takeover_preview.html", context)


def _what(past: Past) -> list[str]:
    running = sum(row.ends is None for row in past.rows)
    said = []
    if past.rows:
        said.append(
            f"{count_in_words(len(past.rows), 'binôme entre', 'binômes entrent')} dans le programme, avec la mention "
            f"« avant le portail » ; {count_in_words(running, 'est en cours', 'sont en cours')}."
        )
    if past.sessions.days:
        said.append(f"{count_in_words(len(past.sessions.days), 'séance')} de supervision au passé.")
    said.append("Tout est écrit d’un coup, ou rien.")
    said.append("Un nouveau binôme, dans le portail, demandera toutes les conditions du cadre.")
    return said


@require_POST
@referent_only
def confirm(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Write exactly what the preview showed, if it still holds."""
    form = SealedForm(request.POST)
    try:
        token = form.cleaned_data["past"] if form.is_valid() else ""
        past = service.opened(token, programme=programme, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("pairing:takeover", programme.slug)
    try:
        service.enter(programme=programme, past=past, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
        return _preview(request, programme, past)
    messages.success(request, "C’est repris. Les binômes portent la mention « avant le portail ».")
    return redirect(reverse("pairing:pairs", args=[programme.slug]))


@require_safe
@referent_only
def model(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The CSV to fill in."""
    headers = {"Content-Disposition": 'attachment; filename="modele-reprise.csv"'}
    return HttpResponse(takeover_file.model(), content_type="text/csv; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def undo(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """A confirmation page; a pair that began to live in the portal says why it stays."""
    rows = Pair.objects.filter(programme=programme).select_related("programme__lead_employer")
    row = get_object_or_404(rows.prefetch_related("members__person"), ref=ref)
    refusal = takeover_undo.why_not(row, request.person)
    if request.method == "POST":
        try:
            takeover_undo.undo(pair=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("pairing:pilot_pair", programme.slug, ref)
        messages.success(request, "C’est défait : il ne reste rien de cette saisie.")
        return redirect("pairing:pairs", programme.slug)
    context = {"programme": programme, "pair": row, "refusal": refusal}
    return render(request, "pairing/takeover_undo.html", context)
