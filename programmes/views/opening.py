"""Opening a form of support to requests."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.errors import DomainError
from programmes.access import referent_only
from programmes.enums import Form
from programmes.models import Programme
from programmes.services import opening


@require_http_methods(["GET", "POST"])
@referent_only
def open_enrolment(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A confirmation for each form: what will happen, who will know, or what is still missing."""
    if request.method == "POST":
        try:
            opening.open_form(programme=programme, form=request.POST.get("form", ""), by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("programmes:open", programme.slug)
        messages.success(request, "Les inscriptions sont ouvertes.")
        return redirect(programme)
    rows = [
        {
            "form": form,
            "label": Form(form).label.capitalize(),
            "opened": form in programme.open_forms,
            "refusals": opening.refusals(programme, form),
        }
        for form in programme.forms
    ]
    return render(request, "programmes/open.html", {"programme": programme, "rows": rows})
