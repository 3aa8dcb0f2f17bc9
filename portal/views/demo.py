"""The two doors of the demonstration: one-click people, and the mails that would have left.

They exist only when `DEMO`, for a browser on this very machine, without any proxy in between; for everybody else
they are the static 404.
"""

import ipaddress
from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal import demo_mail
from portal.access import DEMO_METHOD
from portal.accounts import safe_url
from portal.models import User
from portal.services.accounts import demo_address

FORWARDING = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_TRUE_CLIENT_IP")


def _on_this_machine(request: HttpRequest) -> bool:
    """A loopback peer, and no header that a proxy adds."""
    if any(name in request.META for name in FORWARDING) or any(
        name.startswith("HTTP_X_FORWARDED") for name in request.META
    ):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def demo_only(view: Callable) -> Callable:
    """The static 404 outside the demonstration, before anything else is looked at."""

    @login_not_required
    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.DEMO or not _on_this_machine(request):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


@demo_only
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Become the demo person called `personne`, in a new session."""
    user = _account(request.POST.get("personne", ""))
    after = safe_url(request, request.POST.get("next"))
    logout(request)
    get_adapter(request).login(request, user)
    record_authentication(request, user, DEMO_METHOD)
    return redirect(after or "portal:after_login")


def _account(key: str) -> User:
    """The login of a demo person, found by name among all fictional employers."""
    from portal.demo import people

    for employer in people():
        for person in employer.people:
            if person.personne == key:
                user = User.objects.filter(email=demo_address(key, employer.slug), is_active=True).first()
                if user:
                    return user
    raise Http404


@demo_only
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The latest messages of the demonstration, newest first."""
    shown = [
        {
            "id": f"message-{rank}",
            "subject": message["Subject"],
            "to": message["To"],
            "date": message["Date"].datetime if message["Date"] else None,
            "body": _body(message),
        }
        for rank, message in enumerate(demo_mail.messages(), 1)
    ]
    return render(request, "portal/demo/mails.html", {"mails": shown})


def _body(message) -> str:
    part = message.get_body(("plain",))
    return part.get_content() if part else ""
