"""The accent stylesheet of an employer."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from portal import theme
from portal.models import Employer


@login_not_required
@require_safe
def stylesheet(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """Immutable: another colour has another address. A stale address is a plain 404."""
    employer = get_object_or_404(Employer, slug=slug)
    if digest != theme.digest(employer.accent):
        raise Http404
    response = HttpResponse(theme.stylesheet(employer.accent), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
