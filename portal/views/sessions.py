"""Making the session last, in one click."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.accounts import safe_url
from portal.services import sessions


@require_POST
def prolong(request: HttpRequest) -> HttpResponse:
    """Asked by static/js/session.js; a plain form comes back to its page."""
    ends = sessions.prolong(request)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"ends": ends.isoformat()})
    return redirect(safe_url(request, request.POST.get("next")) or "portal:my_space")
