"""The frame of a pair: what one proposes, what the other answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from pairing.forms.frame import FrameForm
from pairing.hooks import others
from pairing.services import frame
from pairing.views.agent import mine_or_404
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show


@require_http_methods(["GET", "POST"])
@agent_space
def propose(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    now = frame.in_force(row)
    names = ("rhythm", "minutes", "channel", "objectives", "noting")
    form = FrameForm(request.POST or None, initial={name: getattr(now, name) for name in names} if now else None)
    if request.method == "POST" and form.is_valid():
        try:
            frame.propose(pair=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Votre proposition est envoyée. Elle vaudra une fois acceptée.")
            return redirect("pairing:pair", ref)
    context = {"pair": row, "programme": row.programme, "form": form, "others": others(row, request.person)}
    return render(request, "pairing/frame.html", context)


@require_POST
@agent_space
def answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    try:
        which, yes = UUID(request.POST.get("frame", "")), request.POST.get("answer") == "oui"
        agreed = frame.answer(pair=row, by=request.person, frame=which, yes=yes)
    except ValueError:
        messages.error(request, frame.CHANGED)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = "Vous êtes d’accord : ce cadre est le vôtre." if agreed else "C’est noté."
        messages.success(request, said)
    return redirect("pairing:pair", ref)
