"""Forms sent after the session ended: kept for their author, shown to nobody else.

A form that must not be lost carries a signed token: what it is, whose, which one. Sent too late, or by a browser where
somebody else has signed in since, it is handed to the LATE hook of the app that made it, which keeps it sealed; then
the browser is sent to sign in. The token is what proves that the page was ours: it stands for the session that is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import urlencode

from portal import registry

FIELD = "draft_token"
MAX_AGE = 7 * 24 * 3600
MAX_BYTES = 64 * 1024
KEPT = "Votre session était terminée. Ce que vous aviez saisi est gardé : connectez-vous pour le retrouver."
NOT_YOURS = "Ce formulaire avait été commencé par quelqu’un d’autre. Il n’a pas été envoyé."
_SALT = "portal.late"


@dataclass(frozen=True)
class Token:
    kind: str
    person: UUID
    key: str


def token_for(*, kind: str, person, key: str) -> str:
    """What the form carries. `key`: what the app finds its draft by."""
    return signing.dumps([kind, str(person.ref), key], salt=_SALT)


def read(request: HttpRequest) -> Token | None:
    """The token of the form that was sent, if it is ours, recent, and the form small enough."""
    if request.method != "POST" or int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return None
    try:
        kind, person, key = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return Token(kind, UUID(person), key)


def answer(request: HttpRequest) -> HttpResponse | None:
    """Keep the form of this request and say where to go; None when there is nothing to keep."""
    token = read(request)
    if token is None or not ratelimit.consume(request, action="late_form", key=str(token.person)):
        return None
    typed = {name: values for name, values in request.POST.lists() if name not in (FIELD, "csrfmiddlewaretoken")}
    kept = [hook(token, request.path_info, typed) for hook in registry.hooks(registry.LATE)]
    url = next((url for url in kept if url), None)
    if url is None:
        return None
    if not request.user.is_authenticated:
        messages.info(request, KEPT)
        return redirect(f"{resolve_url(reverse('account_login'))}?{urlencode({'next': url})}")
    if request.person is None or request.person.ref != token.person:
        messages.info(request, NOT_YOURS)
        return redirect("portal:my_space")
    return redirect(url)


def keeper(get_response: Callable) -> Callable:
    """Middleware, before the one that asks for a sign-in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        late = request.method == "POST" and not request.user.is_authenticated and getattr(view, "login_required", True)
        return answer(request) if late else None

    middleware.process_view = process_view
    return middleware
