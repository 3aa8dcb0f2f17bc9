"""The référent's cards and calls: issue, print once, take back, call."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.enums import Verb
from portal.errors import DomainError
from portal.services import journal, receipts
from programmes import library_text
from programmes.access import referent_only
from programmes.forms.entry import CardsForm
from programmes.models import CallBack, EntryCard, Programme
from programmes.services import call_backs
from programmes.services import entry_cards as service

SHOWN = "Ces cartes ont déjà été montrées une fois : leurs codes ne se relisent pas. Éditez-en d’autres si besoin."


def printed(cards: list[tuple[EntryCard, str]]) -> dict:
    """What the printed cards show: no name, nothing on what they are for."""
    address = settings.BASE_URL + reverse("programmes:entry")
    return {"cards": cards, "address": address, "qr": library_text.qr_code(address)}


@require_http_methods(["GET", "POST"])
@referent_only
def cards(request: HttpRequest, programme: Programme) -> HttpResponse:
    """How many cards there are; POST makes new ones and shows their codes, this once."""
    form = CardsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        receipt = form.cleaned_data["receipt"]
        if receipts.earlier(key=receipt):
            messages.info(request, SHOWN)
            return redirect("programmes:entry_cards", programme.slug)
        made = service.issue_once(
            programme=programme, count=form.cleaned_data["count"], by=request.person, receipt=receipt
        )
        return render(request, "programmes/entry_cards_print.html", {"programme": programme, **printed(made)})
    context = {
        "programme": programme,
        "form": form,
        "counts": service.counts(programme),
        "rows": list(service.valid(programme)),
    }
    return render(request, "programmes/entry_cards.html", context)


@require_POST
@referent_only
def revoke(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    card = get_object_or_404(programme.entry_cards.select_related("programme__lead_employer"), ref=ref)
    try:
        service.revoke(card=card, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "La carte ne sert plus.")
    return redirect("programmes:entry_cards", programme.slug)


@require_safe
@referent_only
def calls(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Numbers to call. The reading is journaled, with how many."""
    rows = list(call_backs.waiting(programme))
    if rows:
        employer = programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=rows[0], employer=employer, count=len(rows))
    context = {
        "programme": programme,
        "rows": [
            {
                "call": row,
                "phone": row.phone.open(row.ref),
                "given": row.given.open(row.ref),
                "slots": call_backs.half_days(row),
            }
            for row in rows
        ],
        "done": call_backs.kept(programme).filter(called_at__isnull=False).count(),
        "days": call_backs.KEPT_DAYS,
    }
    return render(request, "programmes/calls.html", context)


@require_POST
@referent_only
def called(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    rows = CallBack.objects.filter(programme=programme).select_related("programme__lead_employer")
    try:
        call_backs.mark_done(call=get_object_or_404(rows, ref=ref), by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est noté : la personne a été rappelée.")
    return redirect("programmes:calls", programme.slug)
