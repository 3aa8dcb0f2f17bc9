"""Time of a mission: exact for whoever gives it, a band for the référent."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pairing.forms.hours import HoursForm
from pairing.services import hours as service
from portal.access import agent_space
from portal.dates import duration_in_words, month_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal
from programmes.access import referent_only
from programmes.models import Programme


@require_http_methods(["GET", "POST"])
@agent_space
def mine(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Month by month: planned, met, besides; what is besides is noted here."""
    row = next((one for one in service.of_person(request.person) if one.ref == ref), None)
    if row is None:
        raise Http404
    form = HoursForm(request.POST or None, months=service.open_months(row))
    if request.method == "POST" and form.is_valid():
        try:
            service.note(participation=row, by=request.person, **form.values)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté.")
            return redirect("pairing:my_hours", ref)
    rows = [
        [
            month_in_words(line.month).capitalize(),
            duration_in_words(line.planned) if line.planned else "pas de lettre",
            duration_in_words(line.met),
            duration_in_words(line.other),
            duration_in_words(line.total),
            "sans objet" if line.share is None else f"{line.share}\N{NO-BREAK SPACE}%",
        ]
        for line in service.lines(row)
    ]
    columns = ["Mois", "Prévu", "Rencontres", "Autre temps", "Total", "Du temps prévu"]
    context = {"programme": row.programme, "form": form, "rows": rows, "columns": columns}
    return render(request, "pairing/hours_mine.html", context)


@require_safe
@referent_only
def bands(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Hours of letters, which are acts of RH; what was used, in three bands over three months."""
    found = service.bands(programme)
    if found:
        journal.log(
            actor=request.person,
            verb=Verb.READ_LIST,
            target=programme,
            employer=programme.lead_employer,
            count=len(found),
        )
    rows = [[row.person.short_name, duration_in_words(planned), band] for row, planned, band in found]
    context = {
        "programme": programme,
        "rows": rows,
        "columns": ["Personne", "Prévu par mois", "Utilisé sur trois mois"],
    }
    return render(request, "pairing/hours.html", context)
