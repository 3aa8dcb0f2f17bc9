"""The review of a pair: one's own boxes, then those of the others; nobody else reads them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from pairing.enums import Moment
from pairing.forms.reviews import ReviewForm
from pairing.hooks import others
from pairing.services import pairs, reviews
from pairing.views.agent import mine_or_404
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show


@require_http_methods(["GET", "POST"])
@agent_space
def review(request: HttpRequest, ref: UUID, moment: str) -> HttpResponse:
    row = mine_or_404(request, ref)
    if moment != reviews.offered(row):
        raise Http404
    when, mine = Moment(moment), pairs.member_of(row, request.person)
    own = reviews.own(mine, when)
    form = ReviewForm(request.POST if request.method == "POST" else None, moment=when, initial={"ticks": own or []})
    if request.method == "POST" and form.is_valid():
        try:
            reviews.answer(pair=row, by=request.person, moment=moment, ticks=form.cleaned_data["ticks"])
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté, entre vous.")
            return redirect("pairing:review", ref, moment)
    context = {"pair": row, "programme": row.programme, "form": form, "others": others(row, request.person)}
    context |= {"moment": when, "own": own, "theirs": reviews.of_the_others(row, mine, when)}
    return render(request, "pairing/review.html", context)


@require_POST
@agent_space
def forget(request: HttpRequest, ref: UUID, moment: str) -> HttpResponse:
    row = mine_or_404(request, ref)
    if moment not in Moment.values:
        raise Http404
    reviews.forget(pair=row, by=request.person, moment=moment)
    messages.success(request, "Ce que vous aviez coché est effacé.")
    return redirect("pairing:pair", ref)
