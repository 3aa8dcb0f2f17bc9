"""The sites of a programme: a short list that its référent keeps; a programme without sites asks nothing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.errors import Conflict, DomainError
from portal.forms.base import show
from programmes.access import referent_only
from programmes.forms.sites import SitesForm
from programmes.models import Programme
from programmes.services import sites as service
from programmes.views.settings import take_new_version


@require_http_methods(["GET", "POST"])
@referent_only
def sites(request: HttpRequest, programme: Programme) -> HttpResponse:
    """All of them on one page, written at once; after a conflict, what was typed stays."""
    known = list(programme.sites.all())
    form = SitesForm(request.POST or None, sites=known, initial=SitesForm.initial_of(programme))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            service.set_all(
                programme=programme, seen=typed["seen"], lines=form.lines(), agreed=typed["agreed"], by=request.person
            )
        except DomainError as error:
            show(error, form)
            if isinstance(error, Conflict):
                take_new_version(form, programme)
        else:
            messages.success(request, "Les sites sont enregistrés.")
            return redirect("programmes:settings_sites", programme.slug)
    context = {"programme": programme, "form": form, "small": [site for site in known if site.small]}
    return render(request, "programmes/settings_sites.html", context)
