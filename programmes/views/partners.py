"""Shared programmes: the employers that take part, never their agents."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from portal.errors import DomainError
from portal.forms.base import show
from programmes.access import referent_only
from programmes.forms.partners import PartnerForm
from programmes.models import Programme
from programmes.services import partners as service


@require_http_methods(["GET", "POST"])
@referent_only
def partners(request: HttpRequest, programme: Programme) -> HttpResponse:
    form = PartnerForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            service.add(programme=programme, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est enregistré. Les agents de cet employeur peuvent rejoindre le programme.")
            return redirect("programmes:partners", programme.slug)
    rows = programme.partners.select_related("employer").order_by("-joined", "employer__name")
    return render(request, "programmes/partners.html", {"programme": programme, "rows": rows, "form": form})


@require_http_methods(["GET", "POST"])
@referent_only
def end(request: HttpRequest, programme: Programme, employer: str) -> HttpResponse:
    """Two clicks: what stops, what goes on."""
    rows = programme.partners.select_related("employer", "programme__lead_employer")
    partner = get_object_or_404(rows, employer__slug=employer, left__isnull=True)
    if request.method == "POST":
        try:
            service.end(partner=partner, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Le partenariat est terminé.")
        return redirect("programmes:partners", programme.slug)
    return render(request, "programmes/partner_end.html", {"programme": programme, "partner": partner})
