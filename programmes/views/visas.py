"""The one page of whoever gives the time: no account, no session. Reading uses nothing up."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.errors import DomainError
from portal.models import Employer
from portal.navigation import Space
from portal.services import links
from programmes.services import letter_documents, letters, visas

GIVEN, REFUSED = "accord", "necessite"


@login_not_required
@csrf_exempt  # the address is itself the secret, and no cookie of ours is needed
@require_http_methods(["GET", "HEAD", "POST"])
def visa(request: HttpRequest, token: str) -> HttpResponse:
    """The page, its two answers, each asked again before it counts, and what to do when the link no longer serves."""
    found = visas.opened(token)
    if found is None:
        return _gone(request, token)
    link, letter = found
    _frame(request, letter.participation.employer)
    answer, asked = request.POST.get("answer"), request.GET.get("answer")
    if request.method == "POST" and answer in (GIVEN, REFUSED):
        try:
            (visas.give if answer == GIVEN else visas.refuse)(link=link)
        except DomainError:
            return _gone(request, token)
        return render(request, "programmes/visa_done.html", {"given": answer == GIVEN})
    try:
        page = letter_documents.paper_of(letter, letters.VISA_PAGE)
    except DomainError:
        return _gone(request, token)
    if asked in (GIVEN, REFUSED):
        return render(request, "programmes/visa_confirm.html", {"answer": asked, "given": asked == GIVEN})
    context = {"visa": page, "missing": request.method == "POST", "link": link, "letter": letter}
    return render(request, "programmes/visa.html", context)


def _frame(request: HttpRequest, employer: Employer) -> None:
    """The employer's colours and its band; no menu, no way into the portal."""
    request.space = Space("visa", "", employer)


def _gone(request: HttpRequest, token: str) -> HttpResponse:
    used = links.was_used(letters.VISA, token)
    return render(request, "programmes/visa_gone.html", {"used": used}, status=410)
