"""Cards of wishes for people without an account: made by the référent, used by whoever holds one, on any device.

Nothing is kept between two pages, not even in a session: the code goes along in the form, so that no row anywhere says
that a card was used.
"""

from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.enums import RunMode
from pairing.forms.wishes import CardWishesForm, WishCodeForm
from pairing.services import wish_cards as service
from pairing.services import wishes
from pairing.views.dating import round_of
from portal.accounts import TOO_MANY
from portal.errors import DomainError
from portal.forms.base import show
from programmes import library_text
from programmes.access import referent_only
from programmes.models import Programme


@require_POST
@referent_only
def cards(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Codes are shown this once."""
    row = round_of(programme, ref)
    try:
        made = service.issue(row=row, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(row)
    address = settings.BASE_URL + reverse("pairing:write_with_card")
    context = {"programme": programme, "round": row, "cards": made, "address": address}
    return render(request, "pairing/wish_cards_print.html", context | {"qr": library_text.qr_code(address)})


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The code, then up to three names, then one same sentence. Wrong, closed and replaced codes are one sentence."""
    asked = WishCodeForm(request.POST or None)
    if not (request.method == "POST" and asked.is_valid()):
        return render(request, "pairing/wish_card.html", {"form": asked})
    allowed = ratelimit.consume(request, action="entry_code")
    seat = service.find(asked.cleaned_data["code"]) if allowed else None
    if seat is None:
        asked.add_error("code", service.WRONG if allowed else TOO_MANY)
        return render(request, "pairing/wish_card.html", {"form": asked})
    return _choose(request, seat)


def _choose(request: HttpRequest, seat) -> HttpResponse:
    options, row = wishes.options(seat), seat.round
    sent = "wish_1" in request.POST
    form = CardWishesForm(request.POST if sent else None, options=options, initial={"code": request.POST["code"]})
    if sent and form.is_valid():
        try:
            wishes.write(row=seat, choices=form.choices)
        except DomainError as error:
            show(error, form)
        else:
            return redirect("pairing:written_with_card")
    context = {"round": row, "programme": row.programme, "form": form}
    if row.way == RunMode.PRESENTATIONS:
        context["presentations"] = [(one.person.short_name, one.presentation.open(one.ref)) for one in options]
    return render(request, "pairing/wish_card_choose.html", context)


@login_not_required
@require_safe
def written(request: HttpRequest) -> HttpResponse:
    return render(request, "pairing/wish_card_thanks.html")
