"""The référent's reports: establish, restitute, preview."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.documents import LEAFLET, render_document
from evaluation.enums import Audience
from evaluation.forms.releases import RestitutionForm
from evaluation.models import Release, Report
from evaluation.services import recounts, releases
from evaluation.services import reports as report_service
from evaluation.services.exercices import is_closed
from portal.errors import DomainError
from portal.forms.base import show
from programmes.access import programme_team
from programmes.models import Programme
from programmes.services import framing


@require_safe
@programme_team
def reports(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every exercice with its editions, newest first."""
    versions = Report.objects.select_related("document").exclude(audience=Audience.PARTICIPANTS).order_by("audience")
    editions = Release.objects.prefetch_related(Prefetch("reports", versions)).order_by("-edition")
    exercices = list(programme.exercices.prefetch_related(Prefetch("releases", editions)))
    for exercice in exercices:
        exercice.programme = programme
        exercice.closed = is_closed(exercice)
    context = {"programme": programme, "exercices": exercices}
    return render(request, "evaluation/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def establish(request: HttpRequest, programme: Programme, exercice: str) -> HttpResponse:
    """Says what will happen, then does it."""
    exercice = get_object_or_404(programme.exercices, ref=exercice)
    if request.method != "POST":
        exercice.programme = programme
        unread = framing.unread(exercice).count()
        context = {"programme": programme, "exercice": exercice, "closed": is_closed(exercice), "unread": unread}
        if latest := recounts.latest(exercice):
            context |= {"latest": latest, "until": recounts.last_day(latest), "kept": recounts.is_over(latest)}
        return render(request, "evaluation/establish.html", context)
    before = exercice.releases.order_by("-edition").values_list("edition", flat=True).first()
    try:
        release = releases.establish(exercice=exercice, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        new = release.edition != before
        messages.success(request, f"L’édition {release.edition} est établie." if new else releases.UNCHANGED)
    return redirect("evaluation:reports", programme.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def share(request: HttpRequest, programme: Programme, release: str) -> HttpResponse:
    """The page that the participants will read, before it is opened to them."""
    rows = programme.releases.select_related("exercice", "programme__lead_employer", "established_by")
    release = get_object_or_404(rows, ref=release)
    if request.method == "POST":
        try:
            releases.share(release=release, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Les participants peuvent lire ces résultats. Les RH ne voient encore rien.")
        return redirect("evaluation:reports", programme.slug)
    rendered = render_document(LEAFLET, report_service.content_of(release, Audience.PARTICIPANTS))
    context = {"programme": programme, "release": release, "document": rendered.document}
    return render(request, "evaluation/share.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def restitute(request: HttpRequest, programme: Programme, release: str) -> HttpResponse:
    """The date on which the participants read it; RH reads it from then on."""
    release = get_object_or_404(programme.releases.select_related("exercice"), ref=release)
    form = RestitutionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            releases.restitute(release=release, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La restitution est notée. Les RH peuvent lire ce rapport.")
            return redirect("evaluation:reports", programme.slug)
    return render(request, "evaluation/restitute.html", {"programme": programme, "release": release, "form": form})
