"""Error answers. 404 is a static page, byte-equal for foreign and missing objects (engineering 1c)."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotFound
from django.shortcuts import render

from portal import late


@cache
def _not_found_page() -> bytes:
    return (settings.BASE_DIR / "templates/404.html").read_bytes()


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseNotFound(_not_found_page())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseForbidden(render(request, "403.html").content)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Also what a form of a session that is gone gets: kept for its author when it carries its token."""
    if kept := late.answer(request):
        return kept
    return HttpResponseForbidden(render(request, "403_csrf.html").content)
