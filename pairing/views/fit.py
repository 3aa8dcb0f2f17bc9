"""After the first meeting: one's own answer, and « changer »."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from pairing.hooks import others
from pairing.services import fit, pairs
from pairing.views.agent import mine_or_404
from portal.access import agent_space
from portal.errors import DomainError
from programmes.enums import Side


@require_POST
@agent_space
def answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The same words whatever is answered."""
    row = mine_or_404(request, ref)
    choice = request.POST.get("answer", "")
    try:
        if choice == "none":
            fit.forget(pair=row, by=request.person)
        else:
            fit.answer(pair=row, by=request.person, answer=choice)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est noté, pour vous seul·e.")
    return redirect("pairing:pair", ref)


@require_http_methods(["GET", "POST"])
@agent_space
def change(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A page that says what happens and who will know; nothing to fill in."""
    row = mine_or_404(request, ref)
    if not pairs.MOVES.allows(row, "end"):
        messages.error(request, pairs.MOVES.by_name["end"].refusal)
        return redirect("pairing:pair", ref)
    if request.method == "POST":
        try:
            fit.change(pair=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "C’est noté, sans raison à donner. Le binôme est terminé.")
        return redirect("pairing:pair", ref)
    mine = pairs.member_of(row, request.person)
    context = {"pair": row, "programme": row.programme, "others": others(row, request.person)}
    context["waits"] = mine.participation is not None and mine.participation.side != Side.HELPER
    return render(request, "pairing/change.html", context)
