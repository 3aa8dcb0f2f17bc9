"""Intervision, for helpers: announce, say that one comes, give the number."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from pairing.forms.intervision import IntervisionForm
from pairing.services import intervision as service
from pairing.services import supervision
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show


@require_http_methods(["GET", "POST"])
@agent_space
def announce(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(supervision.programmes_of(request.person), slug=slug)
    form = IntervisionForm(request.POST or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        try:
            service.announce(programme=programme, by=request.person, **form.values(programme.time_zone))
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La date est annoncée aux autres pairs-aidants.")
            return redirect("pairing:my_supervision")
    return render(request, "pairing/intervision_announce.html", {"programme": programme, "form": form})


@require_POST
@agent_space
def answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """« Je viens », « je ne viens plus », or how many were there."""
    session = get_object_or_404(service.of_person(request.person), ref=ref)
    number = request.POST.get("nombre", "")
    try:
        if service.is_over(session):
            if not number.isdecimal() or len(number) > 3:
                raise DomainError("Donnez un nombre.")
            service.count(session=session, by=request.person, number=int(number))
        else:
            service.come(session=session, by=request.person, comes=request.POST.get("vient") == "oui")
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est noté.")
    return redirect("pairing:my_supervision")
