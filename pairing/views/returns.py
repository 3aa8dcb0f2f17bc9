"""The day of a return, between the two; and whom to ask about a return, by branch of the civil service."""

import json
from functools import cache
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.enums import Part
from pairing.forms.returns import ReturnForm
from pairing.hooks import others
from pairing.models import Pair
from pairing.services import pairs, returns
from pairing.views.agent import mine_or_404
from portal import clock
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from portal.models import Person
from portal.services import mail
from programmes.letter_text import TEXTS

NAMES = ("on", "milestones", "channel", "ways")


def _page(request: HttpRequest, row: Pair, now: returns.Plan | None, **more) -> HttpResponse:
    context = {
        "pair": row,
        "programme": row.programme,
        "others": others(row, request.person),
        "plan": now,
        "over": now is not None and clock.today(row.programme.time_zone) >= now.ends_on,
        "contacts": row.programme.contacts.all(),
        "branch": row.programme.lead_employer.branch,
    }
    return render(request, "pairing/return.html", context | more)


@require_http_methods(["GET", "POST"])
@agent_space
def plan(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The agent writes; whoever accompanies reads, once there is something to read."""
    row = mine_or_404(request, ref)
    now, own = returns.read(row), _is_own(row, request.person)
    if now is None and not (own and returns.is_offered(row)):
        raise Http404
    if not own:
        if request.method == "POST":
            raise PermissionDenied
        return _page(request, row, now)
    initial = {name: getattr(now, name) for name in NAMES} if now else None
    form = ReturnForm(request.POST or None, initial=initial, address=mail.personal_address(request.person))
    if request.method == "POST" and form.is_valid():
        try:
            returns.give(pair=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté, entre vous deux. Personne d’autre ne le lit.")
            return redirect("pairing:return_plan", ref)
    return _page(request, row, now, form=form)


@require_POST
@agent_space
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    if not _is_own(row, request.person):
        raise PermissionDenied if returns.read(row) else Http404
    returns.withdraw(pair=row, by=request.person)
    messages.success(request, "Le jour est effacé.")
    return redirect("pairing:pair", ref)


def _is_own(row: Pair, person: Person) -> bool:
    return pairs.member_of(row, person).part == Part.HELPED


@cache
def branches() -> dict[str, dict]:
    return json.loads((TEXTS / "returns.json").read_text(encoding="utf-8"))


@login_not_required
@require_safe
def whom_to_ask(request: HttpRequest, branch: str) -> HttpResponse:
    if branch not in branches():
        raise Http404
    context = {"about": branches()[branch], "all": branches().items(), "branch": branch}
    return render(request, "pairing/return_branch.html", context)
