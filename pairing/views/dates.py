"""Dates between the members of a pair: proposed, chosen, put in one's own diary."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.access import pairs_of
from pairing.forms.dates import DatesForm
from pairing.hooks import others
from pairing.models import DateProposal
from pairing.services import dates, frame, pairs
from pairing.views.agent import mine_or_404
from portal import clock
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show

CALENDAR = "text/calendar; charset=utf-8"


@require_http_methods(["GET", "POST"])
@agent_space
def propose(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    now = frame.in_force(row)
    initial = {"minutes": now.minutes, "channel": now.channel} if now else None
    form = DatesForm(request.POST or None, time_zone=row.programme.time_zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            dates.propose(pair=row, by=request.person, **form.proposed)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Vos dates sont envoyées. L’autre personne en choisit une, ou aucune.")
            return redirect("pairing:pair", ref)
    context = {"pair": row, "programme": row.programme, "form": form, "others": others(row, request.person)}
    return render(request, "pairing/dates.html", context)


@require_POST
@agent_space
def answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    chosen = request.POST.get("date", "")
    try:
        which = UUID(request.POST.get("proposal", ""))
        date = None if chosen == "aucune" else int(chosen)
        found = dates.answer(pair=row, by=request.person, proposal=which, date=date)
    except ValueError:
        messages.error(request, "Choisissez une des dates, ou aucune.")
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = (
            "C’est noté. Vous pouvez mettre ce rendez-vous dans votre agenda."
            if found
            else "C’est noté, sans raison à donner."
        )
        messages.success(request, said)
    return redirect("pairing:pair", ref)


def _appointment(request: HttpRequest, ref: UUID) -> DateProposal:
    rows = DateProposal.objects.filter(pair__in=pairs_of(request.person), starts_at__isnull=False)
    return get_object_or_404(rows.select_related("pair__programme__lead_employer"), ref=ref)


@require_POST
@agent_space
def cancel(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = _appointment(request, ref)
    dates.cancel(row=row, by=request.person)
    messages.success(request, "Ce rendez-vous est retiré. L’autre personne en est prévenue.")
    return redirect("pairing:pair", row.pair.ref)


@require_safe
@agent_space
def diary(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A neutral file: a day, an hour, « Rendez-vous professionnel »."""
    row = _appointment(request, ref)
    zone = row.pair.programme.time_zone
    day = row.starts_at.astimezone(clock.ZoneInfo(zone)).date()
    disposition = f'attachment; filename="rendez-vous-{day.isoformat()}.ics"'
    data = dates.diary(row, pairs.member_of(row.pair, request.person))
    return HttpResponse(data, content_type=CALENDAR, headers={"Content-Disposition": disposition})
