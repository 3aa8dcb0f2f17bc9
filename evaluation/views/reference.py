"""Public: what is known of real programmes, with the sources."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evaluation.access import public_releases
from evaluation.documents import ANNUAL, render_document
from evaluation.enums import Audience
from evaluation.services.reports import content_of


@require_safe
@login_not_required
def sheets(request: HttpRequest) -> HttpResponse:
    """« Trois programmes réels » : a card each, from the latest edition."""
    latest = {
        release.programme_id: release
        for release in public_releases()
        .select_related("programme__lead_employer", "exercice", "established_by")
        .order_by("exercice__starts", "programme__slug", "edition")
    }
    cards = [
        {
            "slug": release.programme.slug,
            "document": render_document(ANNUAL, content_of(release, Audience.HR)).document,
        }
        for release in latest.values()
    ]
    return render(request, "evaluation/reference.html", {"cards": cards})


@require_safe
@login_not_required
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    releases = public_releases().filter(programme__slug=slug).order_by("-edition")
    release = releases.select_related("programme__lead_employer", "exercice", "established_by")[:1]
    found = get_object_or_404(release)
    document = render_document(ANNUAL, content_of(found, Audience.HR)).document
    return render(request, "evaluation/reference_sheet.html", {"document": document})
