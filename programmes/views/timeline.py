"""Planned and real dates on one page, and the private calendar that goes with them."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.dates import count_in_words
from programmes.access import programme_team
from programmes.models import Programme, StepItem
from programmes.services import agenda as service
from programmes.services import timeline as dates
from programmes.services.steps import OPEN


def _page(request: HttpRequest, programme: Programme, address: str = "") -> HttpResponse:
    steps, overdue, turning = dates.every_step(programme), dates.late(programme), dates.gates(programme)
    role = service.role_of(request.person, programme)
    mine = StepItem.objects.filter(step__programme=programme, owner=request.person, state__in=OPEN)
    context = {
        "programme": programme,
        "chart": dates.chart(programme, steps, overdue, turning),
        "columns": ["Quoi", "Prévu", "Réel", "Retards"],
        "rows": _rows(programme, steps, overdue, turning),
        "late": overdue,
        "mine": mine.select_related("step").order_by("due_on", "pk"),
        "link": service.live(role) if role else None,
        "address": address,
    }
    return render(request, "programmes/timeline.html", context)


def _rows(programme: Programme, steps, overdue, turning) -> list[list]:
    """What the chart shows, in words."""
    rows = []
    for step in steps:
        late = sum(1 for row in overdue if row.step == step.number)
        url = reverse("programmes:step", args=[programme.slug, step.number])
        name = {"url": url, "label": f"{step.number}. {step.definition.title}"}
        planned, real = dates.planned_in_words(step), dates.real_in_words(step)
        rows.append([name, planned, real, count_in_words(late, "retard") if late else "aucun"])
    for row in turning:
        rows.append([row.label, "", f"le {dates.day(row.on)}" if row.on else "à venir", ""])
    for cycle in programme.cycles.all():
        rows.append([f"Cycle {cycle.number}", f"du {dates.day(cycle.starts)} au {dates.day(cycle.ends)}", "", ""])
    return rows


@require_safe
@programme_team
def timeline(request: HttpRequest, programme: Programme) -> HttpResponse:
    return _page(request, programme)


@require_POST
@programme_team
def agenda(request: HttpRequest, programme: Programme, move: str) -> HttpResponse:
    """A new address, shown this once; or no address any more."""
    role = service.role_of(request.person, programme)
    if role is None or move not in ("creer", "arreter"):
        raise Http404
    if move == "creer":
        token = service.create(role=role, by=request.person)
        return _page(request, programme, settings.BASE_URL + reverse("programmes:calendar_feed", args=[token]))
    service.revoke(role=role, by=request.person)
    messages.success(request, "L’adresse de calendrier ne répond plus.")
    return redirect("programmes:timeline", programme.slug)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar application: the address is itself the secret, and ends with the role."""
    data = service.feed(token)
    if data is None:
        raise Http404
    headers = {
        "Content-Disposition": 'inline; filename="resonance.ics"',
        "Cache-Control": "no-store, private",
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type="text/calendar; charset=utf-8", headers=headers)
