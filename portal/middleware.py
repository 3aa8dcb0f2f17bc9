"""What every request and answer carries."""

import gzip
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.utils.cache import patch_vary_headers

from portal.models import Person
from portal.typography import french

STATIC_PREFIXES = ("/static/", "/theme/")
# Pages where nobody is known, signed in or not: the answering pages of surveys. The whole list.
ANONYMOUS_PREFIXES = ("/r/",)
# What comes back once a form is sent there is a multiple of it, in bytes: more than any of these pages.
SAME_LENGTH = 64 * 1024


def headers(get_response: Callable) -> Callable:
    """No shared cache ever keeps a page of ours; no sensor, camera or tracker is available to it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=(), payment=()"
        )
        if not request.path.startswith(STATIC_PREFIXES):
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def nobody(get_response: Callable) -> Callable:
    """Under ANONYMOUS_PREFIXES no cookie is read and none is set, and no address is passed on (trust 4.2).

    Stands before the session: a signed-in browser's session is not even looked up. With SURVEY_HOST these pages are
    served there only, and that host serves nothing else: its visitors are sent to the portal.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        anonymous = request.path_info.startswith(ANONYMOUS_PREFIXES)
        if settings.SURVEY_HOST and not request.path.startswith(STATIC_PREFIXES):
            there = split_domain_port(request.get_host())[0] == settings.SURVEY_HOST
            if there and not anonymous and request.method in ("GET", "HEAD"):
                return HttpResponseRedirect(settings.BASE_URL + request.get_full_path())
            if there != anonymous:
                raise Http404
        if not anonymous:
            return get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = get_response(request)
        response.cookies.clear()
        response.headers["Referrer-Policy"] = "no-referrer"
        if request.method == "POST" and response.status_code == 200:
            _same_length(request, response)
        return response

    return middleware


def _same_length(request: HttpRequest, response: HttpResponse) -> None:
    """Pad the copy of somebody's answers: its length, which access logs keep, would tell them apart.

    Already encoded for browsers that accept it, without compression: no proxy then makes it shorter, by what it says.
    """
    response.content += b"\n" * (-len(response.content) % SAME_LENGTH)
    patch_vary_headers(response, ["Accept-Encoding"])
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(response.content, compresslevel=0, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))


def current_person(get_response: Callable) -> Callable:
    """`request.person`: the agent behind the login, or None.

    A true None, not a lazy one: guards ask `is None`. Nobody is looked up where nobody is known.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.person = None
        if not request.path_info.startswith((*STATIC_PREFIXES, *ANONYMOUS_PREFIXES)) and request.user.is_authenticated:
            request.person = Person.objects.filter(user_id=request.user.pk).first()
        return get_response(request)

    return middleware


def typography(get_response: Callable) -> Callable:
    """Pages of ours leave with the spaces French wants."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = french(response.content.decode(response.charset)).encode(response.charset)
        return response

    return middleware
