"""Pages open to everybody: what Résonance is, who sees what, whom to call."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import demo, who_sees_what


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    employers = demo.people() if settings.DEMO else []
    return render(request, "portal/public/home.html", {"employers": employers})


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public/about.html")


@login_not_required
@require_safe
def who_sees(request: HttpRequest) -> HttpResponse:
    context = {"roles": who_sees_what.ROLES, "readers": who_sees_what.READERS, "matrix": who_sees_what.MATRIX}
    return render(request, "portal/public/who_sees.html", context)


@login_not_required
@require_safe
def emergency(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public/emergency.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public/privacy.html")


@login_not_required
@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public/legal.html")


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public/sitemap.html")


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public/help.html")
